"""How long a platform asks to wait."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from connectors.tap.journal import JournalEntry


def retry_after_s(entry: JournalEntry, now: datetime | None = None) -> float | None:
    """Seconds of a Retry-After header, given as seconds or as a date.

    Args:
        now: The present moment, aware; the clock's if not given.

    Returns:
        ``None`` if nothing is told or it cannot be read.

    Source: RFC 9110, section 10.2.3.
    """
    value = entry.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if until.tzinfo is None:
        return None
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())
