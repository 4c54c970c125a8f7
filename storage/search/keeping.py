"""Keeping the words of posts, in the transaction that keeps the posts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, text

from storage import schema
from storage.catalogue.upsert import batches, insert_new
from storage.schema_search import search_posts, search_words
from storage.search.keys import wanted_key
from storage.search.post_words import EVERY, GAP, words_text
from storage.search.stemming import stem

_BATCH = 500
_S = search_posts
_FORGET = delete(_S).where(_S.c.key == bindparam("k"))
_SQL = {
    "sqlite": (
        text("INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', :k, :w)"),
        text("INSERT INTO search_index (rowid, words) VALUES (:k, :w)"),
    ),
    "postgresql": (
        text("DELETE FROM search_index WHERE key = :k"),
        text("INSERT INTO search_index (key, vector) VALUES (:k, CAST(:w AS tsvector))"),
    ),
}


@dataclass(slots=True)
class _Batch:
    """Rows to take away and to add, by key."""

    gone: dict[int, str] = field(default_factory=dict)
    new: dict[int, tuple[str, str]] = field(default_factory=dict)


def index(conn: Connection, post_ids: Sequence[str]) -> None:
    """Bring the words of these posts to what the catalogue says of them."""
    for ids in batches(post_ids, _BATCH):
        posts = {row.id: row for row in conn.execute(_posts(ids))}
        known = {row.post: row for row in conn.execute(select(_S).where(_S.c.post.in_(ids)))}
        batch = _Batch()
        wanted: dict[str, tuple[int, str]] = {}
        for post_id, words in _words(conn, posts):
            key = wanted_key(post_id, posts[post_id].published_at)
            row = known.get(post_id)
            if row is None or row.words != words or not key <= row.key < key + 8:
                wanted[post_id] = (key, words)
                if row is not None:
                    batch.gone[row.key] = row.words
        _place(conn, wanted, batch)
        _write(conn, batch)


def clear(conn: Connection) -> None:
    """Empty the index; the tables of `schema.DERIVED` are emptied by the caller, afterwards."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("DELETE FROM search_index"))
    else:
        conn.execute(text("INSERT INTO search_index (search_index) VALUES ('delete-all')"))


def settle(conn: Connection) -> None:
    """After many rows at once: what makes the next questions fast."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("ANALYZE search_index"))
    else:
        conn.execute(text("INSERT INTO search_index (search_index) VALUES ('optimize')"))


def _posts(ids: Sequence[str]) -> Any:
    p = schema.posts.c
    return select(p.id, p.published_at, p.kind, p.state).where(p.id.in_(ids))


def _words(conn: Connection, posts: Mapping[str, Row[Any]]) -> Iterator[tuple[str, str]]:
    v, a = schema.versions.c, schema.post_accounts.c
    ids = list(posts)
    accounts: dict[str, list[str]] = {}
    for post, account in conn.execute(
        select(a.post, a.account).where(a.post.in_(ids)).order_by(a.post, a.account)
    ):
        accounts.setdefault(post, []).append(account)
    versions: dict[str, list[Any]] = {}
    wanted = select(v.post, v.caption, v.extra, v.authors).where(v.post.in_(ids))
    for row in conn.execute(wanted.order_by(v.captured_at.desc(), v.document.desc())):
        versions.setdefault(row.post, []).append(row)
    for post_id, rows in versions.items():
        post = posts[post_id]
        extras = [json.loads(e) for e in dict.fromkeys(row.extra for row in rows)]
        named = [json.loads(a) for a in dict.fromkeys(row.authors for row in rows)]
        handles = (author["handle"] for authors in named for author in authors)
        filters = (*accounts.get(post_id, ()), post.kind, post.state)
        yield post_id, words_text((row.caption for row in rows), extras, handles, filters)


def _place(conn: Connection, wanted: Mapping[str, tuple[int, str]], batch: _Batch) -> None:
    """Give each post its key; of two that want one, the smaller id has it."""
    keys = [key for key, _ in wanted.values()]
    held: dict[int, tuple[str, str]] = {}
    for row in conn.execute(select(_S).where(_S.c.key.in_(keys))):
        held[row.key] = (row.post, row.words)
    waiting = [(post, key, words) for post, (key, words) in wanted.items()]
    while waiting:
        post, key, words = waiting.pop()
        if key in batch.new:
            other = batch.new[key]
        elif key in batch.gone:
            other = None
        else:
            other = held.get(key) or _holder(conn, key, wanted)
        if other is None:
            batch.new[key] = (post, words)
        elif other[0] < post:
            waiting.append((post, key + 1, words))
        else:
            if key not in batch.new:
                batch.gone[key] = other[1]
            batch.new[key] = (post, words)
            waiting.append((other[0], key + 1, other[1]))


def _holder(conn: Connection, key: int, wanted: Mapping[str, tuple[int, str]]) -> Any:
    """Who holds a key that no post of the batch wanted first."""
    if any(first == key for first, _ in wanted.values()):
        return None  # it was looked up with the others
    return conn.execute(select(_S.c.post, _S.c.words).where(_S.c.key == key)).one_or_none()


def _write(conn: Connection, batch: _Batch) -> None:
    take, add = _SQL[conn.dialect.name]
    if batch.gone:
        rows = [{"k": key, "w": words} for key, words in batch.gone.items()]
        conn.execute(take, rows)
        conn.execute(_FORGET, [{"k": row["k"]} for row in rows])
    if not batch.new:
        return
    order = sorted(batch.new.items())
    conn.execute(insert(_S), [{"key": k, "post": p, "words": w} for k, (p, w) in order])
    write = vector if conn.dialect.name == "postgresql" else str
    conn.execute(add, [{"k": key, "w": write(words)} for key, (_, words) in order])
    tokens = {token for _, words in batch.new.values() for token in words.split(" ")}
    tokens = {token for token in tokens if token != GAP and not token.startswith(EVERY)}
    insert_new(conn, search_words, [{"word": t, "stem": stem(t)} for t in sorted(tokens)])


def vector(words: str) -> str:
    """The words as PostgreSQL writes a ``tsvector``; gaps count as positions."""
    places: dict[str, list[int]] = {}
    for place, token in enumerate(words.split(" "), 1):
        if token != GAP:
            places.setdefault(token, []).append(min(place, 16_383))
    return " ".join(
        f"'{token}':{','.join(map(str, sorted(set(found))[:256]))}"
        for token, found in places.items()
    )
