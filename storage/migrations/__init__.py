"""Schema versions of the catalogue, applied by the program when it opens one.

A change of `storage.schema` needs a new file in ``versions`` and the new
number in `storage.schema.REVISION`; a test compares what migrations build with
what the schema says.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, select, text

from storage import schema
from storage.catalogue.errors import CatalogueTooNew, CatalogueTooOld, CatalogueUnreadable

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


def revision_of(conn: Connection, where: str) -> str | None:
    """The schema version a database has; ``None`` for an empty database.

    Raises:
        CatalogueUnreadable: It has tables and they are not a catalogue's.
    """
    tables = set(inspect(conn).get_table_names())
    if "alembic_version" in tables:
        found = conn.scalar(text("SELECT version_num FROM alembic_version"))
        return None if found is None else str(found)
    if tables:
        raise CatalogueUnreadable(
            f"this database is not a catalogue: {where}",
            hint="Give the address of a catalogue, or of an empty database.",
        )
    return None


def judge(conn: Connection, revision: str | None, where: str, *, read_only: bool) -> bool:
    """Whether the schema is current; ``False`` means `bring_up` can mend it.

    Raises:
        CatalogueTooNew: This program does not know the schema.
        CatalogueTooOld: It would have to be migrated, and must not be written.
    """
    if revision == schema.REVISION:
        return True
    if revision is not None and revision not in revisions():
        raise CatalogueTooNew(
            f"the catalogue {where} has schema {revision}, written by {_writer(conn)}; "
            f"this is {program()}, which knows schemas up to {schema.REVISION}",
            hint="Use that version of the program, or move the catalogue aside and run "
            "`jejak reindex`: it is rebuilt from the archive.",
        )
    if read_only:
        raise CatalogueTooOld(
            f"the catalogue {where} has schema {revision or 'none'}; "
            f"{program()} needs {schema.REVISION}",
            hint="Run `jejak doctor` once as the user who may write the catalogue.",
        )
    return False


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


def _writer(conn: Connection) -> str:
    info = schema.catalogue_info
    if not inspect(conn).has_table(info.name):
        return "a newer program"
    wanted = select(info.c.value).where(info.c.name == "migrated_by")
    return conn.scalar(wanted) or "a newer program"
