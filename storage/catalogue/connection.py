"""Opening the catalogue, and its transactions."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from storage import migrations, search
from storage.catalogue import revision, server
from storage.catalogue.errors import (
    CatalogueBusy,
    CatalogueError,
    CatalogueNotStored,
    CatalogueReadOnly,
    CatalogueUnreadable,
)

BUSY_TIMEOUT_MS = 60_000
"""How long a writer waits for another one before `CatalogueBusy`."""


PACE = ("PRAGMA cache_size=-65536", "PRAGMA wal_autocheckpoint=4000")
"""At most 64 MiB of pages stay in memory, and a journal of 16 MiB is taken in at
once: what a large catalogue needs, and a small one never reaches."""


class Catalogue:
    """An open catalogue. Safe to share between threads; close it at the end."""

    def __init__(self, engine: Engine, *, read_only: bool) -> None:
        self.engine = engine
        self.read_only = read_only
        self._run_lock_of: int | None = None
        """The server's process that holds the run's lock for us, in `held`."""

    def __enter__(self) -> Self:
        """The catalogue itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that may write; committed durably when left
        normally, undone on any exception. One writer at a time, the others wait.

        Raises:
            CatalogueBusy: Another program did not let go in time.
            CatalogueReadOnly: Opened with ``read_only``, or the disk refuses.
            CatalogueUnreadable: The database is damaged.
            CatalogueUnreachable: The server went away, or it ended the session
                of `held`; nothing of the transaction is kept.
        """
        if self.read_only:
            raise CatalogueReadOnly(
                "the catalogue is open for reading only",
                hint="Open it without read_only to write.",
            )
        with _explained(self.engine.url), self.engine.connect() as base:
            conn = base.execution_options(jejak_begin="BEGIN IMMEDIATE")
            with conn.begin():
                if conn.dialect.name == "postgresql":
                    server.lock_transaction(conn, BUSY_TIMEOUT_MS)
                yield conn
                if self._run_lock_of is not None:
                    server.require_run_lock(conn, self._run_lock_of, str(self.engine.url))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view; never waits for a writer (embedded SQLite).

        Raises:
            CatalogueUnreadable: The database is damaged.
        """
        with _explained(self.engine.url), self.engine.connect() as base:
            conn = base
            if conn.dialect.name == "postgresql":
                conn = base.execution_options(isolation_level="REPEATABLE READ")
            with conn.begin():
                yield conn

    @contextmanager
    def held(self) -> Iterator[tuple[str, str] | None]:
        """Be the only program that writes, on whatever machine.

        Embedded catalogues need nothing: the archive's own lock is beside them.

        Yields:
            ``None``, or process and start of the server's session that holds it.
        """
        if self.engine.dialect.name != "postgresql":
            yield None
            return
        with _explained(self.engine.url):
            base = self.engine.connect()
        with base:
            with _explained(self.engine.url):
                conn = base.execution_options(isolation_level="AUTOCOMMIT")
                process, holder = server.take_run_lock(conn)
            try:
                self._run_lock_of = process if holder is None else None
                yield holder
            finally:
                self._run_lock_of = None
                base.invalidate()  # ends the session, and the lock with it

    def close(self) -> None:
        """Release all connections."""
        self.engine.dispose()


def embedded(path: Path) -> str:
    """The address of an embedded catalogue, whatever characters its path has."""
    return URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)


def server_facts(url: str) -> server.ServerFacts:
    """What the server of a catalogue says of itself, whatever the database holds.

    Raises:
        CatalogueUnreachable, CatalogueRefused: It does not say anything.
    """
    engine = server.server_engine(make_url(url))
    try:
        with _explained(engine.url), engine.connect() as conn:
            return server.facts(conn)
    finally:
        engine.dispose()


def open_catalogue(url: str, *, read_only: bool = False) -> Catalogue:
    """Open a catalogue; a new one is created, an older one is migrated.

    Args:
        url: `embedded` of a path, or ``postgresql+psycopg://…``.
        read_only: Neither create nor migrate nor write.

    Raises:
        CatalogueTooNew, CatalogueTooOld, CatalogueUnreadable, CatalogueUnsuitable,
        CatalogueReadOnly, CatalogueBusy, CatalogueUnreachable, CatalogueRefused:
            As their names say; each has a hint.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        # Their words may repeat a password that stands in a wrong place.
        raise CatalogueUnreadable(
            "the address of the catalogue cannot be understood",
            hint="Give one such as postgresql+psycopg://USER@HOST/DATABASE.",
        ) from None
    if address.get_backend_name() == "sqlite":
        engine = _sqlite(address, read_only=read_only)
    else:
        engine = server.server_engine(address)
    catalogue = Catalogue(engine, read_only=read_only)
    try:
        with catalogue.reading() as conn:
            if engine.dialect.name == "postgresql":
                server.require_encoding(conn, str(address))
            found = revision.revision_of(conn, str(address))
            current = revision.judge(conn, found, str(address), read_only=read_only)
        if not read_only:
            _use_journal(engine)
        if not current:
            with catalogue.writing() as conn:
                migrations.bring_up(conn)
                search.fill(conn)
        elif not read_only:
            _probe(catalogue)
    except BaseException:
        catalogue.close()
        raise
    return catalogue


def _use_journal(engine: Engine) -> None:
    """Write-ahead logging, which the file itself remembers. Only now that the
    file is known to be a catalogue or empty: this changes its first page."""
    if engine.dialect.name == "sqlite":
        with _explained(engine.url), closing(engine.raw_connection()) as raw:
            try:
                raw.cursor().execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                raise OperationalError("PRAGMA journal_mode", None, error) from error


def _probe(catalogue: Catalogue) -> None:
    """Tell now, and not after the first answer of a night, that nothing can
    be written: an empty write that is undone."""
    with _explained(catalogue.engine.url), catalogue.engine.connect() as base:
        conn = base.execution_options(jejak_begin="BEGIN IMMEDIATE")
        with conn.begin() as transaction:
            conn.exec_driver_sql("DELETE FROM catalogue_info WHERE name = ''")
            transaction.rollback()


def _sqlite(address: URL, *, read_only: bool) -> Engine:
    path = Path(address.database or "")
    if not address.database or address.database == ":memory:":
        raise CatalogueUnreadable(
            "the catalogue needs a file",
            hint="Give an address such as sqlite:////srv/jejak/catalogue.db.",
        )
    if not path.parent.is_dir():
        raise CatalogueUnreadable(
            f"the catalogue's folder does not exist: {path.parent}",
            hint="Create the archive with `jejak init`, or correct the address.",
        )
    target = address
    if read_only:
        if not path.exists():
            raise CatalogueUnreadable(
                f"there is no catalogue at {path}",
                hint="Run `jejak reindex` to build it from segments and ledger.",
            )
        query = {"mode": "ro", "uri": "true"}
        journal = path.with_name(path.name + "-wal")
        if not os.access(path.parent, os.W_OK) and not journal.exists():
            # A WAL database in a folder that cannot be written cannot have its
            # shared-memory file; without a journal nobody is writing either.
            query["immutable"] = "1"
        target = address.set(database=f"file:{quote(str(path))}", query=query)
    engine = create_engine(target)

    @event.listens_for(engine, "connect")
    def _prepare(connection: object, _entry: ConnectionPoolEntry) -> None:
        # The driver's own transaction handling starts none for reads and
        # commits before DDL; "begin" below does it instead.
        connection.isolation_level = None  # type: ignore[attr-defined]
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA synchronous=FULL")
        for pragma in PACE:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        conn.exec_driver_sql(conn.get_execution_options().get("jejak_begin", "BEGIN"))

    return engine


@contextmanager
def _explained(url: URL) -> Iterator[None]:
    """Say in our words why the database refused."""
    where = url.database if url.get_backend_name() == "sqlite" else str(url)
    try:
        yield
    except DBAPIError as error:
        if url.get_backend_name() == "sqlite":
            told = _told(str(error.orig).lower(), where or "")
        else:
            told = server.told_by_server(error, where or "", BUSY_TIMEOUT_MS)
        if told is None:
            raise
        raise told from error


def _told(reason: str, where: str) -> CatalogueError | None:
    if "readonly" in reason or "read-only" in reason or "unable to open" in reason:
        return CatalogueReadOnly(
            f"the catalogue cannot be written: {where}",
            hint="Check that the file and its folder belong to this user and the disk is writable.",
        )
    if "locked" in reason:
        return CatalogueBusy(
            f"another program has held the catalogue for {BUSY_TIMEOUT_MS // 1000} s: {where}",
            hint="Wait for it, or end the program that holds it.",
        )
    if "full" in reason or "disk i/o" in reason:
        return CatalogueNotStored(
            f"the disk refused to store the catalogue: {where}",
            hint="Make room on the disk, then run the command again; segments are kept.",
        )
    if "not a database" in reason or "malformed" in reason:
        return CatalogueUnreadable(
            f"this is not a usable catalogue: {where}",
            hint="Move the file aside and run `jejak reindex`: it is rebuilt from the archive.",
        )
    return None
