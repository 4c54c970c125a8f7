"""Names under which a post's pictures are known."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage import schema


def media_rows(conn: Connection, post_id: str) -> frozenset[tuple[str, ...]]:
    """The media ids, in order, of each ``post/1`` of the newest version of a post.

    A version whose pictures were seen under further ids has a ``post/1`` for each row.
    """
    m, v, p = schema.media.c, schema.versions.c, schema.posts.c
    wanted = (
        select(m.document, m.media_id)
        .join(schema.versions, v.document == m.document)
        .join(schema.posts, (p.id == v.post) & (p.versions == v.number))
        .where(v.post == post_id, m.role == "content")
        .order_by(m.document, m.position, m.ordinal)
    )
    found: dict[str, list[str]] = {}
    for document, media_id in conn.execute(wanted):
        found.setdefault(document, []).append(media_id)
    return frozenset(map(tuple, found.values()))
