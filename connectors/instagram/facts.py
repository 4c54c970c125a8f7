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
        Only the facts that are told: ``alt_text`` (media id to text),
        ``location`` with ``location_id`` and ``location_address``, ``music``
        (title, artist, id), ``tagged`` (handles), ``sponsors`` (handles),
        ``cover``, ``title``, ``links``, the switches and ``is_ai_generated``.
        Of those, what an owner can take back stands there as ``False``, ``None``
        or ``""`` when the answer tells that it is off; see `_taken_back`.
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
    return _taken_back(item) | {name: value for name, value in found.items() if value}


def _taken_back(item: Mapping[str, object]) -> dict[str, object]:
    """Facts of a post's content that the answer names and that are off.

    Outlines lack these keys altogether: then nothing is told.

    *Source:* recorded web answers: ``comments_disabled`` is null where people
    may comment, ``location`` where no place is named.
    """
    off: dict[str, object] = {}
    if "comments_disabled" in item:
        off["comments_disabled"] = False
    if "location" in item:
        off["location"] = None
    if "title" in item and item.get("media_type") == VIDEO:
        off["title"] = ""
    return off


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
