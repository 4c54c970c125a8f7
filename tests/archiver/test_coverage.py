"""What is known of an account's past, and how fast its posts are seen again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.coverage import Interval, Pace, days_since, unknown


def test_what_was_not_read_is_unknown() -> None:
    assert unknown([]) == ((None, None),)
    assert unknown([Interval(None, "2026-03-01")]) == ()
    found = [Interval("2026-01-01", "2026-01-05"), Interval("2026-02-01", "2026-03-01")]
    assert unknown(found) == ((None, "2026-01-01"), ("2026-01-05", "2026-02-01"))


def test_the_pace_of_a_sweep_tells_when_all_are_seen_again() -> None:
    # 40 at the head every night; 6 more nights saw 360 further ones.
    assert Pace(1000, 40, 400, 6.0).resee_days == 1 + 960 / 60
    assert Pace(40, 40, 40, 6.0).resee_days == 1, "the head alone shows them all"
    assert Pace(1000, 40, 40, 6.0).resee_days is None, "nothing but the head is ever seen"
    assert Pace(1000, 40, 400, 0.0).resee_days is None


@settings(derandomize=True, deadline=None)
@given(st.integers(1, 5000), st.integers(0, 5000), st.integers(0, 5000), st.floats(0.1, 400))
def test_a_faster_sweep_never_takes_longer(posts: int, head: int, swept: int, days: float) -> None:
    head = min(head, posts)
    seen = min(head + swept, posts)
    found = Pace(posts, head, seen, days).resee_days
    if seen == posts:
        assert found is not None
        assert found <= max(1.0, 1 + days + 1e-9)
    faster = Pace(posts, head, min(seen + 1, posts), days).resee_days
    assert found is None or (faster is not None and faster <= found)


def test_days_are_never_negative() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    assert days_since(None, now) is None
    assert days_since((now - timedelta(days=3)).isoformat(), now) == 3
    assert days_since((now + timedelta(days=3)).isoformat(), now) == 0
