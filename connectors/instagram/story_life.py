"""How long a story is shown. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

LIFE = timedelta(hours=24)
"""*Source:* recorded stories: ``expiring_at`` is ``taken_at`` plus a day."""

_EPOCH_MS = 1_314_220_021_721


def made_at(pk: str) -> datetime | None:
    """When a media id was made; at most a story's publication.

    *Source:* Instagram Engineering, "Sharding & IDs at Instagram" (2012).
    """
    try:
        return datetime.fromtimestamp(((int(pk) >> 23) + _EPOCH_MS) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
