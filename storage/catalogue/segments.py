"""Segments the catalogue has rows of."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One WARC file.

    Attributes:
        size_bytes / sha256 / closed_at: From the ledger's ``segment closed``
            event; ``None`` while it is being written.
        records: How many of its records the catalogue has.
    """

    name: str
    size_bytes: int | None
    sha256: str | None
    closed_at: str | None
    records: int


def every(conn: Connection) -> tuple[SegmentRow, ...]:
    """All segments by name."""
    raise NotImplementedError


def get(conn: Connection, name: str) -> SegmentRow | None:
    """One segment; ``None`` when the catalogue has nothing of it."""
    raise NotImplementedError
