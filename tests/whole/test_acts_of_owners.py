"""What owners do to posts becomes a version, and what platforms do does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from demo.city import City
from demo.pictures import Scene, picture
from demo.server import Platforms
from demo.world import Account, Item, Place

Change = Callable[[Item], dict[str, object]]


@pytest.fixture
def office(make_house: Callable[..., Any], platforms: Platforms, city: City) -> Any:
    """An archive of two small accounts after its first night."""
    for account in (city.instagram, city.tiktok):
        film = next(item for item in account.items if item.slides[0].cover is not None)
        photo = next(item for item in account.items if item is not film)
        account.items[:] = [film, photo]
    made = make_house(platforms, city)
    names = [f"{account.platform}/{account.handle}" for account in (city.instagram, city.tiktok)]
    done = made.jejak("capture", *names)
    assert done.code == 0, done.text
    return made


def versions(house: Any, account: Account) -> int:
    post = f"{account.platform}:{account.items[0].code}"
    (shown,) = house.rows("show", post)
    return len(shown["versions"])


def other_key(item: Item) -> dict[str, object]:
    """The same picture under another storage key."""
    slide = item.slides[0]
    assert slide.cover is not None
    moved = replace(slide.cover, name=f"pindah-{slide.cover.name}")
    return {"slides": (replace(slide, cover=moved), *item.slides[1:])}


def other_cover(media: Path) -> Change:
    drawn = picture(media, Scene("Ganti", "", "warga", "plum", "", (72, 128), words=False))

    def change(item: Item) -> dict[str, object]:
        return {"slides": (replace(item.slides[0], cover=drawn), *item.slides[1:])}

    return change


def test_acts_of_owners_on_both_platforms(office: Any, city: City, demo_media: Path) -> None:
    place = Place("9001", "Balai Kota", "Jalan Merdeka 1")
    acts: list[tuple[str, Change, bool]] = [
        ("nothing", lambda item: {"likes": item.likes + 5}, False),
        ("caption", lambda item: {"caption": item.caption + " (ralat)"}, True),
        ("comments off", lambda item: {"comments_off": True}, True),
        ("comments on", lambda item: {"comments_off": False}, True),
        ("another key", other_key, False),
        ("another cover", other_cover(demo_media), True),
        ("place", lambda item: {"place": place}, True),
        ("its name", lambda item: {"place": replace(place, name="Balaikota")}, False),
        ("another place", lambda item: {"place": replace(place, native_id="9002")}, True),
    ]
    accounts = (city.instagram, city.tiktok)
    names = [f"{account.platform}/{account.handle}" for account in accounts]
    for name, change, makes_one in acts:
        before = [versions(office, account) for account in accounts]
        for account in accounts:
            item = account.items[0]
            city.world.edit(account, item.code, **change(item))
        done = office.jejak("capture", *names)
        assert done.code == 0, done.text
        after = [versions(office, account) for account in accounts]
        assert [now - then for now, then in zip(after, before, strict=True)] == [makes_one] * 2, (
            name
        )


def test_a_co_author_and_a_place_taken_back_on_instagram(office: Any, city: City) -> None:
    account, name = city.instagram, f"instagram/{city.instagram.handle}"
    code = account.items[0].code
    for changes in (
        {"place": Place("9001", "Balai Kota")},
        {"place": None},
        {"coauthors": (city.disaster.native_id,)},
    ):
        before = versions(office, account)
        city.world.edit(account, code, **changes)
        done = office.jejak("capture", name)
        assert done.code == 0, done.text
        assert versions(office, account) == before + 1, changes
    said = office.jejak("show", f"instagram:{code}").text
    assert f"@{account.handle} (instagram:{account.native_id})" in said
    assert f"@{city.disaster.handle} (instagram:{city.disaster.native_id})" in said
    keys = {
        row["id"] for row in office.rows("posts", "--account", f"instagram/{city.disaster.handle}")
    }
    assert f"instagram:{code}" in keys


def test_the_same_pictures_under_other_ids_are_no_edit(
    make_house: Callable[..., Any], platforms: Platforms, city: City
) -> None:
    account, name = city.instagram, f"instagram/{city.instagram.handle}"
    row = next(item for item in account.items if item.kind == "carousel")
    account.items[:] = [row]
    office = make_house(platforms, city)
    assert office.jejak("capture", name).code == 0

    def night(**changes: object) -> tuple[dict[str, Any], int]:
        city.world.edit(account, row.code, **changes)
        asked = platforms.log.mark()
        assert office.jejak("capture", name).code == 0
        (shown,) = office.rows("show", f"instagram:{row.code}")
        return shown, platforms.log.mark() - asked

    renamed = tuple(
        replace(slide, media_id=str(int(slide.media_id) + 7_000)) for slide in row.slides
    )
    shown, first = night(slides=renamed)
    assert len(shown["versions"]) == 1
    listed = [m["media_id"] for m in shown["media"] if m["role"] == "content"]
    assert listed == [slide.media_id for slide in renamed]
    shown, second = night()
    assert len(shown["versions"]) == 1
    assert second <= first - len(renamed), "nothing is fetched again once the ids are known"
    shown, _asked = night(caption="Ralat: " + row.caption)
    assert len(shown["versions"]) == 2
    assert {one["fact"] for one in shown["versions"][1]["changed"]} == {"caption"}
    shown, _asked = night(slides=renamed[::-1])
    assert len(shown["versions"]) == 3
    assert {one["fact"] for one in shown["versions"][2]["changed"]} >= {"media"}
    assert office.jejak("reindex").code == 0
    assert office.rows("show", f"instagram:{row.code}") == [shown]
    _shown, again = night()
    assert again == second
