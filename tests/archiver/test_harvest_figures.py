"""When a harvest ends, and what is known whole before that."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.coverage import Interval, covered
from archiver.harvest_forecast import forecast, percentage
from storage.catalogue.captures import CaptureRow

TODAY = date(2026, 11, 24)


@settings(deadline=None, derandomize=True)
@given(st.integers(1, 500), st.integers(0, 5000), st.integers(0, 400))
def test_a_steady_pace_ends_no_later_with_more_kept(pace: int, kept: int, more: int) -> None:
    nights = [pace] * 7
    ends, sooner = (forecast(nights, k, 5000, TODAY) for k in (kept, kept + more))
    assert ends is not None and sooner is not None
    assert TODAY < sooner <= ends
    assert (ends - TODAY) >= timedelta(days=1)


def test_what_cannot_be_told_is_not_told() -> None:
    assert forecast([], 10, 100, TODAY) is None
    assert forecast([0, 0], 10, 100, TODAY) is None
    assert forecast([5], 10, None, TODAY) is None
    assert (percentage(5, 10), percentage(10, 10), percentage(1, None)) == (50, 99, None)


def row(**told: object) -> CaptureRow:
    blank = {field.name: None for field in fields(CaptureRow)}
    return CaptureRow(**{**blank, "connected": True, "listed": 0, **told})  # type: ignore[arg-type]


def test_a_head_that_did_not_connect_leaves_a_gap() -> None:
    past = row(started_at="2026-02-01", listing_end="connected", harvest_oldest="2025-06-01")
    alone = row(
        started_at="2026-03-01", listing_end="stopped", oldest="2026-02-20", connected=False
    )
    assert covered([alone, past]) == (
        Interval("2025-06-01", "2026-02-01"),
        Interval("2026-02-20", "2026-03-01"),
    )
    joined = row(started_at="2026-03-02", listing_end="connected", oldest="2026-01-15")
    assert covered([past, alone, joined]) == (Interval("2025-06-01", "2026-03-02"),)
    whole = row(started_at="2026-04-01", listing_end="end")
    assert covered([whole, past]) == (Interval(None, "2026-04-01"),)
    short = row(
        started_at="2026-04-01",
        listing_end="end",
        oldest="2026-03-01",
        declared_posts=600,
        listed=24,
        reason="fewer_than_declared",
    )
    assert covered([short]) == (Interval("2026-03-01", "2026-04-01"),)
    assert covered([]) == ()
