"""The last time that something showed a post: an observation, or a version of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, literal, select, union_all

from storage import schema
from storage.catalogue.posts import evidence_of

RUN_STARTED = "run started"


@dataclass(frozen=True, slots=True)
class SightingRow:
    """One capture that saw a post.

    Attributes:
        order: Place of its run among all runs: the ledger's number of its start;
            0 for a run whose start the ledger does not have.
        at: UTC text.
        document: The ``capture/1`` or ``post/1`` that tells of it.
        records: What shows the post.
    """

    order: int
    at: str
    capture: str
    document: str
    records: tuple[str, ...]


def last(conn: Connection, post: str) -> SightingRow | None:
    """The newest sighting by the order of runs; ``None`` when nothing ever showed it."""
    o, v, c, e = (
        table.c for table in (schema.observations, schema.versions, schema.captures, schema.events)
    )
    observed = (
        select(o.document, c.run, o.capture, o.at, literal(f"seen:{post}").label("part"))
        .join(schema.captures, c.document == o.document)
        .where(o.post == post)
    )
    kept = select(v.document, v.run, v.capture, v.captured_at, literal("post")).where(
        v.post == post
    )
    every = union_all(observed, kept).subquery()
    started = select(e.run, func.min(e.seq).label("seq")).where(e.type == RUN_STARTED)
    runs = started.group_by(e.run).subquery()
    order = func.coalesce(runs.c.seq, 0)
    row = conn.execute(
        select(order, every.c.at, every.c.capture, every.c.document, every.c.part)
        .outerjoin(runs, runs.c.run == every.c.run)
        .order_by(order.desc(), every.c.at.desc(), every.c.document)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    records = evidence_of(conn, [row.document], row.part).get(row.document, ())
    return SightingRow(row[0], row.at, row.capture, row.document, records)
