"""Timelines of the pretend Instagram, page by page."""

from __future__ import annotations

from demo.instagram.answers import (
    ANONYMOUS_TIMELINE,
    PAGE_SIZE,
    TIMELINE,
    Json,
    Voice,
    connection,
    page_id,
    position,
    shown,
)
from demo.world import Account, World


def first_anonymous_page(account: Account, voice: Voice) -> Json:
    """What the profile page carries: a second, partial view of the account."""
    nodes = [voice.stub(item) for item in shown(account)[:PAGE_SIZE]]
    return {"id": page_id(account), ANONYMOUS_TIMELINE: connection(account, nodes, 0)}


def anonymous_page(world: World, variables: Json, voice: Voice) -> Json:
    """A later page for a logged-out visitor, asked for by the page's own id."""
    wanted = str(variables.get("id"))
    accounts = [a for a in world.accounts.values() if a.platform == "instagram" and not a.gone]
    account = next((a for a in accounts if page_id(a) == wanted), None)
    if account is None:
        return {"data": {"node": None}}
    start = position(str(variables.get("after") or ""))
    nodes = [voice.stub(item) for item in shown(account)[start : start + _size(variables)]]
    return {"data": {"node": {ANONYMOUS_TIMELINE: connection(account, nodes, start)}}}


def logged_in_page(account: Account | None, variables: Json, voice: Voice) -> Json:
    """A page of complete posts for a logged-in visitor."""
    if account is None:
        return {"data": {TIMELINE: {"edges": [], "page_info": {"has_next_page": False}}}}
    start = position(str(variables.get("after") or ""))
    items = shown(account)[start : start + _size(variables)]
    nodes = [voice.media(account, item) for item in items]
    return {"data": {TIMELINE: connection(account, nodes, start)}}


def _size(variables: Json) -> int:
    first = variables.get("first")
    return min(first, 50) if isinstance(first, int) and first > 0 else PAGE_SIZE
