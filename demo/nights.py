"""The nights of the demo: real days apart, without waiting for them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from datetime import time as time_of_day

import time_machine

OFFICE = timezone(timedelta(hours=7), "WIB")
"""The city's time zone; Jakarta knows no summer time."""

NIGHTLY = time_of_day(2, 10)
"""When jejak runs, by the office's clock."""

_SETTLED = timedelta(hours=1)
"""The last night lies at least so far back: an archive should not come from the future."""


@dataclass(frozen=True, slots=True)
class Nights:
    """The clock of the pretend platforms, and with it jejak's.

    Attributes:
        first: The day on which the first night is.
    """

    first: date
    traveller: time_machine.Traveller

    def moment(self, number: int, at: time_of_day) -> datetime:
        """A time of the day that begins with a night.

        Args:
            number: Of the night, from 1.
        """
        return datetime.combine(self.first + timedelta(days=number - 1), at, OFFICE)

    def go_to(self, number: int, hour: int, minute: int = 0) -> datetime:
        """Let time pass until then, by the office's clock; time goes on from there."""
        moment = self.moment(number, time_of_day(hour, minute))
        self.traveller.move_to(moment.astimezone(UTC))
        return moment

    def fall(self, number: int) -> datetime:
        """Let a night begin."""
        return self.go_to(number, NIGHTLY.hour, NIGHTLY.minute)


@contextmanager
def nights(count: int) -> Iterator[Nights]:
    """Go back so far that the last of the nights is the one just past.

    Every clock of this process is moved; it is put right in the end.
    """
    until = datetime.now(OFFICE) - _SETTLED
    last = until.date() if until.time() >= NIGHTLY else until.date() - timedelta(days=1)
    first = last - timedelta(days=count - 1)
    begin = datetime.combine(first, NIGHTLY, OFFICE).astimezone(UTC)
    with time_machine.travel(begin, tick=True) as traveller:
        yield Nights(first, traveller)


def distance_s() -> float:
    """How far this process' clock is from the machine's; 0 when nobody moved it."""
    hatch = time_machine.escape_hatch
    return time.time() - hatch.time.time() if hatch.is_travelling() else 0.0


def clock_of(moment: datetime) -> str:
    """The time of day as offices write it: ``14.20``."""
    return moment.astimezone(OFFICE).strftime("%H.%M")
