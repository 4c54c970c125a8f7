"""Real recorded media objects, served as recorded with addresses rewritten."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable

from demo.world import Account, Asset, Item, Slide

_MEDIA_ADDRESS = re.compile(r"https://[^/\s]*(?:cdninstagram\.com|fbcdn\.net)/")


def recorded(item: Item, account: Account, sign: Callable[[Asset], str]) -> dict[str, object]:
    """The recorded object of an item, pointing at files this world can serve.

    Args:
        item: A post with `Item.raw`.
        account: Its account; the owner's picture becomes its avatar.
        sign: Gives a fresh address for a file.

    Returns:
        A copy. Only media addresses differ from the recording, and the
        caption, counts switch and pin where the world has changed them.
    """
    found = copy.deepcopy(dict(item.raw or {}))
    slides = found.get("carousel_media") or [found]
    assert isinstance(slides, list)
    for index, slide in enumerate(slides):
        _point(slide, item.slides[min(index, len(item.slides) - 1)], sign)
    if slides[0] is not found:
        _point(found, item.slides[0], sign)
    kept = ("image_versions2", "video_versions", "carousel_media")
    for name, value in found.items():
        if name not in kept:
            found[name] = _elsewhere(value, account.avatar, sign)
    _changes(found, item, account)
    return found


def _point(slide: dict[str, object], ours: Slide, sign: Callable[[Asset], str]) -> None:
    film = ours.asset if ours.asset.mime.startswith("video/") else None
    picture = ours.cover if film else ours.asset
    versions = slide.get("image_versions2")
    if isinstance(versions, dict):
        for candidate in versions.get("candidates") or []:
            candidate["url"] = sign(picture or ours.asset)
        versions.pop("additional_candidates", None)
        versions.pop("scrubber_spritesheet_info_candidates", None)
    for version in slide.get("video_versions") or []:  # type: ignore[attr-defined]
        version["url"] = sign(film or ours.asset)
    for name in ("video_dash_manifest", "display_uri"):
        if slide.get(name):
            slide[name] = None


def _elsewhere(value: object, avatar: Asset | None, sign: Callable[[Asset], str]) -> object:
    """Any other media address (owners' pictures) leads to the avatar."""
    if isinstance(value, str):
        if not _MEDIA_ADDRESS.match(value):
            return value
        return sign(avatar) if avatar else None
    if isinstance(value, list):
        return [_elsewhere(part, avatar, sign) for part in value]
    if isinstance(value, dict):
        return {name: _elsewhere(part, avatar, sign) for name, part in value.items()}
    return value


def _changes(found: dict[str, object], item: Item, account: Account) -> None:
    caption = found.get("caption")
    if isinstance(caption, dict) and caption.get("text") != item.caption:
        found["caption"] = {**caption, "text": item.caption}
    if item.pinned:
        found["timeline_pinned_user_ids"] = [account.native_id]
    if item.hide_counts:
        found.update({"like_count": -1, "like_and_view_counts_disabled": True})
