"""What the demo claims about an archive, checked against the platforms."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.words import Words
from demo.world import Account, Asset, Item

Row = dict[str, Any]

KINDS = {
    "instagram": ("photo", "carousel", "reel"),
    "tiktok": ("video", "photo-mode"),
}
"""The core kinds of each platform."""


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


def post_ids(accounts: Iterable[Account]) -> set[str]:
    """Catalogue ids of everything on show."""
    return {f"{a.platform}:{item.code}" for a in accounts for item in a.public()}


def kinds_found(rows: Iterable[Row]) -> dict[str, set[str]]:
    """Kinds of posts by platform."""
    found: dict[str, set[str]] = {platform: set() for platform in KINDS}
    for row in rows:
        found[row["platform"]].add(row["kind"])
    return found


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
    """One medium of every sort of file of each platform, slides first."""
    chosen: dict[tuple[str, str], Playback] = {}
    # Of a carousel rather the film than the picture: it lies further inside.
    for row in sorted(rows, key=lambda row: row["kind"] != "carousel"):
        for number, medium in enumerate(row["media"], 1):
            chosen.setdefault((row["platform"], medium["kind"]), Playback(row["id"], number))
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


def gunzipped(data: bytes) -> bytes:
    """All members of a gzip file, opened."""
    parts = []
    while data:
        opener = zlib.decompressobj(wbits=31)
        parts.append(opener.decompress(data))
        data = opener.unused_data
    return b"".join(parts)
