"""Stories and highlights of the pretend Instagram, in its two dialects.

Field names are those of recorded answers: the older web query says
``display_resources`` and ``tappable_objects``, the mobile interface
``image_versions2`` and ``story_locations``.
"""

from __future__ import annotations

from urllib.parse import quote

from demo.instagram.answers import Json, Voice, song
from demo.world import STORY_LIFE, Account, Asset, Collection, Item


def find_item(account: Account, code: str) -> Item | None:
    """A story that an account's collection names, unless it was withdrawn."""
    for item in account.items:
        if code in (item.code, item.native_id) and item.kind == "story":
            return item if item.state == "public" else None
    return None


def kept(account: Account, collection: Collection) -> list[Item]:
    """The stories of a highlight, oldest first."""
    found = (find_item(account, code) for code in collection.codes)
    return [item for item in found if item is not None]


def is_shown(account: Account, item: Item, voice: Voice) -> bool:
    """Whether a visitor can see a story now: in the tray, or in a highlight."""
    if account.private or account.gone:
        return False
    if item in voice.world.stories(account, voice.now):
        return True
    return any(item in kept(account, collection) for collection in account.collections)


def collection_of(voice: Voice, native_id: str) -> tuple[Account, Collection] | None:
    """A highlight by its id, with whose it is."""
    for account in voice.world.accounts.values():
        if account.platform != "instagram" or account.gone or account.private:
            continue
        for collection in account.collections:
            if collection.native_id == native_id:
                return account, collection
    return None


# -- the older web query ----------------------------------------------------------


def legacy_reel(account: Account, items: list[Item], voice: Voice) -> Json:
    """The stories of an account as the web query answers them."""
    newest = max(items, key=lambda item: item.taken_at).taken_at
    return {
        "__typename": "GraphReel",
        "id": account.native_id,
        "latest_reel_media": int(newest.timestamp()),
        "can_reply": False,
        "owner": {"__typename": "GraphUser", **_person(account, voice)},
        "can_reshare": True,
        "expiring_at": int((newest + STORY_LIFE).timestamp()),
        "has_besties_media": None,
        "has_pride_media": False,
        "seen": None,
        "user": _person(account, voice),
        "items": [_legacy_item(account, item, voice) for item in items],
    }


def legacy_highlight(account: Account, collection: Collection, voice: Voice) -> Json:
    """A highlight with its stories as the web query answers it."""
    return {
        "__typename": "GraphHighlightReel",
        "id": collection.native_id,
        "latest_reel_media": None,
        "can_reply": True,
        "owner": {"__typename": "GraphUser", **_person(account, voice)},
        "items": [_legacy_item(account, item, voice) for item in kept(account, collection)],
    }


def highlight_node(account: Account, collection: Collection, voice: Voice) -> Json:
    """A highlight in the list of highlights: its title and its cover."""
    cover = voice.sign(collection.cover)
    return {
        "__typename": "GraphHighlightReel",
        "id": collection.native_id,
        "cover_media": {"thumbnail_src": cover},
        "cover_media_cropped_thumbnail": {"url": voice.sign(collection.cover)},
        "owner": {"__typename": "GraphUser", **_person(account, voice)},
        "title": collection.title,
    }


def _legacy_item(account: Account, item: Item, voice: Voice) -> Json:
    (slide, *_) = item.slides
    film = slide.asset.mime.startswith("video/")
    picture = slide.cover if film else slide.asset
    found: Json = {
        "audience": "MediaAudience.DEFAULT",
        "__typename": "GraphStoryVideo" if film else "GraphStoryImage",
        "id": item.native_id,
        "dimensions": {"height": slide.asset.height, "width": slide.asset.width},
        "display_resources": _resources(picture, voice) if picture else [],
        "taken_at_timestamp": int(item.taken_at.timestamp()),
        "expiring_at_timestamp": int((item.taken_at + STORY_LIFE).timestamp()),
        "story_cta_url": None,
        "story_view_count": None,
        "is_video": film,
        "owner": _person(account, voice),
        "tappable_objects": _tappable(item),
        "story_app_attribution": None,
        "edge_media_to_sponsor_user": {"edges": []},
    }
    if film:
        found["has_audio"] = True
        found["video_duration"] = slide.asset.duration_s
        found["video_resources"] = [
            {**resource, "mime_type": "video/mp4", "profile": "MAIN"}
            for resource in _resources(slide.asset, voice)[:1]
        ]
    return found


def _resources(asset: Asset, voice: Voice) -> list[Json]:
    """Half size only: the mobile interface has the best one."""
    return [
        {
            "src": voice.sign(asset),
            "config_width": asset.width // 2,
            "config_height": asset.height // 2,
        }
    ]


def _tappable(item: Item) -> list[Json]:
    place: Json = {"x": 0.5, "y": 0.5, "width": 0.2, "height": 0.05, "rotation": 0.0}
    found: list[Json] = [
        {"__typename": "GraphTappableMention", **place, "username": handle, "is_private": False}
        for handle in item.tagged
    ]
    if item.place:
        found.append({"__typename": "GraphTappableLocation", **place, "id": item.place.native_id})
    return found


def _by_detour(link: str) -> str:
    """A link as the platform hands it out: over its own address."""
    return f"https://l.instagram.com/?u={quote(link, safe='')}&e=AT0pretend"


def _person(account: Account, voice: Voice) -> Json:
    return {
        "id": account.native_id,
        "profile_pic_url": voice.avatar(account),
        "username": account.handle,
        "followed_by_viewer": False,
        "requested_by_viewer": False,
    }


# -- the mobile interface ---------------------------------------------------------


def mobile_reel(account: Account, items: list[Item], voice: Voice) -> Json:
    """The stories of an account as the mobile interface answers them."""
    newest = max(items, key=lambda item: item.taken_at).taken_at
    return {
        "id": int(account.native_id),
        "strong_id__": account.native_id,
        "latest_reel_media": int(newest.timestamp()),
        "expiring_at": int((newest + STORY_LIFE).timestamp()),
        "seen": 0,
        "can_reply": False,
        "can_reshare": True,
        "reel_type": "user_reel",
        "user": voice.short_user(account),
        "items": [mobile_item(account, item, voice) for item in items],
        "media_count": len(items),
    }


def mobile_highlight(account: Account, collection: Collection, voice: Voice) -> Json:
    """A highlight with its stories as the mobile interface answers it."""
    items = kept(account, collection)
    return {
        "id": f"highlight:{collection.native_id}",
        "strong_id__": f"highlight:{collection.native_id}",
        "title": collection.title,
        "cover_media": {
            "cropped_image_version": {"url": voice.sign(collection.cover)},
            "full_image_version": {"url": voice.sign(collection.cover)},
        },
        "reel_type": "highlight_reel",
        "user": voice.short_user(account),
        "items": [mobile_item(account, item, voice) for item in items],
        "media_count": len(items),
    }


def mobile_item(account: Account, item: Item, voice: Voice) -> Json:
    """One story; its id is a number here, as the library wants it."""
    alt_text = item.alt_texts[0] if item.alt_texts else None
    found: Json = {
        **voice.slide(item.slides[0], alt_text),
        "pk": int(item.native_id),
        "id": f"{item.native_id}_{account.native_id}",
        "code": item.code,
        "taken_at": int(item.taken_at.timestamp()),
        "expiring_at": int((item.taken_at + STORY_LIFE).timestamp()),
        "product_type": "story",
        "caption": {"pk": "1", "text": item.caption} if item.caption else None,
        "user": voice.short_user(account),
        "has_liked": False,
        "is_reel_media": True,
        "is_paid_partnership": False,
        "reel_mentions": [{"user": {"username": handle}} for handle in item.tagged],
    }
    if item.place:
        place = {"pk": item.place.native_id, "name": item.place.name, "address": item.place.address}
        found["story_locations"] = [{"location": place}]
    if item.links:
        found["story_link_stickers"] = [
            {"id": str(n), "story_link": {"url": _by_detour(link), "link_title": ""}}
            for n, link in enumerate(item.links)
        ]
    if item.song:
        found["story_music_stickers"] = [{"music_asset_info": song(item)}]
    return found
