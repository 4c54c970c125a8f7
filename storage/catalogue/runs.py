"""Runs: one pass over accounts each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage import schema


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run.

    Attributes:
        state: ``running`` (started, no end known), ``ended``,
            ``interrupted``, or ``unrecorded`` (captures only).
        captures: How many accounts; of them ``complete``, ``partial``, ``failed``.
        requests / bytes / new / edited / problems: Sums over its captures.
    """

    run: str
    started_at: str | None
    ended_at: str | None
    state: str
    agent: str | None
    captures: int
    complete: int
    partial: int
    failed: int
    requests: int
    bytes: int
    new: int
    edited: int
    problems: int


def newest(conn: Connection, *, limit: int | None = None) -> Iterator[RunRow]:
    """Runs, newest first."""
    r = schema.runs.c
    wanted = select(schema.runs).order_by(r.started_at.desc().nulls_last(), r.run).limit(limit)
    for row in conn.execute(wanted):
        yield RunRow(*row)


def get(conn: Connection, run: str) -> RunRow | None:
    """One run; ``None`` when the catalogue does not have it."""
    row = conn.execute(select(schema.runs).where(schema.runs.c.run == run)).one_or_none()
    return None if row is None else RunRow(*row)


def unfinished(conn: Connection) -> tuple[RunRow, ...]:
    """Runs that started and have no end: running now, or interrupted."""
    r = schema.runs.c
    wanted = select(schema.runs).where(r.state == "running").order_by(r.started_at, r.run)
    return tuple(RunRow(*row) for row in conn.execute(wanted))
