"""The catalogue's tables, for SQLite and PostgreSQL alike.

`DERIVED` tables hold nothing that is not in segments or ledger: reindex fills
them again. Keys are natural (ids, UUIDs, names), codes and times are text
(`storage.timestamps`), JSON is canonical text. `STATE` tables are not rebuilt.

In SQLite the tables with many small rows have no rowid: one tree less to write
per row.

A ``document`` is the WARC record id of a ``post/1`` or ``capture/1`` record.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text

from storage import schema_listings, schema_search, schema_states
from storage.columns import count as _count
from storage.columns import flag as _flag
from storage.columns import key as _key
from storage.columns import maybe as _maybe
from storage.columns import metadata as metadata
from storage.columns import metrics as _metrics
from storage.columns import ordinal as _ordinal
from storage.columns import text as _text

REVISION = "0005"
"""The newest migration; held equal to the migrations folder by a test."""

comment_readings = schema_listings.comment_readings
comments = schema_listings.comments
highlights = schema_listings.highlights
listings = schema_listings.listings
post_accounts = schema_listings.post_accounts
post_covers = schema_listings.post_covers
state_harvests = schema_listings.state_harvests
search_posts = schema_search.search_posts
checks = schema_states.checks
tombstones = schema_states.tombstones
state_sweeps = schema_states.state_sweeps

segments = Table(
    "segments",
    metadata,
    _key("name"),
    Column("size_bytes", BigInteger),
    _maybe("sha256"),
    _maybe("closed_at"),
)

records = Table(
    "records",
    metadata,
    _key("record_id"),
    Column("segment", Text, ForeignKey("segments.name"), nullable=False),
    _count("offset"),
    _count("length"),
    _text("type"),
    _maybe("target_uri"),
    _text("date"),
    Column("http_status", Integer),
    _maybe("mime"),
    _maybe("identified"),
    _maybe("block_digest"),
    _maybe("payload_digest"),
    _count("payload_bytes"),
    _maybe("concurrent_to"),
    _maybe("refers_to"),
    _maybe("truncated"),
    _maybe("schema"),
    Index(None, "segment", "offset"),
    Index(None, "concurrent_to"),
    sqlite_with_rowid=False,
)

accounts = Table(
    "accounts",
    metadata,
    _key("key"),
    _text("platform"),
    _maybe("native_id"),
    _maybe("handle"),
    _maybe("name"),
    _maybe("pinned_at"),
    _maybe("handle_taken_at"),
    _maybe("first_seen"),
    _maybe("last_seen"),
    _maybe("last_capture"),
    _maybe("last_outcome"),
)

account_profiles = Table(
    "account_profiles",
    metadata,
    _key("document"),
    _text("account"),
    _text("capture"),
    _text("at"),
    _text("native_id"),
    _text("handle"),
    _maybe("name"),
    _maybe("biography"),
    _maybe("external_url"),
    Column("is_private", Boolean),
    Column("is_verified", Boolean),
    Column("followers", BigInteger),
    Column("following", BigInteger),
    Column("declared_posts", BigInteger),
    _maybe("locator"),
    Index(None, "account", "at"),
)

runs = Table(
    "runs",
    metadata,
    _key("run"),
    _maybe("started_at"),
    _maybe("ended_at"),
    _text("state"),
    _maybe("agent"),
    *(_count(n) for n in ("captures", "complete", "partial", "failed")),
    *(_count(n) for n in ("requests", "bytes", "new", "edited", "problems")),
    Index(None, "started_at"),
)

captures = Table(
    "captures",
    metadata,
    _key("document"),
    _text("capture"),
    _text("run"),
    _text("account"),
    _text("handle"),
    _text("route"),
    _text("engine"),
    _maybe("identity"),
    _text("started_at"),
    _text("ended_at"),
    _text("outcome"),
    _maybe("reason"),
    Column("declared_posts", BigInteger),
    _count("pages"),
    _text("listing_end"),
    _maybe("listing_reason"),
    *(_count(n) for n in ("listed", "seen", "new", "edited", "failed")),
    *(_count(n) for n in ("problems", "requests", "bytes")),
    *(_count(n) for n in ("joined", "new_stories")),
    _flag("connected"),
    *(_maybe(n) for n in ("oldest", "since")),
    *(_maybe(n) for n in ("harvest_state", "harvest_begun_at", "harvest_oldest")),
    Column("harvest_listed", BigInteger),
    _maybe("harvest_cursor"),
    _flag("blocked"),
    _maybe("canary"),
    Index(None, "run", "started_at"),
    Index(None, "account", "started_at"),
    Index(None, "capture"),
)

posts = Table(
    "posts",
    metadata,
    _key("id"),
    _text("platform"),
    _text("account"),
    _text("code"),
    _maybe("native_id"),
    _text("kind"),
    _text("state"),
    _maybe("state_reason"),
    _text("state_since"),
    _maybe("caption"),
    _maybe("published_at"),
    _maybe("permalink"),
    _maybe("expires_at"),
    _text("first_seen"),
    _text("last_seen"),
    _count("versions"),
    _text("content_digest"),
    _flag("media_complete"),
    _text("document"),
    Index(None, "published_at", "id"),
    Index(None, "account", "published_at", "id"),
)

versions = Table(
    "versions",
    metadata,
    _key("document"),
    _text("post"),
    _text("account"),
    Column("number", Integer, nullable=False),
    _text("platform"),
    _text("code"),
    _maybe("native_id"),
    _text("capture"),
    _text("run"),
    _text("route"),
    _text("engine"),
    _text("captured_at"),
    _text("kind"),
    _maybe("caption"),
    _maybe("published_at"),
    _maybe("permalink"),
    _flag("pinned"),
    _text("extra"),
    _text("content_digest"),
    _maybe("content"),
    _text("authors"),
    _maybe("expires_at"),
    *_metrics(),
    Index(None, "post", "captured_at"),
)

media = Table(
    "media",
    metadata,
    _key("document"),
    _ordinal(),
    _text("account"),
    _maybe("post"),
    _flag("chosen"),
    _text("media_id"),
    _text("kind"),
    _text("role"),
    Column("position", Integer, nullable=False),
    _text("url"),
    Column("width", BigInteger),
    Column("height", BigInteger),
    Column("duration_s", Float),
    _maybe("language"),
    _maybe("mime"),
    Column("size_bytes", BigInteger),
    _maybe("sha256"),
    _maybe("record"),
    _flag("complete"),
    Index(None, "post"),
    Index(None, "account", "sha256"),
    sqlite_with_rowid=False,
)

observations = Table(
    "observations",
    metadata,
    _key("document"),
    _key("post"),
    _text("capture"),
    _text("at"),
    _flag("pinned"),
    *_metrics(),
    Index(None, "post", "at"),
    sqlite_with_rowid=False,
)

evidence = Table(
    "evidence",
    metadata,
    _key("document"),
    _key("part"),
    _ordinal(),
    _text("record"),
    Index(None, "record"),
    sqlite_with_rowid=False,
)

problems = Table(
    "problems",
    metadata,
    _key("document"),
    _key("part"),
    _ordinal(),
    _text("capture"),
    _text("code"),
    _text("detail"),
    _maybe("post_id"),
    _maybe("media_id"),
    Index(None, "capture"),
    sqlite_with_rowid=False,
)

events = Table(
    "events",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    *(_text(n) for n in ("at", "type", "premis", "agent", "outcome")),
    *(_text(n) for n in ("objects", "detail", "previous", "hash")),
    *(_maybe(n) for n in ("account", "run", "segment", "file", "identity", "post")),
    *(Index(None, n) for n in ("account", "run", "segment", "file", "identity", "post")),
)

assignments = Table(
    "assignments",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    *(_text(n) for n in ("account", "body")),
    *(_maybe(n) for n in ("unit", "valid_from", "valid_to", "reference", "reason")),
    *(_text(n) for n in ("at", "agent")),
    Index(None, "account"),
)

notes = Table(
    "notes",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    _text("account"),
    _maybe("post"),
    *(_text(n) for n in ("kind", "reason")),
    *(_maybe(n) for n in ("reference", "since", "until")),
    *(_text(n) for n in ("at", "agent")),
    *(_maybe(n) for n in ("withdrawn_at", "withdrawn_by", "withdrawn_reason")),
    Index(None, "account"),
    Index(None, "post"),
)

state_logins = Table(
    "state_logins",
    metadata,
    _key("identity"),
    _text("platform"),
    _maybe("username"),
    _text("cookies_file"),
    _text("imported_at"),
    _maybe("last_success_at"),
    _maybe("last_challenge_at"),
    _maybe("last_error"),
)

catalogue_info = Table(
    "catalogue_info",
    metadata,
    _key("name"),
    _text("value"),
)
"""Facts about the catalogue itself: which program migrated it last."""

DERIVED = (
    segments,
    records,
    accounts,
    account_profiles,
    runs,
    captures,
    posts,
    versions,
    media,
    observations,
    evidence,
    problems,
    listings,
    highlights,
    post_accounts,
    post_covers,
    comment_readings,
    comments,
    checks,
    events,
    assignments,
    notes,
    tombstones,
    search_posts,
)
"""Rebuilt by reindex, in an order foreign keys allow."""

STATE = (state_logins, state_harvests, state_sweeps)
"""Not records, not rebuilt."""
