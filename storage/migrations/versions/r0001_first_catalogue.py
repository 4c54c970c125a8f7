"""The first catalogue: records, posts, versions, media, runs, ledger mirror."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _segments()
    _records()
    _accounts()
    _account_profiles()
    _runs()
    _captures()
    _posts()
    _versions()
    _media()
    _observations()
    _evidence()
    _problems()
    _events()
    _state_logins()
    _catalogue_info()


def _segments() -> None:
    op.create_table(
        "segments",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger()),
        sa.Column("sha256", sa.Text()),
        sa.Column("closed_at", sa.Text()),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_segments")),
    )


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("target_uri", sa.Text()),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("http_status", sa.Integer()),
        sa.Column("mime", sa.Text()),
        sa.Column("identified", sa.Text()),
        sa.Column("block_digest", sa.Text()),
        sa.Column("payload_digest", sa.Text()),
        sa.Column("payload_bytes", sa.BigInteger(), nullable=False),
        sa.Column("concurrent_to", sa.Text()),
        sa.Column("refers_to", sa.Text()),
        sa.Column("truncated", sa.Text()),
        sa.Column("schema", sa.Text()),
        sa.ForeignKeyConstraint(["segment"], ["segments.name"], name=op.f("fk_records_segment")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_records")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_records_concurrent_to"), "records", ["concurrent_to"])
    op.create_index(op.f("ix_records_segment_offset"), "records", ["segment", "offset"])


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("native_id", sa.Text()),
        sa.Column("handle", sa.Text()),
        sa.Column("name", sa.Text()),
        sa.Column("pinned_at", sa.Text()),
        sa.Column("handle_taken_at", sa.Text()),
        sa.Column("first_seen", sa.Text()),
        sa.Column("last_seen", sa.Text()),
        sa.Column("last_capture", sa.Text()),
        sa.Column("last_outcome", sa.Text()),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_accounts")),
    )


def _account_profiles() -> None:
    op.create_table(
        "account_profiles",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("capture", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("native_id", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("biography", sa.Text()),
        sa.Column("external_url", sa.Text()),
        sa.Column("is_private", sa.Boolean()),
        sa.Column("is_verified", sa.Boolean()),
        sa.Column("followers", sa.BigInteger()),
        sa.Column("following", sa.BigInteger()),
        sa.Column("declared_posts", sa.BigInteger()),
        sa.Column("locator", sa.Text()),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_account_profiles")),
    )
    op.create_index(op.f("ix_account_profiles_account_at"), "account_profiles", ["account", "at"])


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text()),
        sa.Column("ended_at", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text()),
        sa.Column("captures", sa.BigInteger(), nullable=False),
        sa.Column("complete", sa.BigInteger(), nullable=False),
        sa.Column("partial", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("new", sa.BigInteger(), nullable=False),
        sa.Column("edited", sa.BigInteger(), nullable=False),
        sa.Column("problems", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("run", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_started_at"), "runs", ["started_at"])


def _captures() -> None:
    op.create_table(
        "captures",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("capture", sa.Text(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text()),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("declared_posts", sa.BigInteger()),
        sa.Column("pages", sa.BigInteger(), nullable=False),
        sa.Column("listing_end", sa.Text(), nullable=False),
        sa.Column("listing_reason", sa.Text()),
        sa.Column("listed", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("new", sa.BigInteger(), nullable=False),
        sa.Column("edited", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("problems", sa.BigInteger(), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_captures")),
    )
    op.create_index(op.f("ix_captures_account_started_at"), "captures", ["account", "started_at"])
    op.create_index(op.f("ix_captures_capture"), "captures", ["capture"])
    op.create_index(op.f("ix_captures_run_started_at"), "captures", ["run", "started_at"])


def _posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("native_id", sa.Text()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text()),
        sa.Column("published_at", sa.Text()),
        sa.Column("permalink", sa.Text()),
        sa.Column("first_seen", sa.Text(), nullable=False),
        sa.Column("last_seen", sa.Text(), nullable=False),
        sa.Column("versions", sa.BigInteger(), nullable=False),
        sa.Column("content_digest", sa.Text(), nullable=False),
        sa.Column("media_complete", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    op.create_index(
        op.f("ix_posts_account_published_at_id"), "posts", ["account", "published_at", "id"]
    )
    op.create_index(op.f("ix_posts_published_at_id"), "posts", ["published_at", "id"])


def _versions() -> None:
    op.create_table(
        "versions",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("native_id", sa.Text()),
        sa.Column("capture", sa.Text(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("captured_at", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text()),
        sa.Column("published_at", sa.Text()),
        sa.Column("permalink", sa.Text()),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.Text(), nullable=False),
        sa.Column("likes", sa.BigInteger()),
        sa.Column("comments", sa.BigInteger()),
        sa.Column("plays", sa.BigInteger()),
        sa.Column("shares", sa.BigInteger()),
        sa.Column("saves", sa.BigInteger()),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_versions")),
    )
    op.create_index(op.f("ix_versions_post_captured_at"), "versions", ["post", "captured_at"])


def _media() -> None:
    op.create_table(
        "media",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("post", sa.Text()),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("media_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("width", sa.BigInteger()),
        sa.Column("height", sa.BigInteger()),
        sa.Column("duration_s", sa.Float()),
        sa.Column("language", sa.Text()),
        sa.Column("mime", sa.Text()),
        sa.Column("size_bytes", sa.BigInteger()),
        sa.Column("sha256", sa.Text()),
        sa.Column("record", sa.Text()),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("document", "ordinal", name=op.f("pk_media")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_media_account_sha256"), "media", ["account", "sha256"])
    op.create_index(op.f("ix_media_post"), "media", ["post"])


def _observations() -> None:
    op.create_table(
        "observations",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("capture", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("likes", sa.BigInteger()),
        sa.Column("comments", sa.BigInteger()),
        sa.Column("plays", sa.BigInteger()),
        sa.Column("shares", sa.BigInteger()),
        sa.Column("saves", sa.BigInteger()),
        sa.PrimaryKeyConstraint("document", "post", name=op.f("pk_observations")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_observations_post_at"), "observations", ["post", "at"])


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document", "part", "ordinal", name=op.f("pk_evidence")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_evidence_record"), "evidence", ["record"])


def _problems() -> None:
    op.create_table(
        "problems",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("capture", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Text()),
        sa.Column("media_id", sa.Text()),
        sa.PrimaryKeyConstraint("document", "part", "ordinal", name=op.f("pk_problems")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_problems_capture"), "problems", ["capture"])


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("premis", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("objects", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("account", sa.Text()),
        sa.Column("run", sa.Text()),
        sa.Column("segment", sa.Text()),
        sa.Column("file", sa.Text()),
        sa.Column("identity", sa.Text()),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_account"), "events", ["account"])
    op.create_index(op.f("ix_events_file"), "events", ["file"])
    op.create_index(op.f("ix_events_identity"), "events", ["identity"])
    op.create_index(op.f("ix_events_run"), "events", ["run"])
    op.create_index(op.f("ix_events_segment"), "events", ["segment"])


def _state_logins() -> None:
    op.create_table(
        "state_logins",
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("username", sa.Text()),
        sa.Column("cookies_file", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.Text(), nullable=False),
        sa.Column("last_success_at", sa.Text()),
        sa.Column("last_challenge_at", sa.Text()),
        sa.Column("last_error", sa.Text()),
        sa.PrimaryKeyConstraint("identity", name=op.f("pk_state_logins")),
    )


def _catalogue_info() -> None:
    op.create_table(
        "catalogue_info",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_catalogue_info")),
    )
