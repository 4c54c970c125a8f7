"""Drawn stand-ins for the files of recorded posts, and where they are put."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from demo.films import film, sound, subtitles
from demo.pictures import MOTIFS, PALETTES, Scene, picture
from demo.world import Asset

_WIDTH = 720

Chooser = Callable[[tuple[str, ...]], Asset]
"""Which file belongs where an address stood, from the keys that lead there."""


@dataclass(frozen=True, slots=True)
class StandIns:
    """Makes the files of one account."""

    media: Path
    handle: str

    def _scene(self, part: str, size: tuple[int, int], *, words: bool = True) -> Scene:
        pick = hashlib.sha256(f"{self.handle}{part}".encode()).digest()
        motif = sorted(MOTIFS)[pick[0] % len(MOTIFS)]
        palette = sorted(PALETTES)[pick[1] % len(PALETTES)]
        line = f"Gambar pengganti · stand-in picture · {part}"
        return Scene(f"@{self.handle}", line, motif, palette, "Objek asli terekam", size, words)

    def picture(self, part: str, width: int = 4, height: int = 5) -> Asset:
        """A picture in the proportions that were recorded."""
        height = round(_WIDTH * min(2.0, height / width)) if width and height else _WIDTH
        return picture(self.media, self._scene(part, (_WIDTH, height)))

    def film(self, part: str) -> Asset:
        """A film."""
        return film(self.media, self._scene(part, (432, 768)), 2.0)

    def avatar(self) -> Asset:
        """A profile picture."""
        return picture(self.media, self._scene("avatar", (320, 320), words=False))

    def sound(self) -> Asset:
        """A tune."""
        return sound(self.media, self.handle, 2.0)

    def subtitles(self) -> Asset:
        """Two lines of text."""
        return subtitles(self.media, [f"@{self.handle}", "Teks pengganti"], 2.0)


def with_stand_ins(value: object, choose: Chooser, keys: tuple[str, ...] = ()) -> object:
    """The recorded object with ``asset://HOST/NAME`` where addresses stood.

    Addresses on www hosts stay: they lead to pages, not to files.
    """
    if isinstance(value, str):
        if not value.startswith(("https://", "http://")):
            return value
        host = urlsplit(value).hostname or ""
        return value if host.startswith("www.") else f"asset://{host}/{choose(keys).name}"
    if isinstance(value, Mapping):
        return {key: with_stand_ins(part, choose, (*keys, key)) for key, part in value.items()}
    if isinstance(value, list):
        return [with_stand_ins(part, choose, (*keys, str(n))) for n, part in enumerate(value)]
    return value
