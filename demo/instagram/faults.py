"""What only Instagram says when something is wrong.

Each function plans one trouble for `demo.server.Platforms.faults`:

>>> platforms.faults.add(please_wait(TIMELINE_QUERY))
>>> platforms.faults.add(repeated_page())
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from demo.faults import (
    Fault,
    Match,
    json_error,
    redirect,
    replaced,
    transform,
)
from demo.http import Request, Response, html_response
from demo.instagram.answers import ANONYMOUS_TIMELINE, REELS, SINGLE, TIMELINE, Json
from demo.instagram.pages import plain_page
from demo.instagram.queries import GONE, PLEASE_WAIT
from demo.instagram.site import LOGIN

SINGLE_QUERY = Match(fields={"doc_id": "27128499623469141"})
PROFILE_QUERY = Match(fields={"doc_id": "27937681195819736"})
TIMELINE_QUERY = Match(fields={"doc_id": "29104886249145907"})
ANONYMOUS_TIMELINE_QUERY = Match(fields={"doc_id": "28904005159232689"})
LOGIN_CHECK = Match(fields={"query_hash": "d6f4427fbe92d846298cf93df0b937d3"})
START_PAGE = Match(host="www.instagram.com", path="/")
REELS_QUERY = Match(fields={"doc_id": "7845543455542541"})
STORIES_QUERY = Match(fields={"query_hash": "303a4ae99711322310f25250d988f3b7"})
HIGHLIGHTS_QUERY = Match(fields={"query_hash": "7c16654f22c819fb63d1183034a5162f"})
HIGHLIGHT_QUERY = Match(fields={"query_hash": "45246d3fe16ccc6577e0bd297a5db1ab"})
COMMENTS_QUERY = Match(fields={"query_hash": "97b41c52301f77ce508f55e66d17620e"})
THREAD_QUERY = Match(fields={"query_hash": "51fdd02b67508306ad4484ff574a0b62"})
MOBILE_REELS = Match(host="i.instagram.com", path="/api/v1/feed/reels_media/")
MOBILE_MEDIA = Match(host="i.instagram.com", path="/api/v1/media/*/info/")
MOBILE_COMMENTS = Match(host="i.instagram.com", path="/api/v1/media/*/comments/")
MOBILE_THREAD = Match(host="i.instagram.com", path="/api/v1/media/*/child_comments/")
MEDIA = Match(host="*.cdninstagram.com")


def profile_of(handle: str) -> Match:
    """Requests for a profile page."""
    return Match(host="www.instagram.com", path=f"/{handle}/")


# -- refusals -----------------------------------------------------------------


def please_wait(match: Match, count: int | None = 1) -> Fault:
    """The 401 that means too many requests, not a lost login."""
    value = {"message": PLEASE_WAIT, "require_login": True, "igweb_rollout": True, "status": "fail"}
    return json_error(401, value, match, kind="please-wait", count=count)


def refused(message: str, match: Match, count: int | None = 1) -> Fault:
    """400 with ``feedback_required``, ``checkpoint_required`` or ``challenge_required``."""
    value: Json = {"message": message, "status": "fail"}
    if message == "checkpoint_required":
        value |= {"checkpoint_url": "/challenge/1/abc/", "lock": False}
    if message == "feedback_required":
        value |= {"spam": True, "feedback_title": "Try Again Later"}
    return json_error(400, value, match, kind=message, count=count)


def login_wall(match: Match, count: int | None = 1) -> Fault:
    """A redirect to the login page."""
    return replace(redirect(f"{LOGIN}?next=/", match, count=count), kind="login-wall")


def challenge_redirect(match: Match, count: int | None = 1) -> Fault:
    """A redirect to a page that wants a person."""
    place = "https://www.instagram.com/challenge/?next=/"
    return replace(redirect(place, match, count=count), kind="challenge-redirect")


def login_page(match: Match, count: int | None = 1) -> Fault:
    """The login page itself, with status 200."""

    def answer(request: Request) -> Response:
        return html_response(plain_page("Login • Instagram", "Log in to Instagram"))

    return replaced("login-page", answer, match, count=count)


# -- single posts ---------------------------------------------------------------


def single_empty(match: Match = SINGLE_QUERY, count: int | None = 1) -> Fault:
    """No item where one was asked for."""
    value = {"data": {SINGLE: {"items": []}}, "status": "ok"}
    return json_error(200, value, match, kind="single-empty", count=count)


def single_null(match: Match = SINGLE_QUERY, count: int | None = 1) -> Fault:
    """``null`` where a post was asked for, without a word."""
    value = {"data": {SINGLE: None}, "status": "ok"}
    return json_error(200, value, match, kind="single-null", count=count)


def media_not_found(match: Match = SINGLE_QUERY, count: int | None = 1) -> Fault:
    """The platform's own words for a post that is not there."""
    return json_error(200, GONE, match, kind="media-not-found", count=count)


def execution_error(match: Match = SINGLE_QUERY, count: int | None = 1) -> Fault:
    """The passing trouble that 2 to 3 of 100 calls meet."""
    errors = [{"message": "execution error", "severity": "CRITICAL", "path": [SINGLE]}]
    value = {"errors": errors, "data": None}
    return json_error(200, value, match, kind="execution-error", count=count)


def rate_limit_code(match: Match = SINGLE_QUERY, count: int | None = 1) -> Fault:
    """A rate limit that arrives with status 200."""
    errors = [{"message": "Rate limit exceeded", "severity": "CRITICAL", "code": 1675004}]
    value = {"errors": errors, "data": None}
    return json_error(200, value, match, kind="rate-limit-code", count=count)


def other_post(code: str, match: Match = SINGLE_QUERY, count: int | None = 1) -> Fault:
    """The right answer under another post's shortcode."""

    def change(answer: Json) -> None:
        answer["data"][SINGLE]["items"][0]["code"] = code  # type: ignore[index]

    return edited("other-post", change, match, count)


# -- listings -----------------------------------------------------------------


def empty_page(match: Match = TIMELINE_QUERY, count: int | None = 1, skip: int = 0) -> Fault:
    """A page without posts that promises more."""

    def change(connection: Json) -> None:
        connection["edges"] = []
        connection["page_info"] = {"has_next_page": True, "end_cursor": "QVFCmore"}

    return listing("empty-page", change, match, count, skip)


def repeated_page(match: Match = TIMELINE_QUERY, skip: int = 0) -> Fault:
    """From one page on, always that page again."""
    kept: list[Response] = []

    def change(answer: Response) -> Response:
        if not kept:
            kept.append(answer)
        return kept[0]

    return transform("repeated-page", change, match, count=None, skip=skip)


def no_page_info(match: Match = TIMELINE_QUERY, count: int | None = 1, skip: int = 0) -> Fault:
    """A page that does not say whether more follows."""
    return listing("no-page-info", lambda c: c.pop("page_info", None), match, count, skip)


def no_cursor(match: Match = TIMELINE_QUERY, count: int | None = 1, skip: int = 0) -> Fault:
    """A page that promises more and does not say where."""

    def change(connection: Json) -> None:
        connection["page_info"] = {"has_next_page": True, "end_cursor": None}

    return listing("no-cursor", change, match, count, skip)


def data_null(match: Match = TIMELINE_QUERY, count: int | None = 1, skip: int = 0) -> Fault:
    """``{"data": null}``."""
    return replace(json_error(200, {"data": None}, match, kind="data-null", count=count), skip=skip)


def spoiled_item(
    place: int, spoil: Callable[[Json], object], match: Match = TIMELINE_QUERY, skip: int = 0
) -> Fault:
    """One item of a page is changed by ``spoil``, for example loses a key."""

    def change(connection: Json) -> None:
        edges = connection["edges"]
        assert isinstance(edges, list)
        spoil(edges[place]["node"])

    return listing("spoiled-item", change, match, 1, skip)


def stale_cursor(match: Match = TIMELINE_QUERY, count: int | None = 1) -> Fault:
    """An old place in a listing is answered as if nothing followed there."""

    def change(connection: Json) -> None:
        connection["edges"] = []
        connection["page_info"] = {"has_next_page": False, "end_cursor": None}

    return listing("stale-cursor", change, match, count, 0)


def invalid_request(match: Match, count: int | None = 1) -> Fault:
    """The 400 that the older queries meet now and then."""
    value: Json = {"message": "invalid request", "status": "fail"}
    return json_error(400, value, match, kind="invalid-request", count=count)


def without(match: Match, *path: str, count: int | None = 1) -> Fault:
    """The platform's own answer without the value at the end of a path."""

    def change(answer: Json) -> None:
        at = answer
        for key in path[:-1]:
            at = at[key]  # type: ignore[assignment]
        at.pop(path[-1])

    return edited("without-" + "-".join(path), change, match, count)


# -- profiles and tokens --------------------------------------------------------


def no_tokens(match: Match = START_PAGE, count: int | None = 1) -> Fault:
    """A start page without the tokens that queries need."""

    def answer(request: Request) -> Response:
        return html_response(plain_page("Instagram", "Something went wrong"))

    return replaced("no-tokens", answer, match, count=count)


def page_without_data(match: Match, count: int | None = 1) -> Fault:
    """A profile page that embeds nothing."""
    return replace(no_tokens(match, count), kind="page-without-data")


# -- how answers are changed ------------------------------------------------------


def edited(
    kind: str, change: Callable[[Json], object], match: Match, count: int | None = 1, skip: int = 0
) -> Fault:
    """The platform's own JSON answer, changed in place."""

    def apply(answer: Response) -> Response:
        value = json.loads(answer.whole_body())
        change(value)
        body = json.dumps(value, separators=(",", ":")).encode()
        return replace(answer, headers=answer.without("content-length"), body=body)

    return transform(kind, apply, match, count=count, skip=skip)


def listing(
    kind: str, change: Callable[[Json], object], match: Match, count: int | None, skip: int
) -> Fault:
    """One page of a timeline, changed in place."""

    def find(answer: Json) -> None:
        data = answer["data"]
        assert isinstance(data, dict)
        for name in (TIMELINE, REELS):
            if name in data:
                change(data[name])
                return
        change(data["node"][ANONYMOUS_TIMELINE])

    return edited(kind, find, match, count, skip)
