"""Nights on which TikTok says the known words for a living post, and one thing speaks
against them. And whole accounts, clocks and lines out of order."""

from __future__ import annotations

from datetime import timedelta

from benchmarks.fault_matrix import acts
from benchmarks.fault_matrix import tiktok_aims as to
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
from benchmarks.fault_matrix.shapes_tiktok import HONEST_END
from demo import faults
from demo.faults import Fault
from demo.tiktok import faults as known

_T = Rows("tiktok")
_H, _D = timedelta(hours=1), timedelta(days=1)


def _hidden(*more: Plan) -> Plan:
    """The living post is in no listing, and its page says the known words."""
    return together(unlisted, *more, beside(aimed(to.NOT_FOUND, to.post)))


def _line(made: Fault) -> Plan:
    return aimed(lambda: made, lambda scene: made.match)


CONTROLS = tuple(
    _T.one(f"control-{name}", Meets.CONTROL, plan, source)
    for name, plan, source in (
        ("403", aimed(ANSWERS["403"], to.control), "8 control-post"),
        ("500", aimed(ANSWERS["500"], to.control), "8 control-post"),
        ("429", aimed(ANSWERS["429"], to.control), "8 no-block"),
        ("captcha", aimed(lambda: known.captcha(), to.control), "8 captcha"),
        ("10204", aimed(to.NOT_FOUND, to.control), "8 control-post"),
        ("undated", aimed(ANSWERS["undated"], to.control), "8 control-post"),
        ("old", old(to.control, 2 * _D), "8 stale-cache"),
    )
)
HIDDEN = tuple(
    _T.one(f"hidden-and-{name}", meets, _hidden(plan), source)
    for name, meets, plan, source in (
        ("control-500", Meets.CONTROL, aimed(ANSWERS["500"], to.control), "8 control-post"),
        ("control-10204", Meets.CONTROL, aimed(to.NOT_FOUND, to.control), "8 ip-blocked"),
        ("control-10231", Meets.CONTROL, aimed(to.video(10231), to.control), "8 region-wall"),
        ("control-old", Meets.CONTROL, old(to.control, _D), "8 stale-cache"),
        ("control-429", Meets.CONTROL, aimed(ANSWERS["429"], to.control), "8 no-block"),
        ("control-captcha", Meets.CONTROL, aimed(known.captcha, to.control), "8 captcha"),
        ("control-wall", Meets.CONTROL, aimed(known.login_redirect, to.control), "8 no-block"),
        ("canary-gone", Meets.CANARY, aimed(to.NOT_FOUND, to.canary), "8 no-block"),
        ("canary-429", Meets.CANARY, aimed(ANSWERS["429"], to.canary), "8 no-block"),
        ("page-2-cut", Meets.PAGE, aimed(ANSWERS["cut"], to.listing, skip=1), "8 cut-json"),
        ("page-2-500", Meets.PAGE, aimed(ANSWERS["500"], to.listing, skip=1), "8 5xx"),
        (
            "page-2-empty",
            Meets.PAGE,
            aimed(known.listing_empty, to.listing, skip=1),
            "8 empty-list",
        ),
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
    _T.one(
        "absent-for-single-nights",
        Meets.POST,
        acts.never_twice_running(together(unlisted, aimed(to.NOT_FOUND, to.post))),
        "8 two-observations",
    ),
)
"""Every condition holds, on one night alone: only the second observation saves it."""
STALE = (
    _T.one(
        "hidden-by-a-cache",
        Meets.POST,
        together(unlisted, undated_too(to.NOT_FOUND, to.post, age=2 * _D)),
        "8 stale-cache",
    ),
    _T.one(
        "hidden-by-a-cache-of-tomorrow",
        Meets.POST,
        together(unlisted, undated_too(to.NOT_FOUND, to.post, age=-_D)),
        "8 stale-cache",
    ),
    _T.one(
        "hidden-without-date",
        Meets.POST,
        together(unlisted, undated_too(to.NOT_FOUND, to.post)),
        "8 stale-cache",
    ),
    _T.one("stale-listing", Meets.LISTING, old(to.listing, 3 * _D), "8 stale-cache"),
    _T.one("stale-posts", Meets.POSTS, together(unlisted, old(to.posts, _D)), "8 stale-cache"),
    _T.one("stale-profile", Meets.PROFILE, old(to.profile, 3 * _D), "8 stale-cache"),
    _T.one("stale-everything", Meets.EVERYTHING, old(to.everything, _D), "8 stale-cache"),
    _T.one(
        "everything-undated",
        Meets.EVERYTHING,
        aimed(ANSWERS["undated"], to.everything),
        "8 stale-cache",
    ),
)
ACCOUNTS = tuple(
    _T.one(f"account-{name}", Meets.ACCOUNT, act, sources)
    for name, act, sources in (
        ("private", acts.private, "8 private, 3 user-10222"),
        ("gone", acts.gone, "8 disabled, 8 account"),
        ("renamed", acts.renamed, "8 renamed, 8 account"),
        ("renamed-and-post-unlisted", together(acts.renamed, unlisted), "8 renamed"),
        ("handle-taken", acts.taken, "8 renamed, 8 account"),
        ("gone-and-handle-taken", acts.namesake, "8 disabled, 8 account"),
        ("hides-the-post", acts.hidden, "3 status-10216, 8 private"),
        ("pins-the-post", acts.pinned, "8 address-and-listing"),
        ("backdates-newest", acts.dated_otherwise, "8 address-and-listing"),
    )
)
CANARIES = tuple(
    _T.one(f"canary-{name}", Meets.CANARY, aimed(make, to.canary), "8 no-block")
    for name, make in (
        ("10204", to.NOT_FOUND),
        ("500", ANSWERS["500"]),
        ("captcha", lambda: known.captcha()),
    )
)
MIDWAY = tuple(
    _T.one(
        f"midway-{name}",
        Meets.EVERYTHING,
        together(unlisted, aimed(make, to.everything, skip=number)),
        source,
    )
    for name, make, number, source in (
        ("login-redirect", known.login_redirect, 2, "3 login-redirect"),
        ("429", ANSWERS["429"], 3, "8 429"),
        ("403", ANSWERS["403"], 3, "8 403"),
        ("500", ANSWERS["500"], 2, "8 5xx"),
    )
)
CLOCKS = (
    _T.one("clock-a-day-ahead", Meets.CLOCK, wrong_clock(_D), "8 clock-jump"),
    _T.one("clock-a-day-behind", Meets.CLOCK, wrong_clock(-_D), "8 clock-jump"),
    _T.one("clock-a-week-ahead", Meets.CLOCK, wrong_clock(7 * _D), "8 clock-jump"),
    _T.one("clock-jumps-in-the-night", Meets.CLOCK, jump_at(to.listing, _H), "8 clock-jump"),
)
LINES = tuple(
    _T.one(f"line-{name}", Meets.LINE, _line(made), source)
    for name, made, source in (
        ("no-name", faults.no_name("www.tiktok.com", count=None), "8 dns"),
        ("refused", faults.connection_refused("www.tiktok.com", count=None), "8 dns"),
        ("no-tls", faults.tls_failure("www.tiktok.com", count=None), "8 tls"),
        ("no-media-name", faults.no_name("*.tiktokcdn.com", count=None), "8 dns"),
    )
)
DOUBTS = (
    *CONTROLS,
    *HIDDEN,
    *SINGLE_NIGHTS,
    *STALE,
    *ACCOUNTS,
    *CANARIES,
    *MIDWAY,
    *CLOCKS,
    *LINES,
)
