"""The faults of Instagram, as data."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.fault_matrix import instagram_aims as to
from benchmarks.fault_matrix.answers import Maker, unlisted
from benchmarks.fault_matrix.case import Meets, Visitor, unique
from benchmarks.fault_matrix.doubts_instagram import DOUBTS
from benchmarks.fault_matrix.rows import Rows
from benchmarks.fault_matrix.shapes_instagram import SHAPES
from demo import faults
from demo.instagram import faults as known
from demo.instagram.answers import SINGLE
from demo.instagram.queries import GONE

_I = Rows("instagram")
ALL = known.SINGLE_QUERY
"""What makers are given; each case aims anew."""


WORDS: Mapping[str, Maker] = {
    "please-wait": lambda: known.please_wait(ALL),
    "feedback": lambda: known.refused("feedback_required", ALL),
    "checkpoint": lambda: known.refused("checkpoint_required", ALL),
    "challenge": lambda: known.refused("challenge_required", ALL),
    "login-wall": lambda: known.login_wall(ALL),
    "challenge-redirect": lambda: known.challenge_redirect(ALL),
    "login-page": lambda: known.login_page(ALL),
    "redirect-elsewhere": lambda: faults.redirect("https://www.instagram.com/p/elsewhere/"),
    "redirect-other-host": lambda: faults.redirect("https://help.example/"),
    "rate-limit-code": known.rate_limit_code,
    "execution-error": known.execution_error,
    "web-info-null": known.single_null,
    "invalid-request": lambda: known.invalid_request(ALL),
    "data-null": known.data_null,
    "status-fail": to.STATUS_FAIL,
    "no-data": to.NO_DATA,
    "media-not-found": to.NOT_FOUND,
    "items-empty": to.ITEMS_EMPTY,
    "404-json": to.said(404, {"message": "not found", "status": "fail"}, "404-json"),
    "429-with-words": to.said(429, GONE, "429-with-words"),
    "403-with-words": to.said(403, GONE, "403-with-words"),
    "500-with-words": to.said(500, GONE, "500-with-words"),
    "words-and-rate-limit": to.said(
        200,
        {**GONE, "errors": [*GONE["errors"], {"code": 1675004}]},  # type: ignore[misc]
        "words-and-rate-limit",
    ),
    "web-info-missing": to.said(200, {"data": {}, "status": "ok"}, "web-info-missing"),
    "items-null": to.said(200, {"data": {SINGLE: {"items": None}}, "status": "ok"}, "items-null"),
    "items-of-nothing": to.said(
        200, {"data": {SINGLE: {"items": [{}]}}, "status": "ok"}, "items-of-nothing"
    ),
    "no-tokens": known.no_tokens,
}

LISTINGS = tuple(
    _I.each(
        Meets.LISTING,
        to.listing,
        {
            "400": "2.4 400",
            "401": "2.4 401, 8 401",
            "403": "2.4 403, 8 403",
            "404": "2.4 404",
            "404-login-page": "8 404-login-page",
            "410": "8 410",
            "429": "2.4 429, 8 429",
            "429-retry-after": "2.4 429",
            "500": "2.4 5xx, 8 5xx",
            "html-200": "2.4 not-json",
            "empty-object": "2.4 not-json",
            "empty-body": "2.4 not-json",
            "null": "2.4 not-json",
            "cut": "8 cut-json",
            "truncated": "8 cut-json",
            "reset": "2.4 5xx",
            "stall": "2.4 5xx",
            "deep-json": "2.4 not-json",
        },
    )
)
LISTING_WORDS = tuple(
    _I.each(
        Meets.LISTING,
        to.listing,
        {
            "please-wait": "2.4 401",
            "feedback": "2.4 feedback-required",
            "checkpoint": "2.4 checkpoint-required",
            "challenge": "2.4 challenge-required",
            "login-wall": "2.4 login-302, 8 no-block",
            "challenge-redirect": "2.4 other-302",
            "redirect-elsewhere": "2.4 other-302",
            "execution-error": "2.3 execution-error",
            "rate-limit-code": "2.3 code-1675004",
            "data-null": "2.4 data-null",
            "status-fail": "2.4 status-not-ok",
            "no-data": "8 changed-schema",
        },
        of=WORDS,
    )
)
POST = tuple(
    _I.each(
        Meets.POST,
        to.post,
        {
            "400": "2.4 400",
            "401": "2.4 401, 8 401",
            "403": "2.4 403, 8 403",
            "404-login-page": "8 404-login-page, 8 known-signature",
            "410": "8 410, 8 known-signature",
            "429": "2.4 429, 8 429",
            "451": "8 region-wall",
            "500": "2.4 5xx, 8 5xx",
            "503": "2.4 5xx",
            "html-200": "2.4 not-json",
            "login-page-200": "2.4 not-json",
            "empty-object": "2.4 not-json",
            "empty-body": "2.4 not-json",
            "null": "2.4 not-json",
            "empty-list": "2.4 not-json",
            "cut": "8 cut-json",
            "truncated": "8 cut-json",
            "reset": "2.4 5xx",
            "no-answer": "2.4 5xx",
            "stall": "2.4 5xx",
            "short-length": "8 cut-json",
        },
        unlisted,
    )
)
POST_WORDS = tuple(
    _I.each(
        Meets.POST,
        to.post,
        {
            "please-wait": "2.4 401",
            "feedback": "2.4 feedback-required",
            "challenge": "2.4 challenge-required",
            "login-wall": "2.3 login-redirect",
            "login-page": "2.4 login-302",
            "redirect-other-host": "2.4 other-302",
            "rate-limit-code": "2.3 code-1675004",
            "execution-error": "2.3 execution-error",
            "web-info-null": "2.3 web-info-null",
            "data-null": "2.4 data-null",
            "status-fail": "2.4 status-not-ok",
            "429-with-words": "8 no-block",
            "403-with-words": "8 no-block",
            "500-with-words": "8 known-signature",
            "words-and-rate-limit": "8 no-block",
            "web-info-missing": "8 changed-schema",
            "items-null": "8 changed-schema",
            "items-of-nothing": "8 changed-schema",
        },
        unlisted,
        of=WORDS,
    )
)
ALL_POSTS = tuple(
    _I.each(
        Meets.POSTS,
        to.posts,
        {
            "media-not-found": "2.3 code-4630001, 8 control-post",
            "items-empty": "2.3 items-empty, 8 control-post, 8 empty-list",
            "404-json": "2.3 single-404, 8 control-post",
            "execution-error": "2.3 execution-error",
            "web-info-null": "2.3 web-info-null",
        },
        unlisted,
        of=WORDS,
    )
)
ALL_POSTS_ANSWERS = tuple(
    _I.each(
        Meets.POSTS,
        to.posts,
        {
            "404": "2.3 single-404, 8 control-post",
            "403": "2.4 403",
            "500": "2.4 5xx",
            "429": "8 429",
        },
        unlisted,
    )
)
STRANGERS = (
    *_I.each(
        Meets.POSTS,
        to.posts,
        {"items-empty": "2.3 items-empty", "media-not-found": "2.3 code-4630001"},
        unlisted,
        of=WORDS,
        prefix="stranger-posts",
        visitor=Visitor.STRANGER,
    ),
    *_I.each(
        Meets.POST,
        to.post,
        {"items-empty": "2.3 items-empty", "login-wall": "2.3 login-redirect"},
        unlisted,
        of=WORDS,
        prefix="stranger-post",
        visitor=Visitor.STRANGER,
    ),
    *_I.each(
        Meets.LISTING,
        to.listing,
        {"429": "2.4 429", "cut": "8 cut-json", "404-login-page": "8 404-login-page"},
        prefix="stranger-listing",
        visitor=Visitor.STRANGER,
    ),
    *_I.each(
        Meets.EVERYTHING,
        to.everything,
        {"login-wall": "2.4 login-302", "please-wait": "2.4 401"},
        of=WORDS,
        prefix="stranger-everything",
        visitor=Visitor.STRANGER,
    ),
)
PROFILES = (
    *_I.each(
        Meets.PROFILE,
        to.page,
        {
            "400": "2.4 page-400",
            "404": "2.4 page-404, 8 account",
            "404-login-page": "8 404-login-page",
            "410": "8 410",
            "429": "2.4 page-429",
            "500": "2.4 page-5xx",
            "html-200": "2.4 page-without-data",
            "truncated": "2.4 page-5xx",
            "reset": "2.4 page-5xx",
        },
    ),
    *_I.each(
        Meets.PROFILE,
        to.profile,
        {
            "login-wall": "2.4 page-302",
            "redirect-elsewhere": "2.4 page-302",
            "no-tokens": "2.4 page-without-data",
        },
        of=WORDS,
    ),
    *_I.each(
        Meets.PROFILE,
        to.details,
        {"403": "2.4 403", "empty-object": "2.4 not-json", "cut": "8 cut-json"},
        prefix="details",
    ),
)
EVERYTHING = (
    *_I.each(
        Meets.EVERYTHING,
        to.everything,
        {
            "401": "8 401",
            "403": "8 403",
            "404": "2.4 404",
            "404-login-page": "8 404-login-page",
            "429": "8 429",
            "503": "8 5xx",
            "html-200": "2.4 not-json",
            "empty-object": "2.4 not-json",
            "no-answer": "2.4 5xx",
        },
    ),
    *_I.each(
        Meets.EVERYTHING,
        to.everything,
        {
            "please-wait": "2.4 401",
            "checkpoint": "2.4 checkpoint-required",
            "login-wall": "2.4 login-302",
            "challenge-redirect": "2.4 other-302",
        },
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
        *ALL_POSTS_ANSWERS,
        *STRANGERS,
        *PROFILES,
        *EVERYTHING,
        *SHAPES,
        *DOUBTS,
    )
)
