"""The media of one Instagram object: which file is which slide.

Pure. An object lists one picture in many sizes and one film in several
versions; exactly one of each is taken, the best, so that a media item costs
one request and keeps its id between listings.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from connectors.instagram.reading import address, dig, digits, items, number, seconds
from connectors.model import Media, MediaKind, MediaRole

IMAGE, VIDEO, CAROUSEL = 1, 2, 8
"""``media_type`` of an object.

*Source:* Instagram web and mobile answers, 2020 to 2026.
"""


def media_of(item: Mapping[str, object]) -> tuple[tuple[Media, ...], bool]:
    """The slides of a post in order, each film followed by its cover.

    Args:
        item: A media object of the timeline or single-post answer.

    Returns:
        The media that have an address, and whether none is missing.
    """
    slides = items(item.get("carousel_media")) if item.get("media_type") == CAROUSEL else (item,)
    found: list[Media] = []
    whole = bool(slides)
    parent = digits(item.get("pk")) or str(item.get("code"))
    for position, slide in enumerate(slides):
        pk = _own_id(slide) or f"{parent}-{position}"
        kind = dig(slide, "media_type") or IMAGE
        picture = best_picture(slide)
        if kind == VIDEO:
            film = best_film(slide)
            if film:
                found.append(_media(film, pk, MediaKind.VIDEO, MediaRole.CONTENT, position, slide))
            if picture:
                cover = f"{pk}-cover"
                found.append(_media(picture, cover, MediaKind.IMAGE, MediaRole.COVER, position))
            whole = whole and film is not None
        elif picture:
            found.append(_media(picture, pk, MediaKind.IMAGE, MediaRole.CONTENT, position))
        whole = whole and (kind == VIDEO or picture is not None)
    return tuple(found), whole


def best_picture(item: object) -> Mapping[str, object] | None:
    """The largest candidate with the original's proportions.

    The list also holds square crops, which can have more pixels than an
    original in landscape; without known proportions the first one is taken,
    which the platform's own pages show.
    """
    candidates = [
        candidate
        for candidate in items(dig(item, "image_versions2", "candidates"))
        if isinstance(candidate, Mapping) and address(candidate.get("url"))
    ]
    if not candidates:
        return None
    wanted = _proportion(dig(item, "original_width"), dig(item, "original_height"))
    if wanted is None:
        wanted = _proportion(candidates[0].get("width"), candidates[0].get("height"))
    alike = [c for c in candidates if _alike(wanted, c)]
    return max(alike, key=_area) if alike else candidates[0]


def best_film(item: object) -> Mapping[str, object] | None:
    """The version with most pixels, then the highest bandwidth, then the first."""
    versions = [
        version
        for version in items(dig(item, "video_versions"))
        if isinstance(version, Mapping) and address(version.get("url"))
    ]
    if not versions:
        return None
    return max(versions, key=lambda v: (_area(v), number(v.get("bandwidth")) or 0))


def storage_key(url: object) -> str | None:
    """Under which name the platform keeps a picture, from any address of it.

    Another size, host, signature or file type of the same picture has the same
    key; another picture has another.

    *Source:* all sizes of one picture in recorded answers of 2020 to 2026 end
    in one file name, ``NUMBER_NUMBER_NUMBER_n.jpg``. ``ig_cache_key`` in the
    query is no such key: it names the post, and only sometimes the picture.
    """
    found = address(url)
    if found is None:
        return None
    try:
        name = urlsplit(found).path.rpartition("/")[2]
    except ValueError:
        return None
    return name.partition(".")[0] or None


def _own_id(slide: object) -> str | None:
    pk = digits(dig(slide, "pk"))
    if pk is None and isinstance(joined := dig(slide, "id"), str):
        pk = digits(joined.partition("_")[0])
    return pk


def _media(
    version: Mapping[str, object],
    media_id: str,
    kind: MediaKind,
    role: MediaRole,
    position: int,
    slide: object = None,
) -> Media:
    return Media(
        media_id=media_id,
        kind=kind,
        role=role,
        position=position,
        url=str(version["url"]),
        width=number(version.get("width")) or None,
        height=number(version.get("height")) or None,
        duration_s=seconds(dig(slide, "video_duration")),
    )


def _proportion(width: object, height: object) -> float | None:
    across, down = number(width), number(height)
    return across / down if across and down else None


def _alike(wanted: float | None, candidate: Mapping[str, object]) -> bool:
    found = _proportion(candidate.get("width"), candidate.get("height"))
    return wanted is not None and found is not None and abs(found / wanted - 1) < 0.02


def _area(version: Mapping[str, object]) -> int:
    return (number(version.get("width")) or 0) * (number(version.get("height")) or 0)
