"""When a platform made an answer, by the fields of its head. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,10}")


def made_at(date: str | None, age: str | None, received_at: datetime | None) -> datetime | None:
    """The moment an answer was made, as the platform tells it.

    ``Date`` says so, also when a cache kept the answer: a cache passes it on
    unchanged and adds ``Age``. One that writes a fresh ``Date`` over it is
    betrayed by its ``Age``: the answer is then as old as that. The older of
    both counts, by the age calculation for caches: the greater of the apparent
    age (our clock less ``Date``) and the told one.

    Args:
        date / age: Values of these fields; ``None`` if absent.
        received_at: When the answer came, by our own clock; aware.

    Returns:
        Aware UTC; ``None`` if nothing is told, or what is told cannot be read.

    *Source:* RFC 9110, 6.6.1 (``Date``); RFC 9111, 4.2.3 and 5.1 (``Age``; of
    several values the first).
    """
    try:
        told = parsedate_to_datetime(date or "")
    except (TypeError, ValueError):
        return None
    made = told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
    if age is None:
        return made
    seconds = _SECONDS.fullmatch(age.partition(",")[0].strip())
    if seconds is None:
        return None
    if received_at is None or not int(seconds[0]):
        return made
    try:
        return min(made, received_at - timedelta(seconds=int(seconds[0])))
    except OverflowError:
        return None
