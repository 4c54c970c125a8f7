"""The music a post names. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.instagram.reading import dig, digits, text

_CARRIERS = ("clips_metadata", "music_metadata")
"""Reels tell of their music in the first, photo posts in the second.

*Source:* Instagram web and mobile answers, 2024 to 2026.
"""


def music_of(item: Mapping[str, object]) -> dict[str, str]:
    """Title, artist and id of a licensed song or of a sound of its own.

    Returns:
        Whichever of ``title``, ``artist`` and ``id`` are told; empty when no
        music is named.
    """
    for carrier in _CARRIERS:
        licensed = dig(item, carrier, "music_info", "music_asset_info")
        own = dig(item, carrier, "original_sound_info")
        told = {
            "title": text(dig(licensed, "title")) or text(dig(own, "original_audio_title")),
            "artist": text(dig(licensed, "display_artist"))
            or text(dig(own, "ig_artist", "username")),
            "id": digits(dig(licensed, "audio_asset_id"))
            or digits(dig(licensed, "id"))
            or digits(dig(own, "audio_asset_id")),
        }
        found = {name: value for name, value in told.items() if value}
        if found:
            return found
    return {}
