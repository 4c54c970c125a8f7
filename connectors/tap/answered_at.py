"""When a platform made an answer, by its own clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from connectors.tap.journal import JournalEntry

_SECONDS = re.compile(r"[0-9]{1,10}")


def answered_at(entry: JournalEntry | None) -> datetime | None:
    """The moment an answer was made, as the platform tells it.

    ``Date`` says so, also when a cache kept the answer: a cache passes it on
    unchanged and adds ``Age``. One that writes a fresh ``Date`` over it is
    betrayed by its ``Age``: the answer is then as old as that. The older of
    both counts, by the age calculation for caches: the greater of the apparent
    age (our clock less ``Date``) and the told one.

    Returns:
        Aware UTC; ``None`` if nothing is told, or what is told cannot be read.

    *Source:* RFC 9110, 6.6.1 (``Date``); RFC 9111, 4.2.3 and 5.1 (``Age``; of
    several values the first).
    """
    if entry is None:
        return None
    try:
        told = parsedate_to_datetime(entry.headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    made = told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
    age = entry.headers.get("age")
    if age is None:
        return made
    seconds = _SECONDS.fullmatch(age.partition(",")[0].strip())
    if seconds is None:
        return None
    if entry.received_at is None or not int(seconds[0]):
        return made
    try:
        return min(made, entry.received_at - timedelta(seconds=int(seconds[0])))
    except OverflowError:
        return None
