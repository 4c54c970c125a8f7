"""The invented city on TikTok: its own account and its transport agency's."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from demo import agenda
from demo.agenda import OFFICE, TRANSPORT_OFFICE, Topic
from demo.films import sound
from demo.ids import tiktok_id
from demo.studio import COVER, Studio, counts_of
from demo.world import Account, Item, Slide

_PHOTO_MODE = frozenset({3, 10, 17})


def city_on_tiktok(studio: Studio, now: datetime) -> Account:
    """The city's own account."""
    items = []
    for number, topic in enumerate(agenda.CITY[:23]):
        taken_at = now - timedelta(days=number * 2.1, hours=2, minutes=number * 3)
        items.append(tiktok_item(studio, topic, OFFICE, number, taken_at))
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


def transport_agency(studio: Studio, now: datetime) -> Account:
    """The account of the transport agency."""
    items = [
        tiktok_item(studio, topic, TRANSPORT_OFFICE, number, now - timedelta(days=4 * number + 1))
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


def tiktok_item(studio: Studio, topic: Topic, office: str, number: int, taken_at: datetime) -> Item:
    """A post among others.

    Args:
        number: Its place; says of which kind it is and whether it is spoken.
    """
    code = tiktok_id(taken_at, topic.title)
    likes, comments, plays, shares = counts_of(topic.title + "tiktok")
    if number in _PHOTO_MODE:
        tune = sound(studio.media, topic.title)
        pictures = [studio.poster(topic, office, COVER, f"{topic.title} ({n})") for n in (1, 2, 3)]
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


def _sec_uid(handle: str) -> str:
    """Shaped like TikTok's: a fixed beginning and base64url."""
    seed = hashlib.sha384(handle.encode()).digest()
    return "MS4wLjABAAAA" + base64.urlsafe_b64encode(seed).decode()
