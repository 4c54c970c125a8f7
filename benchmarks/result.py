"""What one measurement says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Result:
    """One goal and what was measured for it.

    Attributes:
        goal: The goal's name, for example ``G1``.
        title: What was measured, one line.
        ratio: The figure measured.
        target: The goal.
        better: Whether a smaller or a larger figure is better.
        unit: ``x`` for a ratio, ``MiB``, or ``share``.
        note: How it was measured.
        obstacle: What stands in the way; printed when the goal is missed.
    """

    goal: str
    title: str
    ratio: float
    target: float
    better: Literal["lower", "higher"] = "lower"
    unit: str = "x"
    note: str = ""
    obstacle: str = ""

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return self.ratio <= self.target if self.better == "lower" else self.ratio >= self.target
