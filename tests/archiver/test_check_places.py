"""Where a missing post is looked for again: never behind a page that told no date."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archiver.absence import check_places
from archiver.absence.stretches import Expected, Missing, Stretch
from archiver.absence.weighing import Doubts
from archiver.notes import Leg, Step
from connectors.model import Page, PageEnd, Section

NIGHT = datetime(2026, 3, 31, 2, tzinfo=UTC)


def day(number: int) -> datetime:
    return datetime(2026, 3, number, tzinfo=UTC)


def place(*lasts: datetime | None) -> Stretch:
    """A whole listing whose pages end with these dates; each begins at ``pN``."""
    steps = tuple(Step(f"p{n}" if n else None, last, ()) for n, last in enumerate(lasts))
    return Stretch(Section.POSTS, NIGHT, lasts[-1], True, True, steps)


def looked_for(stretch: Stretch, published: datetime) -> check_places.CheckPlace:
    missing = Missing(Expected("tiktok:1", "video", published), (stretch,))
    (found,) = check_places.read(check_places.written(missing))
    return found


@pytest.mark.parametrize(
    ("lasts", "published", "cursor", "upper"),
    [
        ((day(20), day(10), day(5)), 15, "p1", day(20)),
        ((day(20), day(10), day(5)), 7, "p2", day(10)),
        ((day(20), day(10), day(5)), 25, None, NIGHT),
        # The second page was empty: what it should have shown stands behind p1.
        ((day(20), day(20), day(5)), 7, "p1", day(20)),
        ((day(20), day(20), day(20), day(5)), 7, "p1", day(20)),
        # No page told a date: only the head is sure.
        ((None, None, None), 7, None, NIGHT),
        ((None, None, day(5)), 7, None, NIGHT),
    ],
)
def test_a_place_begins_behind_a_dated_page(
    lasts: tuple[datetime | None, ...], published: int, cursor: str | None, upper: datetime
) -> None:
    found = looked_for(place(*lasts), day(published))
    assert (found.cursor, found.upper) == (cursor, upper)


def test_a_stub_is_dated_by_what_is_kept_of_it(platform) -> None:
    stub = replace(platform.posts[0], published_at=None, pinned=False)
    leg = Leg(Section.POSTS)
    leg.note(Page((stub,), PageEnd.END), 1)
    assert leg.last is None
    leg.note(Page((stub,), PageEnd.END), 1, [day(4)])
    assert leg.last == day(4)


def test_one_hole_makes_the_whole_stretch_doubtful() -> None:
    holed, sound = place(day(20), day(10)), place(day(20), day(10))
    doubts = Doubts()
    doubts.hole(Missing(Expected("tiktok:1", "video", day(15)), (holed,)))
    assert doubts.touch(holed)
    assert not doubts.touch(sound)
