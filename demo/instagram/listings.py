"""Timelines and reels of the pretend Instagram, page by page."""

from __future__ import annotations

import base64

from demo.instagram.answers import (
    ANONYMOUS_TIMELINE,
    PAGE_SIZE,
    REELS,
    TIMELINE,
    Json,
    Voice,
    page_id,
)
from demo.world import Account, Item, World

Shown = list[tuple[Account, Item]]


def shown(account: Account, world: World) -> Shown:
    """What a visitor who does not follow the account sees among its posts."""
    return [] if account.private else world.timeline(account)


def shown_reels(account: Account, world: World) -> Shown:
    """Its reels, newest first: those of the timeline and those kept off it."""
    if account.private:
        return []
    own = [
        (account, item)
        for item in account.items
        if item.state == "public" and item.kind == "reel" and item.off_grid
    ]
    others = [pair for pair in world.timeline(account) if pair[1].kind == "reel"]
    return sorted(own + others, key=lambda pair: (-pair[1].taken_at.timestamp(), pair[1].code))


def first_anonymous_page(account: Account, voice: Voice) -> Json:
    """What the profile page carries: a second, partial view of the account."""
    posts = shown(account, voice.world)
    nodes = [voice.stub(item) for _, item in posts[: voice.page_size]]
    return {"id": page_id(account), ANONYMOUS_TIMELINE: connection(nodes, 0, len(posts))}


def anonymous_page(world: World, variables: Json, voice: Voice) -> Json:
    """A later page for a logged-out visitor, asked for by the page's own id."""
    wanted = str(variables.get("id"))
    accounts = [a for a in world.accounts.values() if a.platform == "instagram" and not a.gone]
    account = next((a for a in accounts if page_id(a) == wanted), None)
    if account is None:
        return {"data": {"node": None}}
    posts, start = shown(account, world), _start(variables)
    nodes = [voice.stub(item) for _, item in posts[start : start + _size(variables, voice)]]
    return {"data": {"node": {ANONYMOUS_TIMELINE: connection(nodes, start, len(posts))}}}


def logged_in_page(account: Account | None, variables: Json, voice: Voice) -> Json:
    """A page of complete posts for a logged-in visitor."""
    if account is None:
        return {"data": {TIMELINE: {"edges": [], "page_info": {"has_next_page": False}}}}
    posts, start = shown(account, voice.world), _start(variables)
    nodes = [voice.media(*pair) for pair in posts[start : start + _size(variables, voice)]]
    for (owner, _), node in zip(posts[start:], nodes, strict=False):
        if owner is not account:
            # Pinned by its owner, not here.
            node["timeline_pinned_user_ids"] = []
    return {"data": {TIMELINE: connection(nodes, start, len(posts))}}


def reels_page(account: Account | None, variables: Json, voice: Voice) -> Json:
    """A page of the reels tab: each reel in outline."""
    reels = shown_reels(account, voice.world) if account else []
    start = _start(variables)
    nodes = [voice.reel(*pair) for pair in reels[start : start + _size(variables, voice)]]
    found = connection([{"media": node} for node in nodes], start, len(reels))
    return {"data": {REELS: found}}


def connection(nodes: list[Json], start: int, total: int) -> Json:
    """One page of a listing from ``start``, with its page_info."""
    end = start + len(nodes)
    return {
        "edges": [{"node": node, "cursor": ""} for node in nodes],
        "page_info": {
            "has_next_page": end < total,
            "end_cursor": cursor(end) if end < total else None,
            "has_previous_page": False,
            "start_cursor": None,
        },
    }


def cursor(place: int) -> str:
    """An opaque place in a listing."""
    return "QVFC" + base64.urlsafe_b64encode(f"at:{place}".encode()).decode().rstrip("=")


def position(text: str) -> int:
    """Where a cursor points; 0 for anything else."""
    try:
        coded = text.removeprefix("QVFC")
        plain = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
        return int(plain.removeprefix("at:"))
    except ValueError:
        return 0


def _start(variables: Json) -> int:
    return position(str(variables.get("after") or ""))


def _size(variables: Json, voice: Voice) -> int:
    first = variables.get("first")
    asked = min(first, 50) if isinstance(first, int) and first > 0 else PAGE_SIZE
    return min(asked, voice.page_size) if voice.page_size < PAGE_SIZE else asked
