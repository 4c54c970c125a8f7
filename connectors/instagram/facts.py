"""Further facts of a post that a person sees on its page. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.instagram.links import target
from connectors.instagram.music import music_of
from connectors.instagram.people import sponsors_of, tagged_in
from connectors.instagram.reading import dig, digits, items, text
from connectors.instagram.slides import CAROUSEL, VIDEO, best_picture, storage_key

_FLAGS = {
    "comments_disabled": "comments_disabled",
    "counts_hidden": "like_and_view_counts_disabled",
    "caption_edited": "caption_is_edited",
    "paid_partnership": "is_paid_partnership",
}
"""Our name of a switch and the platform's."""


def extra_of(item: Mapping[str, object]) -> dict[str, object]:
    """What a visitor sees besides caption, authors, pictures and counts.

    Returns:
        Only the facts that are there: ``alt_text`` (media id to text),
        ``location`` with ``location_id`` and ``location_address``, ``music``
        (title, artist, id), ``tagged`` (handles), ``sponsors`` (handles),
        ``cover``, ``title``, ``links``, the switches and ``is_ai_generated``.
    """
    sponsors = sponsors_of(item)
    found: dict[str, object] = {
        "alt_text": alt_texts(item),
        **place(item.get("location")),
        "music": music_of(item),
        "tagged": tagged_in(item),
        "sponsors": sponsors,
        "cover": _cover(item),
        "title": text(item.get("title")),
        "links": _links(item),
        "is_ai_generated": _is_generated(item),
        **{ours: item.get(theirs) is True for ours, theirs in _FLAGS.items()},
    }
    if sponsors:
        found["paid_partnership"] = True
    return {name: value for name, value in found.items() if value}


def alt_texts(item: Mapping[str, object]) -> dict[str, str]:
    """Descriptions of the pictures, by media id."""
    slides = (item,)
    if item.get("media_type") == CAROUSEL:
        slides = tuple(items(item.get("carousel_media"))) or slides  # type: ignore[assignment]
    found = {}
    for position, slide in enumerate(slides):
        words = text(dig(slide, "accessibility_caption"))
        if words:
            found[digits(dig(slide, "pk")) or str(position)] = words
    return found


def place(told: object) -> dict[str, object]:
    """Name, number and street of a place; values may be empty."""
    parts = (text(dig(told, key)) for key in ("address", "city"))
    return {
        "location": text(dig(told, "name")),
        "location_id": digits(dig(told, "pk")) or digits(dig(told, "id")),
        "location_address": ", ".join(part for part in parts if part),
    }


def _cover(item: Mapping[str, object]) -> str | None:
    """The key of a film's cover; its owner can change it, unlike a picture."""
    picture = best_picture(item) if item.get("media_type") == VIDEO else None
    return storage_key(picture["url"]) if picture else None


def _links(item: Mapping[str, object]) -> list[str]:
    calls = [link for cta in items(item.get("story_cta")) for link in items(dig(cta, "links"))]
    found = (target(item.get("link")), *(target(dig(link, "webUri")) for link in calls))
    return list(dict.fromkeys(link for link in found if link))


def _is_generated(item: Mapping[str, object]) -> bool:
    """Whether the page carries the label "AI info".

    *Source:* ``detection_method`` is ``NONE`` in recorded mobile answers of
    posts without the label.
    """
    method = text(dig(item, "gen_ai_detection_method", "detection_method"))
    return method is not None and method != "NONE"
