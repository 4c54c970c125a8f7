"""How much is kept of an account."""

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


def volume(conn: Connection, account: str) -> Volume:
    """What is kept of an account; zeros when nothing is."""
    m = schema.media.c
    kept = select(func.count(), func.coalesce(func.sum(m.size_bytes), 0)).where(
        m.account == account, m.post.is_not(None), m.chosen, m.record.is_not(None)
    )
    media, size_bytes = conn.execute(kept).one()
    return Volume(post_count(conn, account), media, int(size_bytes))


def post_count(conn: Connection, account: str) -> int:
    """Posts kept under an account."""
    a = schema.post_accounts.c
    return conn.scalar(select(func.count()).where(a.account == account)) or 0
