"""Under which accounts a post stands: its authors, and where it was listed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, literal, select

from storage import schema
from storage.catalogue.upsert import batches, insert_new, put

LISTED = "listed"
"""The role of an account whose listing showed a post that does not name it."""


@dataclass(frozen=True, slots=True)
class PostAccount:
    """One account of a post.

    Attributes:
        role: ``owner``, ``coauthor`` or ``listed``.
        handle: As the accounts table last knew it, or ``None``.
    """

    account: str
    role: str
    handle: str | None


def of_post(conn: Connection, post_id: str) -> None:
    """All relations of one post, from its documents and observations.

    The newest document that names an account tells its role; an account that
    was once named stays related, so that it still finds what it published.
    """
    v, o, c = schema.versions.c, schema.observations.c, schema.captures.c
    documents = conn.execute(
        select(v.account, v.authors).where(v.post == post_id).order_by(v.captured_at, v.document)
    ).all()
    if not documents:
        return
    found = {row.account: LISTED for row in documents}
    listed = select(c.account).join(schema.observations, o.document == c.document)
    found |= dict.fromkeys(conn.scalars(listed.where(o.post == post_id).distinct()), LISTED)
    named: dict[str, str] = {}
    for row in documents:
        for author in json.loads(row.authors):
            if author["account"]:
                named[author["account"]] = author["role"]
    for account, role in (found | named).items():
        put(conn, schema.post_accounts, {"post": post_id, "account": account, "role": role})


def listed(conn: Connection, document: str) -> None:
    """The relations of the kept posts that one capture's listing showed."""
    o, c, p = schema.observations.c, schema.captures.c, schema.posts.c
    wanted = (
        select(o.post, c.account, literal(LISTED).label("role"))
        .join(schema.captures, c.document == o.document)
        .join(schema.posts, p.id == o.post)
        .where(o.document == document)
    )
    rows = [dict(row._mapping) for row in conn.execute(wanted)]
    insert_new(conn, schema.post_accounts, rows)


def accounts_of(conn: Connection, post_ids: Sequence[str]) -> Mapping[str, tuple[PostAccount, ...]]:
    """The accounts of posts: owner first, then co-authors, then others."""
    r, a = schema.post_accounts.c, schema.accounts.c
    found: dict[str, list[PostAccount]] = {}
    for batch in batches(post_ids):
        wanted = (
            select(r.post, r.account, r.role, a.handle)
            .outerjoin(schema.accounts, a.key == r.account)
            .where(r.post.in_(batch))
            .order_by(r.role.desc(), r.account)
        )
        for post, *rest in conn.execute(wanted):
            found.setdefault(post, []).append(PostAccount(*rest))
    order = {"owner": 0, "coauthor": 1}
    return {
        post: tuple(sorted(related, key=lambda one: order.get(one.role, 2)))
        for post, related in found.items()
    }
