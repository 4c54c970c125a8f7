"""Nights on which Instagram says the known words for a living post, and one thing
speaks against them: the other conditions must hold it. And whole accounts, clocks
and lines out of order."""

from __future__ import annotations

from datetime import timedelta

from benchmarks.fault_matrix import acts
from benchmarks.fault_matrix import instagram_aims as to
from benchmarks.fault_matrix.answers import (
    ANSWERS,
    aimed,
    jump_at,
    old,
    undated_too,
    unlisted,
    wrong_clock,
)
from benchmarks.fault_matrix.case import Meets, Plan, beside, together
from benchmarks.fault_matrix.rows import Rows
from benchmarks.fault_matrix.shapes_instagram import HONEST_END
from benchmarks.fault_matrix.stories_instagram import STORIES
from demo import faults
from demo.faults import Fault
from demo.instagram import faults as known

_I = Rows("instagram")
_H, _D = timedelta(hours=1), timedelta(days=1)


def _hidden(*more: Plan) -> Plan:
    """The living post is in no listing, and its address says the known words."""
    return together(unlisted, *more, beside(aimed(to.NOT_FOUND, to.post)))


def _please_wait() -> Fault:
    return known.please_wait(known.SINGLE_QUERY)


def _login_wall() -> Fault:
    return known.login_wall(known.SINGLE_QUERY)


def _line(make: Fault) -> Plan:
    return aimed(lambda: make, lambda scene: make.match)


def _reel(*more: Plan) -> Plan:
    """A reel has left the posts' listing, and its address says the known words."""
    return together(acts.off_the_grid, *more, beside(aimed(to.NOT_FOUND, to.reel)))


REELS = (
    _I.one("reel-off-the-grid", Meets.ACCOUNT, acts.off_the_grid, "8 address-and-listing"),
    _I.one("reel-hidden-in-one-listing", Meets.LISTING, _reel(), "8 address-and-listing"),
    _I.one(
        "reel-hidden-and-reels-500",
        Meets.LISTING,
        _reel(aimed(ANSWERS["500"], to.reels)),
        "8 address-and-listing",
    ),
    _I.one(
        "reel-hidden-and-reels-empty",
        Meets.LISTING,
        _reel(aimed(ANSWERS["empty-object"], to.reels)),
        "8 empty-list",
    ),
)
CONTROLS = tuple(
    _I.one(f"control-{name}", Meets.CONTROL, plan, source)
    for name, plan, source in (
        ("403", aimed(ANSWERS["403"], to.control), "8 control-post"),
        ("500", aimed(ANSWERS["500"], to.control), "8 control-post"),
        ("429", aimed(ANSWERS["429"], to.control), "8 no-block"),
        ("cut", aimed(ANSWERS["cut"], to.control), "8 control-post"),
        ("media-not-found", aimed(to.NOT_FOUND, to.control), "8 control-post"),
        ("undated", aimed(ANSWERS["undated"], to.control), "8 control-post"),
        ("old", old(to.control, 2 * _D), "8 stale-cache"),
    )
)
HIDDEN = tuple(
    _I.one(f"hidden-and-{name}", meets, _hidden(plan), sources)
    for name, meets, plan, sources in (
        ("control-500", Meets.CONTROL, aimed(ANSWERS["500"], to.control), "8 control-post"),
        ("control-403", Meets.CONTROL, aimed(ANSWERS["403"], to.control), "8 control-post"),
        ("control-gone", Meets.CONTROL, aimed(to.ITEMS_EMPTY, to.control), "8 control-post"),
        ("control-old", Meets.CONTROL, old(to.control, _D), "8 stale-cache"),
        ("canary-gone", Meets.CANARY, aimed(to.NOT_FOUND, to.canary), "8 no-block"),
        ("canary-429", Meets.CANARY, aimed(ANSWERS["429"], to.canary), "8 no-block"),
        ("canary-500", Meets.CANARY, aimed(ANSWERS["500"], to.canary), "8 no-block"),
        ("control-429", Meets.CONTROL, aimed(ANSWERS["429"], to.control), "8 no-block"),
        ("control-wall", Meets.CONTROL, aimed(_login_wall, to.control), "8 no-block"),
        ("reels-please-wait", Meets.LISTING, aimed(_please_wait, to.reels), "8 no-block"),
        ("page-2-cut", Meets.PAGE, aimed(ANSWERS["cut"], to.timeline, skip=1), "8 cut-json"),
        ("page-2-500", Meets.PAGE, aimed(ANSWERS["500"], to.timeline, skip=1), "8 5xx"),
        ("early-end", Meets.LISTING, HONEST_END, "8 address-and-listing"),
        ("private", Meets.ACCOUNT, acts.private, "8 private"),
        ("declares-more", Meets.PROFILE, acts.declares_more, "8 address-and-listing"),
        ("clock-jumps", Meets.CLOCK, jump_at(to.control, _H), "8 clock-jump"),
        ("clock-jumps-back", Meets.CLOCK, jump_at(to.control, -_H), "8 clock-jump"),
        ("a-day-ahead", Meets.CLOCK, wrong_clock(_D), "8 clock-jump"),
        ("a-day-behind", Meets.CLOCK, wrong_clock(-_D), "8 clock-jump"),
    )
)
SINGLE_NIGHTS = (
    _I.one(
        "absent-for-single-nights",
        Meets.POST,
        acts.never_twice_running(together(unlisted, aimed(to.NOT_FOUND, to.post))),
        "8 two-observations",
    ),
)
"""Every condition holds, on one night alone: only the second observation saves it."""
STALE = (
    _I.one(
        "hidden-by-a-cache",
        Meets.POST,
        together(unlisted, undated_too(to.NOT_FOUND, to.post, age=2 * _D)),
        "8 stale-cache",
    ),
    _I.one(
        "hidden-by-a-cache-of-tomorrow",
        Meets.POST,
        together(unlisted, undated_too(to.NOT_FOUND, to.post, age=-_D)),
        "8 stale-cache",
    ),
    _I.one(
        "hidden-without-date",
        Meets.POST,
        together(unlisted, undated_too(to.NOT_FOUND, to.post)),
        "8 stale-cache",
    ),
    _I.one("stale-listing", Meets.LISTING, old(to.listing, 3 * _D), "8 stale-cache"),
    _I.one("stale-posts", Meets.POSTS, together(unlisted, old(to.posts, _D)), "8 stale-cache"),
    _I.one("stale-profile", Meets.PROFILE, old(to.profile, 3 * _D), "8 stale-cache"),
    _I.one("stale-everything", Meets.EVERYTHING, old(to.everything, _D), "8 stale-cache"),
    _I.one(
        "everything-undated",
        Meets.EVERYTHING,
        aimed(ANSWERS["undated"], to.everything),
        "8 stale-cache",
    ),
)
ACCOUNTS = tuple(
    _I.one(f"account-{name}", Meets.ACCOUNT, act, sources)
    for name, act, sources in (
        ("private", acts.private, "8 private, 8 account"),
        ("gone", acts.gone, "8 disabled, 8 account"),
        ("renamed", acts.renamed, "8 renamed, 8 account"),
        ("renamed-and-post-unlisted", together(acts.renamed, unlisted), "8 renamed"),
        ("handle-taken", acts.taken, "8 renamed, 8 account"),
        ("gone-and-handle-taken", acts.namesake, "8 disabled, 8 account"),
        ("pins-the-post", acts.pinned, "8 address-and-listing"),
        ("backdates-newest", acts.dated_otherwise, "8 address-and-listing"),
        ("session-lost", acts.session_lost, "2.4 login-302, 8 no-block"),
    )
)
CANARIES = tuple(
    _I.one(f"canary-{name}", Meets.CANARY, aimed(make, to.canary), "8 no-block")
    for name, make in (("gone", to.NOT_FOUND), ("500", ANSWERS["500"]), ("403", ANSWERS["403"]))
)
MIDWAY = tuple(
    _I.one(
        f"midway-{name}",
        Meets.EVERYTHING,
        together(unlisted, aimed(make, to.everything, skip=number)),
        source,
    )
    for name, make, number, source in (
        ("login-wall", _login_wall, 6, "2.4 login-302"),
        ("please-wait", _please_wait, 8, "2.4 401"),
        ("429", ANSWERS["429"], 9, "8 429"),
        ("500", ANSWERS["500"], 7, "8 5xx"),
    )
)
CLOCKS = (
    _I.one("clock-a-day-ahead", Meets.CLOCK, wrong_clock(_D), "8 clock-jump"),
    _I.one("clock-a-day-behind", Meets.CLOCK, wrong_clock(-_D), "8 clock-jump"),
    _I.one("clock-a-week-ahead", Meets.CLOCK, wrong_clock(7 * _D), "8 clock-jump"),
    _I.one("clock-jumps-in-the-night", Meets.CLOCK, jump_at(to.timeline, _H), "8 clock-jump"),
)
LINES = tuple(
    _I.one(f"line-{name}", Meets.LINE, _line(make), source)
    for name, make, source in (
        ("no-name", faults.no_name("*.instagram.com", count=None), "8 dns"),
        ("refused", faults.connection_refused("*.instagram.com", count=None), "8 dns"),
        ("no-tls", faults.tls_failure("*.instagram.com", count=None), "8 tls"),
        ("no-media-name", faults.no_name("*.cdninstagram.com", count=None), "8 dns"),
        ("no-mobile", faults.tls_failure("i.instagram.com", count=None), "8 tls"),
    )
)


MOBILE = (
    _I.one("mobile-403", Meets.EVERYTHING, aimed(ANSWERS["403"], to.mobile), "2.4 403"),
    _I.one("mobile-500", Meets.EVERYTHING, aimed(ANSWERS["500"], to.mobile), "8 5xx"),
)
DOUBTS = (
    *REELS,
    *CONTROLS,
    *HIDDEN,
    *SINGLE_NIGHTS,
    *STALE,
    *ACCOUNTS,
    *CANARIES,
    *MIDWAY,
    *CLOCKS,
    *LINES,
    *MOBILE,
    *STORIES,
)
