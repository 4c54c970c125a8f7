"""The doubts that both platforms share: nights on which the known words are said of
a living post, and one thing speaks against them. The other conditions must hold it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from benchmarks.fault_matrix import acts
from benchmarks.fault_matrix.answers import (
    ANSWERS,
    Aim,
    Maker,
    aimed,
    jump_at,
    old,
    undated_too,
    unlisted,
    wrong_clock,
)
from benchmarks.fault_matrix.case import Case, Meets, Plan, beside, together
from benchmarks.fault_matrix.rows import Rows
from demo.faults import Fault

_H, _D = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Targets:
    """Whom faults meet on one platform, and two of its answers.

    Attributes:
        not_found: The known words for absence.
        honest_end: A listing that ends too early and declares as little.
        pages: Pages of the listing of posts, of which a second one can be met alone.
    """

    not_found: Maker
    honest_end: Plan
    listing: Aim
    pages: Aim
    post: Aim
    posts: Aim
    control: Aim
    canary: Aim
    profile: Aim
    everything: Aim


def hidden(to: Targets, *more: Plan) -> Plan:
    """The living post is in no listing, and its address says the known words."""
    return together(unlisted, *more, beside(aimed(to.not_found, to.post)))


def line(fault: Fault) -> Plan:
    """Trouble of the line, which knows whom it meets."""
    return aimed(lambda: fault, lambda scene: fault.match)


def shared(rows: Rows, to: Targets) -> tuple[Case, ...]:
    """All of them for one platform."""
    return (
        *_controls(rows, to),
        *_hidden(rows, to),
        *_stale(rows, to),
        *_accounts(rows),
        rows.one("canary-500", Meets.CANARY, aimed(ANSWERS["500"], to.canary), "8 no-block"),
        *_clocks(rows, to),
    )


def _controls(rows: Rows, to: Targets) -> tuple[Case, ...]:
    plans = (
        ("403", aimed(ANSWERS["403"], to.control), "8 control-post"),
        ("500", aimed(ANSWERS["500"], to.control), "8 control-post"),
        ("429", aimed(ANSWERS["429"], to.control), "8 no-block"),
        ("undated", aimed(ANSWERS["undated"], to.control), "8 control-post"),
        ("old", old(to.control, 2 * _D), "8 stale-cache"),
    )
    return tuple(rows.one(f"control-{n}", Meets.CONTROL, plan, s) for n, plan, s in plans)


def _hidden(rows: Rows, to: Targets) -> tuple[Case, ...]:
    beside_it = (
        ("control-500", Meets.CONTROL, aimed(ANSWERS["500"], to.control), "8 control-post"),
        ("control-old", Meets.CONTROL, old(to.control, _D), "8 stale-cache"),
        ("control-429", Meets.CONTROL, aimed(ANSWERS["429"], to.control), "8 no-block"),
        ("canary-gone", Meets.CANARY, aimed(to.not_found, to.canary), "8 no-block"),
        ("canary-429", Meets.CANARY, aimed(ANSWERS["429"], to.canary), "8 no-block"),
        ("page-2-cut", Meets.PAGE, aimed(ANSWERS["cut"], to.pages, skip=1), "8 cut-json"),
        ("page-2-500", Meets.PAGE, aimed(ANSWERS["500"], to.pages, skip=1), "8 5xx"),
        ("early-end", Meets.LISTING, to.honest_end, "8 address-and-listing"),
        ("private", Meets.ACCOUNT, acts.private, "8 private"),
        ("declares-more", Meets.PROFILE, acts.declares_more, "8 address-and-listing"),
        ("clock-jumps", Meets.CLOCK, jump_at(to.control, _H), "8 clock-jump"),
        ("clock-jumps-back", Meets.CLOCK, jump_at(to.control, -_H), "8 clock-jump"),
        ("a-day-ahead", Meets.CLOCK, wrong_clock(_D), "8 clock-jump"),
        ("a-day-behind", Meets.CLOCK, wrong_clock(-_D), "8 clock-jump"),
    )
    return (
        *(
            rows.one(f"hidden-and-{n}", meets, hidden(to, plan), s)
            for n, meets, plan, s in beside_it
        ),
        # Every condition holds, on one night alone: only the second observation saves it.
        rows.one(
            "absent-for-single-nights",
            Meets.POST,
            acts.never_twice_running(together(unlisted, aimed(to.not_found, to.post))),
            "8 two-observations",
        ),
    )


def _stale(rows: Rows, to: Targets) -> tuple[Case, ...]:
    gone, undated = to.not_found, aimed(ANSWERS["undated"], to.everything)
    plans = (
        ("hidden-by-a-cache", Meets.POST, _unlisted_and(gone, to, 2 * _D)),
        ("hidden-by-a-cache-of-tomorrow", Meets.POST, _unlisted_and(gone, to, -_D)),
        ("hidden-without-date", Meets.POST, _unlisted_and(gone, to, None)),
        ("stale-listing", Meets.LISTING, old(to.listing, 3 * _D)),
        ("stale-posts", Meets.POSTS, together(unlisted, old(to.posts, _D))),
        ("stale-profile", Meets.PROFILE, old(to.profile, 3 * _D)),
        ("stale-everything", Meets.EVERYTHING, old(to.everything, _D)),
        ("everything-undated", Meets.EVERYTHING, undated),
    )
    return tuple(rows.one(name, meets, plan, "8 stale-cache") for name, meets, plan in plans)


def _unlisted_and(gone: Maker, to: Targets, age: timedelta | None) -> Plan:
    return together(unlisted, undated_too(gone, to.post, age=age))


def _accounts(rows: Rows) -> tuple[Case, ...]:
    named = (
        ("gone", acts.gone, "8 disabled, 8 account"),
        ("renamed", acts.renamed, "8 renamed, 8 account"),
        ("renamed-and-post-unlisted", together(acts.renamed, unlisted), "8 renamed"),
        ("handle-taken", acts.taken, "8 renamed, 8 account"),
        ("gone-and-handle-taken", acts.namesake, "8 disabled, 8 account"),
        ("pins-the-post", acts.pinned, "8 address-and-listing"),
        ("backdates-newest", acts.dated_otherwise, "8 address-and-listing"),
    )
    return tuple(rows.one(f"account-{n}", Meets.ACCOUNT, act, source) for n, act, source in named)


def _clocks(rows: Rows, to: Targets) -> tuple[Case, ...]:
    plans = (
        ("a-day-ahead", wrong_clock(_D)),
        ("a-day-behind", wrong_clock(-_D)),
        ("a-week-ahead", wrong_clock(7 * _D)),
        ("jumps-in-the-night", jump_at(to.pages, _H)),
    )
    return tuple(rows.one(f"clock-{n}", Meets.CLOCK, plan, "8 clock-jump") for n, plan in plans)
