"""Which schema version a catalogue has, and whether this program may use it."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, select, text

from storage import migrations, schema
from storage.catalogue.errors import CatalogueTooNew, CatalogueTooOld, CatalogueUnsuitable


def revision_of(conn: Connection, where: str) -> str | None:
    """The schema version a database has; ``None`` for an empty database.

    Raises:
        CatalogueUnsuitable: It has tables and they are not a catalogue's.
    """
    tables = set(inspect(conn).get_table_names())
    if "alembic_version" in tables:
        found = conn.scalar(text("SELECT version_num FROM alembic_version"))
        return None if found is None else str(found)
    if tables:
        raise CatalogueUnsuitable(
            f"this database is not a catalogue: {where}",
            hint="Give the address of a catalogue, or of an empty database.",
        )
    return None


def judge(conn: Connection, revision: str | None, where: str, *, read_only: bool) -> bool:
    """Whether the schema is current; ``False`` means `storage.migrations.bring_up` can mend it.

    Raises:
        CatalogueTooNew: This program does not know the schema.
        CatalogueTooOld: It would have to be migrated, and must not be written.
    """
    if revision == schema.REVISION:
        return True
    if revision is not None and revision not in migrations.revisions():
        raise CatalogueTooNew(
            f"the catalogue {where} has schema {revision}, written by {_writer(conn)}; "
            f"this is {migrations.program()}, which knows schemas up to {schema.REVISION}",
            hint="Use that version of the program, or give another address and run "
            "`jejak reindex`: it is rebuilt from the archive.",
        )
    if read_only:
        raise CatalogueTooOld(
            f"the catalogue {where} has schema {revision or 'none'}; "
            f"{migrations.program()} needs {schema.REVISION}",
            hint="Run `jejak doctor` once as the user who may write the catalogue.",
        )
    return False


def _writer(conn: Connection) -> str:
    info = schema.catalogue_info
    if not inspect(conn).has_table(info.name):
        return "a newer program"
    wanted = select(info.c.value).where(info.c.name == "migrated_by")
    return conn.scalar(wanted) or "a newer program"
