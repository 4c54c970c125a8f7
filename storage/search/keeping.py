"""Keeping the words of posts, in the transaction that keeps the posts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from storage.search.keys import span_token, wanted_key
from storage.search.post_words import EVERY, GAP, STEM, words_text

BATCH = 5_000
"""Posts read and written at once: the index is then written in few pieces."""

_LISTS = {"sqlite": "IN (SELECT value FROM json_each(:ids))", "postgresql": "= ANY(:ids)"}
"""One statement for any number of ids."""
_POSTS = "SELECT id, published_at, kind, state FROM posts WHERE id "
_ACCOUNTS = "SELECT post, account FROM post_accounts WHERE post "
_VERSIONS = "SELECT post, caption, extra, authors, captured_at, document FROM versions WHERE post "
_HELD = "SELECT key, post, words FROM search_posts WHERE key "
_KNOWN = "SELECT post, key, words FROM search_posts WHERE post "
_AT = text("SELECT post, words FROM search_posts WHERE key = :key")
_UNKNOWN = text(
    "SELECT id FROM posts WHERE id > :after "
    "AND NOT EXISTS (SELECT 1 FROM search_posts WHERE post = id) ORDER BY id LIMIT :most"
)


@dataclass(slots=True)
class _Batch:
    """Rows to take away and to add, by key."""

    gone: dict[int, str] = field(default_factory=dict)
    new: dict[int, tuple[str, str]] = field(default_factory=dict)


def index(conn: Connection, post_ids: Sequence[str]) -> None:
    """Bring the words of these posts to what the catalogue says of them."""
    for first in range(0, len(post_ids), BATCH):
        ids = post_ids[first : first + BATCH]
        posts = {row[0]: row for row in _rows(conn, _POSTS, ids)}
        known = {row[0]: row for row in _rows(conn, _KNOWN, ids)}
        batch = _Batch()
        wanted: dict[str, tuple[int, str]] = {}
        for post_id, words in _words(conn, posts, ids):
            key = wanted_key(post_id, posts[post_id].published_at)
            row = known.get(post_id)
            if row is None or row.words != words or not key <= row.key < key + 8:
                wanted[post_id] = (key, words)
                if row is not None:
                    batch.gone[row.key] = row.words
        _place(conn, wanted, batch)
        _write(conn, batch)


def fill(conn: Connection) -> int:
    """Index the posts of a catalogue that had no index; returns how many.

    In the caller's transaction: cut short, nothing of it is there.
    """
    count, after = 0, ""
    while ids := conn.scalars(_UNKNOWN, {"after": after, "most": BATCH}).all():
        index(conn, ids)
        count, after = count + len(ids), ids[-1]
    return count


def clear(conn: Connection) -> None:
    """Empty the index; the tables of `schema.DERIVED` are emptied by the caller, afterwards."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("DELETE FROM search_index"))
    else:
        conn.execute(text("INSERT INTO search_index (search_index) VALUES ('delete-all')"))


def settle(conn: Connection) -> None:
    """After many rows at once: what makes the next questions fast."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("ANALYZE search_index, search_posts, posts"))
    else:
        conn.execute(text("INSERT INTO search_index (search_index) VALUES ('optimize')"))


def _rows(conn: Connection, statement: str, ids: Sequence[str] | Sequence[int]) -> Sequence[Any]:
    name = conn.dialect.name
    given = list(ids) if name == "postgresql" else json.dumps(list(ids))
    return conn.execute(text(statement + _LISTS[name]), {"ids": given}).all()


def _words(
    conn: Connection, posts: Mapping[str, Any], ids: Sequence[str]
) -> Iterator[tuple[str, str]]:
    accounts: dict[str, list[str]] = {}
    for post, account in _rows(conn, _ACCOUNTS, ids):
        accounts.setdefault(post, []).append(account)
    versions: dict[str, list[Any]] = {}
    for row in _rows(conn, _VERSIONS, ids):
        versions.setdefault(row[0], []).append(row)
    for post_id, rows in versions.items():
        post = posts.get(post_id)
        if post is None:
            continue
        if len(rows) > 1:
            rows.sort(key=lambda row: (row.captured_at, row.document), reverse=True)
        extras = [json.loads(e) for e in dict.fromkeys(row[2] for row in rows) if e != "{}"]
        named = [json.loads(a) for a in dict.fromkeys(row[3] for row in rows) if a != "[]"]
        handles = [author["handle"] for authors in named for author in authors]
        filters = (*sorted(accounts.get(post_id, ())), post[2], post[3])
        yield post_id, words_text([row[1] for row in rows], extras, handles, filters)


def _place(conn: Connection, wanted: Mapping[str, tuple[int, str]], batch: _Batch) -> None:
    """Give each post its key; of two that want one, the smaller id has it."""
    first = {key for key, _ in wanted.values()}
    held = _held(conn, first)
    waiting = [(post, key, words) for post, (key, words) in wanted.items()]
    while waiting:
        post, key, words = waiting.pop()
        if key in batch.new:
            other: Any = batch.new[key]
        elif key in batch.gone:
            other = None
        elif key in first:
            other = held.get(key)
        else:
            other = conn.execute(_AT, {"key": key}).one_or_none()
        if other is None:
            batch.new[key] = (post, words)
        elif other[0] < post:
            waiting.append((post, key + 1, words))
        else:
            if key not in batch.new:
                batch.gone[key] = other[1]
            batch.new[key] = (post, words)
            waiting.append((other[0], key + 1, other[1]))


def _held(conn: Connection, keys: set[int]) -> Mapping[int, tuple[str, str]]:
    """Who has these keys now."""
    return {key: (post, words) for key, post, words in _rows(conn, _HELD, list(keys))}


def _write(conn: Connection, batch: _Batch) -> None:
    order = sorted((key, post, words) for key, (post, words) in batch.new.items())
    if conn.dialect.name == "postgresql":
        _write_server(conn, list(batch.gone), order)
        return
    # The driver's own way: as plain as the rows are many.
    if batch.gone:
        conn.exec_driver_sql(
            "INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', ?, ?)",
            list(batch.gone.items()),
        )
        gone = [(key,) for key in batch.gone]
        conn.exec_driver_sql("DELETE FROM search_posts WHERE key = ?", gone)
    if order:
        conn.exec_driver_sql("INSERT INTO search_posts (key, post, words) VALUES (?, ?, ?)", order)
        conn.exec_driver_sql(
            "INSERT INTO search_index (rowid, words) VALUES (?, ?)",
            [(key, words) for key, _, words in order],
        )


def _write_server(conn: Connection, gone: list[int], order: list[tuple[int, str, str]]) -> None:
    if gone:
        for forget in _FORGET:
            conn.execute(forget, {"keys": gone})
    if order:
        rows = [{"k": k, "p": p, "w": words, "v": vector(k, words)} for k, p, words in order]
        given = {"rows": json.dumps(rows, ensure_ascii=False)}
        for statement in (_PUT_POSTS, _PUT_VECTORS):
            conn.execute(statement, given)
        conn.execute(_PUT_IN)


_ROWS = "FROM json_to_recordset(CAST(:rows AS json)) AS given (k bigint, p text, w text, v text)"
_PUT_POSTS = text(f"INSERT INTO search_posts (key, post, words) SELECT k, p, w {_ROWS}")
_PUT_VECTORS = text(f"INSERT INTO search_index (key, vector) SELECT k, CAST(v AS tsvector) {_ROWS}")
_FORGET = (
    text("DELETE FROM search_index WHERE key = ANY(:keys)"),
    text("DELETE FROM search_posts WHERE key = ANY(:keys)"),
)
_PUT_IN = text("SELECT gin_clean_pending_list('ix_search_index_vector')")


def vector(key: int, words: str) -> str:
    """The words as PostgreSQL writes a ``tsvector``; gaps count as positions.
    Only what can stand in a phrase has positions."""
    places: dict[str, list[str]] = {}
    alone = [span_token(key)]
    for place, token in enumerate(words.split(" "), 1):
        if token[0] in (EVERY, STEM):
            alone.append(token)
        elif token != GAP:
            found = places.setdefault(token, [])
            if len(found) < 255:
                found.append(str(min(place, 16_383)))
    parts = [f"'{token}'" for token in alone]
    parts += [f"'{token}':{','.join(found)}" for token, found in places.items()]
    return " ".join(parts)
