"""Posts that match, newest first, without sorting all that match."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, text

from storage import schema
from storage.schema_search import search_posts
from storage.search.keys import second_key
from storage.search.newest import Asked, newest_keys
from storage.search.post_words import filter_token
from storage.search.query import Query
from storage.timestamps import stamp

_S = search_posts
_ALL = {
    "sqlite": "SELECT rowid AS key FROM search_index WHERE search_index MATCH :match "
    "AND rowid BETWEEN :low AND :high",
    "postgresql": "SELECT key FROM search_index WHERE vector @@ CAST(:match AS tsquery) "
    "AND key BETWEEN :low AND :high",
}


def newest_first(
    conn: Connection,
    statement: Select[Any],
    query: Query,
    *,
    filters: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
) -> Select[Any]:
    """Narrow a select of posts to those that match.

    Args:
        filters: Account key, kind, state: what the statement also asks for.
        since / until: As the statement has them; here they bound the keys.

    Returns:
        The statement, in the order of the keys. Unchanged for an empty query.
    """
    if not query.groups:
        return statement
    low = 0 if since is None else second_key(stamp(since))
    high = 2**63 - 1 if until is None else second_key(stamp(_whole(until))) - 1
    asked = Asked(query, tuple(filter_token(value) for value in filters), low, high)
    joined = statement.join(_S, _S.c.post == schema.posts.c.id)
    joined = joined.order_by(None).order_by(_S.c.key.desc())
    whole = not any(moment is not None and moment.microsecond for moment in (since, until))
    if limit is not None and whole:  # else a key alone does not tell what is inside
        return joined.where(_S.c.key.in_(newest_keys(conn, asked, limit)))
    given = {"match": asked.match(conn), "low": low, "high": high}
    found = text(_ALL[conn.dialect.name]).bindparams(**given).columns(_S.c.key)
    return joined.where(_S.c.key.in_(found))


def _whole(moment: datetime) -> datetime:
    """The next whole second, for keys know no smaller part."""
    return moment + timedelta(microseconds=-moment.microsecond % 1_000_000)
