"""The mobile interface of the pretend Instagram, for logged-in visitors."""

from __future__ import annotations

import re
import secrets
from datetime import UTC
from email.utils import format_datetime

from demo.http import Request, Response, json_response
from demo.instagram import remarks, stories
from demo.instagram.answers import Json, Voice
from demo.instagram.queries import by_id, fail
from demo.instagram.tokens import PLATFORM, visitor_of

_USER = re.compile(r"/api/v1/users/(\d+)/info/")
_MEDIA = re.compile(r"/api/v1/media/(\d+)/info/")
_COMMENTS = re.compile(r"/api/v1/media/(\d+)/comments/(?:(\d+)/child_comments/)?")


def answer(request: Request, voice: Voice) -> Response:
    """What ``i.instagram.com`` says; it hands out tokens as it goes.

    Its clock is the world's: by it a story is still on show or not.
    """
    if visitor_of(request, voice.world) is None:
        return fail(403, "login_required", require_login=True)
    response = _answer(request, voice)
    bearer = request.headers.get("authorization", "")
    if bearer:
        response.headers.append(("ig-set-authorization", bearer))
    response.headers.append(("x-ig-set-www-claim", f"hmac.{secrets.token_urlsafe(24)}"))
    response.headers.append(("Date", format_datetime(voice.now.astimezone(UTC), usegmt=True)))
    return response


def _answer(request: Request, voice: Voice) -> Response:
    if match := _USER.fullmatch(request.path):
        account = by_id(voice.world, match[1])
        if account is None:
            return fail(404, "User not found")
        return json_response({"user": voice.user(account), "status": "ok"})
    if match := _MEDIA.fullmatch(request.path):
        return _media(match[1], voice)
    if match := _COMMENTS.fullmatch(request.path):
        return _comments(match[1], match[2], request, voice)
    if request.path == "/api/v1/feed/reels_media/":
        return json_response(_reels_media(request.query.get("reel_ids", ""), voice))
    return fail(404, "Not found")


def _media(native_id: str, voice: Voice) -> Response:
    found = voice.world.item(PLATFORM, native_id)
    if found is None or found[1].state != "public" or found[0].gone:
        return fail(400, "Media not found or unavailable")
    account, item = found
    if item.kind == "story":
        if not stories.is_shown(account, item, voice):
            return fail(400, "Media not found or unavailable")
        media = stories.mobile_item(account, item, voice)
    else:
        media = voice.media(account, item)
    return json_response({"items": [media], "num_results": 1, "status": "ok"})


def _comments(native_id: str, parent: str | None, request: Request, voice: Voice) -> Response:
    item = remarks.remarked(voice, native_id)
    if item is None:
        return fail(400, "Media not found or unavailable")
    if parent is None:
        return json_response(remarks.mobile_page(item, request.query.get("min_id", "")))
    return json_response(remarks.mobile_thread(item, parent, request.query.get("max_id", "")))


def _reels_media(wanted: str, voice: Voice) -> Json:
    found: dict[str, Json] = {}
    if wanted.startswith("highlight:"):
        if pair := stories.collection_of(voice, wanted.removeprefix("highlight:")):
            found[wanted] = stories.mobile_highlight(*pair, voice)
    else:
        account = by_id(voice.world, wanted)
        items = voice.world.stories(account, voice.now) if account else []
        if account and items and not account.private:
            found[wanted] = stories.mobile_reel(account, items, voice)
    return {"reels": found, "reels_media": list(found.values()), "status": "ok"}
