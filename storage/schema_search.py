"""The catalogue's tables for search; what holds their index is each database's own.

Beside them stands ``search_index``, of which SQLAlchemy knows nothing: in
SQLite a full-text table over `search_posts`, in PostgreSQL the same words as a
``tsvector``. `storage.search.keeping` keeps it.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, UniqueConstraint

from storage.columns import metadata, text

search_posts = Table(
    "search_posts",
    metadata,
    Column(
        "key", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    ),
    text("post"),
    text("words"),
    UniqueConstraint("post", name="uq_search_posts_post"),
)
"""What each post is found by; the order of the keys is the order of publication."""

FTS5 = (
    "CREATE VIRTUAL TABLE search_index USING fts5(words, content='search_posts', "
    "content_rowid='key', columnsize=0, tokenize=\"ascii tokenchars '#@=|~_.:-'\")",
    "INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 16777216)",
)
"""All characters beyond ASCII belong to words, so a space alone parts tokens. Up
to 16 MiB of words are gathered before a piece of the index is written."""

VECTORS = (
    "CREATE TABLE search_index (key BIGINT PRIMARY KEY, vector TSVECTOR NOT NULL)",
    "CREATE INDEX ix_search_index_vector ON search_index USING gin (vector) "
    "WITH (fastupdate=on, gin_pending_list_limit=65536)",
)
"""New words wait in a list, which the writer itself empties before it commits:
many posts are then put in together, and no reader pays for a writer's list."""
