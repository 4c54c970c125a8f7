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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from storage.search.compiling import compiled
from storage.search.keys import SPAN, span
from storage.search.matching import matcher, opens
from storage.search.query import Query

WALKED = 300
WALKED_FOR_BEGINNINGS = 3_000
"""The newest posts, looked at one by one. A beginning costs the index more."""
MOST_SPANS = 128
MOST_POSTS = 400_000
"""Beyond these the index alone, without a stretch of time, is cheaper."""
SPARE = 1.5
"""How many times the posts that should be enough are asked for."""
GROWTH = 5
"""How many times as far the next question reaches at most: few hits tell little."""


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
    match = asked.match(conn)
    walked = WALKED_FOR_BEGINNINGS if opens(asked.query) else WALKED
    given = {"match": match, "low": asked.low, "high": asked.high, "limit": limit}
    conn.execute(_QUIET)
    # As the index has it: posts are asked for until enough of them match.
    found = conn.scalars(_WALK, {**given, "walked": walked}).all()
    if len(found) == limit:
        return found
    seen, first, last = conn.execute(_EDGE, {**given, "walked": walked}).one()
    if seen < walked:
        return found
    taken = max((first - last) / SPAN, 1e-6)
    stretches = _Stretches(first, span(first) - span(asked.low) + 1, seen / taken)
    within = _within(conn, given, stretches, taken / max(len(found), 1))
    return conn.scalars(_SERVER, given).all() if within is None else within


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Stretches of time, the newest first.

    Attributes:
        newest: The newest key, which may lie anywhere in the first of them.
        most: How many there are.
        density: Posts in each, as far as the newest tell.
    """

    newest: int
    most: int
    density: float


def _within(
    conn: Connection, given: Mapping[str, Any], stretches: _Stretches, per_hit: float
) -> Sequence[int] | None:
    """The newest keys, stretch after stretch; ``None`` when the index alone is cheaper.

    Args:
        given: What `_SERVER` takes.
        per_hit: How many stretches one hit needs, until what is found tells.
    """
    found: list[int] = []
    limit, done, most = given["limit"], 0, stretches.most
    reach = min(MOST_SPANS, MOST_POSTS / stretches.density)
    ahead = 1 - stretches.newest % SPAN / SPAN  # of the first, what is newer than all posts
    while len(found) < limit and done < most:
        expected = (limit - len(found)) * per_hit
        if done + expected <= reach:
            end = math.ceil(max(done, ahead) + SPARE * expected)
            end = max(done + 1, min(end, done * GROWTH or most, math.ceil(reach), most))
        elif most <= MOST_SPANS:
            end = most
        else:
            return None
        first = span(stretches.newest)
        spans = " | ".join(f"'^{first - back}'" for back in range(done, end))
        more = {**given, "limit": limit - len(found), "spans": spans}
        found += conn.scalars(_STRETCHES, more)
        done = end
        per_hit = (done - ahead) / max(len(found), 1)
    return found


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
_STRETCHES = text(
    "WITH found AS MATERIALIZED (SELECT key FROM search_index "
    "WHERE vector @@ CAST(:match AS tsquery) AND vector @@ CAST(:spans AS tsquery)) "
    "SELECT key FROM found WHERE key BETWEEN :low AND :high ORDER BY key DESC LIMIT :limit"
)
"""Two conditions, not one joined by ``&``: the index then leaps from what matches
to the stretches and back, instead of weighing all of it at each of their posts."""
