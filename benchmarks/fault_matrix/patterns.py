"""On which nights a fault is there."""

from __future__ import annotations

from dataclasses import dataclass

GOOD_NIGHTS_AFTER = 2
"""Within so many cycles after a fault's end a true withdrawal must be confirmed."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Nights from the first with the fault to the last.

    Attributes:
        faulty: Whether the fault is there, night by night.
    """

    name: str
    faulty: tuple[bool, ...]

    @property
    def nights(self) -> tuple[bool, ...]:
        """All nights after the first, undisturbed one."""
        return (*self.faulty, *(False,) * GOOD_NIGHTS_AFTER)


ONCE = Pattern("once", (True,))
THREE = Pattern("three", (True, True, True))
EVERY_OTHER = Pattern("every-other", (True, False, True, False, True))
PATTERNS = (ONCE, THREE, EVERY_OTHER)
