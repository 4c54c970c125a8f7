"""Alembic's entry: runs migrations on the connection it was given.

Alembic loads and runs this file itself; the program never imports it.
"""

from alembic import context

from storage.migrations.collation import collate
from storage.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    on_version_apply=lambda **_: collate(connection),
)
with context.begin_transaction():
    context.run_migrations()
