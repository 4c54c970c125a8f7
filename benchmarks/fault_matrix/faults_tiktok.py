"""The faults of TikTok, as data."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.fault_matrix import tiktok_aims as to
from benchmarks.fault_matrix.answers import Maker, unlisted
from benchmarks.fault_matrix.case import Meets, unique
from benchmarks.fault_matrix.doubts_tiktok import DOUBTS
from benchmarks.fault_matrix.rows import Rows
from benchmarks.fault_matrix.shapes_tiktok import SHAPES
from demo import faults
from demo.tiktok import faults as known

_T = Rows("tiktok")

WORDS: Mapping[str, Maker] = {
    "shell": lambda: known.shell(),
    "captcha": lambda: known.captcha(),
    "login-redirect": lambda: known.login_redirect(),
    "redirect-elsewhere": lambda: faults.redirect("https://www.tiktok.com/"),
    "redirect-other-host": lambda: faults.redirect("https://help.example/"),
    "10204": to.NOT_FOUND,
    "10204-other-words": to.video(10204, "your IP address is blocked"),
    "10204-no-words": to.video(10204),
    "10216": to.video(10216, "item is private"),
    "10222": to.video(10222, "author is secret"),
    "10221": to.video(10221),
    "10231": to.video(10231),
    "10101": to.video(10101),
    "100004": to.video(100004),
    "10999": to.video(10999),
    "status-0": to.video(0),
    "user-10222": lambda: known.user_status(10222),
    "user-10221": lambda: known.user_status(10221),
    "user-10101": lambda: known.user_status(10101),
}

LISTINGS = tuple(
    _T.each(
        Meets.LISTING,
        to.listing,
        {
            "400": "3 list-http",
            "401": "8 401",
            "403": "3 list-http, 8 403",
            "404": "3 list-http",
            "404-login-page": "8 404-login-page",
            "410": "8 410",
            "429": "3 list-http, 8 429",
            "429-retry-after": "8 429",
            "500": "3 list-http, 8 5xx",
            "html-200": "3 list-http",
            "null": "3 list-empty-body",
            "empty-list": "3 list-empty-body",
            "cut": "8 cut-json",
            "truncated": "8 cut-json",
            "reset": "8 cut-json",
            "stall": "8 cut-json",
            "deep-json": "3 list-http",
        },
    )
)
LISTING_WORDS = tuple(
    _T.each(
        Meets.LISTING,
        to.listing,
        {
            "captcha": "8 captcha",
            "login-redirect": "3 login-redirect",
            "redirect-elsewhere": "3 list-http",
        },
        of=WORDS,
    )
)
POST = tuple(
    _T.each(
        Meets.POST,
        to.post,
        {
            "400": "3 video-http",
            "401": "8 401",
            "403": "3 video-http, 8 403",
            "404": "3 video-http, 8 known-signature",
            "404-login-page": "8 404-login-page",
            "410": "8 410",
            "429": "8 429",
            "451": "8 region-wall",
            "500": "3 video-http, 8 5xx",
            "503": "8 5xx",
            "html-200": "3 no-universal-data",
            "login-page-200": "3 no-universal-data",
            "empty-object": "3 no-universal-data",
            "empty-body": "3 no-universal-data",
            "cut": "8 cut-json",
            "truncated": "8 cut-json",
            "reset": "3 video-http",
            "no-answer": "3 video-http",
            "stall": "3 video-http",
            "short-length": "8 cut-json",
        },
        unlisted,
    )
)
POST_WORDS = tuple(
    _T.each(
        Meets.POST,
        to.post,
        {
            "shell": "3 no-universal-data",
            "captcha": "3 captcha, 8 captcha",
            "login-redirect": "3 login-redirect",
            "redirect-elsewhere": "3 video-http",
            "redirect-other-host": "3 video-http",
            "10204-other-words": "3 status-10204, 8 ip-blocked",
            "10204-no-words": "3 status-10204, 8 known-signature",
            "10216": "3 status-10216, 8 private",
            "10222": "3 status-10222",
            "10221": "3 status-10221",
            "10231": "3 status-10231, 8 region-wall",
            "10101": "3 status-10101",
            "100004": "3 status-100004",
            "10999": "3 status-other",
            "status-0": "3 status-0",
        },
        unlisted,
        of=WORDS,
    )
)
ALL_POSTS = (
    *_T.each(
        Meets.POSTS,
        to.posts,
        {
            "10204": "3 status-10204, 8 control-post, 8 ip-blocked",
            "10231": "3 status-10231, 8 region-wall",
            "shell": "3 no-universal-data",
            "captcha": "8 captcha",
            "login-redirect": "3 login-redirect, 8 no-block",
            "10101": "3 status-10101",
        },
        unlisted,
        of=WORDS,
    ),
    *_T.each(
        Meets.POSTS,
        to.posts,
        {"404": "3 video-http", "403": "8 403", "429": "8 429", "500": "8 5xx"},
        unlisted,
    ),
)
WAFS = tuple(_T.one(f"waf-{name}", meets, plan, "3 waf") for name, meets, plan in to.wafs(unlisted))
PROFILES = (
    *_T.each(
        Meets.PROFILE,
        to.profile,
        {
            "403": "3 user-403",
            "404": "3 user-404",
            "404-login-page": "8 404-login-page",
            "410": "8 410",
            "429": "3 user-429",
            "500": "3 user-500",
            "html-200": "3 user-no-data",
            "truncated": "8 cut-json",
            "reset": "8 cut-json",
        },
    ),
    *_T.each(
        Meets.PROFILE,
        to.profile,
        {
            "shell": "3 user-no-data",
            "captcha": "8 captcha",
            "login-redirect": "3 login-redirect",
            "user-10222": "3 user-10222",
            "user-10221": "8 account",
            "user-10101": "3 status-other",
        },
        of=WORDS,
    ),
)
EVERYTHING = (
    *_T.each(
        Meets.EVERYTHING,
        to.everything,
        {
            "401": "8 401",
            "403": "8 403",
            "404": "3 user-404",
            "404-login-page": "8 404-login-page",
            "429": "8 429",
            "503": "8 5xx",
            "html-200": "3 no-universal-data",
            "empty-object": "3 list-empty-object",
            "empty-body": "3 list-empty-body",
            "no-answer": "8 dns",
        },
    ),
    *_T.each(
        Meets.EVERYTHING,
        to.everything,
        {"captcha": "8 captcha", "login-redirect": "3 login-redirect"},
        of=WORDS,
    ),
)

FAULTS = unique(
    (
        *LISTINGS,
        *LISTING_WORDS,
        *POST,
        *POST_WORDS,
        *ALL_POSTS,
        *WAFS,
        *PROFILES,
        *EVERYTHING,
        *SHAPES,
        *DOUBTS,
    )
)
