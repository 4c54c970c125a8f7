"""What else a person sees of a post, under the names all platforms share. Pure.

Absent keys were not told; flags stand only when they are true, but for what an
owner can take back: ``comments_disabled`` is false and ``title`` empty when the
item tells so. Names that
only TikTok needs: ``subtitles`` {media id: automatic, translated or owner} ·
``sticker_texts`` [texts laid over the pictures] · ``effects`` [names] ·
``warnings`` [texts the platform shows with it] · ``anchors`` [texts of the
labels that lead elsewhere] · ``playlist_id`` · ``stitch_of`` (a post's id) ·
``is_muted`` (the platform took the sound away) · ``audience`` (``private`` or
``friends``) · ``ai_label`` (what the platform says beside it).

Which recorded keys are read and which are not, and why, is data that a test
checks: ``tests/tiktok/decided_paths.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from connectors.tiktok import fields, subtitles

NOBODY_MAY_COMMENT = 3
"""``itemCommentStatus``; 0 is everybody, 1 and 2 are circles of people.

*Source:* recorded pages (0); public clients read 3 as switched off."""

_MENTION, _HASHTAG = 0, 1
"""``textExtra[].type``. *Source:* recorded pages; public clients."""


def of_item(item: Mapping[str, Any]) -> dict[str, object]:
    """The facts of one item object, JSON values only."""
    told: dict[str, object | None] = {
        **_place(item),
        "title": fields.told(item, "imagePost", "title"),
        "music": music(item),
        "hashtags": _hashtags(item),
        "mentions": _mentions(item),
        "cover": cover_key(item),
        "comments_disabled": fields.count(item, "itemCommentStatus") == NOBODY_MAY_COMMENT,
        "is_advertisement": fields.flag(item, "isAd"),
        "paid_partnership": _is_positive(item, "adLabelVersion", "brandOrganicType"),
        "is_ai_generated": _is_ai_generated(item),
        "ai_label": fields.told(item, "AIGCDescription"),
        "duet_of": _other_post(item, "duetInfo", "duetFromId"),
        "stitch_of": _stitched(item),
        "anchors": _texts(item, "anchors", "keyword"),
        "sticker_texts": _sticker_texts(item),
        "effects": _texts(item, "effectStickers", "name"),
        "warnings": _texts(item, "warnInfo", "text"),
        "playlist_id": _other_post(item, "playlistId"),
        "is_muted": fields.flag(item, "itemMute"),
        "audience": _audience(item),
        "subtitles": _subtitles(item),
    }
    shown = {name: value for name, value in told.items() if value not in (None, False, [], {})}
    return _taken_back(item) | shown


def _taken_back(item: Mapping[str, Any]) -> dict[str, object]:
    """Facts of a post's content that the item names and that are off."""
    off: dict[str, object] = {}
    if fields.count(item, "itemCommentStatus") is not None:
        off["comments_disabled"] = False
    if isinstance(fields.walk(item, "imagePost", "title"), str):
        off["title"] = ""
    return off


def music(item: Mapping[str, Any]) -> dict[str, object]:
    """The sound a post names: title, artist, id, and whether it is its own."""
    told: dict[str, object | None] = {
        "title": fields.told(item, "music", "title"),
        "artist": fields.told(item, "music", "authorName"),
        "id": fields.identifier(item, "music", "id"),
        "album": fields.told(item, "music", "album"),
        "original": fields.flag(item, "music", "original"),
    }
    return {name: value for name, value in told.items() if value not in (None, False)}


def cover_address(item: Mapping[str, Any]) -> str | None:
    """The picture a film is shown by in the profile.

    *Source:* recorded objects: ``cover`` and ``originCover`` are two pictures
    of one size; the profile shows the first.
    """
    video = fields.mapping(item, "video")
    return fields.address(video, "cover") or fields.address(video, "originCover")


def cover_key(item: Mapping[str, Any]) -> str | None:
    """The storage key of the cover: stable, while its address is signed anew."""
    photo = fields.told(item, "imagePost", "cover", "imageURL", "uri")
    return _key(photo or urlsplit(cover_address(item) or "").path)


def picture_key(image: Mapping[str, Any]) -> str | None:
    """The storage key of one picture of a photo post."""
    return _key(fields.told(image, "imageURL", "uri") or "")


def _key(path: str) -> str | None:
    """The last part of a storage path: it names the picture on every host."""
    return path.rsplit("/", 1)[-1].split("~", 1)[0] or None


def _place(item: Mapping[str, Any]) -> dict[str, object | None]:
    streets = fields.told(item, "contentLocation", "address", "streetAddress")
    return {
        "location": fields.told(item, "poi", "name") or streets,
        "location_id": fields.identifier(item, "poi", "id"),
        "location_address": fields.told(item, "poi", "address"),
    }


def _hashtags(item: Mapping[str, Any]) -> list[str]:
    named = [fields.told(entry, "title") for entry in fields.objects(item, "challenges")]
    named += [fields.told(entry, "hashtagName") for entry in _marked(item, _HASHTAG)]
    return _distinct(named)


def _mentions(item: Mapping[str, Any]) -> list[str]:
    return _distinct([fields.told(entry, "userUniqueId") for entry in _marked(item, _MENTION)])


def _marked(item: Mapping[str, Any], kind: int) -> Iterator[Mapping[str, Any]]:
    """The marked places of the caption, of one kind."""
    return (
        entry for entry in fields.objects(item, "textExtra") if fields.count(entry, "type") == kind
    )


def _stitched(item: Mapping[str, Any]) -> str | None:
    """The post a stitch begins with: its caption's first word marks it."""
    duet = _other_post(item, "duetInfo", "duetFromId")
    if not re.match(r"\s*#stitch\b", fields.text(item, "desc") or "", re.IGNORECASE):
        return None
    marked = (_other_post(entry, "awemeId") for entry in fields.objects(item, "textExtra"))
    return next((found for found in marked if found and found != duet), None)


def _other_post(value: object, *path: str) -> str | None:
    found = fields.identifier(value, *path)
    return found if found and found.strip("0") else None


def _is_positive(item: Mapping[str, Any], *names: str) -> bool:
    return any(fields.count(item, name) for name in names)


def _is_ai_generated(item: Mapping[str, Any]) -> bool:
    said = any(fields.flag(item, name) for name in ("IsAigc", "ShowAIGC"))
    return said or _is_positive(item, "aigcLabelType", "moderationAigcLabelType")


def _audience(item: Mapping[str, Any]) -> str | None:
    if fields.flag(item, "privateItem"):
        return "private"
    return "friends" if fields.flag(item, "forFriend") else None


def _sticker_texts(item: Mapping[str, Any]) -> list[str]:
    said: list[str | None] = []
    for sticker in fields.objects(item, "stickersOnItem"):
        texts = fields.walk(sticker, "stickerText")
        said += [fields.told(text) for text in (texts if isinstance(texts, list) else ())]
    return _distinct(said)


def _subtitles(item: Mapping[str, Any]) -> dict[str, str]:
    code = fields.identifier(item, "id") or ""
    found = subtitles.of_video(fields.mapping(item, "video"), code)
    return {subtitle.media.media_id: subtitle.origin for subtitle in found if subtitle.origin}


def _texts(item: Mapping[str, Any], path: str, name: str) -> list[str]:
    return _distinct([fields.told(entry, name) for entry in fields.objects(item, path)])


def _distinct(texts: list[str | None]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
