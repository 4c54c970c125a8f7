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
    a, m = schema.post_accounts.c, schema.media.c
    posts = conn.scalar(select(func.count()).where(a.account == account)) or 0
    kept = select(func.count(), func.coalesce(func.sum(m.size_bytes), 0)).where(
        m.account == account, m.post.is_not(None), m.chosen, m.record.is_not(None)
    )
    media, size_bytes = conn.execute(kept).one()
    return Volume(posts, media, int(size_bytes))
