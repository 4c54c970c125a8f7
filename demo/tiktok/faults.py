"""Trouble that only TikTok makes: its error codes, walls and broken listings.

Each function gives a `demo.faults.Fault` to plan; ``count`` and ``skip`` say
which of the matching requests it meets.

>>> platforms.faults.add(listing_empty(count=None))
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from demo.faults import Fault, Match, html, json_error, replaced, transform
from demo.http import Request, Response, redirect_response
from demo.tiktok import pages

Json = dict[str, Any]
HOST = "www.tiktok.com"
LISTING = Match(HOST, "/api/creator/item_list/")
VIDEO_PAGE = Match(HOST, "/@*/video/*")
USER_PAGE = Match(HOST, where=lambda request: re.fullmatch(r"/@[\w.-]+", request.path) is not None)
FILMS = Match("v*-webapp-prime.tiktok.com")
PICTURES = Match("*.tiktokcdn.com")
_SCRIPT = re.compile(rb'(__UNIVERSAL_DATA_FOR_REHYDRATION__" type="application/json">)(.*?)(</scr)')


# -- pages ---------------------------------------------------------------------------


def waf_challenge(match: Match = VIDEO_PAGE, **plan: int | None) -> Fault:
    """The interstitial, until its little sum is solved; then the proper page."""

    def unsolved(request: Request) -> bool:
        cookie = request.cookies.get(pages.CHALLENGE_COOKIE, "")
        return match.fits(request) and not pages.challenge_solved(cookie)

    whole = Match(where=unsolved)
    return replaced("waf", lambda _: pages.html(pages.challenge()), whole, **plan)


def captcha(match: Match = VIDEO_PAGE, **plan: int | None) -> Fault:
    """A page that only a person can pass."""
    body = b'<html><body><div class="captcha-verify-container"></div></body></html>'
    return replaced("captcha", lambda _: pages.html(body), match, **plan)


def shell(match: Match = VIDEO_PAGE, **plan: int | None) -> Fault:
    """A page without any data."""
    return replaced("shell", lambda _: pages.html(pages.shell()), match, **plan)


def login_redirect(match: Match = VIDEO_PAGE, **plan: int | None) -> Fault:
    """The login page instead of what was asked for."""
    where = f"https://{HOST}/login?redirect_url=%2F"
    return replaced("login", lambda _: redirect_response(where), match, **plan)


def video_status(code: int, message: str = "", **plan: int | None) -> Fault:
    """A video page that holds only an error code."""
    detail = {"statusCode": code, "statusMsg": message}
    return _scopes(f"video-{code}", {"webapp.video-detail": detail}, VIDEO_PAGE, plan)


def user_status(code: int, message: str = "", **plan: int | None) -> Fault:
    """A profile page that shows no account, only an error code."""
    detail = {"userInfo": {}, "statusCode": code, "statusMsg": message}
    return _scopes(f"user-{code}", {"webapp.user-detail": detail}, USER_PAGE, plan)


def without_video_detail(**plan: int | None) -> Fault:
    """A video page as a photo page or a mobile page is: no item part at all."""
    return _scopes("no-detail", {"seo.abtest": {}}, VIDEO_PAGE, plan)


def age_gate(**plan: int | None) -> Fault:
    """An item kept from visitors without login: everything but the film."""

    def change(scopes: Json) -> None:
        item = scopes["webapp.video-detail"]["itemInfo"]["itemStruct"]
        item.pop("video", None)
        item.pop("imagePost", None)
        item["isContentClassified"] = True

    return page_changed("age-gate", change, VIDEO_PAGE, **plan)


def another_item(code: str = "7000000000000000001", **plan: int | None) -> Fault:
    """The page answers with an item of another id."""

    def change(scopes: Json) -> None:
        scopes["webapp.video-detail"]["itemInfo"]["itemStruct"]["id"] = code

    return page_changed("another-item", change, VIDEO_PAGE, **plan)


def another_author(native_id: str = "6999999999999999999", **plan: int | None) -> Fault:
    """The page answers with an item of another account."""

    def change(scopes: Json) -> None:
        scopes["webapp.video-detail"]["itemInfo"]["itemStruct"]["author"]["id"] = native_id

    return page_changed("another-author", change, VIDEO_PAGE, **plan)


def no_chain_cookie(**plan: int | None) -> Fault:
    """Pages that set no cookies, so that the film host refuses."""

    def change(answer: Response) -> Response:
        return replace(answer, headers=answer.without("set-cookie"))

    return transform("no-chain-cookie", change, Match(HOST, "/@*"), **plan)


# -- listings ------------------------------------------------------------------------


def listing_empty(**plan: int | None) -> Fault:
    """``{}`` for a listing."""
    return json_error(200, {}, LISTING, kind="listing-empty", **plan)


def listing_empty_body(**plan: int | None) -> Fault:
    """Status 200 and no body, the platform's usual way not to answer."""
    empty = Response(200, [("Content-Type", "application/json")])
    return replaced("listing-empty-body", lambda _: empty, LISTING, **plan)


def listing_status(code: int, **plan: int | None) -> Fault:
    """An error code with status 200."""
    value = {"statusCode": code, "statusMsg": "", "status_code": code}
    return json_error(200, value, LISTING, kind=f"listing-{code}", **plan)


def listing_html(**plan: int | None) -> Fault:
    """HTML for a listing."""
    return html(LISTING, **plan)


def endless(**plan: int | None) -> Fault:
    """No posts, and always more to come."""
    value = {"itemList": [], "hasMorePrevious": True, "statusCode": 0}
    return json_error(200, value, LISTING, kind="endless", **{"count": None, **plan})


def always_more(**plan: int | None) -> Fault:
    """``hasMorePrevious`` stuck on true."""
    return listing_changed("always-more", lambda answer: _set(answer, hasMorePrevious=True), **plan)


def same_page(**plan: int | None) -> Fault:
    """The first page again, whatever the cursor (a distrusted device id)."""
    kept: list[bytes] = []

    def change(answer: Response) -> Response:
        kept.append(answer.whole_body())
        found: Json = json.loads(kept[0])
        return pages.data(_set(found, hasMorePrevious=True))

    return transform("same-page", change, LISTING, **{"count": None, **plan})


def no_page_info(**plan: int | None) -> Fault:
    """A page that does not say whether more follows."""

    def change(answer: Json) -> Json:
        return {name: value for name, value in answer.items() if name != "hasMorePrevious"}

    return listing_changed("no-page-info", change, **plan)


def text_times(**plan: int | None) -> Fault:
    """``createTime`` as text, as video pages have it."""

    def change(item: Json) -> object:
        return {**item, "createTime": str(item["createTime"])}

    return listing_changed("text-times", lambda answer: _each(answer, change), **plan)


def malformed_item(position: int = 1, **plan: int | None) -> Fault:
    """One entry of a listing is no item."""

    def change(answer: Json) -> Json:
        items = list(answer["itemList"])
        items[position : position + 1] = [{"id": None, "video": 7}, "not an object", None]
        return _set(answer, itemList=items)

    return listing_changed("malformed-item", change, **plan)


def foreign_item(**plan: int | None) -> Fault:
    """One entry of a listing belongs to somebody else."""

    def change(answer: Json) -> Json:
        items = list(answer["itemList"])
        author = {**items[-1]["author"], "id": "6999999999999999999"}
        items[-1] = {**items[-1], "author": author}
        return _set(answer, itemList=items)

    return listing_changed("foreign-item", change, **plan)


# -- how they are made -------------------------------------------------------------


def page_changed(
    kind: str, change: Callable[[Json], None], match: Match, **plan: int | None
) -> Fault:
    """A proper page with its scopes changed in place."""

    def answer(given: Response) -> Response:
        body = given.whole_body()
        script = _SCRIPT.search(body)
        if script is None:
            return given
        scopes = json.loads(script[2])["__DEFAULT_SCOPE__"]
        change(scopes)
        made = pages.rehydration(scopes)
        return replace(given, headers=given.without("content-length"), body=made)

    return transform(kind, answer, match, **plan)


def listing_changed(kind: str, change: Callable[[Json], Json], **plan: int | None) -> Fault:
    """A proper listing, changed."""

    def answer(given: Response) -> Response:
        return pages.data(change(json.loads(given.whole_body())))

    return transform(kind, answer, LISTING, **plan)


def _scopes(kind: str, scopes: Json, match: Match, plan: dict[str, int | None]) -> Fault:
    return replaced(kind, lambda _: pages.html(pages.rehydration(scopes)), match, **plan)


def _set(answer: Json, **fields: object) -> Json:
    return {**answer, **fields}


def _each(answer: Json, change: Callable[[Json], object]) -> Json:
    return {**answer, "itemList": [change(item) for item in answer["itemList"]]}
