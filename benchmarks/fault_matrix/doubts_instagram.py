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
    unlisted,
)
from benchmarks.fault_matrix.case import Meets, Plan, beside, together
from benchmarks.fault_matrix.doubts import Targets, hidden, line, shared
from benchmarks.fault_matrix.rows import Rows
from benchmarks.fault_matrix.shapes_instagram import HONEST_END
from benchmarks.fault_matrix.stories_instagram import STORIES
from demo import faults
from demo.faults import Fault
from demo.instagram import faults as known

_I = Rows("instagram")
TARGETS = Targets(
    not_found=to.NOT_FOUND,
    honest_end=HONEST_END,
    listing=to.listing,
    pages=to.timeline,
    post=to.post,
    posts=to.posts,
    control=to.control,
    canary=to.canary,
    profile=to.profile,
    everything=to.everything,
)
_H, _D = timedelta(hours=1), timedelta(days=1)


def _please_wait() -> Fault:
    return known.please_wait(known.SINGLE_QUERY)


def _login_wall() -> Fault:
    return known.login_wall(known.SINGLE_QUERY)


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
        ("cut", aimed(ANSWERS["cut"], to.control), "8 control-post"),
        ("media-not-found", aimed(to.NOT_FOUND, to.control), "8 control-post"),
    )
)
HIDDEN = tuple(
    _I.one(f"hidden-and-{name}", meets, hidden(TARGETS, plan), sources)
    for name, meets, plan, sources in (
        ("control-403", Meets.CONTROL, aimed(ANSWERS["403"], to.control), "8 control-post"),
        ("control-gone", Meets.CONTROL, aimed(to.ITEMS_EMPTY, to.control), "8 control-post"),
        ("canary-500", Meets.CANARY, aimed(ANSWERS["500"], to.canary), "8 no-block"),
        ("control-wall", Meets.CONTROL, aimed(_login_wall, to.control), "8 no-block"),
        ("reels-please-wait", Meets.LISTING, aimed(_please_wait, to.reels), "8 no-block"),
    )
)
ACCOUNTS = tuple(
    _I.one(f"account-{name}", Meets.ACCOUNT, act, sources)
    for name, act, sources in (
        ("private", acts.private, "8 private, 8 account"),
        ("session-lost", acts.session_lost, "2.4 login-302, 8 no-block"),
    )
)
CANARIES = tuple(
    _I.one(f"canary-{name}", Meets.CANARY, aimed(make, to.canary), "8 no-block")
    for name, make in (("gone", to.NOT_FOUND), ("403", ANSWERS["403"]))
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
LINES = tuple(
    _I.one(f"line-{name}", Meets.LINE, line(make), source)
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
    *shared(_I, TARGETS),
    *REELS,
    *CONTROLS,
    *HIDDEN,
    *ACCOUNTS,
    *CANARIES,
    *MIDWAY,
    *LINES,
    *MOBILE,
    *STORIES,
)
