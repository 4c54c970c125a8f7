"""Numbers, sizes and time zones as people of an office write them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from archiver.i18n import _

_UNITS = ("kB", "MB", "GB", "TB")


def number(value: int | None) -> str:
    """``12,345``, or ``12.345`` in Indonesian; empty when it is not known."""
    return "" if value is None else _marked(f"{value:,}")


def decimal(value: float) -> str:
    """``12,345.6``, or ``12.345,6`` in Indonesian."""
    return _marked(f"{value:,.1f}")


def megabytes(size_bytes: int) -> str:
    """Millions of bytes with one decimal, without the unit."""
    return decimal(size_bytes / 1e6)


def size(size_bytes: int | None) -> str:
    """``83.1 kB``, units of a thousand; empty when it is not known."""
    if size_bytes is None:
        return ""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    value, unit = size_bytes / 1000, 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{decimal(value)} {_UNITS[unit]}"


def _marked(text: str) -> str:
    # The translation shows which marks the language writes.
    marks = _("1,000.5")
    return text.translate({ord(","): marks[1], ord("."): marks[5]})


def zone_word(zone: str) -> str:
    """``WIB`` for Asia/Jakarta; the zone's own name where it has no steady word."""
    words = {datetime(2026, month, 1, tzinfo=ZoneInfo(zone)).tzname() for month in (1, 7)}
    word = words.pop()
    return word if not words and word and word.isalpha() else zone


def in_zone(heading: str, zone: str) -> str:
    """The heading of times, naming their zone: ``published (WIB)``."""
    return f"{heading} ({zone_word(zone)})"
