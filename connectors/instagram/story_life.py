"""How long a story is shown, and what its absence may mean. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from connectors.instagram.meaning import Case
from connectors.model import Presence
from connectors.tap.answered_at import answered_at

LIFE = timedelta(hours=24)
"""*Source:* recorded stories: ``expiring_at`` is ``taken_at`` plus a day."""

_EPOCH_MS = 1_314_220_021_721
_NOT_FOUND = "Media not found or unavailable"


def story_verdict(case: Case, pk: str) -> tuple[Presence, str] | None:
    """What an answer without a story says about the story.

    Only a story that must still be on show can be called gone: every other
    one ends by itself, and whether it was in a highlight nobody tells.

    Args:
        pk: The story's number.

    Returns:
        ``None`` when the answer says nothing about it.
    """
    if case.status == 404 or (case.status == 400 and case.message == _NOT_FOUND):
        reason = "http_404" if case.status == 404 else "media_not_found"
    elif case.status == 200 and isinstance(case.value, dict) and case.value.get("items") == []:
        reason = "item_missing"
    else:
        return None
    now, made = answered_at(case.entry), made_at(pk)
    if now is not None and made is not None and made <= now < made + LIFE:
        return Presence.GONE, reason
    return Presence.UNKNOWN, "story_expired"


def made_at(pk: str) -> datetime | None:
    """When a media id was made; at most a story's publication.

    *Source:* Instagram Engineering, "Sharding & IDs at Instagram" (2012).
    """
    try:
        return datetime.fromtimestamp(((int(pk) >> 23) + _EPOCH_MS) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
