"""TikTok's listings, pages and profiles out of shape, as data."""

from __future__ import annotations

from functools import partial
from typing import Any

from benchmarks.fault_matrix import acts
from benchmarks.fault_matrix import tiktok_aims as to
from benchmarks.fault_matrix.answers import ANSWERS, Maker, aimed, newcomer, unlisted
from benchmarks.fault_matrix.case import Case, Meets, Planned, together
from benchmarks.fault_matrix.rows import Rows
from benchmarks.fault_matrix.scene import Scene
from demo import faults
from demo.tiktok import faults as known

_T = Rows("tiktok")
_YEAR_S = 31_536_000
Json = dict[str, Any]


def _dropped(scene: Scene) -> Planned:
    return Planned((to.dropped(scene),))


def _listing(name: str, make: Maker, sources: str, skip: int = 0) -> Case:
    return _T.one(name, Meets.LISTING, aimed(make, to.listing, skip=skip), sources)


def _page(name: str, make: Maker, sources: str, number: int = 1) -> Case:
    return _T.one(name, Meets.PAGE, aimed(make, to.listing, skip=number, count=1), sources)


def _ends(answer: Json) -> None:
    answer["hasMorePrevious"] = False


def _empty_end(answer: Json) -> None:
    answer.update(itemList=[], hasMorePrevious=False)


def _no_items(answer: Json) -> None:
    answer["itemList"] = []


def _null_items(answer: Json) -> None:
    answer["itemList"] = None


def _twice(answer: Json) -> None:
    answer["itemList"] = [item for item in answer["itemList"] for _ in range(2)]


def _backwards(answer: Json) -> None:
    answer["itemList"] = answer["itemList"][::-1]


def _first_missing(answer: Json) -> None:
    answer["itemList"] = answer["itemList"][1:]


def _item(scopes: Json) -> Json:
    found: Json = scopes.get("webapp.video-detail", {}).get("itemInfo", {}).get("itemStruct", {})
    return found


def _no_film(scopes: Json) -> None:
    _item(scopes).pop("video", None)


def _other_id(scopes: Json) -> None:
    _item(scopes)["id"] = "7000000000000000001"


def _error_beside_item(scopes: Json) -> None:
    scopes["webapp.video-detail"].update(statusCode=10204, statusMsg=to.WORDS)


def _words_for_another(scopes: Json) -> None:
    scopes["webapp.video-detail"] = {"statusCode": 10204, "statusMsg": to.WORDS}
    scopes["seo.abtest"] = {"canonical": "https://www.tiktok.com/@orang.lain/video/7000000000001"}


LISTINGS = (
    _listing("listing-ends-early", to.listed("ends", _ends), "8 address-and-listing"),
    _listing("listing-ends-on-page-2", to.listed("ends", _ends), "8 address-and-listing", 1),
    _listing("listing-empty-end", to.listed("empty-end", _empty_end), "8 empty-list"),
    _listing("listing-no-items", to.listed("no-items", _no_items), "8 empty-list, 3 list-endless"),
    _listing("listing-null-items", to.listed("null-items", _null_items), "3 list-empty-object"),
    _listing("listing-empty-object", lambda: known.listing_empty(), "3 list-empty-object"),
    _listing("listing-no-body", lambda: known.listing_empty_body(), "3 list-empty-body"),
    _listing("listing-always-more", to.endless, "3 list-endless, 8 next-page-loop"),
    _listing("listing-same-page", lambda: known.same_page(), "3 list-same-page, 8 next-page-loop"),
    _listing("listing-no-page-info", lambda: known.no_page_info(), "3 list-endless"),
    _listing("listing-text-times", lambda: known.text_times(), "3 list-text-times"),
    _listing("listing-malformed-items", lambda: known.malformed_item(), "8 changed-schema"),
    _listing("listing-of-a-stranger", lambda: known.foreign_item(), "8 account"),
    _listing("listing-duplicates", to.listed("twice", _twice), "8 duplicate-ids"),
    _listing("listing-backwards", to.listed("backwards", _backwards), "8 duplicate-ids"),
    _listing(
        "listing-dates-older",
        to.each("older", lambda item: item.update(createTime=item["createTime"] - 8 * _YEAR_S)),
        "8 changed-schema",
    ),
    _listing(
        "listing-dates-newer",
        to.each("newer", lambda item: item.update(createTime=item["createTime"] + _YEAR_S)),
        "8 changed-schema",
    ),
    _listing(
        "listing-undated-posts",
        to.each("no-dates", lambda item: item.pop("createTime")),
        "8 changed-schema",
    ),
    _listing("schema-list-name", to.renamed_keys(("itemList", "items")), "8 changed-schema"),
    _listing("schema-list-ids", to.renamed_keys(("id", "key")), "8 changed-schema"),
    _listing("schema-list-dates", to.renamed_keys(("createTime", "created")), "8 changed-schema"),
    _listing("schema-list-more", to.renamed_keys(("hasMorePrevious", "more")), "8 changed-schema"),
    _page("page-first-item-missing", to.listed("gap", _first_missing), "8 empty-list"),
    _page("page-all-items-missing", to.listed("hole", _no_items), "8 empty-list"),
    _page("page-429", ANSWERS["429"], "8 429"),
    _page("page-500", ANSWERS["500"], "8 5xx"),
    _page("page-cut", ANSWERS["cut"], "8 cut-json"),
    _page("page-empty-object", lambda: known.listing_empty(), "3 list-empty-object"),
    _T.one("one-item-dropped", Meets.LISTING, _dropped, "8 address-and-listing"),
    _T.one("one-item-unlisted", Meets.LISTING, unlisted, "8 address-and-listing"),
)
STATUSES = tuple(
    _listing(f"listing-status-{code}", partial(known.listing_status, code), of)
    for code, of in (
        (10201, "3 list-status"),
        (10221, "3 list-status, 8 account"),
        (10222, "3 list-status, 8 private"),
        (10101, "3 list-status"),
        (100004, "3 list-status"),
    )
)
HONEST_END = together(acts.declares_fewer, aimed(to.listed("ends", _ends), to.listing))
"""The first page says that it is the last, and the declared number agrees."""
PAGES = tuple(
    _T.one(f"post-{name}", Meets.POST, together(unlisted, aimed(make, to.post)), *sources)
    for name, make, *sources in (
        ("of-another", to.page("other-id", _other_id), "8 known-signature"),
        ("of-a-stranger", lambda: known.another_author(), "8 account"),
        ("without-film", to.page("no-film", _no_film), "8 known-signature"),
        ("classified", lambda: known.age_gate(), "3 classified, 8 age-wall"),
        ("without-detail", lambda: known.without_video_detail(), "3 photo-page"),
        ("words-beside-it", to.page("beside", _error_beside_item), "8 known-signature"),
        ("words-for-another", to.page("another", _words_for_another), "8 known-signature"),
        ("schema-item", to.renamed_keys(("itemStruct", "item")), "8 changed-schema"),
        ("schema-ids", to.renamed_keys(("id", "key")), "8 changed-schema"),
        ("schema-scope", to.renamed_keys(("webapp.video-detail", "vd")), "8 changed-schema"),
        ("schema-code", to.renamed_keys(("statusCode", "code")), "8 changed-schema"),
    )
)
MANY = tuple(
    _T.one(f"early-end-and-posts-{name}", Meets.POSTS, together(HONEST_END, plan), source)
    for name, plan, source in (
        ("410", aimed(ANSWERS["410"], to.posts), "8 410"),
        ("404-login-page", aimed(ANSWERS["404-login-page"], to.posts), "8 404-login-page"),
        ("10204", aimed(to.NOT_FOUND, to.posts), "8 ip-blocked, 8 control-post"),
    )
)
PROFILES = (
    _T.one(
        "schema-profile",
        Meets.PROFILE,
        aimed(to.renamed_keys(("userInfo", "info")), to.profile),
        "8 changed-schema",
    ),
    _T.one(
        "schema-profile-ids",
        Meets.PROFILE,
        aimed(to.renamed_keys(("id", "key"), ("uniqueId", "handle")), to.profile),
        "8 changed-schema",
    ),
    _T.one(
        "profile-no-secuid",
        Meets.PROFILE,
        aimed(to.renamed_keys(("secUid", "uid")), to.profile),
        "3 no-secuid",
    ),
    _T.one("declares-more", Meets.PROFILE, acts.declares_more, "8 address-and-listing"),
    _T.one(
        "declares-fewer",
        Meets.PROFILE,
        together(acts.declares_fewer, _dropped),
        "8 address-and-listing",
    ),
)
MEDIA = tuple(
    _T.one(f"media-{name}", Meets.MEDIA, together(newcomer, aimed(make, to.films)), source)
    for name, make, source in (
        ("403", ANSWERS["403"], "3 media-4xx"),
        ("500", ANSWERS["500"], "3 media-5xx"),
        ("html", lambda: faults.html(), "3 media-html"),
        ("truncated", ANSWERS["truncated"], "3 media-5xx"),
    )
)
SHOWN = tuple(
    _T.one(
        f"shown-post-{name}",
        Meets.SHOWN_POST,
        together(newcomer, aimed(make, to.shown_post)),
        sources,
    )
    for name, make, sources in (
        ("10204", to.NOT_FOUND, "3 status-10204, 8 ip-blocked"),
        ("10216", to.video(10216), "3 status-10216"),
        ("404-login-page", ANSWERS["404-login-page"], "8 404-login-page"),
        ("no-cookie", lambda: known.no_chain_cookie(), "3 chain-cookie"),
    )
)
SHAPES = (*LISTINGS, *STATUSES, *PAGES, *MANY, *PROFILES, *MEDIA, *SHOWN)
