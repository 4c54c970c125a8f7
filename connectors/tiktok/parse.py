"""TikTok's item and user objects -> values. Pure: no clock, no network.

The same functions read an item of a listing and the item of a video page, so
both give the same caption, kind and media ids, and hence the same digest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.model import (
    AccountRef,
    Author,
    AuthorRole,
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
from connectors.tiktok import facts, fields, film, subtitles

PLATFORM = "tiktok"


def item_id(item: Mapping[str, Any]) -> str | None:
    """The id of an item object, or ``None`` if it has none that is one."""
    return fields.identifier(item, "id")


def author_id(item: Mapping[str, Any]) -> str | None:
    """The numeric id of an item's author, if told."""
    return fields.identifier(item, "author", "id") or fields.identifier(item, "authorId")


def is_pinned(item: Mapping[str, Any]) -> bool:
    """Whether its owner pinned it."""
    return bool(fields.flag(item, "isPinnedItem") or fields.flag(item, "isTop"))


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
        pinned=is_pinned(item),
        is_complete=kind is not None and (from_page or has_content),
        authors=_authors(item),
        extra=facts.of_item(item),
        evidence=evidence,
    )


def _authors(item: Mapping[str, Any]) -> tuple[Author, ...]:
    """Its owner. No recorded object names a further author: the web client
    shows none."""
    handle = fields.told(item, "author", "uniqueId")
    return (Author(handle, AuthorRole.OWNER, author_id(item)),) if handle else ()


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


def born_ms(info: Mapping[str, Any]) -> int | None:
    """A moment before which an account cannot have posted, Unix time in ms.

    The earlier of two: what its profile names as its creation, and the second
    that the upper half of a modern numeric id counts.

    Returns:
        ``None`` for an account whose id is too old to hold a time.

    *Source:* recorded objects: of one account both agree to seconds, of
    another the named creation lies eight months after its id.
    """
    native_id = int(fields.identifier(info, "user", "id") or "0")
    told = fields.moment(info, "user", "createTime")
    if told is None or not 2**60 <= native_id < 2**63:
        return None
    return min(int(told.timestamp()), native_id >> 32) * 1000


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
    cover = facts.cover_address(item)
    if cover:
        yield Media(f"{code}-cover", MediaKind.IMAGE, MediaRole.COVER, 0, cover)
    for subtitle in subtitles.of_video(video, code):
        yield subtitle.media


def _images(item: Mapping[str, Any], code: str) -> Iterator[Media]:
    """The pictures as uploaded. A picture's addresses are mirrors of one file
    on two hosts, not sizes. *Source:* public clients' tests of photo posts."""
    taken: set[str] = set()
    for position, entry in enumerate(fields.objects(item, "imagePost", "images")):
        urls = fields.walk(entry, "imageURL", "urlList")
        known = (fields.address(url) for url in (urls if isinstance(urls, list) else ()))
        url = next((found for found in known if found), None)
        if url is None:
            continue
        key = facts.picture_key(entry)
        name = key if key and key not in taken else f"{code}-{position + 1}"
        taken.add(name)
        yield Media(
            name,
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
