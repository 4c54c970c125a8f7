"""Tables about what a listing showed: places reached, collections, authors, comments."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from storage.columns import count, flag, key, maybe, metadata, ordinal, text

listings = Table(
    "listings",
    metadata,
    key("document"),
    ordinal(),
    text("capture"),
    text("account"),
    text("started_at"),
    text("section"),
    maybe("from_cursor"),
    maybe("cursor"),
    count("pages"),
    text("end"),
    maybe("reason"),
    count("listed"),
    maybe("oldest"),
    flag("connected"),
    Index(None, "account", "section", "started_at"),
)

highlights = Table(
    "highlights",
    metadata,
    key("document"),
    key("native_id"),
    text("account"),
    text("capture"),
    text("at"),
    Column("position", Integer, nullable=False),
    text("title"),
    Column("cover_ordinal", Integer),
    text("items"),
    Index(None, "account", "at"),
)

post_accounts = Table(
    "post_accounts",
    metadata,
    key("post"),
    key("account"),
    text("role"),
    Index(None, "account", "post"),
    sqlite_with_rowid=False,
)

post_covers = Table(
    "post_covers",
    metadata,
    key("document"),
    key("post"),
    text("cover"),
    Index(None, "post"),
    sqlite_with_rowid=False,
)

comment_readings = Table(
    "comment_readings",
    metadata,
    key("document"),
    text("post"),
    text("account"),
    text("capture"),
    text("at"),
    Column("declared", BigInteger),
    count("pages"),
    text("end"),
    maybe("reason"),
    count("read"),
    Index(None, "post", "at"),
)

comments = Table(
    "comments",
    metadata,
    key("post"),
    key("comment_id"),
    text("document"),
    maybe("author"),
    maybe("account"),
    text("text"),
    maybe("written_at"),
    Column("likes", BigInteger),
    maybe("parent_id"),
    text("first_seen"),
    text("last_seen"),
    text("classification"),
    Index(None, "post", "written_at"),
)

state_harvests = Table(
    "state_harvests",
    metadata,
    key("account"),
    key("section"),
    maybe("cursor"),
    text("anchor"),
    text("begun_at"),
    maybe("oldest"),
    text("updated_at"),
)
