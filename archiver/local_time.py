"""UTC times as people of an office read them. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from archiver.errors import UsageProblem
from archiver.i18n import N_


def local_text(stored: str, zone: ZoneInfo) -> str:
    """A stored UTC time as ``2026-11-24 20:31`` of a time zone."""
    return datetime.fromisoformat(stored).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def day_start(text: str, zone: ZoneInfo) -> datetime:
    """The moment a day begins in a time zone, as aware UTC.

    Args:
        text: ``YYYY-MM-DD``.

    Raises:
        UsageProblem: It is no date.
    """
    return _midnight(_day(text), zone)


def day_end(text: str, zone: ZoneInfo) -> datetime:
    """The last microsecond of a day in a time zone, as aware UTC; else as `day_start`."""
    return _midnight(_day(text) + timedelta(days=1), zone) - timedelta(microseconds=1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageProblem(
            N_("{text} is no date."), hint=N_("Write it as 2026-11-24."), text=repr(text[:40])
        ) from None
