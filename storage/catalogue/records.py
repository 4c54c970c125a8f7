"""The one place that knows where a record stands."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from storage.records import RecordRow


def place(conn: Connection, record_id: str) -> RecordRow | None:
    """Segment, offset and facts of one record; ``None`` when unknown."""
    raise NotImplementedError


def of_segment(conn: Connection, segment: str) -> Iterator[RecordRow]:
    """A segment's records in file order."""
    raise NotImplementedError


def requests_of(conn: Connection, record_id: str) -> tuple[RecordRow, ...]:
    """Records concurrent to this one: its request, its redaction notes."""
    raise NotImplementedError
