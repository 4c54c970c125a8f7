"""Captures: one account in one run each, and what went wrong in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Column, Connection, select

from storage import schema


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """One capture, as its ``capture/1`` document tells it.

    Attributes:
        listing_end: How far back the listing reached (``known``, ``end``,
            ``silent``, ``stopped``, ``none``).
        seen / new / edited / failed / problems: How many.
        joined: Posts kept under another account before, met here first.
        new_stories: Of ``new``, those that are stories.
        connected: Nothing between this capture's posts and those that earlier
            captures connected was left unread.
        oldest: Publication of the oldest post that the head of the listing showed.
        since: Earliest day that the account is wanted from, ``YYYY-MM-DD``.
        harvest_state: ``under_way``, ``ended``, or ``None``.
        harvest_begun_at / harvest_oldest: When the reading of the past began,
            and the oldest publication it has come to.
        harvest_listed: Posts it has listed, once it has ended.
        harvest_cursor: Where the next night goes on.
        blocked: Whether the visitor met a block.
        canary: ``passed``, ``failed``, or ``None`` when the platform has none.
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
    joined: int
    new_stories: int
    connected: bool
    oldest: str | None
    since: str | None
    harvest_state: str | None
    harvest_begun_at: str | None
    harvest_oldest: str | None
    harvest_listed: int | None
    harvest_cursor: str | None
    blocked: bool
    canary: str | None
    document: str

    @property
    def has_read(self) -> bool:
        """Whether it read something of the listing; a blocked night did not."""
        return bool(self.harvest_state) or self.listing_end not in ("none", "stopped")


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
    c = schema.captures.c
    wanted = select(*_columns()).where(c.run == run).order_by(c.started_at, c.document)
    return tuple(CaptureRow(*row) for row in conn.execute(wanted))


def of_account(conn: Connection, account: str, *, limit: int = 30) -> tuple[CaptureRow, ...]:
    """An account's captures, newest first."""
    c = schema.captures.c
    wanted = select(*_columns()).where(c.account == account)
    ordered = wanted.order_by(c.started_at.desc(), c.document.desc()).limit(limit)
    return tuple(CaptureRow(*row) for row in conn.execute(ordered))


def identities(conn: Connection, chosen: Collection[str]) -> frozenset[str | None]:
    """As whom some captures asked; ``None`` is the anonymous visitor."""
    c = schema.captures.c
    return frozenset(conn.scalars(select(c.identity).where(c.capture.in_(chosen))))


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A further listing that a capture read: a section, or a part of the past.

    Attributes:
        section: ``posts``, ``reels``, ``stories`` or ``highlights``.
        from_cursor / cursor: Where it began and where the next page begins.
        connected: As of a capture, for this section.
    """

    document: str
    started_at: str
    section: str
    from_cursor: str | None
    cursor: str | None
    pages: int
    end: str
    reason: str | None
    listed: int
    oldest: str | None
    connected: bool


def listings(conn: Connection, account: str, section: str) -> tuple[ListingRow, ...]:
    """An account's further listings of one section, newest first."""
    li = schema.listings.c
    wanted = select(*(li[field.name] for field in fields(ListingRow)))
    ordered = wanted.where(li.account == account, li.section == section).order_by(
        li.started_at.desc(), li.document.desc(), li.ordinal.desc()
    )
    return tuple(ListingRow(*row) for row in conn.execute(ordered))


def killed_since(conn: Connection, account: str, moment: str) -> bool:
    """Whether posts were kept by a capture that left no document of itself.

    Args:
        moment: UTC text of fixed width; only posts captured later count.
    """
    p, v, c = schema.posts.c, schema.versions.c, schema.captures.c
    told = select(c.capture).where(c.account == account)
    untold = (
        select(p.id)
        .join(schema.versions, v.document == p.document)
        .where(v.account == account, v.captured_at > moment, v.capture.not_in(told))
    )
    return conn.execute(untold.limit(1)).one_or_none() is not None


def problems(conn: Connection, capture: str) -> tuple[ProblemRow, ...]:
    """What went wrong in one capture, its posts' problems included."""
    p, e = schema.problems.c, schema.evidence.c
    rows = conn.execute(
        select(schema.problems).where(p.capture == capture).order_by(p.document, p.part, p.ordinal)
    ).all()
    cited: dict[tuple[str, str], list[str]] = {}
    if rows:
        wanted = select(e.document, e.part, e.record).where(
            e.document.in_(select(p.document).where(p.capture == capture))
        )
        for document, part, record in conn.execute(wanted.order_by(e.ordinal)):
            cited.setdefault((document, part), []).append(record)
    return tuple(
        ProblemRow(
            document=row.document,
            capture=row.capture,
            failed=row.part == "failed",
            code=row.code,
            detail=row.detail,
            post_id=row.post_id,
            media_id=row.media_id,
            evidence=tuple(cited.get((row.document, f"{row.part}:{row.ordinal}"), ())),
        )
        for row in rows
    )


def _columns() -> list[Column[Any]]:
    return [schema.captures.c[field.name] for field in fields(CaptureRow)]
