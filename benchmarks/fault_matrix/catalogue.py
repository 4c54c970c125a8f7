"""All cells of the matrix, and those that somebody asks for."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.fault_matrix import faults_instagram, faults_tiktok
from benchmarks.fault_matrix.case import Case
from benchmarks.fault_matrix.patterns import PATTERNS, Pattern

CASES: tuple[Case, ...] = (*faults_instagram.FAULTS, *faults_tiktok.FAULTS)

Address = tuple[int, str]
"""Place of a case in `CASES`, and a pattern's name: what goes to another process."""


def pattern(name: str) -> Pattern:
    """A pattern by its name."""
    return next(one for one in PATTERNS if one.name == name)


def chosen(asked: Sequence[str]) -> list[Address]:
    """Cells by ``PLATFORM[:FAULT[:PATTERN]]``; all without a wish.

    Raises:
        LookupError: A wish fits no cell.
    """
    everything = [(n, one.name) for n in range(len(CASES)) for one in PATTERNS]
    if not asked:
        return everything
    found: dict[Address, None] = {}
    for wish in asked:
        fitting = [cell for cell in everything if _fits(wish, cell)]
        if not fitting:
            raise LookupError(wish)
        found |= dict.fromkeys(fitting)
    return list(found)


def _fits(wish: str, cell: Address) -> bool:
    words = f"{CASES[cell[0]].key}:{cell[1]}".split(":")
    asked = wish.split(":")
    return words[: len(asked)] == asked
