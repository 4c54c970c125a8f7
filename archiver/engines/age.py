"""How old an engine is. Pure."""

from __future__ import annotations

import re
from datetime import date

OLD_DAYS = 14
"""Platforms change in a day; fixes of the libraries come within days."""


def date_in_version(version: str) -> date | None:
    """The day a version names, as yt-dlp's do (``2026.10.26``)."""
    parts = re.match(r"(20\d\d)\.(\d{1,2})\.(\d{1,2})(?:\.|$)", version)
    try:
        return date(*(int(part) for part in parts.groups())) if parts else None
    except ValueError:
        return None


def days_old(version: str, released: str | None, today: date) -> int | None:
    """Days since a release; ``None`` when nobody knows when it was.

    Args:
        released: ISO date from the wheel it came in, if that told one.
    """
    born = date_in_version(version) or (date.fromisoformat(released) if released else None)
    return (today - born).days if born else None
