"""Alembic's entry: runs migrations on the connection it was given.

Alembic loads and runs this file itself; the program never imports it.
"""

from alembic import context

from storage.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
