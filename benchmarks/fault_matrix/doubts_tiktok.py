"""Nights on which TikTok says the known words for a living post, and one thing speaks
against them. And whole accounts, clocks and lines out of order."""

from __future__ import annotations

from datetime import timedelta

from benchmarks.fault_matrix import acts
from benchmarks.fault_matrix import tiktok_aims as to
from benchmarks.fault_matrix.answers import (
    ANSWERS,
    aimed,
    unlisted,
)
from benchmarks.fault_matrix.case import Meets, together
from benchmarks.fault_matrix.doubts import Targets, hidden, line, shared
from benchmarks.fault_matrix.rows import Rows
from benchmarks.fault_matrix.shapes_tiktok import HONEST_END
from demo import faults
from demo.tiktok import faults as known

_T = Rows("tiktok")
TARGETS = Targets(
    not_found=to.NOT_FOUND,
    honest_end=HONEST_END,
    listing=to.listing,
    pages=to.listing,
    post=to.post,
    posts=to.posts,
    control=to.control,
    canary=to.canary,
    profile=to.profile,
    everything=to.everything,
)
_H, _D = timedelta(hours=1), timedelta(days=1)


CONTROLS = tuple(
    _T.one(f"control-{name}", Meets.CONTROL, plan, source)
    for name, plan, source in (
        ("captcha", aimed(lambda: known.captcha(), to.control), "8 captcha"),
        ("10204", aimed(to.NOT_FOUND, to.control), "8 control-post"),
    )
)
HIDDEN = tuple(
    _T.one(f"hidden-and-{name}", meets, hidden(TARGETS, plan), source)
    for name, meets, plan, source in (
        ("control-10204", Meets.CONTROL, aimed(to.NOT_FOUND, to.control), "8 ip-blocked"),
        ("control-10231", Meets.CONTROL, aimed(to.video(10231), to.control), "8 region-wall"),
        ("control-captcha", Meets.CONTROL, aimed(known.captcha, to.control), "8 captcha"),
        ("control-wall", Meets.CONTROL, aimed(known.login_redirect, to.control), "8 no-block"),
        (
            "page-2-empty",
            Meets.PAGE,
            aimed(known.listing_empty, to.listing, skip=1),
            "8 empty-list",
        ),
    )
)
ACCOUNTS = tuple(
    _T.one(f"account-{name}", Meets.ACCOUNT, act, sources)
    for name, act, sources in (
        ("private", acts.private, "8 private, 3 user-10222"),
        ("hides-the-post", acts.hidden, "3 status-10216, 8 private"),
    )
)
CANARIES = tuple(
    _T.one(f"canary-{name}", Meets.CANARY, aimed(make, to.canary), "8 no-block")
    for name, make in (
        ("10204", to.NOT_FOUND),
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
LINES = tuple(
    _T.one(f"line-{name}", Meets.LINE, line(made), source)
    for name, made, source in (
        ("no-name", faults.no_name("www.tiktok.com", count=None), "8 dns"),
        ("refused", faults.connection_refused("www.tiktok.com", count=None), "8 dns"),
        ("no-tls", faults.tls_failure("www.tiktok.com", count=None), "8 tls"),
        ("no-media-name", faults.no_name("*.tiktokcdn.com", count=None), "8 dns"),
    )
)
DOUBTS = (
    *shared(_T, TARGETS),
    *CONTROLS,
    *HIDDEN,
    *ACCOUNTS,
    *CANARIES,
    *MIDWAY,
    *LINES,
)
