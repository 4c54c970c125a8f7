"""Captures: one account in one run each, and what went wrong in them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """One capture, as its ``capture/1`` document tells it.

    Attributes:
        listing_end: How far back the listing reached (``known``, ``end``,
            ``silent``, ``stopped``, ``none``).
        seen / new / edited / failed / problems: How many.
        document: The ``capture/1`` record.
    """

    capture: str
    run: str
    account: str
    handle: str
    route: str
    engine: str
    identity: str | None
    started_at: str
    ended_at: str
    outcome: str
    reason: str | None
    declared_posts: int | None
    pages: int
    listing_end: str
    listing_reason: str | None
    listed: int
    seen: int
    new: int
    edited: int
    failed: int
    problems: int
    requests: int
    bytes: int
    document: str


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """Something an answer got wrong.

    Attributes:
        document: The ``post/1`` or ``capture/1`` record that tells of it.
        failed: True for a post that was listed and not acknowledged.
    """

    document: str
    capture: str
    failed: bool
    code: str
    detail: str
    post_id: str | None
    media_id: str | None
    evidence: tuple[str, ...]


def of_run(conn: Connection, run: str) -> tuple[CaptureRow, ...]:
    """A run's captures, in the order they started."""
    raise NotImplementedError


def of_account(conn: Connection, account: str, *, limit: int = 30) -> tuple[CaptureRow, ...]:
    """An account's captures, newest first."""
    raise NotImplementedError


def problems(conn: Connection, capture: str) -> tuple[ProblemRow, ...]:
    """What went wrong in one capture, its posts' problems included."""
    raise NotImplementedError
