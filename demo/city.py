"""Kota Tirta Kencana: an invented city government on both platforms.

Everything follows from the moment given as now: dates, ids and shortcodes,
so that two worlds of one moment are equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from demo import agenda
from demo.agenda import DISASTER_OFFICE, OFFICE
from demo.city_instagram import city_on_instagram, disaster_agency, instagram_item
from demo.city_tiktok import city_on_tiktok, tiktok_item, transport_agency
from demo.ids import instagram_code, instagram_pk, tiktok_id
from demo.studio import Studio
from demo.world import Account, Item, Visitor, World


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
        """All four accounts of the city."""
        return self.instagram, self.disaster, self.tiktok, self.transport

    def publish_upcoming(self) -> tuple[Item, ...]:
        """Put up the posts of the second day, dated just before now."""
        moment = self.world.now().replace(microsecond=0)
        published = []
        for number, (account, item) in enumerate(self.upcoming):
            dated = as_of(item, account.platform, moment - timedelta(seconds=number))
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
    instagram = city_on_instagram(studio, now)
    disaster = disaster_agency(studio, now)
    tiktok = city_on_tiktok(studio, now)
    transport = transport_agency(studio, now)
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


def _upcoming(
    studio: Studio, now: datetime, accounts: Sequence[Account]
) -> tuple[tuple[Account, Item], ...]:
    instagram, disaster, tiktok = accounts
    photo, reel, warning, clip = agenda.UPCOMING
    return (
        (instagram, instagram_item(studio, photo, OFFICE, 0, now)),
        (instagram, instagram_item(studio, reel, OFFICE, 1, now)),
        (disaster, instagram_item(studio, warning, DISASTER_OFFICE, 0, now)),
        (tiktok, tiktok_item(studio, clip, OFFICE, 0, now)),
    )


def as_of(item: Item, platform: str, moment: datetime) -> Item:
    """The post as if published at another moment: ids follow the date."""
    if platform == "tiktok":
        code = native_id = tiktok_id(moment, item.caption)
    else:
        pk = instagram_pk(moment, item.caption)
        code, native_id = instagram_code(pk), str(pk)
        if item.kind == "story":
            code = native_id
    slides = tuple(
        replace(slide, media_id=slide.media_id.replace(item.native_id, native_id))
        for slide in item.slides
    )
    return replace(item, code=code, native_id=native_id, taken_at=moment, slides=slides)
