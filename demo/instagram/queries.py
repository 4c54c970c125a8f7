"""The GraphQL queries that the pretend Instagram knows, by hash and by id."""

from __future__ import annotations

import json
from collections.abc import Callable

from demo.http import Request, Response, json_response
from demo.instagram import listings, remarks, stories
from demo.instagram.answers import REELS, SINGLE, Json, Voice
from demo.instagram.tokens import PLATFORM, visitor_of
from demo.world import Account, World

PLEASE_WAIT = "Please wait a few minutes before you try again."
GONE: Json = {
    "errors": [
        {
            "message": "execution error",
            "severity": "CRITICAL",
            "code": 4630001,
            "description": "Media not found or unavailable",
            "path": [SINGLE],
        }
    ],
    "data": {SINGLE: None},
    "status": "ok",
}


def fail(status: int, message: str, **more: object) -> Response:
    """An error in the platform's usual JSON shape."""
    return json_response({"message": message, "status": "fail", **more}, status)


def by_id(world: World, native_id: str) -> Account | None:
    """An account by its number, unless it is gone."""
    account = world.accounts.get(f"{PLATFORM}:{native_id}")
    return None if account is None or account.gone else account


def answer(fields: dict[str, str], request: Request, voice: Voice) -> Json | Response:
    """What a query is answered, without the status field.

    Args:
        fields: Those of the query or of the form.
    """
    try:
        variables = json.loads(fields.get("variables", "{}"))
    except ValueError:
        return fail(400, "invalid request")
    query = _QUERIES.get(fields.get("doc_id") or fields.get("query_hash") or "")
    if query is None or not isinstance(variables, dict):
        return fail(400, "invalid request")
    ask, needs_session = query
    visitor = visitor_of(request, voice.world)
    if needs_session and visitor is None:
        return fail(401, PLEASE_WAIT, require_login=True)
    if ask is _login_check:
        user = {"username": visitor.username, "id": visitor.user_id} if visitor else None
        return {"data": {"user": user}}
    if ask is _reels and visitor is None:
        return {"data": {REELS: None}}
    return ask(variables, voice)


def _login_check(variables: Json, voice: Voice) -> Json:
    return {"data": {"user": None}}


def _profile(variables: Json, voice: Voice) -> Json:
    account = by_id(voice.world, str(variables.get("id")))
    return {"data": {"user": voice.user(account) if account else None}}


def _timeline(variables: Json, voice: Voice) -> Json:
    account = voice.world.by_handle(PLATFORM, str(variables.get("username")))
    return listings.logged_in_page(account, variables, voice)


def _anonymous_timeline(variables: Json, voice: Voice) -> Json:
    return listings.anonymous_page(voice.world, variables, voice)


def _reels(variables: Json, voice: Voice) -> Json:
    data = variables.get("data")
    wanted = data.get("target_user_id") if isinstance(data, dict) else None
    return listings.reels_page(by_id(voice.world, str(wanted)), variables, voice)


def _single(variables: Json, voice: Voice) -> Json:
    found = voice.world.item(PLATFORM, str(variables.get("shortcode")))
    if found is None or found[1].state == "deleted" or found[0].gone or found[1].kind == "story":
        return GONE
    account, item = found
    if item.state != "public" or account.private:
        return {"data": {SINGLE: {"items": []}}}
    return {"data": {SINGLE: {"items": [voice.media(account, item)]}}}


def _reels_media(variables: Json, voice: Voice) -> Json:
    """Stories of accounts, or highlights with their stories."""
    found: list[Json] = []
    for native_id in _ids(variables, "reel_ids"):
        account = by_id(voice.world, native_id)
        items = voice.world.stories(account, voice.now) if account else []
        if account and items and not account.private:
            found.append(stories.legacy_reel(account, items, voice))
    wanted = _ids(variables, "highlight_reel_ids")
    pairs = [stories.collection_of(voice, native_id) for native_id in wanted]
    found += [stories.legacy_highlight(*pair, voice) for pair in pairs if pair]
    return {"data": {"reels_media": found}}


def _highlights(variables: Json, voice: Voice) -> Json | Response:
    account = by_id(voice.world, str(variables.get("user_id")))
    if account is None:
        return {"data": {"user": None}}
    collections = [] if account.private else account.collections
    edges = [{"node": stories.highlight_node(account, c, voice)} for c in collections]
    return {"data": {"user": {"edge_highlight_reels": {"edges": edges}}}}


def _comments(variables: Json, voice: Voice) -> Json:
    item = remarks.remarked(voice, str(variables.get("shortcode")))
    if item is None:
        return {"data": {"shortcode_media": None}}
    page = remarks.legacy_page(item, _first(variables), str(variables.get("after") or ""))
    return {"data": {"shortcode_media": {"edge_media_to_parent_comment": page}}}


def _thread(variables: Json, voice: Voice) -> Json:
    parent = str(variables.get("comment_id"))
    item = remarks.thread_of(voice, parent)
    if item is None:
        return {"data": {"comment": None}}
    after = str(variables.get("after") or "")
    page = remarks.legacy_thread(item, parent, _first(variables), after)
    return {"data": {"comment": {"edge_threaded_comments": page}}}


def _ids(variables: Json, name: str) -> list[str]:
    value = variables.get(name)
    return [str(one) for one in value] if isinstance(value, list) else []


def _first(variables: Json) -> int:
    first = variables.get("first")
    return min(first, 50) if isinstance(first, int) and first > 0 else 12


_QUERIES: dict[str, tuple[Callable[[Json, Voice], Json | Response], bool]] = {
    "d6f4427fbe92d846298cf93df0b937d3": (_login_check, False),
    "27937681195819736": (_profile, True),
    "29104886249145907": (_timeline, True),
    "28904005159232689": (_anonymous_timeline, False),
    "27128499623469141": (_single, False),
    "7845543455542541": (_reels, False),
    "27234427476213202": (_reels, False),
    "303a4ae99711322310f25250d988f3b7": (_reels_media, True),
    "45246d3fe16ccc6577e0bd297a5db1ab": (_reels_media, True),
    "7c16654f22c819fb63d1183034a5162f": (_highlights, True),
    "97b41c52301f77ce508f55e66d17620e": (_comments, True),
    "51fdd02b67508306ad4484ff574a0b62": (_thread, True),
}
"""What each is called by, and whether a stranger is turned away.

*Source:* what instaloader 4.16 sends.
"""
