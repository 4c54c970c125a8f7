"""Acts of people: which body an account speaks for, and notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. The rows come with the next reindex or from new events."""
    op.create_table(
        "assignments",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text()),
        sa.Column("valid_from", sa.Text()),
        sa.Column("valid_to", sa.Text()),
        sa.Column("reference", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_assignments")),
    )
    op.create_index(op.f("ix_assignments_account"), "assignments", ["account"])
    op.create_table(
        "notes",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("post", sa.Text()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text()),
        sa.Column("since", sa.Text()),
        sa.Column("until", sa.Text()),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.Text()),
        sa.Column("withdrawn_by", sa.Text()),
        sa.Column("withdrawn_reason", sa.Text()),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_account"), "notes", ["account"])
    op.create_index(op.f("ix_notes_post"), "notes", ["post"])
