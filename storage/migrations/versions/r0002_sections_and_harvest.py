"""Sections, harvests, co-authors, covers and comments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("captures") as table:
        for name in ("joined", "new_stories"):
            table.add_column(sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(
            sa.Column("connected", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        for name in ("oldest", "since", "harvest_state", "harvest_begun_at", "harvest_oldest"):
            table.add_column(sa.Column(name, sa.Text()))
        table.add_column(sa.Column("harvest_listed", sa.BigInteger()))
        table.add_column(sa.Column("harvest_cursor", sa.Text()))
    with op.batch_alter_table("versions") as table:
        table.add_column(sa.Column("content", sa.Text()))
        table.add_column(sa.Column("authors", sa.Text(), nullable=False, server_default="[]"))
    _listings_and_highlights()
    _authors_and_covers()
    _comments()
    op.create_table(
        "state_harvests",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text()),
        sa.Column("anchor", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.Text(), nullable=False),
        sa.Column("oldest", sa.Text()),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account", "section", name=op.f("pk_state_harvests")),
    )


def _listings_and_highlights() -> None:
    op.create_table(
        "listings",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("capture", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("from_cursor", sa.Text()),
        sa.Column("cursor", sa.Text()),
        sa.Column("pages", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("listed", sa.BigInteger(), nullable=False),
        sa.Column("oldest", sa.Text()),
        sa.Column("connected", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("document", "ordinal", name=op.f("pk_listings")),
    )
    columns = ["account", "section", "started_at"]
    op.create_index(op.f("ix_listings_account_section_started_at"), "listings", columns)
    op.create_table(
        "highlights",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("native_id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("capture", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("cover_ordinal", sa.Integer()),
        sa.Column("items", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document", "native_id", name=op.f("pk_highlights")),
    )
    op.create_index(op.f("ix_highlights_account_at"), "highlights", ["account", "at"])


def _authors_and_covers() -> None:
    op.create_table(
        "post_accounts",
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("post", "account", name=op.f("pk_post_accounts")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_post_accounts_account_post"), "post_accounts", ["account", "post"])
    op.create_table(
        "post_covers",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("cover", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document", "post", name=op.f("pk_post_covers")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_post_covers_post"), "post_covers", ["post"])


def _comments() -> None:
    op.create_table(
        "comment_readings",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("capture", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("declared", sa.BigInteger()),
        sa.Column("pages", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("read", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_comment_readings")),
    )
    op.create_index(op.f("ix_comment_readings_post_at"), "comment_readings", ["post", "at"])
    op.create_table(
        "comments",
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("comment_id", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("author", sa.Text()),
        sa.Column("account", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.Text()),
        sa.Column("likes", sa.BigInteger()),
        sa.Column("parent_id", sa.Text()),
        sa.Column("first_seen", sa.Text(), nullable=False),
        sa.Column("last_seen", sa.Text(), nullable=False),
        sa.Column("classification", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("post", "comment_id", name=op.f("pk_comments")),
    )
    op.create_index(op.f("ix_comments_post_written_at"), "comments", ["post", "written_at"])
