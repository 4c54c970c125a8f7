"""The keys of the newest posts that match, in time that does not grow with
how many match.

Common words are found among the newest posts, rare ones by the index, and what
lies between by the index within the newest stretches of time: how many it
takes is estimated from what was found so far. Sorting all that match would take
seconds in a large archive. SQLite's index gives the newest first by itself, save
for beginnings of words, whose lists it must first put together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from storage.search.compiling import compiled
from storage.search.keys import span
from storage.search.matching import matcher, opens
from storage.search.query import Query

WALKED = 300
WALKED_FOR_BEGINNINGS = 3_000
"""The newest posts, looked at one by one. A beginning costs the index more."""
MOST_SPANS = 64
MOST_POSTS = 120_000
"""Beyond these the index alone, without a stretch of time, is cheaper."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with what else the posts must have.

    Attributes:
        filters: Tokens.
        low / high: The keys between which it is looked for, both included.
    """

    query: Query
    filters: tuple[str, ...]
    low: int
    high: int

    def match(self, conn: Connection) -> str:
        """The query as the database writes it."""
        return compiled(conn.dialect.name, self.query, self.filters)


def newest_keys(conn: Connection, asked: Asked, limit: int) -> Sequence[int]:
    """At most ``limit`` keys, the newest first."""
    if conn.dialect.name == "postgresql":
        return _on_server(conn, asked, limit)
    if opens(asked.query):
        found, all_seen = _walked(conn, asked, limit)
        if all_seen or len(found) == limit:
            return found
    given = {"match": asked.match(conn), "low": asked.low, "high": asked.high, "limit": limit}
    return conn.scalars(_EMBEDDED, given).all()


def _walked(conn: Connection, asked: Asked, limit: int) -> tuple[list[int], bool]:
    """What the newest posts give, and whether there are no others."""
    given = {"low": asked.low, "high": asked.high, "walked": WALKED_FOR_BEGINNINGS}
    matches = matcher(asked.query, asked.filters)
    found: list[int] = []
    seen = 0
    with conn.execute(_TEXTS, given) as rows:
        for key, words in rows:
            seen += 1
            if matches(words):
                found.append(key)
                if len(found) == limit:
                    break
    return found, seen < WALKED_FOR_BEGINNINGS


def _on_server(conn: Connection, asked: Asked, limit: int) -> Sequence[int]:
    match, low = asked.match(conn), asked.low
    walked = WALKED_FOR_BEGINNINGS if opens(asked.query) else WALKED
    given = {"match": match, "low": low, "high": asked.high, "limit": limit}
    conn.execute(_QUIET)
    # As the index has it: posts are asked for until enough of them match.
    found = conn.scalars(_WALK, {**given, "walked": walked}).all()
    if len(found) == limit:
        return found
    seen, first, last = conn.execute(_EDGE, {**given, "walked": walked}).one()
    if seen < walked:
        return found
    density = seen / max((first - last) / (1 << 49), 1e-6)
    most = span(first) - span(low) + 1
    hits = len(found)
    while True:
        posts = 2 * limit * seen / max(hits, 1)
        count = math.ceil(posts / density) + 1
        if posts > MOST_POSTS or count > MOST_SPANS:
            if most > MOST_SPANS:
                break
            count = most
        count = min(count, most)
        spans = " | ".join(f"'^{span(first) - back}'" for back in range(count))
        found = conn.scalars(_SERVER, {**given, "match": f"{match} & ({spans})"}).all()
        if len(found) == limit or count == most:
            return found
        hits, seen = len(found), max(seen + 1, round(count * density))
    return conn.scalars(_SERVER, given).all()


_EMBEDDED = text(
    "SELECT rowid FROM search_index WHERE search_index MATCH :match "
    "AND rowid BETWEEN :low AND :high ORDER BY rowid DESC LIMIT :limit"
)
_TEXTS = text(
    "SELECT key, words FROM search_posts WHERE key BETWEEN :low AND :high "
    "ORDER BY key DESC LIMIT :walked"
)
_QUIET = text(
    "SELECT set_config('jit', 'off', true), "
    "set_config('max_parallel_workers_per_gather', '0', true)"
)
"""Compiling a plan and starting workers take longer than these questions."""
_WALK = text(
    "SELECT key FROM (SELECT key, vector FROM search_index WHERE key BETWEEN :low AND :high "
    "ORDER BY key DESC LIMIT :walked) AS newest WHERE vector @@ CAST(:match AS tsquery) "
    "ORDER BY key DESC LIMIT :limit"
)
_EDGE = text(
    "SELECT count(*), max(key), min(key) FROM (SELECT key FROM search_index "
    "WHERE key BETWEEN :low AND :high ORDER BY key DESC LIMIT :walked) AS newest"
)
_SERVER = text(
    "WITH found AS MATERIALIZED "
    "(SELECT key FROM search_index WHERE vector @@ CAST(:match AS tsquery)) "
    "SELECT key FROM found WHERE key BETWEEN :low AND :high ORDER BY key DESC LIMIT :limit"
)
"""Materialized: else the planner may walk all posts for a few that match."""
