"""The office that makes the files of the invented city's posts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from demo.agenda import Topic
from demo.films import film, subtitles
from demo.pictures import PALETTES, Scene, picture
from demo.world import Asset, Slide

POSTER = (1080, 1350)
SQUARE = (1080, 1080)
COVER = (720, 1280)
FILM = (432, 768)


@dataclass(frozen=True, slots=True)
class Studio:
    """Makes the files of posts; each topic gets its own colours."""

    media: Path

    def scene(
        self, topic: Topic, office: str, size: tuple[int, int], title: str | None = None
    ) -> Scene:
        """The poster of a topic."""
        palettes = sorted(PALETTES)
        pick = hashlib.sha256(f"{topic.title}{office}{title}".encode()).digest()[0]
        palette = palettes[pick % len(palettes)]
        return Scene(title or topic.title, topic.line, topic.motif, palette, office, size)

    def poster(
        self,
        topic: Topic,
        office: str,
        size: tuple[int, int] = POSTER,
        title: str | None = None,
    ) -> Asset:
        """A picture."""
        return picture(self.media, self.scene(topic, office, size, title))

    def film(self, media_id: str, topic: Topic, office: str, *, spoken: bool = False) -> Slide:
        """A film with its cover, and subtitles when something is said."""
        made = film(self.media, self.scene(topic, office, FILM))
        cover = self.poster(topic, office, COVER)
        said = subtitles(self.media, [topic.title, topic.line])
        return Slide(media_id, made, cover, (("ind-ID", said),) if spoken else ())

    def avatar(self, handle: str, motif: str, palette: str) -> Asset:
        """A profile picture without words."""
        return picture(self.media, Scene(handle, "", motif, palette, "", (320, 320), words=False))


def counts_of(seed: str) -> tuple[int, int, int, int]:
    """Likes, comments, plays and shares that look lived-in."""
    digest = hashlib.sha256(seed.encode()).digest()
    likes = 180 + int.from_bytes(digest[:2]) // 9
    return likes, digest[2] // 3, likes * (9 + digest[3] % 20), digest[4]
