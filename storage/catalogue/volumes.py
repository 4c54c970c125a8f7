"""How much is kept of an account, and what its captures took."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from storage import schema


@dataclass(frozen=True, slots=True)
class Volume:
    """What is kept of one account.

    Attributes:
        posts: Posts kept under it.
        media: Media items of their newest versions with a record.
        size_bytes: Of those media.
    """

    posts: int
    media: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Effort:
    """What one capture took.

    Attributes:
        requests / size_bytes: Of the whole capture.
        new: Posts it kept for the first time.
        declared_posts: What the profile declared, if it told.
    """

    started_at: str
    outcome: str
    reason: str | None
    requests: int
    size_bytes: int
    new: int
    declared_posts: int | None


def volume(conn: Connection, account: str) -> Volume:
    """What is kept of an account; zeros when nothing is."""
    a, m = schema.post_accounts.c, schema.media.c
    posts = conn.scalar(select(func.count()).where(a.account == account)) or 0
    kept = select(func.count(), func.coalesce(func.sum(m.size_bytes), 0)).where(
        m.account == account, m.post.is_not(None), m.chosen, m.record.is_not(None)
    )
    media, size_bytes = conn.execute(kept).one()
    return Volume(posts, media, int(size_bytes))


def efforts(conn: Connection, account: str, *, limit: int = 14) -> tuple[Effort, ...]:
    """What the account's last captures took, newest first."""
    c = schema.captures.c
    wanted = (
        select(c.started_at, c.outcome, c.reason, c.requests, c.bytes, c.new, c.declared_posts)
        .where(c.account == account)
        .order_by(c.started_at.desc(), c.document.desc())
        .limit(limit)
    )
    return tuple(Effort(*row) for row in conn.execute(wanted))
