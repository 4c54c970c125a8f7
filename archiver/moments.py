"""Days and moments as people of an office write them. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from archiver.errors import UsageProblem
from archiver.i18n import N_

_MONTHS = (
    ("januari", "january", "jan"),
    ("februari", "february", "feb"),
    ("maret", "march", "mar"),
    ("april", "april", "apr"),
    ("mei", "may", "mei"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("agustus", "august", "agu"),
    ("september", "september", "sep"),
    ("oktober", "october", "okt"),
    ("november", "november", "nov"),
    ("desember", "december", "des"),
)
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_WORDS = re.compile(r"(\d{1,2}) ([a-z]+) (\d{4})")


def day_of(text: str) -> date:
    """A day: ``2026-11-24``, ``24/11/2026`` (the day first) or ``24 November 2026``.

    Raises:
        ValueError: It is none of these, or no day of the calendar.
    """
    plain = " ".join(text.casefold().split())
    if found := _NUMBERS.fullmatch(plain):
        return date(int(found[4]), int(found[3]), int(found[1]))
    if found := _WORDS.fullmatch(plain):
        for month, names in enumerate(_MONTHS, 1):
            if found[2] in names:
                return date(int(found[3]), month, int(found[1]))
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}(?:[t ]00:00:00)?", plain):
        raise ValueError(f"no day: {text!r}")
    return date.fromisoformat(plain[:10])


def asked_day(text: str) -> date:
    """As `day_of`, for what a person gave to a command.

    Raises:
        UsageProblem: It is no day.
    """
    try:
        return day_of(text)
    except ValueError:
        raise _no_moment(text) from None


def asked_moment(text: str, zone: ZoneInfo, *, ends: bool = False) -> datetime:
    """A moment that a person gave, as aware UTC.

    Args:
        text: A day as in `day_of`, or ``2026-11-24 08:00``, with an offset if
            it is not of the office's time zone.
        ends: A day alone means the moment at which it is over.

    Raises:
        UsageProblem: It is neither.
    """
    try:
        day = day_of(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text.strip())
        except ValueError:
            raise _no_moment(text) from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    try:
        day = day + timedelta(days=1) if ends else day
    except OverflowError:
        raise _no_moment(text) from None
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _no_moment(text: str) -> UsageProblem:
    return UsageProblem(
        N_("{text} is no date."),
        hint=N_("Write it as 2026-11-24, 24/11/2026 or 2026-11-24 08:00."),
        text=repr(text[:40]),
    )
