"""How far a harvest is, and when it will be over. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

NIGHTS = 7
"""So many of the newest nights tell the pace."""


def percentage(kept: int, declared: int | None) -> int | None:
    """How much of what the profile declares is kept; at most 99 while under way."""
    if not declared:
        return None
    return min(99, 100 * kept // declared)


def forecast(pace: Sequence[int], kept: int, declared: int | None, today: date) -> date | None:
    """The day on which the past will be read, if the nights go on as they went.

    Args:
        pace: Posts that each of the last nights kept, newest first.
        kept / declared: Posts kept, and posts that the profile declares.

    Returns:
        ``None`` when it cannot be told: nothing declared, or no progress.
    """
    told = pace[:NIGHTS]
    if declared is None or sum(told) <= 0:
        return None
    left = max(declared - kept, 0)
    nights = max(1, math.ceil(left * len(told) / sum(told)))
    return today + timedelta(days=min(nights, 36_500))
