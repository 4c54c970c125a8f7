"""Segments the catalogue has rows of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from storage import schema


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
    return tuple(SegmentRow(*row) for row in conn.execute(_WANTED.order_by(schema.segments.c.name)))


def get(conn: Connection, name: str) -> SegmentRow | None:
    """One segment; ``None`` when the catalogue has nothing of it."""
    row = conn.execute(_WANTED.where(schema.segments.c.name == name)).one_or_none()
    return None if row is None else SegmentRow(*row)


_WANTED: Select[Any] = select(
    *schema.segments.c,
    select(func.count())
    .where(schema.records.c.segment == schema.segments.c.name)
    .scalar_subquery(),
)
