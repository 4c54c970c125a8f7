"""Further facts of a post that a person sees on its page. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.instagram.reading import dig, digits, items, text


def extra_of(item: Mapping[str, object]) -> dict[str, object]:
    """What a visitor sees besides caption, pictures and counts.

    Returns:
        Only the facts that are there: ``alt_text`` (media id to text),
        ``location``, ``music`` (title, artist), ``coauthors`` (handles),
        ``author`` (handle, when another account's post is shown),
        ``comments_disabled``, ``counts_hidden``, ``caption_edited``,
        ``paid_partnership``. People tagged in pictures are left out; they
        stand in the recorded answer.
    """
    found: dict[str, object] = {
        "alt_text": _alt_texts(item),
        "location": text(dig(item, "location", "name")),
        "music": _music(item),
        "coauthors": [
            handle
            for person in items(item.get("coauthor_producers"))
            if (handle := text(dig(person, "username")))
        ],
        "comments_disabled": item.get("comments_disabled") is True,
        "counts_hidden": item.get("like_and_view_counts_disabled") is True,
        "caption_edited": item.get("caption_is_edited") is True,
        "paid_partnership": item.get("is_paid_partnership") is True,
    }
    return {name: value for name, value in found.items() if value}


def _alt_texts(item: Mapping[str, object]) -> dict[str, str]:
    slides = items(item.get("carousel_media")) or (item,)
    found = {}
    for position, slide in enumerate(slides):
        words = text(dig(slide, "accessibility_caption"))
        if words:
            found[digits(dig(slide, "pk")) or str(position)] = words
    return found


def _music(item: Mapping[str, object]) -> dict[str, str]:
    clips = item.get("clips_metadata")
    licensed = dig(clips, "music_info", "music_asset_info") or dig(
        item, "music_metadata", "music_info", "music_asset_info"
    )
    own = dig(clips, "original_sound_info")
    pairs = {
        "title": text(dig(licensed, "title")) or text(dig(own, "original_audio_title")),
        "artist": text(dig(licensed, "display_artist")) or text(dig(own, "ig_artist", "username")),
    }
    return {name: value for name, value in pairs.items() if value}
