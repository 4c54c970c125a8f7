"""Where a tombstone's window begins: with what the last answers tell of their own age."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from storage.catalogue import tombstones
from storage.catalogue.tombstones import TombstoneRow
from storage.timestamps import stamp
from tools.nights import Nights

Make = Callable[..., Nights]
POST = "instagram:A007"
MINUTE = timedelta(minutes=1)


def take_down(platform):
    post = next(p for p in platform.posts if p.ref.code == "A007")
    platform.posts.remove(post)
    return post


def clock_of(platform, *, old: timedelta = timedelta(0)) -> None:
    """The platform answers out of a cache of that age."""
    platform.clock = lambda: datetime.now(UTC) - old


def gone_twice(nights: Nights, platform) -> None:
    """Taken down, and missed by two healthy nights."""
    clock_of(platform)
    take_down(platform)
    nights.pass_()
    assert nights.pass_().withdrawn == (POST,)


def the_seen_step(nights: Nights, number: int = 0) -> tuple[Mapping[str, object], TombstoneRow]:
    with nights.reading() as conn:
        stone = tombstones.of_post(conn, POST)[number]
    step = stone.steps[0]
    assert (step["step"], step["at"]) == ("seen", stone.absent_after)
    return step, stone


def is_at(text: object, moment: datetime) -> bool:
    """Whether a moment is the told one or within the minute after it."""
    second = timedelta(seconds=1)
    return stamp(moment - second) <= str(text) < stamp(moment + MINUTE)


def test_a_window_begins_when_the_answer_was_made_not_when_we_read_it(
    make_nights: Make, platform
) -> None:
    """Seen an hour late out of a cache: it may have been taken down meanwhile."""
    nights, old = make_nights(), timedelta(minutes=70)
    clock_of(platform, old=old)
    nights.pass_()
    seen = nights.at
    gone_twice(nights, platform)
    step, stone = the_seen_step(nights)
    assert is_at(stone.absent_after, seen - old)
    assert is_at(step["asked_at"], seen)
    assert step["clock"] == "older"


@pytest.mark.parametrize(("hours", "clock"), [(30, None), (25, None), (20, "older"), (2, "older")])
def test_of_two_sightings_the_one_that_tells_of_the_later_moment_counts(
    make_nights: Make, platform, hours: int, clock: str | None
) -> None:
    nights = make_nights()
    nights.pass_()
    first = nights.at
    clock_of(platform, old=timedelta(hours=hours))
    nights.pass_()
    second = nights.at
    gone_twice(nights, platform)
    step, stone = the_seen_step(nights)
    expected = first if clock is None else second - timedelta(hours=hours)
    assert is_at(stone.absent_after, expected)
    assert step.get("clock") == clock


def test_an_older_answer_of_an_earlier_night_is_no_later_moment(
    make_nights: Make, platform
) -> None:
    """Both out of a cache; the earlier one was the younger answer."""
    nights = make_nights()
    clock_of(platform, old=timedelta(hours=2))
    nights.pass_()
    first = nights.at
    clock_of(platform, old=timedelta(hours=28))
    nights.pass_()
    gone_twice(nights, platform)
    step, stone = the_seen_step(nights)
    assert is_at(stone.absent_after, first - timedelta(hours=2))
    assert is_at(step["asked_at"], first)


@pytest.mark.parametrize("minutes", [9, -9, -60])
def test_a_small_difference_of_clocks_or_a_slow_one_of_ours_leaves_our_time(
    make_nights: Make, platform, minutes: int
) -> None:
    nights = make_nights()
    clock_of(platform, old=timedelta(minutes=minutes))
    nights.pass_()
    seen = nights.at
    gone_twice(nights, platform)
    step, stone = the_seen_step(nights)
    assert is_at(stone.absent_after, seen)
    assert "clock" not in step and "asked_at" not in step


def test_an_answer_without_a_date_is_passed_over(make_nights: Make, platform) -> None:
    nights = make_nights()
    nights.pass_()
    seen = nights.at
    platform.is_dated = False
    nights.pass_()
    gone_twice(nights, platform)
    step, stone = the_seen_step(nights)
    assert is_at(stone.absent_after, seen)
    assert "clock" not in step


def test_a_window_says_when_no_answer_told_its_moment(make_nights: Make, platform) -> None:
    nights = make_nights()
    platform.is_dated = False
    nights.pass_()
    seen = nights.at
    gone_twice(nights, platform)
    step, stone = the_seen_step(nights)
    assert is_at(stone.absent_after, seen)
    assert (step["clock"], "asked_at" in step) == ("not told", False)


def test_a_record_that_cannot_be_read_tells_no_moment(make_nights: Make, platform) -> None:
    nights = make_nights()
    nights.pass_()
    for path in (nights.world.config.archive / "segments").glob("*/*.warc.gz"):
        path.write_bytes(b"\0" * path.stat().st_size)
    gone_twice(nights, platform)
    assert the_seen_step(nights)[0]["clock"] == "not told"


def test_a_window_does_not_reach_back_over_an_earlier_withdrawal(
    make_nights: Make, platform
) -> None:
    nights = make_nights()
    nights.pass_()
    post = next(p for p in platform.posts if p.ref.code == "A007")
    place = platform.posts.index(post)
    gone_twice(nights, platform)
    platform.posts.insert(place, post)
    platform.is_dated = False
    assert nights.pass_().returned == (POST,)
    seen = nights.at
    gone_twice(nights, platform)
    step, stone = the_seen_step(nights, 1)
    assert is_at(stone.absent_after, seen)
    assert step["clock"] == "not told"
