"""Long pauses and long listings, from the connector to the pretend platform."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors import errors
from connectors.model import AccountRef, PageEnd, Section
from connectors.tiktok.listing import FIRST_POSSIBLE_MS
from connectors.tiktok.web import TikTokWeb
from demo.mediahosts import media_hosts
from demo.server import Platforms
from demo.tiktok.listing import Orders
from demo.tiktok.site import TikTokSite
from demo.world import Item


@pytest.fixture
def platforms(city, authority_folder: Path) -> Iterator[Platforms]:
    """A platform that looks back one week, as the real one does."""
    city.start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    site = TikTokSite(lookback=timedelta(days=7))
    started = Platforms(city.world, (site, *media_hosts()), authority_folder).start()
    yield started
    started.stop()


def listed(pages) -> list[str]:
    return [post.ref.code for page in pages for post in page.posts]


def test_an_account_silent_for_two_years_is_listed_whole(city, web: TikTokWeb, platforms) -> None:
    made = [city.video(days=days) for days in (0, 3, 740, 741, 1100)]
    assert web.profile(city.ref()).declared_posts == 5
    pages = list(web.list_posts(city.ref()))
    assert listed(pages) == [item.code for item in made]
    assert pages[-1].end is PageEnd.END
    assert platforms.log.count(path="/api/creator/item_list/") <= 1100 // 7 + 5


def test_a_pinned_old_post_does_not_hide_the_pause(city, web: TikTokWeb) -> None:
    pinned = city.video(days=900, pinned=True)
    made = [city.video(days=days) for days in (30, 40)]
    web.profile(city.ref())
    assert listed(web.list_posts(city.ref())) == [pinned.code, *(item.code for item in made)]


def test_a_listing_is_gone_on_with_in_another_night(
    city, connect: Callable[..., TikTokWeb]
) -> None:
    made = [city.video(days=days) for days in (*range(20), 500, 501)]
    first: list[str] = []
    cursor = None
    for page in connect().list_posts(city.ref()):
        first += [post.ref.code for post in page.posts]
        cursor = page.cursor
        if len(first) >= 20 and not page.posts:
            break
    rest = list(connect().list_posts(city.ref(), after=cursor))
    assert [*first, *listed(rest)] == [item.code for item in made]
    assert rest[-1].end is PageEnd.END


def test_a_post_published_meanwhile_does_not_move_the_cursor(
    city, connect: Callable[..., TikTokWeb]
) -> None:
    made = [city.video(days=day) for day in range(12)]
    (first, *_) = connect().list_posts(city.ref())
    city.video(taken_at=city.start + timedelta(minutes=5))
    rest = connect().list_posts(city.ref(), after=first.cursor)
    assert [*listed([first]), *listed(rest)] == [item.code for item in made]


@pytest.mark.parametrize("cursor", ["soon", "", str(FIRST_POSSIBLE_MS - 1), "99999999999999"])
def test_a_refused_cursor_costs_no_request(city, web: TikTokWeb, platforms, cursor: str) -> None:
    with pytest.raises(errors.CursorRefused):
        next(iter(web.list_posts(city.ref(), after=cursor)))
    with pytest.raises(ValueError, match="stories"):
        next(iter(web.list_posts(city.ref(), Section.STORIES)))
    assert platforms.log.count() == 0


def test_five_thousand_posts(city, web: TikTokWeb, platforms) -> None:
    first = city.video()
    for number in range(1, 5000):
        code = str(int(first.code) + 10_000 - number)
        at = first.taken_at - timedelta(minutes=7 * number)
        item = Item(code, code, "video", f"Kabar {number}", at, first.slides)
        city.account.items.append(item)
    codes = listed(web.list_posts(city.ref()))
    assert len(codes) == len(set(codes)) == 5000
    # 15 a page; the first page holds the posts of one week at most, as every other.
    assert platforms.log.count(path="/api/creator/item_list/") == -(-5000 // 15)


def test_the_order_is_made_once_and_again_after_a_change(city) -> None:
    item = city.video()
    orders = Orders()
    known = orders.of(city.world, city.account)
    assert orders.of(city.world, city.account) is known
    city.world.hide(city.account, item.code)
    assert orders.of(city.world, city.account).others == ()
    assert orders.post(city.world, item.code) == (city.account, city.account.items[0])
    other = city.video()
    assert orders.of(city.world, city.account).others == (other,)
    assert orders.post(city.world, "1") is None


def test_a_handle_alone_is_enough(city, web: TikTokWeb) -> None:
    made = [city.video(days=days) for days in (0, 500)]
    pages = web.list_posts(AccountRef("tiktok", city.account.handle))
    assert listed(pages) == [item.code for item in made]


def test_the_unmodified_library_crosses_a_pause_as_well(city, platforms, library) -> None:
    made = [city.video(days=days) for days in (0, 1, 100)]
    (found,) = library(f"https://www.tiktok.com/@{city.account.handle}")
    assert found["entries"] == [item.code for item in made]
    assert platforms.log.count(path="/api/creator/item_list/") <= 100 // 7 + 4
