"""An Instagram account made of recorded media objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from demo.standins import StandIns, with_stand_ins
from demo.world import Account, Asset, Item, Slide

_VIDEO, _CAROUSEL = 2, 8
"""Values of media_type. Source: recorded objects."""

Recorded = Mapping[str, Any]


def instagram_account(objects: Sequence[Recorded], media: Path) -> Account:
    """The account that the recorded objects belong to.

    Args:
        objects: Media objects of one author.
        media: Where stand-ins are kept.
    """
    user = objects[0]["user"]
    makes = StandIns(media, user["username"])
    return Account(
        "instagram",
        str(user["pk"]),
        user["username"],
        user.get("full_name") or "",
        verified=bool(user.get("is_verified")),
        avatar=makes.avatar(),
        items=[_item(recorded, makes) for recorded in objects],
    )


def _item(recorded: Recorded, makes: StandIns) -> Item:
    parts: list[Recorded] = recorded.get("carousel_media") or [recorded]
    slides = tuple(
        _slide(part, makes, f"{recorded['code']} {number + 1}/{len(parts)}")
        for number, part in enumerate(parts)
    )
    avatar = makes.avatar()

    def choose(keys: tuple[str, ...]) -> Asset:
        # The keys say whose picture it is before they say what it is.
        if any(key in ("user", "owner", "coauthor_producers", "music_info") for key in keys):
            return makes.sound() if keys[-1].endswith("download_url") else avatar
        slide = slides[int(keys[1])] if keys[0] == "carousel_media" else slides[0]
        if "video_versions" in keys:
            return slide.asset
        return slide.cover or slide.asset

    kind = {_VIDEO: "reel", _CAROUSEL: "carousel"}.get(recorded["media_type"], "photo")
    caption = recorded.get("caption") or {}
    return Item(
        recorded["code"],
        str(recorded["pk"]),
        kind,
        caption.get("text") or "",
        datetime.fromtimestamp(int(recorded["taken_at"]), UTC),
        slides,
        likes=recorded.get("like_count") or 0,
        comments=recorded.get("comment_count") or 0,
        plays=recorded.get("play_count") or 0,
        hide_counts=bool(recorded.get("like_and_view_counts_disabled")),
        raw=cast(Mapping[str, object], with_stand_ins(recorded, choose)),
    )


def _slide(part: Recorded, makes: StandIns, name: str) -> Slide:
    media_id = str(part.get("pk") or str(part["id"]).partition("_")[0])
    still = makes.picture(name, part.get("original_width") or 4, part.get("original_height") or 5)
    if part.get("media_type") == _VIDEO:
        return Slide(media_id, makes.film(name), still, sound=makes.sound())
    return Slide(media_id, still)
