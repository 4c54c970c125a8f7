"""What there is of each engine, for people and for doctor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from archiver.engines.age import date_in_version, days_old
from archiver.engines.kinds import ENGINES
from archiver.engines.shelf import Shelf, ShelfDamaged, damage, read_shelf
from archiver.version import library_version


@dataclass(frozen=True, slots=True)
class EngineRow:
    """One version of one engine.

    Attributes:
        state: ``current``, ``kept``, or ``damaged`` (it is not used then).
        built_in: Whether the program came with it.
        released: ISO date; ``None`` when nobody knows.
    """

    engine: str
    version: str
    state: str
    built_in: bool
    released: str | None
    days: int | None
    checks: dict[str, str]
    wheel_sha256: str | None = None
    installed_at: str | None = None


def overview(archive: Path | None, today: date) -> Iterator[EngineRow]:
    """Every engine: the current version first, then the others, newest first.

    Args:
        archive: Whose shelf; ``None`` shows the built-in ones alone.
    """
    try:
        shelf = read_shelf(archive) if archive else Shelf()
    except ShelfDamaged:
        shelf = Shelf()
    for name in ENGINES:
        rows = list(_of_one(archive or Path(), shelf, name, today))
        yield from sorted(rows, key=lambda row: row.state != "current")


def _of_one(archive: Path, shelf: Shelf, name: str, today: date) -> Iterator[EngineRow]:
    here = shelf.current_of(name)
    whole = here is not None and damage(archive, here) is None
    mine = (kept for kept in shelf.kept if kept.name == name)
    for kept in sorted(mine, key=lambda kept: kept.installed_at, reverse=True):
        sound = whole if kept == here else damage(archive, kept) is None
        yield EngineRow(
            name,
            kept.version,
            ("current" if kept == here else "kept") if sound else "damaged",
            False,
            _released(kept.version, kept.released),
            days_old(kept.version, kept.released, today),
            dict(kept.checks),
            kept.wheel_sha256,
            kept.installed_at,
        )
    if version := library_version(name):
        yield EngineRow(
            name,
            version,
            "kept" if whole else "current",
            True,
            _released(version, None),
            days_old(version, None, today),
            {},
        )


def _released(version: str, told: str | None) -> str | None:
    born = date_in_version(version)
    return born.isoformat() if born else told
