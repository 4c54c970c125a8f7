"""How moments are written: UTC text of one width, so text order is time order.

Both databases compare text the same way and neither changes it, while their
own date types differ in precision and in what they do with time zones.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

_WRITTEN = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z")


def stamp(moment: datetime) -> str:
    """Write an aware moment as ``2026-11-24T13:31:00.000000Z``; also a WARC-Date.

    Raises:
        ValueError: The moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be written; pass an aware datetime")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def fixed(text: str) -> str:
    """Bring a UTC time such as a WARC-Date to the one width.

    Args:
        text: ``YYYY-MM-DDThh:mm:ss[.fraction]Z``; digits beyond microseconds
            are cut, not rounded.

    Raises:
        ValueError: The text is not such a time.
    """
    found = _WRITTEN.fullmatch(text)
    if not found:
        raise ValueError(f"not a UTC time of the form YYYY-MM-DDThh:mm:ss[.ffffff]Z: {text!r}")
    datetime.fromisoformat(found[1])
    return f"{found[1]}.{(found[2] or '')[:6].ljust(6, '0')}Z"
