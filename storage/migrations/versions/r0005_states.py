"""Checks, tombstones, sweeps, and the states of posts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_POSTS = {
    "sqlite": """UPDATE events SET post = json_extract(objects, '$.post')
        WHERE objects LIKE '%"post"%'""",
    "postgresql": """UPDATE events SET post = CAST(objects AS json) ->> 'post'
        WHERE objects LIKE '%"post"%'""",
}


def upgrade() -> None:
    """Apply. Until the next reindex no post kept before has an ``expires_at``."""
    with op.batch_alter_table("captures") as table:
        table.add_column(
            sa.Column("blocked", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(sa.Column("canary", sa.Text()))
    with op.batch_alter_table("posts") as table:
        table.add_column(sa.Column("state_reason", sa.Text()))
        table.add_column(sa.Column("state_since", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("expires_at", sa.Text()))
    op.execute("UPDATE posts SET state_since = first_seen")
    with op.batch_alter_table("versions") as table:
        table.add_column(sa.Column("expires_at", sa.Text()))
    _posts_of_events()
    _checks()
    _tombstones()
    op.create_table(
        "state_sweeps",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text()),
        sa.Column("oldest", sa.Text()),
        sa.Column("begun_at", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text()),
        sa.PrimaryKeyConstraint("account", "section", name=op.f("pk_state_sweeps")),
    )


def _posts_of_events() -> None:
    """Notes have named posts before."""
    with op.batch_alter_table("events") as table:
        table.add_column(sa.Column("post", sa.Text()))
    op.create_index(op.f("ix_events_post"), "events", ["post"])
    op.execute(_POSTS[op.get_bind().dialect.name])


def _checks() -> None:
    needed = ("account", "capture", "run", "at", "found", "reason", "verdict")
    told = ("answered_at", "control_post", "control_at", "control_reason", "cursor")
    op.create_table(
        "checks",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in needed),
        sa.Column("covered", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in told),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document", "post", name=op.f("pk_checks")),
        sqlite_with_rowid=False,
    )
    for name in ("post", "account"):
        op.create_index(op.f(f"ix_checks_{name}"), "checks", [name])


def _tombstones() -> None:
    told = (
        *("confirmed_by_person", "confirmed_by_person_at", "confirmed_reason"),
        *("disputed_at", "disputed_by", "disputed_reason"),
        *("cause", "cause_source", "cause_at", "cause_by", "returned_at"),
    )
    needed = ("at", "agent", "absent_after", "absent_by", "confirmed_at", "steps")
    op.create_table(
        "tombstones",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("run", sa.Text()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in needed),
        *(sa.Column(name, sa.Text()) for name in told),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_tombstones")),
    )
    for name in ("post", "account"):
        op.create_index(op.f(f"ix_tombstones_{name}"), "tombstones", [name])
