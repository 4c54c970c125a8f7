"""Which answers say that a post or a story is not there. Pure.

Only known words count, in a whole answer of the platform's own JSON to the
very question. A page, a cut answer, a block, a passing failure or an error
beside the words all leave a doubt, and a doubt is never `Presence.GONE`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from connectors.errors import AnswerUnusable
from connectors.instagram.meaning import GONE_CODE, Case, ServerTrouble, refusal
from connectors.instagram.parse import SINGLE
from connectors.instagram.reading import dig, items
from connectors.instagram.story_life import LIFE, made_at
from connectors.model import Presence
from connectors.tap.answered_at import answered_at

_QUERIES = ("/api/graphql", "/graphql/query")
_MEDIA = re.compile(r"/api/v1/media/([0-9]+)/info")
_NOT_FOUND = "Media not found or unavailable"


def verdict(case: Case) -> tuple[Presence, str] | None:
    """What a single-post answer without a post says about the post.

    Returns:
        ``None`` when the answer says nothing about it: see `refusal` then.

    *Source:* answers recorded and reported for instaloader 4.16. A logged-out
    visitor gets the same empty answer for a post that is restricted, so only
    a logged-in one may conclude that it is gone.
    """
    if _path(case) not in _QUERIES or not _speaks(case):
        return None
    found = dig(case.value, "data", SINGLE)
    shown = found.get("items") if isinstance(found, Mapping) else None
    if said := _said_missing(case):
        # Words for absence beside a post contradict it.
        return None if shown else said
    if case.status != 200:
        return None
    if shown == []:
        sure = case.logged_in and _is_ok(case)
        return (Presence.GONE if sure else Presence.UNKNOWN), "item_missing"
    data = dig(case.value, "data")
    is_asked = isinstance(data, Mapping) and SINGLE in data and found is None
    if is_asked and not isinstance(refusal(case, None), AnswerUnusable):
        return Presence.UNKNOWN, "answer_null"
    return None


def story_verdict(case: Case, pk: str) -> tuple[Presence, str] | None:
    """What an answer without a story says about the story.

    Only a story that must still be on show can be called gone: every other
    one ends by itself, and whether it was in a highlight nobody tells.

    Args:
        pk: The story's number.

    Returns:
        ``None`` when the answer says nothing about it.
    """
    asked = _MEDIA.fullmatch(_path(case))
    if asked is None or asked[1] != pk or not _speaks(case):
        return None
    said, shown = _said_missing(case), dig(case.value, "items")
    if said is None and case.status == 200 and shown == [] and _is_ok(case):
        said = Presence.GONE, "item_missing"
    if said is None or shown:
        return None
    now, made = answered_at(case.entry), made_at(pk)
    if now is not None and made is not None and made <= now < made + LIFE:
        return said
    return Presence.UNKNOWN, "story_expired"


def _path(case: Case) -> str:
    return urlsplit(case.entry.url).path.rstrip("/")


def _speaks(case: Case) -> bool:
    """Whether it is a whole answer in JSON, and neither a block nor a failure."""
    entry = case.entry
    if entry.truncated is not None or entry.limit is not None:
        return False
    if not isinstance(case.value, Mapping):
        return False
    refused = refusal(case, None)
    return refused is None or (
        isinstance(refused, AnswerUnusable) and not isinstance(refused, ServerTrouble)
    )


def _said_missing(case: Case) -> tuple[Presence, str] | None:
    """The platform's words that there is no such post or story, if they stand there."""
    told = [dig(error, "code") for error in items(dig(case.value, "errors"))]
    if case.status == 200 and told and set(map(str, told)) == {str(GONE_CODE)}:
        return Presence.GONE, "media_not_found"
    if case.status in (200, 400) and case.message == _NOT_FOUND and not told:
        return Presence.GONE, "media_not_found"
    if case.status == 404 and dig(case.value, "status") == "fail" and not told:
        return Presence.GONE, "http_404"
    return None


def _is_ok(case: Case) -> bool:
    return dig(case.value, "status") == "ok" and not dig(case.value, "errors")
