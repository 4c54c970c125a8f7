"""A small world for tests that run many nights: two accounts, new posts on demand.

Every post has files of its own, real pictures and films that are made
quickly: a drawn one with a comment or a free box that no other file has.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from demo.city import archive_visitor
from demo.claims import files_of, sha256_of
from demo.films import film
from demo.ids import instagram_code, instagram_pk, tiktok_id
from demo.pictures import Scene, picture
from demo.world import Account, Asset, Item, Slide, World

MIB = 1024 * 1024


def build_village(world: World, media: Path, fresh: Path) -> Village:
    """Open the village's accounts, without posts; its visitor is the city's.

    Args:
        media: Folder where drawn pictures and films are kept from run to run.
        fresh: Folder for the files of posts.
    """
    avatar = picture(media, Scene("Desa", "", "warga", "teal", "", (160, 160), words=False))
    one = Account("instagram", "57310400001", "desa.tirta", "Desa Tirta", avatar=avatar)
    uid = "MS4wLjABAAAA" + "desaTirtaKencana" * 4
    two = Account("tiktok", "7190264410000001", "desa_tirta", "Desa", sec_uid=uid, avatar=avatar)
    for account in (one, two):
        world.add(account)
    world.visitors.append(archive_visitor())
    return Village(world, media, fresh, one, two)


@dataclass
class Village:
    """Two accounts of one office.

    Attributes:
        serial: How many posts there have been; makes each post's files its own.
    """

    world: World
    media: Path
    fresh: Path
    instagram: Account
    tiktok: Account
    serial: int = 0

    def publish(self, *, film_bytes: int = 3 * MIB, picture_bytes: int = 200_000) -> list[Item]:
        """A photo and a reel on Instagram, a video on TikTok, dated now.

        Films above 1 MiB pass through a spool, pictures through memory.
        """
        moment = self.world.now()
        made = []
        for kind in ("photo", "reel", "video"):
            self.serial += 1
            at = moment - timedelta(seconds=1, milliseconds=-self.serial % 900)
            platform = "tiktok" if kind == "video" else "instagram"
            item = self._item(kind, platform, at, film_bytes, picture_bytes)
            made.append(self.world.publish(getattr(self, platform), item))
        return made

    def _item(
        self, kind: str, platform: str, at: datetime, film_bytes: int, picture_bytes: int
    ) -> Item:
        seed = f"kabar {self.serial}"
        pk = instagram_pk(at, seed)
        code = tiktok_id(at, seed) if platform == "tiktok" else instagram_code(pk)
        native = code if platform == "tiktok" else str(pk)
        if kind == "photo":
            slide = Slide(native, self._own(self._poster(), picture_bytes))
        else:
            # The cover is the same on every film: later ones become revisits.
            slide = Slide(native, self._own(self._film(), film_bytes), self._poster())
        return Item(code, native, kind, seed, at, (slide,), likes=3, comments=1, plays=9)

    def _scene(self, size: tuple[int, int]) -> Scene:
        return Scene("Kabar desa", "Balai desa buka", "warga", "teal", "Desa", size)

    def _poster(self) -> Asset:
        return picture(self.media, self._scene((360, 450)))

    def _film(self) -> Asset:
        return film(self.media, self._scene((216, 384)), duration_s=1.0)

    def _own(self, asset: Asset, size_bytes: int) -> Asset:
        """The same picture or film with bytes that no other file has."""
        padding, drawn = random.Random(self.serial).randbytes(size_bytes), asset.path.read_bytes()
        if asset.mime == "video/mp4":
            own = drawn + (len(padding) + 8).to_bytes(4, "big") + b"free" + padding
        else:
            own = drawn[:2] + _comments(padding) + drawn[2:]
        path = self.fresh / f"berkas-{self.serial}{asset.path.suffix}"
        path.write_bytes(own)
        return Asset(path.name, path, asset.mime, asset.width, asset.height, asset.duration_s)

    def on_show(self) -> set[str]:
        """Ids of all posts."""
        return {f"{a.platform}:{i.code}" for a in (self.instagram, self.tiktok) for i in a.items}

    def served(self) -> dict[str, set[str]]:
        """Post id to the digests of the files it is made of."""
        return {
            f"{account.platform}:{item.code}": {sha256_of(part.path) for part in files_of(item)}
            for account in (self.instagram, self.tiktok)
            for item in account.items
        }


def _comments(data: bytes) -> bytes:
    """Bytes as JPEG comments.

    Source: ITU-T T.81, B.2.4.5: FFFE, then a length that counts itself.
    """
    pieces = [data[start : start + 60_000] for start in range(0, len(data), 60_000)]
    return b"".join(b"\xff\xfe" + (len(p) + 2).to_bytes(2, "big") + p for p in pieces)
