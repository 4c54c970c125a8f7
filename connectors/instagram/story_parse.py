"""Stories and the highlights that keep them -> values of `connectors.model`. Pure.

One story is told in two dialects: the web query of old (``display_resources``,
``tappable_objects``) and the mobile interface (``image_versions2``,
``story_link_stickers``). Both give the same `Post`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from connectors.instagram.reading import Unreadable, address, dig, digits, items, moment, text
from connectors.instagram.slides import IMAGE, VIDEO, media_of
from connectors.instagram.stickers import shown_on
from connectors.model import (
    AccountRef,
    Author,
    AuthorRole,
    Highlight,
    Media,
    MediaKind,
    MediaRole,
    Post,
    PostKind,
    PostRef,
    RecordId,
)

_PLATFORM = "instagram"
_HIGHLIGHT_ID = re.compile(r"(?:highlight:)?([0-9]{1,19})")


def story(
    item: object,
    owner: AccountRef,
    evidence: tuple[RecordId, ...],
    *,
    highlight: Highlight | None = None,
) -> Post:
    """One story.

    Args:
        item: A story object of either dialect.
        owner: The account it was found under.
        evidence: The records it was read from.
        highlight: The collection it was found in; ``None`` for the tray.

    Returns:
        A post of kind ``STORY``, or ``HIGHLIGHT`` when found in a collection,
        which does not expire and names the collection in ``highlights``.

    Raises:
        Unreadable: It has no usable id, or belongs to another account.
    """
    pk = _own_id(item)
    if not isinstance(item, Mapping) or pk is None:
        raise Unreadable("malformed_item", "a story has no usable id")
    author = _author(item, owner)
    media, whole = media_of({**_modern(item), "pk": pk})
    taken = moment(item.get("taken_at")) or moment(item.get("taken_at_timestamp"))
    expires = moment(item.get("expiring_at")) or moment(item.get("expiring_at_timestamp"))
    extra = shown_on(item, pk)
    if highlight is not None and highlight.title:
        extra["highlights"] = [highlight.title]
    return Post(
        ref=PostRef(_PLATFORM, f"story:{pk}", owner, pk),
        kind=PostKind.STORY if highlight is None else PostKind.HIGHLIGHT,
        caption=_caption(item),
        published_at=taken,
        permalink=f"https://www.instagram.com/stories/{author.handle}/{pk}/",
        media=media,
        is_complete=whole and taken is not None,
        authors=(author,),
        expires_at=expires if highlight is None else None,
        extra=extra,
        evidence=evidence,
    )


def highlight(node: object) -> Highlight:
    """One collection, from a tray or from an answer with its stories.

    Raises:
        Unreadable: It has no usable id.
    """
    told = dig(node, "id")
    found = _HIGHLIGHT_ID.fullmatch(told if isinstance(told, str) else digits(told) or "")
    if found is None:
        raise Unreadable("malformed_item", "a highlight has no usable id")
    return Highlight(found[1], text(dig(node, "title")) or "", _cover(found[1], node))


def _own_id(item: object) -> str | None:
    joined = dig(item, "id")
    own = joined.partition("_")[0] if isinstance(joined, str) else joined
    return digits(dig(item, "pk")) or digits(own)


def _author(item: Mapping[str, object], owner: AccountRef) -> Author:
    for name in ("user", "owner"):
        native_id = digits(dig(item, name, "pk")) or digits(dig(item, name, "id"))
        if native_id is None:
            continue
        if owner.native_id not in (None, native_id):
            raise Unreadable("wrong_object", f"the story belongs to account {native_id}")
        handle = text(dig(item, name, "username")) or owner.handle
        return Author(handle, AuthorRole.OWNER, native_id)
    return Author(owner.handle, AuthorRole.OWNER, owner.native_id)


def _caption(item: Mapping[str, object]) -> str | None:
    """The text under a story; only the mobile interface tells of one."""
    if "caption" not in item:
        return None
    return text(dig(item["caption"], "text")) or ""


def _modern(item: Mapping[str, object]) -> Mapping[str, object]:
    """The object with its files under the names of the mobile interface."""
    if "image_versions2" in item or "video_versions" in item:
        return item
    pictures = _versions(item.get("display_resources"))
    if not pictures and address(item.get("display_url")):
        pictures = [{"url": item["display_url"]}]
    return {
        "media_type": VIDEO if item.get("is_video") is True else IMAGE,
        "original_width": dig(item, "dimensions", "width"),
        "original_height": dig(item, "dimensions", "height"),
        "image_versions2": {"candidates": pictures},
        "video_versions": _versions(item.get("video_resources")),
        "video_duration": item.get("video_duration"),
    }


def _versions(resources: object) -> list[Mapping[str, object]]:
    return [
        {
            "url": dig(resource, "src"),
            "width": dig(resource, "config_width"),
            "height": dig(resource, "config_height"),
        }
        for resource in items(resources)
    ]


def _cover(native_id: str, node: object) -> Media | None:
    """The picture a collection is shown by, the whole one before the round crop."""
    wanted = (
        ("cover_media", "full_image_version", "url"),
        ("cover_media", "thumbnail_src"),
        ("cover_media", "cropped_image_version", "url"),
        ("cover_media_cropped_thumbnail", "url"),
    )
    for path in wanted:
        url = address(dig(node, *path))
        if url:
            return Media(f"{native_id}-cover", MediaKind.IMAGE, MediaRole.COVER, 0, url)
    return None
