"""Schema versions of the catalogue, applied by the program when it opens one.

A change of `storage.schema` needs a new file in ``versions`` and the new
number in `storage.schema.REVISION`; a test compares what migrations build with
what the schema says.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from storage import schema

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent


def program() -> str:
    """This program and its version, for example ``jejak 0.1.0``."""
    try:
        return f"jejak {version('jejak')}"
    except PackageNotFoundError:
        return "jejak (not installed)"


def configuration() -> Config:
    """Alembic's configuration; there is no ``alembic.ini``."""
    from alembic.config import Config  # slow to import, and needed only to migrate

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def revisions() -> tuple[str, ...]:
    """All schema versions this program knows, oldest first."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(configuration())
    return tuple(reversed([script.revision for script in scripts.walk_revisions()]))


def bring_up(conn: Connection) -> None:
    """Bring a database to the newest schema, in the caller's transaction.

    Does nothing when another program did it while this one waited.
    """
    from alembic import command

    config = configuration()
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
    info = schema.catalogue_info
    conn.execute(info.delete().where(info.c.name == "migrated_by"))
    conn.execute(info.insert().values(name="migrated_by", value=program()))
