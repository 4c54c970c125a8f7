"""The one place that knows where a record stands."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from storage import schema
from storage.records import RecordRow

_R = schema.records.c


def place(conn: Connection, record_id: str) -> RecordRow | None:
    """Segment, offset and facts of one record; ``None`` when unknown."""
    row = conn.execute(select(schema.records).where(_R.record_id == record_id)).one_or_none()
    return None if row is None else RecordRow(*row)


def of_segment(conn: Connection, segment: str) -> Iterator[RecordRow]:
    """A segment's records in file order, without its warcinfo."""
    wanted = select(schema.records).where(_R.segment == segment).order_by(_R.offset)
    for row in conn.execute(wanted.execution_options(yield_per=500)):
        yield RecordRow(*row)
