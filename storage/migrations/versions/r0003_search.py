"""Words of posts, and the index of each database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.schema_search import FTS5, VECTORS

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Who opens the catalogue then fills it: `storage.search.fill`."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "search_posts",
        sa.Column("key", number, autoincrement=False, nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_search_posts")),
        sa.UniqueConstraint("post", name=op.f("uq_search_posts_post")),
    )
    conn = op.get_bind()
    for statement in VECTORS if conn.dialect.name == "postgresql" else FTS5:
        conn.exec_driver_sql(statement)
