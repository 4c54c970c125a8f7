"""Instagram's listings, posts and profiles out of shape, as data."""

from __future__ import annotations

from typing import Any

from benchmarks.fault_matrix import acts
from benchmarks.fault_matrix import instagram_aims as to
from benchmarks.fault_matrix.answers import ANSWERS, Maker, aimed, newcomer, unlisted
from benchmarks.fault_matrix.case import Case, Meets, Plan, Planned, together
from benchmarks.fault_matrix.rows import Rows
from benchmarks.fault_matrix.scene import Scene
from demo import faults
from demo.instagram import faults as known
from demo.instagram.answers import SINGLE, TIMELINE

_I = Rows("instagram")
_YEAR_S = 31_536_000


def _dropped(scene: Scene) -> Planned:
    return Planned((to.dropped(scene),))


def _listing(
    name: str, make: Maker, *sources: str, also: Plan | None = None, skip: int = 0
) -> Case:
    plan = aimed(make, to.timeline, skip=skip)
    return _I.one(name, Meets.LISTING, together(also, plan) if also else plan, *sources)


def _page(name: str, make: Maker, *sources: str, number: int = 1) -> Case:
    plan = aimed(make, to.timeline, skip=number, count=1)
    return _I.one(name, Meets.PAGE, plan, *sources)


def _ends(found: dict[str, Any]) -> None:
    found["page_info"] = {"has_next_page": False, "end_cursor": None}


def _empty_end(found: dict[str, Any]) -> None:
    found["edges"] = []
    _ends(found)


def _older(node: dict[str, Any]) -> None:
    node["taken_at"] = node["taken_at"] - 8 * _YEAR_S if "taken_at" in node else None


def _newer(node: dict[str, Any]) -> None:
    node["taken_at"] = node["taken_at"] + _YEAR_S if "taken_at" in node else None


def _undated(node: dict[str, Any]) -> None:
    node.pop("taken_at", None)


def _twice(found: dict[str, Any]) -> None:
    found["edges"] = [edge for edge in found["edges"] for _ in range(2)]


def _backwards(found: dict[str, Any]) -> None:
    found["edges"] = found["edges"][::-1]


def _first_missing(found: dict[str, Any]) -> None:
    found["edges"] = found["edges"][1:]


def _all_missing(found: dict[str, Any]) -> None:
    found["edges"] = []


def _no_nodes(found: dict[str, Any]) -> None:
    found["edges"] = [{"node": None, "cursor": ""} for _ in found["edges"]]


def _other_owner(node: dict[str, Any]) -> None:
    for name in ("user", "owner"):
        if isinstance(node.get(name), dict):
            node[name] = {**node[name], "pk": "999", "id": "999", "username": "orang.lain"}


def _of_single(change: Any) -> Maker:
    def within(value: dict[str, Any]) -> dict[str, Any]:
        for item in ((value.get("data") or {}).get(SINGLE) or {}).get("items") or []:
            change(item)
        return value

    return to.changed("another-single", within)


LISTINGS = (
    _listing("listing-ends-early", to.connection("ends", _ends), "8 address-and-listing"),
    _listing(
        "listing-ends-on-page-2", to.connection("ends", _ends), "8 address-and-listing", skip=1
    ),
    _listing("listing-empty-end", to.connection("empty-end", _empty_end), "8 empty-list"),
    _listing("listing-empty-page", lambda: known.empty_page(), "2.5 empty-page, 8 empty-list"),
    _listing("listing-repeated-page", lambda: known.repeated_page(), "2.5 repeated-page"),
    _listing(
        "listing-repeated-page-2", lambda: known.repeated_page(skip=1), "8 next-page-loop", skip=1
    ),
    _listing("listing-endless", to.endless, "8 next-page-loop"),
    _listing("listing-no-page-info", lambda: known.no_page_info(), "2.5 no-page-info"),
    _listing("listing-no-cursor", lambda: known.no_cursor(), "2.5 no-page-info"),
    _listing("listing-duplicates", to.connection("twice", _twice), "8 duplicate-ids"),
    _listing("listing-backwards", to.connection("backwards", _backwards), "8 duplicate-ids"),
    _listing("listing-dates-older", to.each_node("older", _older), "8 changed-schema"),
    _listing("listing-dates-newer", to.each_node("newer", _newer), "8 changed-schema"),
    _listing("listing-undated-posts", to.each_node("no-date", _undated), "2.4 missing-key"),
    _listing(
        "listing-no-like-count",
        to.each_node("no-like-count", lambda node: node.pop("like_count", None)),
        "2.4 missing-key",
    ),
    _listing(
        "listing-media-type-11",
        to.each_node("media-type", lambda node: node.update(media_type=11)),
        "2.4 unknown-media-type",
    ),
    _listing("listing-items-null", to.connection("no-nodes", _no_nodes), "2.4 data-null"),
    _listing("listing-of-a-stranger", to.each_node("stranger", _other_owner), "8 account"),
    _listing("schema-listing-name", to.renamed_keys((TIMELINE, "xdt_new")), "8 changed-schema"),
    _listing("schema-listing-edges", to.renamed_keys(("edges", "items")), "8 changed-schema"),
    _listing(
        "schema-listing-codes",
        to.renamed_keys(("code", "shortcode"), ("pk", "key")),
        "8 changed-schema",
    ),
    _listing(
        "schema-listing-dates", to.renamed_keys(("taken_at", "created_at")), "8 changed-schema"
    ),
    _page("page-first-item-missing", to.connection("gap", _first_missing), "8 empty-list"),
    _page("page-all-items-missing", to.connection("hole", _all_missing), "8 empty-list"),
    _page("page-429", ANSWERS["429"], "2.4 429"),
    _page("page-500", ANSWERS["500"], "8 5xx"),
    _page("page-cut", ANSWERS["cut"], "8 cut-json"),
    _page("page-404-login-page", ANSWERS["404-login-page"], "8 404-login-page"),
    _I.one("one-item-dropped", Meets.LISTING, _dropped, "8 address-and-listing"),
    _I.one("one-item-unlisted", Meets.LISTING, unlisted, "8 address-and-listing"),
    _I.one(
        "reels-500",
        Meets.LISTING,
        together(unlisted, aimed(ANSWERS["500"], to.reels)),
        "2.4 5xx",
    ),
)
HONEST_END = together(acts.declares_fewer, aimed(to.connection("ends", _ends), to.timeline))
"""The first page says that it is the last, and the declared number agrees."""
SINGLES = tuple(
    _I.one(f"post-{name}", Meets.POST, together(unlisted, aimed(make, to.post)), source)
    for name, make, source in (
        ("of-another", lambda: known.other_post("CzAnother00"), "8 known-signature"),
        ("of-a-stranger", _of_single(_other_owner), "8 account"),
        ("schema-answer", to.renamed_keys((SINGLE, "xdt_new")), "8 changed-schema"),
        ("schema-items", to.renamed_keys(("items", "media")), "8 changed-schema"),
        ("schema-codes", to.renamed_keys(("code", "shortcode"), ("pk", "key")), "8 changed-schema"),
        ("without-media", to.renamed_keys(("image_versions2", "images")), "2.4 missing-key"),
        ("media-type-11", _of_single(lambda item: item.update(media_type=11)), "2.4 missing-key"),
    )
)
MANY = tuple(
    _I.one(f"early-end-and-posts-{name}", Meets.POSTS, together(HONEST_END, plan), source)
    for name, plan, source in (
        ("410", aimed(ANSWERS["410"], to.posts), "8 410"),
        ("404-login-page", aimed(ANSWERS["404-login-page"], to.posts), "8 404-login-page"),
        ("media-not-found", aimed(to.NOT_FOUND, to.posts), "8 control-post"),
        ("items-empty", aimed(to.ITEMS_EMPTY, to.posts), "8 control-post"),
    )
)
PROFILES = (
    _I.one(
        "schema-profile",
        Meets.PROFILE,
        aimed(to.renamed_keys(("username", "handle"), ("pk", "key"), ("id", "key2")), to.details),
        "8 changed-schema",
    ),
    _I.one(
        "profile-of-nobody",
        Meets.PROFILE,
        aimed(to.said(200, {"data": {"user": None}, "status": "ok"}, "no-user"), to.details),
        "8 account",
    ),
    _I.one("declares-more", Meets.PROFILE, acts.declares_more, "8 address-and-listing"),
    _I.one(
        "declares-fewer",
        Meets.PROFILE,
        together(acts.declares_fewer, _dropped),
        "8 address-and-listing",
    ),
    _I.one(
        "tokens-page-broken",
        Meets.LISTING,
        aimed(lambda: known.no_tokens(), to.tokens),
        "2.4 page-without-data",
    ),
    _I.one("tokens-page-500", Meets.LISTING, aimed(ANSWERS["500"], to.tokens), "2.4 page-5xx"),
)
MEDIA = tuple(
    _I.one(
        f"media-{name}",
        Meets.MEDIA,
        together(newcomer, aimed(make, to.media)),
        source,
    )
    for name, make, source in (
        ("403", ANSWERS["403"], "2.4 media-403"),
        ("500", ANSWERS["500"], "2.4 media-5xx"),
        ("html", lambda: faults.html(), "2.4 media-html"),
        ("truncated", ANSWERS["truncated"], "2.4 media-5xx"),
        ("429", ANSWERS["429"], "2.4 429"),
    )
)
SHAPES = (*LISTINGS, *SINGLES, *MANY, *PROFILES, *MEDIA)
