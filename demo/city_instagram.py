"""The invented city on Instagram: its own account and its disaster agency's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from demo import agenda
from demo.agenda import DISASTER_OFFICE, OFFICE, Topic
from demo.ids import instagram_code, instagram_pk
from demo.studio import SQUARE, Studio, counts_of
from demo.world import Account, Item, Slide

_REELS = frozenset({1, 7, 12, 18, 25, 30})
_MIXED = frozenset({2, 13, 23})
_ALBUMS = frozenset({6, 16, 28})
_SAME_SECOND, _HIDDEN, _EMOJI, _LONG, _REUSED, _SILENT, _PINNED = 4, 5, 8, 9, 14, 15, 20


def city_on_instagram(studio: Studio, now: datetime) -> Account:
    """The city's own account: ordinary posts, and the awkward among them."""
    items: list[Item] = []
    for number, topic in enumerate(agenda.CITY):
        taken_at = now - timedelta(days=number * 1.6, hours=3 + number % 5)
        if number == _SAME_SECOND:
            taken_at = items[-1].taken_at
        items.append(instagram_item(studio, topic, OFFICE, number, taken_at))
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


def disaster_agency(studio: Studio, now: datetime) -> Account:
    """The account of the disaster agency."""
    items = []
    for number, topic in enumerate(agenda.DISASTER):
        taken_at = now - timedelta(days=number * 2.3, hours=1, minutes=number)
        kind_like = {0: 0, 1: 6, 2: 1, 6: 2, 9: 7}.get(number, 0)
        items.append(instagram_item(studio, topic, DISASTER_OFFICE, kind_like, taken_at))
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


def instagram_item(
    studio: Studio, topic: Topic, office: str, number: int, taken_at: datetime
) -> Item:
    """A post among others.

    Args:
        number: Its place; says of which kind it is.
    """
    pk = instagram_pk(taken_at, topic.title)
    kind = "photo"
    slides: tuple[Slide, ...]
    if number in _REELS:
        kind, slides = "reel", (studio.film(str(pk), topic, office),)
    elif number in _MIXED:
        parts = ("Foto kegiatan", "Setelah kegiatan")
        pictures = [studio.poster(topic, office, SQUARE, part) for part in parts]
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
    counts = counts_of(topic.title)
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
