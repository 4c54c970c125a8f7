"""What the demo claims about an archive, checked against the platforms."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.words import Words
from demo.world import Account, Asset, Item, World

Row = dict[str, Any]

KINDS = {
    "instagram": ("photo", "carousel", "reel", "video", "story", "highlight", "live"),
    "tiktok": ("video", "photo-mode"),
}
"""All kinds of each platform."""


@dataclass(slots=True)
class Claims:
    """Claims and whether they hold; each is printed when it is checked."""

    words: Words
    tell: Callable[[str], None] = print
    held: int = 0
    broken: list[str] = field(default_factory=list)

    def check(self, holds: bool, key: str, **facts: object) -> None:
        """Say a claim with its mark and remember whether it holds."""
        sentence = self.words(key, **facts)
        self.tell(f"  {'✓' if holds else '✗'} {sentence}")
        if holds:
            self.held += 1
        else:
            self.broken.append(sentence)


def id_of(platform: str, item: Item) -> str:
    """A post's id in the catalogue."""
    return f"{platform}:{'story:' if item.kind == 'story' else ''}{item.code}"


def on_show(world: World, account: Account, *, logged_in: bool) -> list[Item]:
    """What a visitor of an account can see now, wherever on it.

    Args:
        logged_in: Only such visitors see stories, highlights and the reels
            that stand apart.
    """
    shown = [item for _, item in world.timeline(account)]
    if logged_in:
        kept = {code for collection in account.collections for code in collection.codes}
        shown += [i for i in account.items if i.state == "public" and i.off_grid]
        shown += world.stories(account, world.now())
        shown += [i for i in account.items if i.code in kept and i not in shown]
    return shown


def captions_of(world: World) -> dict[str, str]:
    """What people wrote, by the post's id; stories have no caption."""
    return {
        id_of(account.platform, item): item.caption
        for account in world.accounts.values()
        for item in account.items
        if item.kind != "story"
    }


def kinds_found(rows: Iterable[Row]) -> Counter[tuple[str, str]]:
    """How many posts there are of each platform and kind."""
    return Counter((row["platform"], row["kind"]) for row in rows)


def mixed_carousels(rows: Iterable[Row]) -> list[Row]:
    """Carousels whose slides are both pictures and films."""
    return [
        row
        for row in rows
        if row["kind"] == "carousel"
        and {m["kind"] for m in row["media"] if m.get("role", "content") == "content"}
        >= {"image", "video"}
    ]


def files_of(item: Item) -> list[Asset]:
    """Every file a post is made of."""
    files: list[Asset] = []
    for slide in item.slides:
        parts = (slide.asset, slide.cover, slide.sound, *(text for _, text in slide.subtitles))
        files += [part for part in parts if part is not None]
    return files


def sha256_of(path: Path) -> str:
    """``sha256:`` and the hex digest of a file."""
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass(frozen=True, slots=True)
class Playback:
    """One medium to take out of the archive: a post and a number from 1."""

    post: str
    number: int


def playbacks(rows: Sequence[Row]) -> list[Playback]:
    """One medium of every sort of file of each platform, slides first; and a story."""
    chosen: dict[tuple[str, str], Playback] = {}
    # Of a carousel rather the film than the picture: it lies further inside.
    for row in sorted(rows, key=lambda row: row["kind"] != "carousel"):
        for number, medium in enumerate(row["media"], 1):
            chosen.setdefault((row["platform"], medium["kind"]), Playback(row["id"], number))
    for row in rows:
        if row["kind"] == "story":
            chosen.setdefault((row["platform"], "story"), Playback(row["id"], 1))
    return [chosen[what] for what in sorted(chosen)]


def holds_secret(folder: Path, secrets: Sequence[bytes]) -> list[Path]:
    """Files under a folder in which one of the values stands.

    Compressed WARC members are opened as well.
    """
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if path.name.endswith((".gz", ".gz.open")):
                data += gunzipped(data)
            if any(secret in data for secret in secrets):
                found.append(path)
    return found


def names_beyond_answers(folder: Path, names: Sequence[str]) -> set[str]:
    """Names that stand in a folder's files, recorded answers aside.

    An answer stays as the platform gave it; everything made from it must not
    hold the name of a citizen.
    """
    found = set()
    wanted = {name: name.encode() for name in names}
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        parts = [data]
        if path.name.endswith((".warc.gz", ".warc.gz.open")):
            parts = [part for part in members(data) if not is_answer(part)]
        for part in parts:
            found |= {name for name, value in wanted.items() if value in part}
    return found


def is_answer(record: bytes) -> bool:
    """Whether a WARC record holds what a server answered."""
    head = record.partition(b"\r\n\r\n")[0].lower()
    return b"\r\nwarc-type: response" in head


def gunzipped(data: bytes) -> bytes:
    """All members of a gzip file, opened."""
    return b"".join(members(data))


def members(data: bytes) -> Iterator[bytes]:
    """The members of a gzip file, each opened."""
    while data:
        opener = zlib.decompressobj(wbits=31)
        yield opener.decompress(data)
        data = opener.unused_data
