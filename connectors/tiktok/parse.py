"""TikTok's item and user objects -> values. Pure: no clock, no network.

The same functions read an item of a listing and the item of a video page, so
both give the same caption, kind and media ids, and hence the same digest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.model import (
    AccountRef,
    Media,
    MediaKind,
    MediaRole,
    Metrics,
    Post,
    PostKind,
    PostRef,
    Profile,
    RecordId,
)
from connectors.tiktok import fields, film

PLATFORM = "tiktok"


def item_id(item: Mapping[str, Any]) -> str | None:
    """The id of an item object, or ``None`` if it has none that is one."""
    return fields.identifier(item, "id")


def author_id(item: Mapping[str, Any]) -> str | None:
    """The numeric id of an item's author, if told."""
    return fields.identifier(item, "author", "id") or fields.identifier(item, "authorId")


def post(
    item: Mapping[str, Any],
    owner: AccountRef,
    *,
    from_page: bool,
    evidence: tuple[RecordId, ...] = (),
) -> Post | None:
    """One item object of a listing or a video page.

    Args:
        item: ``itemStruct`` or an entry of ``itemList``.
        owner: The account asked for; its handle completes the permalink.
        from_page: Whether the post's own page gave it, beyond which there is
            nothing to read. A listed item is complete if it names its media.
        evidence: The records the item was read from.

    Returns:
        The post, or ``None`` if the object has no usable id.
    """
    code = item_id(item)
    if code is None:
        return None
    kind = _kind(item)
    handle = fields.told(item, "author", "uniqueId") or owner.handle
    media = _media(item, code, kind)
    has_content = any(entry.role is MediaRole.CONTENT for entry in media)
    return Post(
        ref=PostRef(PLATFORM, code, owner, native_id=code),
        kind=kind,
        caption=fields.text(item, "desc"),
        published_at=fields.moment(item, "createTime"),
        permalink=f"https://www.tiktok.com/@{handle}/video/{code}",
        media=media,
        metrics=metrics(item),
        pinned=bool(fields.flag(item, "isPinnedItem") or fields.flag(item, "isTop")),
        is_complete=kind is not None and (from_page or has_content),
        extra=_extra(item),
        evidence=evidence,
    )


def metrics(item: Mapping[str, Any]) -> Metrics:
    """Public counts; ``statsV2`` is exact where ``stats`` is rounded."""

    def number(name: str) -> int | None:
        exact = fields.count(item, "statsV2", name)
        return fields.count(item, "stats", name) if exact is None else exact

    return Metrics(
        likes=number("diggCount"),
        comments=number("commentCount"),
        plays=number("playCount"),
        shares=number("shareCount"),
        saves=number("collectCount"),
    )


def profile(info: Mapping[str, Any], *, evidence: tuple[RecordId, ...] = ()) -> Profile | None:
    """An account from ``webapp.user-detail``'s ``userInfo`` object.

    Returns:
        The profile, or ``None`` if it has no numeric id or no handle.
    """
    user = fields.mapping(info, "user")
    native_id, handle = fields.identifier(user, "id"), fields.told(user, "uniqueId")
    if native_id is None or handle is None:
        return None

    def number(name: str) -> int | None:
        exact = fields.count(info, "statsV2", name)
        return fields.count(info, "stats", name) if exact is None else exact

    return Profile(
        platform=PLATFORM,
        native_id=native_id,
        handle=handle,
        name=fields.text(user, "nickname"),
        biography=fields.text(user, "signature"),
        external_url=fields.told(user, "bioLink", "link"),
        is_private=fields.flag(user, "privateAccount"),
        is_verified=fields.flag(user, "verified"),
        followers=number("followerCount"),
        following=number("followingCount"),
        declared_posts=number("videoCount"),
        avatar=_avatar(user, native_id),
        locator=fields.told(user, "secUid"),
        evidence=evidence,
    )


def _avatar(user: Mapping[str, Any], native_id: str) -> Media | None:
    for size in ("avatarLarger", "avatarMedium", "avatarThumb"):
        url = fields.address(user, size)
        if url:
            return Media(f"{native_id}-avatar", MediaKind.IMAGE, MediaRole.AVATAR, 0, url)
    return None


def _kind(item: Mapping[str, Any]) -> PostKind | None:
    if any(fields.objects(item, "imagePost", "images")):
        return PostKind.PHOTO_MODE
    if fields.mapping(item, "video"):
        return PostKind.VIDEO
    return None


def _media(item: Mapping[str, Any], code: str, kind: PostKind | None) -> tuple[Media, ...]:
    if kind is PostKind.PHOTO_MODE:
        return (*_images(item, code), *_sound(item, code))
    if kind is PostKind.VIDEO:
        return tuple(_film(item, code))
    return ()


def _film(item: Mapping[str, Any], code: str) -> Iterator[Media]:
    video = fields.mapping(item, "video")
    chosen = film.best(video)
    duration = fields.seconds(video, "duration")
    if chosen:
        yield Media(
            code,
            MediaKind.VIDEO,
            MediaRole.CONTENT,
            0,
            chosen.url,
            width=chosen.width,
            height=chosen.height,
            duration_s=duration,
        )
    cover = fields.address(video, "originCover") or fields.address(video, "cover")
    if cover:
        yield Media(f"{code}-cover", MediaKind.IMAGE, MediaRole.COVER, 0, cover)
    yield from _subtitles(video, code)


def _subtitles(video: Mapping[str, Any], code: str) -> Iterator[Media]:
    """Every listed subtitle: the speech recogniser's, translations, the owner's."""
    taken: set[str] = set()
    for entry in fields.objects(video, "subtitleInfos"):
        url = fields.address(entry, "Url")
        language = fields.told(entry, "LanguageCodeName") or fields.told(entry, "LanguageID")
        if not url:
            continue
        form = fields.told(entry, "Format") or "webvtt"
        base = f"{code}-subtitle-{language or 'und'}"
        name = base if form == "webvtt" else f"{base}-{form}"
        serial = 2
        unique = name
        while unique in taken:
            unique, serial = f"{name}-{serial}", serial + 1
        taken.add(unique)
        yield Media(unique, MediaKind.SUBTITLE, MediaRole.SUBTITLE, 0, url, language=language)


def _images(item: Mapping[str, Any], code: str) -> Iterator[Media]:
    for position, entry in enumerate(fields.objects(item, "imagePost", "images")):
        urls = fields.walk(entry, "imageURL", "urlList")
        known = (fields.address(url) for url in (urls if isinstance(urls, list) else ()))
        url = next((found for found in known if found), None)
        if url is None:
            continue
        uri = fields.told(entry, "imageURL", "uri") or ""
        # The last part of the storage key names the picture on every host.
        name = uri.rsplit("/", 1)[-1].split("~", 1)[0]
        yield Media(
            name or f"{code}-{position + 1}",
            MediaKind.IMAGE,
            MediaRole.CONTENT,
            position,
            url,
            width=fields.count(entry, "imageWidth"),
            height=fields.count(entry, "imageHeight"),
        )


def _sound(item: Mapping[str, Any], code: str) -> Iterator[Media]:
    url = fields.address(item, "music", "playUrl")
    if url:
        name = fields.identifier(item, "music", "id") or code
        yield Media(
            f"{name}-sound",
            MediaKind.AUDIO,
            MediaRole.SOUND,
            0,
            url,
            duration_s=fields.seconds(item, "music", "duration"),
        )


def _extra(item: Mapping[str, Any]) -> dict[str, object]:
    """Further facts a viewer sees; absent ones are left out."""
    tags = [fields.told(entry, "title") for entry in fields.objects(item, "challenges")]
    facts: dict[str, object | None] = {
        "photo_title": fields.told(item, "imagePost", "title"),
        "hashtags": [tag for tag in tags if tag] or None,
        "music_title": fields.told(item, "music", "title"),
        "music_author": fields.told(item, "music", "authorName"),
        "place": fields.told(item, "poi", "name"),
        "is_advertisement": fields.flag(item, "isAd"),
        "is_ai_generated": fields.flag(item, "IsAigc"),
        "duet_of": fields.identifier(item, "duetInfo", "duetFromId"),
    }
    if facts["duet_of"] == "0":
        facts["duet_of"] = None
    return {name: value for name, value in facts.items() if value is not None}
