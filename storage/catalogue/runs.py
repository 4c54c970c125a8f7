"""Runs: one pass over accounts each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection


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
    raise NotImplementedError


def get(conn: Connection, run: str) -> RunRow | None:
    """One run; ``None`` when the catalogue does not have it."""
    raise NotImplementedError


def unfinished(conn: Connection) -> tuple[RunRow, ...]:
    """Runs that started and have no end: running now, or interrupted."""
    raise NotImplementedError
