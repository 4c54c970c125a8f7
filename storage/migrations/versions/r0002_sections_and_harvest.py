"""Sections, harvests, co-authors, covers and comments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import schema_listings

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NEW = ("listings", "highlights", "post_accounts", "post_covers", "comment_readings", "comments")


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
    for name in (*_NEW, "state_harvests"):
        getattr(schema_listings, name).create(op.get_bind())
