"""An account with a long past: thousands of posts, each with a tiny file of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from demo.films import film
from demo.ids import instagram_code, instagram_pk, tiktok_id
from demo.pictures import Scene, picture
from demo.world import Account, Asset, Item, Slide

_NUMBERS = {"instagram": "57310400077", "tiktok": "7190264410000077"}


def long_past(
    platform: str, make: Callable[[datetime], Item], until: datetime, count: int
) -> Account:
    """The account, with one post an hour before a moment.

    Args:
        make: See `maker`.
    """
    uid = "MS4wLjABAAAA" + "arsipLama" * 6 if platform == "tiktok" else ""
    account = Account(platform, _NUMBERS[platform], "arsip.lama", "Arsip Lama", sec_uid=uid)
    account.items += [make(until - timedelta(hours=hours)) for hours in range(count, 0, -1)]
    return account


def maker(platform: str, media: Path, fresh: Path) -> Callable[[datetime], Item]:
    """Makes photos for Instagram or films for TikTok, one a call, with a given date.

    Args:
        media: Folder where drawn pictures and films are kept from run to run.
        fresh: Folder for the files of posts.
    """
    scene = Scene("Kabar", "", "warga", "teal", "", (32, 40), words=False)
    small = picture(media, scene)
    base = film(media, scene, duration_s=0.2) if platform == "tiktok" else small
    drawn = base.path.read_bytes()
    serial = 0

    def own() -> Asset:
        """The same file with bytes that no other has: a JPEG comment, or a free box."""
        mark = serial.to_bytes(4, "big")
        if base is small:
            data = drawn[:2] + b"\xff\xfe\x00\x06" + mark + drawn[2:]
        else:
            data = drawn + b"\x00\x00\x00\x0cfree" + mark
        path = fresh / f"berkas-{serial}{base.path.suffix}"
        path.write_bytes(data)
        return Asset(path.name, path, base.mime, base.width, base.height, base.duration_s)

    def make(at: datetime) -> Item:
        nonlocal serial
        serial += 1
        seed = f"kabar {serial}"
        if platform == "tiktok":
            code = tiktok_id(at, seed)
            return Item(code, code, "video", seed, at, (Slide(code, own(), small),), likes=1)
        pk = instagram_pk(at, seed)
        slides = (Slide(str(pk), own()),)
        return Item(instagram_code(pk), str(pk), "photo", seed, at, slides, likes=1)

    return make
