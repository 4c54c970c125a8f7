"""The ladder: what one check says, and what several together prove."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archiver.absence.verdicts import (
    ABSENT,
    AWAITING,
    CLOCK_TOLERANCE,
    DISPUTED,
    DOUBTS,
    EXPIRED,
    NOT_VISITED,
    REASONS,
    RESTRICTIONS,
    SAME_MINUTE,
    SEEN,
    AccountState,
    Conditions,
    Control,
    Found,
    PastCheck,
    Withdrawal,
    clocks_agree,
    conclude,
    control_holds,
    weigh,
)

NAMES = tuple(Conditions.__slots__)
ALL = Conditions(True, True, True, True, True, True, True)
CYCLE = timedelta(hours=20)
START = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
DOUBTFUL = tuple(reason for reason in REASONS if reason not in (AWAITING, DISPUTED, NOT_VISITED))
VERDICTS = (ABSENT, *DOUBTFUL, NOT_VISITED, SEEN, EXPIRED)
CODES = ("item_missing", "page_without_item", "never_heard_of", *RESTRICTIONS, *DOUBTS)


def night(number: int, verdict: str = ABSENT, *, hours: float = 24, order: int | None = None):
    at = START + timedelta(hours=hours * number)
    return PastCheck(number if order is None else order, at, verdict, f"document {number}")


# -- one check ------------------------------------------------------------


def test_every_combination_of_one_check() -> None:
    """Absent needs the platform's word, all conditions, and a public account."""
    truths = product((True, False), repeat=len(NAMES))
    for found, values, account, code in product(Found, truths, AccountState, CODES):
        holds = Conditions(*values)
        verdict = weigh(found, code, holds, account)
        proven = found is Found.ABSENT and all(values) and account is AccountState.PUBLIC
        assert (verdict == ABSENT) == proven, (found, holds, account, code)
        assert (verdict == SEEN) == (found is Found.PRESENT)
        assert (verdict == EXPIRED) == (found is Found.EXPIRED)
        assert verdict in (ABSENT, SEEN, EXPIRED, *REASONS)
        assert verdict not in (AWAITING, DISPUTED), "only several checks, or a person, say that"
        if found not in (Found.PRESENT, Found.EXPIRED) and not holds.unblocked:
            assert verdict == "blocked", "a block says nothing of posts, also of unvisited ones"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("listing", "listing_incomplete"),
        ("signature", "unknown"),
        ("control", "control_failed"),
        ("account", "unknown"),
        ("unblocked", "blocked"),
        ("canary", "canary_failed"),
        ("clock", "clock_doubtful"),
    ],
)
def test_each_condition_alone_keeps_the_post(name: str, reason: str) -> None:
    holds = replace(ALL, **{name: False})
    assert weigh(Found.ABSENT, "item_missing", holds) == reason
    assert holds.rows() == {**ALL.rows(), name: False}


def test_conditions_are_all_tried() -> None:
    assert set(NAMES) == set(ALL.rows())
    assert weigh(Found.ABSENT, "item_missing", ALL) == ABSENT


@pytest.mark.parametrize(
    ("found", "code", "account", "reason"),
    [
        (Found.RESTRICTED, "status_10204", AccountState.PUBLIC, "region_or_age"),
        (Found.RESTRICTED, "private_post", AccountState.PUBLIC, "private"),
        (Found.RESTRICTED, "private_account", AccountState.PUBLIC, "account_private"),
        (Found.RESTRICTED, "a new word", AccountState.PUBLIC, "private"),
        (Found.UNKNOWN, "login_wall", AccountState.PUBLIC, "blocked"),
        (Found.UNKNOWN, "wrong_object", AccountState.PUBLIC, "platform_changed"),
        (Found.UNKNOWN, "page_of_another_kind", AccountState.PUBLIC, "platform_changed"),
        (Found.UNKNOWN, "network_failure", AccountState.PUBLIC, "unknown"),
        (Found.UNKNOWN, "account_missing", AccountState.PUBLIC, "account_gone"),
        (Found.ABSENT, "item_missing", AccountState.PRIVATE, "account_private"),
        (Found.ABSENT, "item_missing", AccountState.RENAMED, "account_renamed"),
        (Found.ABSENT, "item_missing", AccountState.UNSURE, "unknown"),
        (Found.UNVISITED, "not_visited", AccountState.PUBLIC, NOT_VISITED),
    ],
)
def test_what_an_answer_means(found: Found, code: str, account: AccountState, reason: str) -> None:
    assert weigh(found, code, ALL, account) == reason


def test_nothing_of_a_night_without_its_canary_counts() -> None:
    holds = replace(ALL, canary=False)
    for found in (Found.ABSENT, Found.RESTRICTED, Found.UNKNOWN, Found.UNVISITED):
        assert weigh(found, "item_missing", holds) == "canary_failed"


# -- the control and the clocks -----------------------------------------------


def control(after: timedelta, *, present: bool = True, clock: timedelta | None = timedelta(0)):
    at = START + after
    answered = None if clock is None else at + clock
    return Control("instagram:C", at, answered, present, "present")


@pytest.mark.parametrize(
    ("given_control", "holds"),
    [
        (None, False),
        (control(timedelta(seconds=3)), True),
        (control(SAME_MINUTE), True),
        (control(SAME_MINUTE + timedelta(seconds=1)), False),
        (control(-SAME_MINUTE), True),
        (control(-SAME_MINUTE - timedelta(seconds=1)), False),
        (control(timedelta(seconds=3), present=False), False),
        (control(timedelta(seconds=3), clock=None), False),
        (control(timedelta(seconds=3), clock=timedelta(hours=-1)), False),
    ],
)
def test_a_control_post_must_answer_in_the_same_minute(given_control, holds: bool) -> None:
    assert control_holds(START, given_control) is holds


def test_clocks_agree_within_the_tolerance_on_both_sides() -> None:
    second = timedelta(seconds=1)
    for side in (1, -1):
        assert clocks_agree(START, START + side * CLOCK_TOLERANCE)
        assert not clocks_agree(START, START + side * (CLOCK_TOLERANCE + second))
    assert not clocks_agree(START, None)


# -- several checks -------------------------------------------------------------


def test_two_absences_a_cycle_apart_prove_it() -> None:
    assert conclude([], (), CYCLE) is None
    assert conclude([night(1)], (), CYCLE) is None
    assert conclude([night(1), night(2)], (), CYCLE) == Withdrawal(night(1), night(2))


def test_two_in_one_cycle_count_once() -> None:
    soon = night(2, hours=12)
    assert conclude([night(1, hours=12), soon], (), CYCLE) is None
    later = night(3, hours=12)
    assert conclude([night(1, hours=12), soon, later], (), CYCLE) == Withdrawal(
        night(1, hours=12), later
    )


def test_exactly_a_cycle_is_enough() -> None:
    checks = [night(1, hours=20), night(2, hours=20)]
    assert conclude(checks, (), CYCLE) == Withdrawal(*checks)
    assert conclude(checks, (), CYCLE + timedelta(microseconds=1)) is None


@pytest.mark.parametrize("doubt", [*DOUBTFUL, SEEN, EXPIRED])
def test_a_doubt_between_starts_anew(doubt: str) -> None:
    assert conclude([night(1), night(2, doubt), night(3)], (), CYCLE) is None
    whole = [night(1), night(2, doubt), night(3), night(4)]
    assert conclude(whole, (), CYCLE) == Withdrawal(night(3), night(4))


def test_a_night_without_requests_left_keeps_the_count() -> None:
    checks = [night(1), night(2, NOT_VISITED), night(3)]
    assert conclude(checks, (), CYCLE) == Withdrawal(night(1), night(3))
    assert conclude([night(1), night(2, NOT_VISITED)], (), CYCLE) is None


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_block_at_or_between_the_two_starts_anew(at: int) -> None:
    checks = [night(1), night(3)]
    assert conclude(checks, {at}, CYCLE) is None
    assert conclude(checks, {0, 4}, CYCLE) == Withdrawal(*checks)


def test_the_order_of_runs_sorts_and_not_the_clock() -> None:
    """The second run's clock was behind: its doubt still stands between."""
    doubt = PastCheck(2, START - timedelta(days=9), "unknown", "document 2")
    assert conclude([night(1), night(3), doubt], (), CYCLE) is None


def test_a_clock_that_went_back_proves_nothing() -> None:
    behind = PastCheck(2, START - timedelta(days=9), ABSENT, "document 2")
    assert conclude([night(1), behind], (), CYCLE) is None


# -- for every history ---------------------------------------------------------------


@st.composite
def histories(draw: st.DrawFn) -> list[PastCheck]:
    likely = st.one_of(st.just(ABSENT), st.sampled_from(VERDICTS))
    orders = draw(st.lists(st.integers(1, 40), max_size=9, unique=True))
    hours = st.integers(-48, 24 * 40)
    return [
        PastCheck(order, START + timedelta(hours=draw(hours)), draw(likely), f"document {order}")
        for order in orders
    ]


blocks = st.frozensets(st.integers(0, 41), max_size=3)


@given(histories(), blocks)
@example([night(1), night(2)], frozenset())
def test_every_conclusion_stands_on_two_clean_absences(
    checks: list[PastCheck], blocked: frozenset[int]
) -> None:
    found = conclude(checks, blocked, CYCLE)
    if found is None:
        return
    first, second = found.first, found.second
    assert first in checks and second in checks
    assert first.verdict == second.verdict == ABSENT
    assert first.order < second.order
    assert second.at - first.at >= CYCLE
    between = [one for one in checks if first.order < one.order < second.order]
    assert {one.verdict for one in between} <= {ABSENT, NOT_VISITED}
    assert not any(first.order <= at <= second.order for at in blocked)


@given(histories(), blocks)
def test_no_two_clean_absences_are_overlooked(
    checks: list[PastCheck], blocked: frozenset[int]
) -> None:
    """Where clocks only go forward, any clean pair far enough apart is found."""
    checks = [replace(one, at=START + timedelta(hours=7 * one.order)) for one in checks]

    def clean(first: PastCheck, second: PastCheck) -> bool:
        inside = [one for one in checks if first.order <= one.order <= second.order]
        return (
            first.verdict == second.verdict == ABSENT
            and second.at - first.at >= CYCLE
            and all(one.verdict in (ABSENT, NOT_VISITED) for one in inside)
            and not any(first.order <= at <= second.order for at in blocked)
        )

    there_is = any(clean(one, other) for one in checks for other in checks)
    assert (conclude(checks, blocked, CYCLE) is not None) == there_is


@given(st.data(), histories(), blocks)
def test_the_order_of_reading_does_not_matter(
    data: st.DataObject, checks: list[PastCheck], blocked: frozenset[int]
) -> None:
    shuffled = data.draw(st.permutations(checks))
    assert conclude(shuffled, blocked, CYCLE) == conclude(checks, blocked, CYCLE)


@given(histories(), blocks, st.sampled_from(VERDICTS))
def test_a_later_night_changes_no_conclusion(
    checks: list[PastCheck], blocked: frozenset[int], verdict: str
) -> None:
    """What was concluded once is concluded again from a longer history."""
    found = conclude(checks, blocked, CYCLE)
    more = [*checks, PastCheck(99, START + timedelta(days=99), verdict, "later")]
    if found is not None:
        assert conclude(more, blocked | {98}, CYCLE) == found


@given(histories(), blocks, st.integers(0, 41))
def test_a_further_block_never_proves_anything(
    checks: list[PastCheck], blocked: frozenset[int], at: int
) -> None:
    if conclude(checks, blocked, CYCLE) is None:
        assert conclude(checks, blocked | {at}, CYCLE) is None
