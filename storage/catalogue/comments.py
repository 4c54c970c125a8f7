"""Comments under posts: citizens' words, under pseudonyms, graded ``terbatas``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Connection, func, select

from storage import schema
from storage.catalogue.document_rows import Row
from storage.catalogue.upsert import batches, put


@dataclass(frozen=True, slots=True)
class CommentRow:
    """One comment as it was last read.

    Attributes:
        author: A keyed pseudonym; ``None`` when not told or when it is `account`.
        account: One of the accounts that are kept, if it wrote the comment.
        first_seen / last_seen: Readings that showed it.
    """

    comment_id: str
    author: str | None
    account: str | None
    text: str
    written_at: str | None
    likes: int | None
    parent_id: str | None
    first_seen: str
    last_seen: str
    classification: str


def of_post(conn: Connection, post_id: str) -> tuple[CommentRow, ...]:
    """The comments under a post that were ever read, oldest first."""
    c = schema.comments.c
    wanted = select(*(c[field.name] for field in fields(CommentRow))).where(c.post == post_id)
    rows = conn.execute(wanted.order_by(c.written_at.nulls_last(), c.comment_id))
    return tuple(CommentRow(*row) for row in rows)


def count(conn: Connection, post_id: str) -> int:
    """How many comments of a post are kept."""
    c = schema.comments.c
    return conn.scalar(select(func.count()).where(c.post == post_id)) or 0


def declared(conn: Connection, post_ids: Sequence[str]) -> Mapping[str, int | None]:
    """How many comments each post declared when its comments were last read;
    posts whose comments were never read are absent."""
    r = schema.comment_readings.c
    found: dict[str, int | None] = {}
    for batch in batches(post_ids):
        wanted = select(r.post, r.declared).where(r.post.in_(batch)).order_by(r.at, r.document)
        found.update((row.post, row.declared) for row in conn.execute(wanted))
    return found


def unread(conn: Connection, account: str, *, limit: int) -> tuple[str, ...]:
    """Posts of an account whose comments were never read, newest first."""
    p, a, r = schema.posts.c, schema.post_accounts.c, schema.comment_readings.c
    wanted = (
        select(p.id)
        .join(schema.post_accounts, a.post == p.id)
        .where(a.account == account, p.id.not_in(select(r.post)))
        .where(p.kind.not_in(("story", "highlight")))
        .order_by(p.published_at.desc().nulls_last(), p.id)
        .limit(limit)
    )
    return tuple(conn.scalars(wanted))


def merge(conn: Connection, rows: Sequence[Row]) -> None:
    """Bring comments to what this reading says, unless a later one is known."""
    c = schema.comments.c
    for row in rows:
        known = conn.execute(
            select(schema.comments).where(c.post == row["post"], c.comment_id == row["comment_id"])
        ).one_or_none()
        if known is not None:
            first = min(str(row["first_seen"]), known.first_seen)
            last = max(str(row["last_seen"]), known.last_seen)
            mine = (str(row["last_seen"]), str(row["document"]))
            newest = row if mine >= (known.last_seen, known.document) else dict(known._mapping)
            row = {**newest, "first_seen": first, "last_seen": last}
        put(conn, schema.comments, row)
