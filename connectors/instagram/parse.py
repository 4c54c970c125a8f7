"""Recorded Instagram answers -> values of `connectors.model`. Pure.

Takes decoded JSON (or the profile page's HTML) and never the network. One
item that cannot be read becomes a `Problem`; it never ends a listing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.instagram.facts import extra_of
from connectors.instagram.people import authors_of, is_pinned
from connectors.instagram.reading import (
    Unreadable,
    dig,
    digits,
    flag,
    items,
    moment,
    number,
    text,
)
from connectors.instagram.slides import CAROUSEL, IMAGE, VIDEO, media_of
from connectors.model import AccountRef, Metrics, Post, PostKind, PostRef, Problem, RecordId

PLATFORM = "instagram"
TIMELINE = "xdt_api__v1__feed__user_timeline_graphql_connection"
ANONYMOUS_TIMELINE = "polaris_ordered_timeline_connection"
SINGLE = "xdt_api__v1__media__shortcode__web_info"

_REPLAYS = ("is_post_live_clips_media", "is_post_live_igtv_media", "is_post_live")
"""Switches of a film that was broadcast live.

*Source:* the first stands, off, in every recorded mobile object of a reel;
the other two are what clients of the mobile interface call it.
"""

_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SCRIPT = re.compile(rb'<script type="application/json"[^>]*>(.*?)</script>', re.DOTALL)
_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a timeline as it was answered.

    Attributes:
        entries: How many items the page held, readable or not.
        has_next: ``None`` when the page did not say.
        cursor: Where the next page starts; ``None`` when not told.
    """

    posts: tuple[Post, ...]
    problems: tuple[Problem, ...]
    entries: int
    has_next: bool | None
    cursor: str | None


def embedded(html: bytes) -> tuple[Mapping[str, object], ...]:
    """The results of GraphQL queries that a page of the web app carries.

    Args:
        html: The decoded page.

    Returns:
        The ``data`` object of each result, in page order; empty when the
        page is a login page or something else.
    """
    found: list[Mapping[str, object]] = []
    for script in _SCRIPT.finditer(html):
        try:
            value = json.loads(script.group(1))
        except (ValueError, RecursionError):
            continue
        found.extend(_results(value, 0))
    return tuple(found)


def _results(value: object, depth: int) -> Iterator[Mapping[str, object]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        data = dig(value, "__bbox", "result", "data")
        if isinstance(data, Mapping):
            yield data
    for child in value.values() if isinstance(value, Mapping) else items(value):
        if isinstance(child, Mapping | list):
            yield from _results(child, depth + 1)


def page_connection(page: Sequence[Mapping[str, object]]) -> object:
    """The first posts that a profile page carries, or ``None``."""
    for data in page:
        connection = dig(data, "xig_user_by_username", ANONYMOUS_TIMELINE)
        if connection is not None:
            return connection
    return None


def connection_of(answer: object) -> object:
    """The listing inside an answer of either timeline query, or ``None``."""
    found = dig(answer, "data", TIMELINE)
    return found if found is not None else dig(answer, "data", "node", ANONYMOUS_TIMELINE)


def listing(connection: object, owner: AccountRef, evidence: tuple[RecordId, ...]) -> Listing:
    """One page of a timeline.

    Args:
        connection: What `connection_of` or `page_connection` found.
        owner: The account whose timeline was asked for.
        evidence: The records the page was read from.

    Raises:
        Unreadable: It is no listing at all.
    """
    edges = dig(connection, "edges")
    if not isinstance(edges, list):
        raise Unreadable("no_listing", "the answer holds no list of posts")
    posts: list[Post] = []
    problems: list[Problem] = []
    for edge in edges:
        node = dig(edge, "node")
        try:
            posts.append(post(node, owner, evidence))
        except Unreadable as error:
            code = _code(node)
            problems.append(
                Problem(error.code, str(error), evidence, f"{PLATFORM}:{code}" if code else None)
            )
    return Listing(
        posts=tuple(posts),
        problems=tuple(problems),
        entries=len(edges),
        has_next=flag(dig(connection, "page_info", "has_next_page")),
        cursor=text(dig(connection, "page_info", "end_cursor")),
    )


def single(answer: object) -> Sequence[object]:
    """The items of a single-post answer (web query or media info)."""
    found = dig(answer, "data", SINGLE, "items")
    return items(found if found is not None else dig(answer, "items"))


def post(item: object, owner: AccountRef, evidence: tuple[RecordId, ...]) -> Post:
    """One media object.

    Args:
        item: The object; a logged-out listing gives little more than a code.
        owner: The account it was found under.
        evidence: The records it was read from.

    Raises:
        Unreadable: It has no usable code, an unknown kind, or belongs to
            other accounts.
    """
    code = _code(item)
    if not isinstance(item, Mapping) or code is None:
        raise Unreadable("malformed_item", "an item of the listing has no usable shortcode")
    ref = PostRef(PLATFORM, code, owner, digits(item.get("pk")))
    if item.get("media_type") is None:
        return Post(ref, pinned=is_pinned(item), is_complete=False, evidence=evidence)
    kind = _kind(item)
    authors = authors_of(item, owner)
    media, whole = media_of(item)
    return Post(
        ref=ref,
        kind=kind,
        caption=_caption(item),
        published_at=moment(item.get("taken_at")),
        permalink=f"https://www.instagram.com/{'reel' if kind is PostKind.REEL else 'p'}/{code}/",
        media=media,
        metrics=_metrics(item),
        pinned=is_pinned(item),
        is_complete=whole and "caption" in item and moment(item.get("taken_at")) is not None,
        authors=authors,
        extra=extra_of(item),
        evidence=evidence,
    )


def _code(item: object) -> str | None:
    code = dig(item, "code")
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None


def _kind(item: Mapping[str, object]) -> PostKind:
    match item.get("media_type"):
        case x if x == IMAGE:
            return PostKind.PHOTO
        case x if x == CAROUSEL:
            return PostKind.CAROUSEL
        case x if x == VIDEO:
            if any(item.get(name) is True for name in _REPLAYS):
                return PostKind.LIVE
            return PostKind.REEL if item.get("product_type") == "clips" else PostKind.VIDEO
        case x:
            raise Unreadable("unknown_media_type", f"media_type {str(x)[:40]} is not known")


def _caption(item: Mapping[str, object]) -> str | None:
    """The text; empty when the answer says that there is none."""
    if "caption" not in item:
        return None
    caption = item["caption"]
    return text(caption if isinstance(caption, str) else dig(caption, "text")) or ""


def _metrics(item: Mapping[str, object]) -> Metrics:
    hidden = item.get("like_and_view_counts_disabled") is True
    return Metrics(
        likes=None if hidden else number(item.get("like_count")),
        comments=number(item.get("comment_count")),
        plays=None if hidden else _first(item, "play_count", "ig_play_count", "view_count"),
        shares=_first(item, "media_repost_count", "reshare_count"),
        saves=_first(item, "save_count"),
    )


def _first(item: Mapping[str, object], *names: str) -> int | None:
    counts = (number(item.get(name)) for name in names)
    return next((count for count in counts if count is not None), None)
