"""Stopping early and claiming completeness: never on too little."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archiver.completeness import (
    EarlierCapture,
    ListingEnd,
    Outcome,
    Seen,
    baseline,
    conclude,
    may_stop,
)
from archiver.versions.changes import Change

changes = st.sampled_from(Change)
pages = st.lists(st.tuples(changes, st.booleans()), max_size=6)
counts = st.integers(min_value=0, max_value=30)
earlier = st.lists(
    st.builds(
        EarlierCapture, st.booleans(), st.none() | counts, counts, counts, known=st.booleans()
    ),
    max_size=5,
)


@given(pages, earlier, st.none() | counts, counts, st.booleans())
def test_stopping_needs_a_whole_listing_and_a_count_that_is_not_higher(
    page, captures, declared, new, connects
):
    before = baseline(captures)
    if not may_stop(page, before, declared, new, connects=connects):
        return
    assert any(capture.whole for capture in captures)
    assert any(not pinned for _, pinned in page)
    assert all(change is Change.UNCHANGED for change, pinned in page if not pinned)
    assert before is not None
    if declared is not None:
        assert before.gap is not None
        expected = before.gap + before.held + new
        assert declared == expected or (declared < expected and connects)


@given(counts, st.lists(counts, max_size=6))
def test_nights_of_new_posts_keep_the_count_in_agreement(start, nights):
    """Whatever was published and kept since, an unchanged page may end the listing."""
    history = [EarlierCapture(True, start, start, start)]
    total = start
    for new in nights:
        total += new
        history.insert(0, EarlierCapture(False, total, new, new))
    page = [(Change.UNCHANGED, False)]
    assert may_stop(page, baseline(history), total, 0, connects=False)
    assert not may_stop(page, baseline(history), total + 1, 0, connects=True)


@given(counts, st.lists(st.tuples(counts, counts), max_size=6), counts)
def test_after_deletions_the_lower_count_is_what_is_expected(start, nights, gap):
    """A head that ended although fewer were declared; then more than that is news."""
    history = [EarlierCapture(True, start + gap, start, start)]
    total = start + gap
    page = [(Change.UNCHANGED, False)]
    for new, gone in nights:
        total = max(gap, total + new - gone)
        expected = _expected(history) + new
        assert may_stop(page, baseline(history), total, new, connects=True)
        alone = may_stop(page, baseline(history), total, new, connects=False)
        assert alone == (total == expected)
        history.insert(0, EarlierCapture(False, total, new, new, known=True))
    assert not may_stop(page, baseline(history), total + 1, 0, connects=True)


def _expected(history):
    before = baseline(history)
    return before.gap + before.held


@given(
    st.builds(
        Seen,
        st.sampled_from(ListingEnd),
        st.none() | st.just("empty_page"),
        st.none() | counts,
        counts,
        counts,
        counts,
        counts,
        st.none() | st.just("rate_limited"),
        counts,
    ),
    earlier,
)
def test_complete_means_nothing_is_known_to_be_missing(seen: Seen, captures):
    outcome, reason = conclude(seen, baseline(captures))
    assert (reason is None) == (outcome is Outcome.COMPLETE)
    if outcome is Outcome.COMPLETE:
        whole = (ListingEnd.KNOWN, ListingEnd.END, ListingEnd.SINCE)
        left = seen.end is ListingEnd.CONNECTED and seen.end_reason is not None
        assert seen.end in whole or seen.harvest or left or not seen.posts_wanted
        assert (seen.failed, seen.unfinished, seen.unreadable, seen.error) == (0, 0, 0, None)
