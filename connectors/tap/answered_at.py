"""When a platform answered in an exchange, by its own clock."""

from __future__ import annotations

from datetime import datetime

from connectors.answer_date import made_at
from connectors.tap.journal import JournalEntry


def answered_at(entry: JournalEntry | None) -> datetime | None:
    """The moment an answer was made, as the platform tells it.

    Returns:
        Aware UTC; ``None`` if nothing is told, or what is told cannot be read
        (`connectors.answer_date.made_at`).
    """
    if entry is None:
        return None
    return made_at(entry.headers.get("date"), entry.headers.get("age"), entry.received_at)
