"""Posts that match, newest first, without sorting all that match."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, column, table, text

from storage import schema
from storage.schema_search import search_posts
from storage.search.compiling import compiled
from storage.search.keys import second_key
from storage.search.post_words import filter_token
from storage.search.query import Query
from storage.timestamps import stamp

_S = search_posts
_INDEX = table("search_index", column("rowid"))
_WALKED = 4_000
"""PostgreSQL: so many of the newest posts are looked at one by one first.
Common words are found among them; for rarer ones the index has little to sort."""


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
    match = compiled(conn, query, [filter_token(value) for value in filters])
    low = 0 if since is None else second_key(stamp(since))
    high = 2**63 - 1 if until is None else second_key(stamp(_whole(until))) - 1
    joined = statement.join(_S, _S.c.post == schema.posts.c.id)
    joined = joined.order_by(None).order_by(_S.c.key.desc())
    bounds = {"low": low, "high": high}
    if conn.dialect.name != "postgresql":
        inside = text(
            "search_index MATCH :match AND search_index.rowid BETWEEN :low AND :high"
        ).bindparams(match=match, **bounds)
        found = joined.join(_INDEX, _INDEX.c.rowid == _S.c.key).where(inside)
        # Only by its own keys does the index give the newest first unsorted.
        return found.order_by(None).order_by(_INDEX.c.rowid.desc())
    given = {"match": match, **bounds}
    whole = not any(moment is not None and moment.microsecond for moment in (since, until))
    if limit is not None and whole:  # else a key alone does not tell what is inside
        keys = conn.scalars(text(_NEWEST), {**given, "walked": _WALKED, "limit": limit}).all()
        if len(keys) == limit:
            return joined.where(_S.c.key.in_(keys))
    return joined.where(_S.c.key.in_(text(_ALL).bindparams(**given).columns(_S.c.key)))


def _whole(moment: datetime) -> datetime:
    """The next whole second, for keys know no smaller part."""
    return moment + timedelta(microseconds=-moment.microsecond % 1_000_000)


_NEWEST = (
    "SELECT key FROM (SELECT key, vector FROM search_index WHERE key BETWEEN :low AND :high "
    "ORDER BY key DESC LIMIT :walked) AS newest WHERE vector @@ CAST(:match AS tsquery) "
    "ORDER BY key DESC LIMIT :limit"
)
_ALL = (
    "SELECT key FROM search_index WHERE vector @@ CAST(:match AS tsquery) "
    "AND key BETWEEN :low AND :high"
)
