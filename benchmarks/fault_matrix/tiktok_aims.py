"""Whom faults on TikTok meet, and its answers that need building."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from benchmarks.fault_matrix.answers import Aim, Maker
from benchmarks.fault_matrix.case import Meets, Plan, Planned, together
from benchmarks.fault_matrix.scene import Scene
from demo.faults import Fault, Match, replaced, transform
from demo.http import Request, Response
from demo.tiktok import faults as known
from demo.tiktok import pages

Json = dict[str, Any]
WORDS = "item doesn't exist"


def listing(scene: Scene) -> Match:
    """Every page of the account's posts."""
    return known.LISTING


def posts(scene: Scene) -> Match:
    """Pages of single posts, the canary's left out."""
    canary = scene.canary.items[0].code
    return _video(lambda code: code != canary)


def post(scene: Scene) -> Match:
    """The page of the living post."""
    return _video(lambda code: code == scene.target.code)


def shown_post(scene: Scene) -> Match:
    """The pages of posts that came since."""
    old = {item.code for item in (scene.target, scene.withdrawn, scene.control)}
    old.add(scene.canary.items[0].code)
    return _video(lambda code: code not in old)


def control(scene: Scene) -> Match:
    """The page of whatever serves as control post."""
    others = {scene.target.code, scene.withdrawn.code, scene.canary.items[0].code}
    return _video(lambda code: code not in others)


def canary(scene: Scene) -> Match:
    """The page of the canary."""
    return _video(lambda code: code == scene.canary.items[0].code)


def profile(scene: Scene) -> Match:
    """The account's page."""
    return Match(known.HOST, f"/@{scene.account.handle}")


def everything(scene: Scene) -> Match:
    """Everything but media."""
    return Match(known.HOST)


def films(scene: Scene) -> Match:
    """Films."""
    return known.FILMS


def pictures(scene: Scene) -> Match:
    """Pictures."""
    return known.PICTURES


def _video(meant: Callable[[str], bool]) -> Match:
    def where(request: Request) -> bool:
        return meant(request.path.rstrip("/").rsplit("/", 1)[-1])

    return Match(known.HOST, "/@*/video/*", where=where)


# -- answers ---------------------------------------------------------------------


def video(code: int, message: str = "") -> Maker:
    """A video's page that holds an error code, and calls itself by its own address."""

    def answer(request: Request) -> Response:
        detail = {"statusCode": code, "statusMsg": message}
        own = {"canonical": f"https://www.tiktok.com{request.path}"}
        scopes = {"webapp.video-detail": detail, "seo.abtest": own}
        return pages.html(pages.rehydration(scopes))

    return lambda: replaced(f"video-{code}", answer)


NOT_FOUND = video(10204, WORDS)
"""The known words for absence."""


def listed(kind: str, change: Callable[[Json], Json | None]) -> Maker:
    """A proper listing, changed; in place when nothing is given back."""

    def both(answer: Json) -> Json:
        return change(answer) or answer

    return lambda: known.listing_changed(kind, both)


def each(kind: str, change: Callable[[Json], object]) -> Maker:
    """Every item of a listing is changed in place."""

    def every(answer: Json) -> None:
        for item in answer.get("itemList", []):
            change(item)

    return listed(kind, every)


def page(kind: str, change: Callable[[Json], None]) -> Maker:
    """A proper page with its scopes changed in place."""
    return lambda: known.page_changed(kind, change, known.VIDEO_PAGE)


def renamed_keys(*names: tuple[str, str]) -> Maker:
    """Keys of a listing or a page are called otherwise, wherever they stand."""
    pairs = dict(names)

    def changed(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {pairs.get(key, key): changed(child) for key, child in value.items()}
        return [changed(child) for child in value] if isinstance(value, list) else value

    def of_page(scopes: Json) -> None:
        made = changed(scopes)
        scopes.clear()
        scopes.update(made)

    in_page = known.page_changed("renamed-keys", of_page, known.VIDEO_PAGE).transform
    assert in_page is not None

    def apply(answer: Response) -> Response:
        try:
            return pages.data(changed(json.loads(answer.whole_body())))
        except ValueError:
            return in_page(answer)

    return lambda: transform("renamed-keys", apply)


def dropped(scene: Scene) -> Fault:
    """The living post is left out of the listing; the declared number still counts it."""

    def change(answer: Json) -> None:
        items = answer.get("itemList", [])
        answer["itemList"] = [item for item in items if item["id"] != scene.target.code]

    return replace(listed("dropped", change)(), count=None)


def endless() -> Fault:
    """Never an end: the account's posts, and empty pages behind them."""
    number = itertools.count()

    def change(answer: Json) -> None:
        answer["hasMorePrevious"] = True
        answer["cursor"] = str(next(number))

    return listed("endless", change)()


def wafs(unlisted: Plan) -> Iterator[tuple[str, Meets, Plan]]:
    """The interstitial with its sum, which the client solves, before pages."""
    for name, meets, aim in (
        ("profile", Meets.PROFILE, profile),
        ("posts", Meets.POSTS, posts),
        ("everything", Meets.EVERYTHING, everything),
    ):
        yield name, meets, together(unlisted, _waf(aim))


def _waf(aim: Aim) -> Plan:
    def plan(scene: Scene) -> Planned:
        return Planned((known.waf_challenge(aim(scene), count=None),))

    return plan
