"""Whom faults on Instagram meet, and its answers that need building."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from benchmarks.fault_matrix.answers import Maker
from benchmarks.fault_matrix.scene import Scene
from demo.faults import Fault, Match, json_error, replaced, transform
from demo.http import Request, Response, json_response
from demo.instagram import faults as known
from demo.instagram.answers import REELS, SINGLE, TIMELINE
from demo.instagram.queries import GONE

Json = dict[str, Any]
_LISTINGS = frozenset({"29104886249145907", "28904005159232689", "7845543455542541"})
_TIMELINES = frozenset({"29104886249145907", "28904005159232689"})
_SINGLE, _PROFILE = "27128499623469141", "27937681195819736"


def _asked(request: Request) -> str:
    return request.form.get("doc_id", "")


def listing(scene: Scene) -> Match:
    """Every page of posts and of reels but those that stand in the profile page."""
    return Match(where=lambda request: _asked(request) in _LISTINGS)


def timeline(scene: Scene) -> Match:
    """Pages of posts."""
    return Match(where=lambda request: _asked(request) in _TIMELINES)


def reels(scene: Scene) -> Match:
    """Pages of the reels tab."""
    return known.REELS_QUERY


def posts(scene: Scene) -> Match:
    """Addresses of single posts, the canary's left out."""
    canary = scene.canary.items[0].code
    return _single(lambda code: code != canary)


def post(scene: Scene) -> Match:
    """The address of the living post."""
    return _single(lambda code: code == scene.target.code)


def reel(scene: Scene) -> Match:
    """The address of a living reel."""
    return _single(lambda code: code == scene.reel.code)


def shown_post(scene: Scene) -> Match:
    """The addresses of posts that came since."""
    old = {item.code for item in (scene.target, scene.withdrawn, scene.control)}
    return _single(lambda code: code not in old)


def control(scene: Scene) -> Match:
    """The address of whatever serves as control post."""
    others = {scene.target.code, scene.withdrawn.code, scene.canary.items[0].code}
    return _single(lambda code: code not in others)


def canary(scene: Scene) -> Match:
    """The address of the canary."""
    return _single(lambda code: code == scene.canary.items[0].code)


def page(scene: Scene) -> Match:
    """The profile page."""
    return known.profile_of(scene.account.handle)


def details(scene: Scene) -> Match:
    """The query for a profile's facts."""
    return known.PROFILE_QUERY


def profile(scene: Scene) -> Match:
    """The profile, in whichever way it is asked for."""
    path = f"/{scene.account.handle}/"
    return Match(where=lambda request: request.path == path or _asked(request) == _PROFILE)


def everything(scene: Scene) -> Match:
    """Everything but media."""
    return Match(host="*.instagram.com")


def mobile(scene: Scene) -> Match:
    """The mobile interface."""
    return Match(host="i.instagram.com")


def tokens(scene: Scene) -> Match:
    """The start page."""
    return known.START_PAGE


def media(scene: Scene) -> Match:
    """Pictures and films."""
    return known.MEDIA


def _single(meant: Callable[[str], bool]) -> Match:
    def where(request: Request) -> bool:
        if _asked(request) != _SINGLE:
            return False
        return meant(str(json.loads(request.form.get("variables", "{}")).get("shortcode")))

    return Match(where=where)


# -- answers ---------------------------------------------------------------------


def said(status: int, value: object, kind: str) -> Maker:
    """A status with a JSON body."""
    return lambda: json_error(status, value, kind=kind)


NOT_FOUND = said(200, GONE, "media-not-found")
"""The known words for absence."""
ITEMS_EMPTY = said(200, {"data": {SINGLE: {"items": []}}, "status": "ok"}, "items-empty")
STATUS_FAIL = said(200, {"status": "fail", "message": "try again"}, "status-fail")


def renamed_keys(*names: tuple[str, str]) -> Maker:
    """Keys are called otherwise, wherever they stand."""
    pairs = dict(names)

    def change(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {pairs.get(key, key): change(child) for key, child in value.items()}
        return [change(child) for child in value] if isinstance(value, list) else value

    return changed("renamed-keys", change)


def changed(kind: str, change: Callable[[Any], Any], skip: int = 0) -> Maker:
    """The platform's JSON answer, made anew."""

    def apply(answer: Response) -> Response:
        try:
            value = json.loads(answer.whole_body())
        except ValueError:
            return answer
        return json_response(change(value), answer.status)

    return lambda: replace(transform(kind, apply), skip=skip)


def connection(kind: str, change: Callable[[Json], object], skip: int = 0) -> Maker:
    """A page of a listing, changed in place."""

    def within(value: Json) -> Json:
        data = value.get("data") or {}
        inner = data.get("node") or data
        for found in inner.values():
            if isinstance(found, dict) and "edges" in found:
                change(found)
        return value

    return changed(kind, within, skip)


def node(edge: Json) -> Json:
    """The post of an edge, in the timeline or among the reels."""
    inner: Json = edge["node"]
    found: Json = inner.get("media", inner)
    return found


def dropped(scene: Scene) -> Fault:
    """The living post is left out of the listings; the declared number still counts it."""
    code = scene.target.code

    def change(found: Json) -> None:
        found["edges"] = [edge for edge in found["edges"] if node(edge)["code"] != code]

    return replace(connection("dropped", change)(), match=listing(scene), count=None)


def each_node(kind: str, change: Callable[[Json], object]) -> Maker:
    """Every post of a page is changed in place."""

    def every(found: Json) -> None:
        for edge in found["edges"]:
            change(node(edge))

    return connection(kind, every)


def endless() -> Fault:
    """Always one more empty page, each with a cursor of its own."""
    number = itertools.count()

    def change(answer: Response) -> Response:
        value = json.loads(answer.whole_body())
        for name in (TIMELINE, REELS):
            if name in value["data"]:
                found = value["data"][name]
                found["page_info"] = {"has_next_page": True, "end_cursor": f"QVFC{next(number)}"}
        return json_response(value)

    return transform("endless", change)


def body_without_words(request: Request) -> Response:
    """An answer of no use to anybody."""
    return json_response({"data": {}, "status": "ok"})


NO_DATA: Maker = lambda: replaced("no-data", body_without_words)  # noqa: E731
