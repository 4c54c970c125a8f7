"""The pretend platforms in a process of their own, with many equal posts.

Files are real: each picture is one JPEG with a comment of its own, each film
one MP4 filled up to its size with a ``free`` box, so that no two are equal.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from demo.films import film
from demo.http import Site
from demo.instagram.site import InstagramSite
from demo.mediahosts import media_hosts
from demo.pictures import Scene, picture
from demo.server import Platforms
from demo.tiktok.site import TikTokSite
from demo.world import Account, Asset, Item, Slide, Visitor, World

HANDLE = "tirtakencana"
COOKIES = {"sessionid": "700001%3Abench%3A1", "csrftoken": "benchtoken", "ds_user_id": "700001"}
VISITOR = "pembaca"
NATIVE_ID = "52000000001"
FIRST_PK = 3_200_000_000_000_000_000
FIRST_VIDEO = 7_400_000_000_000_000_000
FILM_BYTES = 1_000_000
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SCENE = Scene(
    "Jalan diperbaiki", "Pengalihan arus sampai Jumat.", "jalan", "teal", "Dinas PU", (720, 900)
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where running platforms are reached."""

    proxy: str
    ca_file: str


@contextmanager
def running(folder: Path, platform: str, posts: int) -> Iterator[Place]:
    """Start them with one account of so many posts; they end with the block."""
    command = [sys.executable, "-m", "benchmarks.platforms", str(folder), platform, str(posts)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        try:
            yield Place(**json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()  # which it waits for


def shortcode(pk: int) -> str:
    """The shortcode of an Instagram pk: base 64, most significant first."""
    code = ""
    while pk:
        pk, digit = divmod(pk, 64)
        code = ALPHABET[digit] + code
    return code


def video_id(number: int) -> str:
    """The id of one TikTok video."""
    return str(FIRST_VIDEO + number * 1_000_003)


def _variant(folder: Path, original: Asset, number: int) -> Asset:
    data = original.path.read_bytes()
    path = folder / f"{number}-{original.name}"
    mark = f"copy {number}".encode()
    if original.mime == "image/jpeg":
        comment = b"\xff\xfe" + (len(mark) + 2).to_bytes(2, "big") + mark
        path.write_bytes(data[:2] + comment + data[2:])
    else:
        filling = mark + os.urandom(max(0, FILM_BYTES - len(data) - 8 - len(mark)))
        path.write_bytes(data + (len(filling) + 8).to_bytes(4, "big") + b"free" + filling)
    return Asset(path.name, path, original.mime, original.width, original.height, 3.0)


def _instagram(folder: Path, posts: int) -> Account:
    poster = picture(folder, SCENE)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    items = []
    for number in range(posts):
        pk = FIRST_PK + number * 1_000_003
        slides = (Slide(str(pk), _variant(folder, poster, number)),)
        at = start + timedelta(hours=number)
        items.append(Item(shortcode(pk), str(pk), "photo", f"Kabar {number}", at, slides))
    name = "Pemerintah Kota Tirta Kencana"
    return Account("instagram", NATIVE_ID, HANDLE, name, items=items, followers=1000)


def _tiktok(folder: Path, posts: int) -> Account:
    moving, poster = film(folder, SCENE), picture(folder, SCENE)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    items = []
    for number in range(posts):
        code = video_id(number)
        slide = Slide(code, _variant(folder, moving, number), _variant(folder, poster, number))
        at = start + timedelta(hours=number)
        items.append(Item(code, code, "video", f"Kabar {number}", at, (slide,), plays=10))
    name = "Pemerintah Kota Tirta Kencana"
    secret = "MS4wLjABAAAA" + "b" * 64
    return Account("tiktok", NATIVE_ID, HANDLE, name, items=items, followers=9, sec_uid=secret)


def main(folder: Path, platform: str, posts: int) -> None:
    """Serve until standard input ends."""
    folder.mkdir(parents=True, exist_ok=True)
    world = World()
    world.visitors.append(Visitor("instagram", "700001", VISITOR, dict(COOKIES)))
    world.add({"instagram": _instagram, "tiktok": _tiktok}[platform](folder, posts))
    sites: tuple[Site, ...] = (InstagramSite(), TikTokSite(), *media_hosts())
    with Platforms(world, sites, folder / "tls", keep_body_bytes=0) as platforms:
        print(json.dumps({"proxy": platforms.proxy_url, "ca_file": str(platforms.ca_file)}))
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
