"""Walks over a platform that looks back one week from a cursor."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import errors
from connectors.model import AccountRef, Page, PageEnd, RecordId
from connectors.tap.journal import JournalEntry
from connectors.tiktok.listing import DAY_MS, FIRST_POSSIBLE_MS, WEEK_MS, Extent, Walk, cursor_of
from connectors.tiktok.visit import Visit

NOW_S = 1_795_000_000
OWNER = AccountRef("tiktok", "warta.kota", "69")
DAY_S = 86_400
NOTHING_TOLD = Extent()


@dataclass
class WeekByWeek:
    """Lists at most ``size`` posts from the week before a cursor.

    Attributes:
        posted: Seconds of its posts; a post's id is its second.
        distrusted: Device changes until it does what the cursor says; before
            it shows the beginning, whatever is asked.
        never_ends: ``hasMorePrevious`` is stuck on true.
    """

    posted: list[int]
    size: int = 15
    pinned: tuple[int, ...] = ()
    distrusted: int = 0
    never_ends: bool = False
    asked: list[int] = field(default_factory=list)

    def item_list(self, sec_uid: str, cursor_ms: int) -> Visit:
        self.asked.append(cursor_ms)
        first = len(self.asked) == 1 and cursor_ms == NOW_S * 1000
        start = NOW_S * 1000 if self.distrusted else cursor_ms
        older = sorted((s for s in set(self.posted) if s * 1000 < start), reverse=True)
        week = [second for second in older if second * 1000 >= start - WEEK_MS][: self.size]
        shown = [*(self.pinned if first else ()), *week]
        more = self.never_ends or len(older) > len(week)
        items = [{"id": str(s), "createTime": s, "isPinnedItem": s in self.pinned} for s in shown]
        return answered({"itemList": items, "hasMorePrevious": more, "statusCode": 0})

    def forget_device(self) -> None:
        self.distrusted = max(0, self.distrusted - 1)


def answered(value: object) -> Visit:
    record = RecordId("urn:uuid:0")
    body = json.dumps(value).encode()
    url = "https://www.tiktok.com/api/creator/item_list/"
    return Visit((JournalEntry(record, "GET", url, status=200, body=body),))


def walked(
    client: WeekByWeek, after: str | None = None, extent: Extent = NOTHING_TOLD
) -> list[Page]:
    after_ms = None if after is None else cursor_of(after, NOW_S * 1000)
    walk = Walk(client, OWNER, "sec", lambda code: None, after_ms, extent, lambda: float(NOW_S))
    return list(walk.pages())


def codes(pages: list[Page]) -> list[int]:
    return [int(post.ref.code) for page in pages for post in page.posts]


GAPS = st.lists(
    st.integers(1, 3 * DAY_S) | st.integers(DAY_S, 900 * DAY_S), min_size=1, max_size=40
)


def posts_of(gaps: list[int]) -> list[int]:
    posted, second = [], NOW_S
    for gap in gaps:
        second -= gap
        if second * 1000 > FIRST_POSSIBLE_MS + WEEK_MS:
            posted.append(second)
    return posted


@settings(deadline=None, max_examples=60)
@given(GAPS, st.integers(1, 15))
def test_every_post_is_listed_once_whatever_the_pauses(gaps: list[int], size: int) -> None:
    posted = posts_of(gaps)
    pages = walked(WeekByWeek(posted, size), extent=Extent(len(posted)))
    assert codes(pages) == posted
    assert pages[-1].end is PageEnd.END
    assert all(page.cursor is not None for page in pages[:-1]) and pages[-1].cursor is None


@settings(deadline=None, max_examples=40)
@given(GAPS, st.integers(1, 15), st.integers(0, 10**6))
def test_a_walk_entered_at_any_page_lists_the_rest(gaps: list[int], size: int, pick: int) -> None:
    posted = posts_of(gaps)
    pages = walked(WeekByWeek(posted, size), extent=Extent(len(posted)))
    cut = pick % len(pages)
    cursor = pages[cut].cursor
    if cursor is None:
        return
    later = walked(WeekByWeek(posted, size), cursor)
    assert codes(pages[: cut + 1]) + codes(later) == posted
    assert later[-1].end is PageEnd.END


def test_two_years_of_silence_are_crossed_in_bounded_requests() -> None:
    posted = [NOW_S - DAY_S, NOW_S - 731 * DAY_S]
    client = WeekByWeek(posted)
    pages = walked(client, extent=Extent(declared=2))
    assert codes(pages) == posted and pages[-1].end is PageEnd.END
    assert len(client.asked) <= 731 // 7 + 2
    assert [int(page.cursor or 0) for page in pages[:-1]] == client.asked[1:]


def test_a_pause_that_is_stopped_anywhere_goes_on_in_another_night() -> None:
    posted = [NOW_S - DAY_S, NOW_S - 731 * DAY_S]
    pages = walked(WeekByWeek(posted), extent=Extent(declared=2))
    stopped = pages[40]
    assert stopped.posts == ()
    later = walked(WeekByWeek(posted), stopped.cursor)
    assert codes(later) == posted[1:] and len(later) == len(pages) - 41


def test_pinned_posts_alone_on_a_page_do_not_hide_what_lies_between() -> None:
    posted = [NOW_S - 20 * DAY_S, NOW_S - 30 * DAY_S]
    old = NOW_S - 900 * DAY_S
    pages = walked(WeekByWeek(posted, pinned=(old,)))
    assert codes(pages) == [old, *posted]


@pytest.mark.parametrize(
    ("extent", "requests", "reason"),
    [
        (Extent(), 61, "empty_pages"),
        (Extent(declared=1), 9, "empty_pages"),
        (Extent(declared=9, born_ms=(NOW_S - 700 * DAY_S) * 1000), 102, "endless"),
        (Extent(declared=9), 534, "endless"),
    ],
)
def test_a_listing_without_end_is_given_up(extent: Extent, requests: int, reason: str) -> None:
    client = WeekByWeek([NOW_S - DAY_S], never_ends=True)
    pages = walked(client, extent=extent)
    assert codes(pages) == [NOW_S - DAY_S]
    assert (pages[-1].end, pages[-1].reason) == (PageEnd.SILENT, reason)
    assert abs(len(client.asked) - requests) <= 1


def test_a_listing_without_end_is_given_up_also_midway() -> None:
    client = WeekByWeek([], never_ends=True)
    pages = walked(client, str(FIRST_POSSIBLE_MS + 10 * WEEK_MS))
    assert (codes(pages), pages[-1].reason, len(client.asked)) == ([], "endless", 11)


def test_a_distrusted_device_is_noticed_when_entering_midway() -> None:
    posted = [NOW_S - day * DAY_S for day in range(1, 40)]
    cursor = str(posted[20] * 1000)
    assert codes(walked(WeekByWeek(posted, distrusted=1), cursor)) == posted[21:]
    (page,) = walked(WeekByWeek(posted, distrusted=9), cursor)
    assert (page.posts, page.end, page.reason) == ((), PageEnd.SILENT, "repeated_page")
    assert len(page.evidence) == 2


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "soon",
        "-5",
        "1e12",
        "٣٣٣٣٣٣٣٣٣٣٣٣٣",
        "1472705999999",
        str(NOW_S * 1000 + 2 * DAY_MS),
        "9" * 40,
    ],
)
def test_cursors_that_are_no_moment_of_this_platform(cursor: str) -> None:
    with pytest.raises(errors.CursorRefused) as raised:
        cursor_of(cursor, NOW_S * 1000)
    assert raised.value.hint


@pytest.mark.parametrize("moment", [FIRST_POSSIBLE_MS, NOW_S * 1000, NOW_S * 1000 + DAY_MS])
def test_cursors_that_are_taken(moment: int) -> None:
    assert cursor_of(str(moment), NOW_S * 1000) == moment


@pytest.mark.parametrize("status", [10202, 10221])
def test_the_listing_of_an_account_that_is_gone_is_not_an_empty_account(status: int) -> None:
    class Gone(WeekByWeek):
        def item_list(self, sec_uid: str, cursor_ms: int) -> Visit:
            return answered({"statusCode": status, "itemList": [], "hasMorePrevious": False})

    with pytest.raises(errors.AccountUnavailable) as raised:
        walked(Gone([]))
    assert raised.value.hint and raised.value.evidence
