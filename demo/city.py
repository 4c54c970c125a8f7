"""Kota Tirta Kencana: an invented city government on both platforms.

Everything follows from the moment given as now: dates, ids and shortcodes,
so that two worlds of one moment are equal.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from demo import agenda
from demo.agenda import Topic
from demo.films import film, sound, subtitles
from demo.ids import instagram_code, instagram_pk, tiktok_id
from demo.pictures import PALETTES, Scene, picture
from demo.world import Account, Asset, Item, Slide, Visitor, World

OFFICE = "Pemerintah Kota Tirta Kencana"
DISASTER_OFFICE = "BPBD Kota Tirta Kencana"
TRANSPORT_OFFICE = "Dinas Perhubungan Tirta Kencana"

_POSTER = (1080, 1350)
_SQUARE = (1080, 1080)
_COVER = (720, 1280)
_FILM = (432, 768)


@dataclass(frozen=True, slots=True)
class City:
    """The city's accounts in a world.

    Attributes:
        visitor: The archive's own Instagram session.
        upcoming: What will be published next, and where.
    """

    world: World
    instagram: Account
    disaster: Account
    tiktok: Account
    transport: Account
    visitor: Visitor
    upcoming: tuple[tuple[Account, Item], ...]

    @property
    def accounts(self) -> tuple[Account, ...]:
        """All four accounts."""
        return self.instagram, self.disaster, self.tiktok, self.transport

    def publish_upcoming(self) -> tuple[Item, ...]:
        """Put up the posts of the second day, dated just before now."""
        moment = self.world.now().replace(microsecond=0)
        published = []
        for number, (account, item) in enumerate(self.upcoming):
            dated = _at(item, account.platform, moment - timedelta(seconds=number))
            published.append(self.world.publish(account, dated))
        return tuple(published)


def build_city(world: World, media: Path) -> City:
    """Open the city's accounts.

    Args:
        world: Gets the accounts and the visitor; its clock gives now.
        media: Folder where pictures and films are kept from run to run.
    """
    now = world.now().replace(microsecond=0)
    studio = Studio(media)
    instagram = _instagram(studio, now)
    disaster = _disaster(studio, now)
    tiktok = _tiktok(studio, now)
    transport = _transport(studio, now)
    for account in (instagram, disaster, tiktok, transport):
        world.add(account)
    visitor = archive_visitor()
    world.visitors.append(visitor)
    upcoming = _upcoming(studio, now, (instagram, disaster, tiktok))
    return City(world, instagram, disaster, tiktok, transport, visitor, upcoming)


def archive_visitor() -> Visitor:
    """The Instagram session with which the city's archive reads."""
    user_id = "61240098771"
    cookies = {
        "csrftoken": "kT3vQz8LwXn5RcYb2MhFd7PsGa4UeJ9i",
        "ds_user_id": user_id,
        "ig_did": "5C1D7B0E-3A94-4F6B-9B7E-0D2C8A61F3E4",
        "mid": "aSPk2QALAAHn4dZ0vW6tYx1mB9cR",
        "sessionid": f"{user_id}%3Ap7YzK2wQeLr4Xv%3A19%3AAYfV0s8mHtq3nD6jUbZxC1oKgRw5",
    }
    return Visitor("instagram", user_id, "arsip.tirtakencana", cookies)


def cookie_file(visitor: Visitor, until: datetime) -> str:
    """The visitor's cookies as browsers export them (Netscape format)."""
    lines = ["# Netscape HTTP Cookie File"]
    for name, value in visitor.cookies.items():
        only_http = "#HttpOnly_" if name == "sessionid" else ""
        expires = int(until.timestamp())
        domain = f"{only_http}.{visitor.platform}.com"
        lines.append("\t".join([domain, "TRUE", "/", "TRUE", str(expires), name, value]))
    return "\n".join(lines) + "\n"


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
        size: tuple[int, int] = _POSTER,
        title: str | None = None,
    ) -> Asset:
        """A picture."""
        return picture(self.media, self.scene(topic, office, size, title))

    def film(self, media_id: str, topic: Topic, office: str, *, spoken: bool = False) -> Slide:
        """A film with its cover, and subtitles when something is said."""
        made = film(self.media, self.scene(topic, office, _FILM))
        cover = self.poster(topic, office, _COVER)
        said = subtitles(self.media, [topic.title, topic.line])
        return Slide(media_id, made, cover, (("ind-ID", said),) if spoken else ())

    def avatar(self, handle: str, motif: str, palette: str) -> Asset:
        """A profile picture without words."""
        return picture(self.media, Scene(handle, "", motif, palette, "", (320, 320), words=False))


# -- Instagram ------------------------------------------------------------------

_REELS = frozenset({1, 7, 12, 18, 25, 30})
_MIXED = frozenset({2, 13, 23})
_ALBUMS = frozenset({6, 16, 28})
_SAME_SECOND, _HIDDEN, _EMOJI, _LONG, _REUSED, _SILENT, _PINNED = 4, 5, 8, 9, 14, 15, 20


def _instagram(studio: Studio, now: datetime) -> Account:
    items: list[Item] = []
    for number, topic in enumerate(agenda.CITY):
        taken_at = now - timedelta(days=number * 1.6, hours=3 + number % 5)
        if number == _SAME_SECOND:
            taken_at = items[-1].taken_at
        items.append(_instagram_item(studio, topic, OFFICE, number, taken_at))
    items[_HIDDEN] = replace(items[_HIDDEN], hide_counts=True)
    items[_EMOJI] = replace(items[_EMOJI], caption=agenda.emoji_caption(agenda.CITY[_EMOJI]))
    items[_LONG] = replace(items[_LONG], caption=agenda.longest_caption(agenda.CITY[_LONG]))
    items[_SILENT] = replace(items[_SILENT], caption="")
    items[_PINNED] = replace(items[_PINNED], pinned=True)
    # The picture of an earlier post once more, as offices do.
    reused = replace(items[_REUSED].slides[0], asset=items[10].slides[0].asset)
    items[_REUSED] = replace(items[_REUSED], slides=(reused,))
    return Account(
        "instagram",
        "57310482911",
        "pemkot.tirtakencana",
        OFFICE,
        biography="Akun resmi Pemerintah Kota Tirta Kencana 🏛\nLayanan aduan: 112 (24 jam)",
        external_url="https://tirtakencana.example/",
        followers=184_203,
        following=61,
        avatar=studio.avatar("pemkot", "warga", "teal"),
        items=items,
    )


def _disaster(studio: Studio, now: datetime) -> Account:
    items = []
    for number, topic in enumerate(agenda.DISASTER):
        taken_at = now - timedelta(days=number * 2.3, hours=1, minutes=number)
        kind_like = {0: 0, 1: 6, 2: 1, 6: 2, 9: 7}.get(number, 0)
        items.append(_instagram_item(studio, topic, DISASTER_OFFICE, kind_like, taken_at))
    items[3] = replace(items[3], pinned=True)
    return Account(
        "instagram",
        "59920176644",
        "bpbd_tirtakencana",
        DISASTER_OFFICE,
        biography="Siaga, tanggap, tangguh. Darurat: 112",
        followers=42_815,
        following=38,
        avatar=studio.avatar("bpbd", "banjir", "rust"),
        items=items,
    )


def _instagram_item(
    studio: Studio, topic: Topic, office: str, number: int, taken_at: datetime
) -> Item:
    pk = instagram_pk(taken_at, topic.title)
    kind = "photo"
    slides: tuple[Slide, ...]
    if number in _REELS:
        kind, slides = "reel", (studio.film(str(pk), topic, office),)
    elif number in _MIXED:
        parts = ("Foto kegiatan", "Setelah kegiatan")
        pictures = [studio.poster(topic, office, _SQUARE, part) for part in parts]
        kind = "carousel"
        slides = (
            Slide(str(pk + 1), pictures[0]),
            studio.film(str(pk + 2), topic, office),
            Slide(str(pk + 3), pictures[1]),
        )
    elif number in _ALBUMS:
        kind = "carousel"
        slides = tuple(
            Slide(str(pk + part), studio.poster(topic, office, title=f"{topic.title} ({part}/4)"))
            for part in range(1, 5)
        )
    else:
        slides = (Slide(str(pk), studio.poster(topic, office)),)
    counts = _counts(topic.title)
    return Item(
        instagram_code(pk),
        str(pk),
        kind,
        agenda.caption(topic, office),
        taken_at,
        slides,
        likes=counts[0],
        comments=counts[1],
        plays=counts[2] if kind == "reel" else 0,
    )


# -- TikTok ---------------------------------------------------------------------

_PHOTO_MODE = frozenset({3, 10, 17})


def _tiktok(studio: Studio, now: datetime) -> Account:
    items = []
    for number, topic in enumerate(agenda.CITY[:23]):
        taken_at = now - timedelta(days=number * 2.1, hours=2, minutes=number * 3)
        items.append(_tiktok_item(studio, topic, OFFICE, number, taken_at))
    items[12] = replace(items[12], pinned=True)
    return Account(
        "tiktok",
        "7190264418855110661",
        "pemkot_tirtakencana",
        OFFICE,
        biography="Kabar layanan kota, setiap hari.",
        external_url="https://tirtakencana.example/",
        followers=96_410,
        following=12,
        sec_uid=_sec_uid("pemkot_tirtakencana"),
        avatar=studio.avatar("pemkot", "warga", "teal"),
        items=items,
    )


def _transport(studio: Studio, now: datetime) -> Account:
    items = [
        _tiktok_item(studio, topic, TRANSPORT_OFFICE, number, now - timedelta(days=4 * number + 1))
        for number, topic in enumerate(agenda.TRANSPORT)
    ]
    return Account(
        "tiktok",
        "7201177390514209797",
        "dishub.tirtakencana",
        TRANSPORT_OFFICE,
        biography="Naik bus, kurangi macet.",
        followers=18_077,
        following=9,
        sec_uid=_sec_uid("dishub.tirtakencana"),
        avatar=studio.avatar("dishub", "bus", "blue"),
        items=items,
    )


def _tiktok_item(
    studio: Studio, topic: Topic, office: str, number: int, taken_at: datetime
) -> Item:
    code = tiktok_id(taken_at, topic.title)
    likes, comments, plays, shares = _counts(topic.title + "tiktok")
    if number in _PHOTO_MODE:
        tune = sound(studio.media, topic.title)
        pictures = [studio.poster(topic, office, _COVER, f"{topic.title} ({n})") for n in (1, 2, 3)]
        slides = tuple(
            Slide(f"{code}-{n}", asset, sound=tune if n == 0 else None)
            for n, asset in enumerate(pictures)
        )
    else:
        slides = (studio.film(code, topic, office, spoken=number % 2 == 0),)
    return Item(
        code,
        code,
        "photo-mode" if number in _PHOTO_MODE else "video",
        f"{topic.title}. {topic.line} #{topic.tag} #TirtaKencana",
        taken_at,
        slides,
        likes=likes,
        comments=comments,
        plays=plays,
        shares=shares,
    )


# -- both -------------------------------------------------------------------------


def _upcoming(
    studio: Studio, now: datetime, accounts: Sequence[Account]
) -> tuple[tuple[Account, Item], ...]:
    instagram, disaster, tiktok = accounts
    photo, reel, warning, clip = agenda.UPCOMING
    return (
        (instagram, _instagram_item(studio, photo, OFFICE, 0, now)),
        (instagram, _instagram_item(studio, reel, OFFICE, 1, now)),
        (disaster, _instagram_item(studio, warning, DISASTER_OFFICE, 0, now)),
        (tiktok, _tiktok_item(studio, clip, OFFICE, 0, now)),
    )


def _at(item: Item, platform: str, moment: datetime) -> Item:
    """The post as if published at another moment: ids follow the date."""
    if platform == "tiktok":
        code = native_id = tiktok_id(moment, item.caption)
    else:
        pk = instagram_pk(moment, item.caption)
        code, native_id = instagram_code(pk), str(pk)
    slides = tuple(
        replace(slide, media_id=slide.media_id.replace(item.native_id, native_id))
        for slide in item.slides
    )
    return replace(item, code=code, native_id=native_id, taken_at=moment, slides=slides)


def _counts(seed: str) -> tuple[int, int, int, int]:
    """Likes, comments, plays and shares that look lived-in."""
    digest = hashlib.sha256(seed.encode()).digest()
    likes = 180 + int.from_bytes(digest[:2]) // 9
    return likes, digest[2] // 3, likes * (9 + digest[3] % 20), digest[4]


def _sec_uid(handle: str) -> str:
    """Shaped like TikTok's: a fixed beginning and base64url."""
    seed = hashlib.sha384(handle.encode()).digest()
    return "MS4wLjABAAAA" + base64.urlsafe_b64encode(seed).decode()
