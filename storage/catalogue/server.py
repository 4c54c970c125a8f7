"""A catalogue on a PostgreSQL server: reaching it, holding it, why it refuses."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.pool import ConnectionPoolEntry

from storage.catalogue.errors import (
    CatalogueBusy,
    CatalogueError,
    CatalogueNotStored,
    CatalogueReadOnly,
    CatalogueRefused,
    CatalogueUnreachable,
    CatalogueUnreadable,
    CatalogueUnsuitable,
)

ENCODING = "UTF8"
"""What a database must be encoded in; any other loses letters of captions."""

CONNECTING: dict[str, object] = {
    "application_name": "jejak",
    "client_encoding": "utf8",
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""Unless the address says otherwise. A server that vanishes without a word is
missed after about a minute. Source: PostgreSQL's manual, 34.1.2."""

SESSION = {
    "statement_timeout": 1_800_000,
    "idle_in_transaction_session_timeout": 0,
    "tcp_keepalives_idle": 30,
    "tcp_keepalives_interval": 10,
    "tcp_keepalives_count": 3,
}
"""Half an hour is longer than any statement of ours takes; a client that
vanishes without a word holds its locks for about a minute only."""

RUN_LOCK_WAIT_MS = 5_000
"""A killed program's session ends only when the server notices, moments later."""

_WRITER_LOCK = 0x6A656A616B
"""Advisory lock of one transaction that writes: ``jejak`` in ASCII."""

_RUN_LOCK = _WRITER_LOCK + 1
"""Advisory lock of the one program that writes, as long as it runs."""

_HELD = """
SELECT l.pid, to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND ((l.classid::bigint << 32) | l.objid::bigint) = """


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What a database server says of itself and of the database.

    Attributes:
        version: As it calls itself, for example ``15.6``.
        where: Server and database, without user and password.
    """

    version: str
    encoding: str
    where: str


def server_engine(address: URL) -> Engine:
    """Connections to a server, none of which waits for ever."""
    own = {name: value for name, value in CONNECTING.items() if name not in address.query}
    engine = create_engine(address, pool_pre_ping=True, connect_args=own)

    @event.listens_for(engine, "connect")
    def _prepare(connection: object, _entry: ConnectionPoolEntry) -> None:
        wanted = dict(SESSION)
        if connection.info.server_version >= 140_000:  # type: ignore[attr-defined]
            # An office's own limit would end the session that holds the run's lock.
            wanted["idle_session_timeout"] = 0
        sets = ", ".join(f"set_config('{name}', '{wanted[name]}', false)" for name in wanted)
        connection.execute(f"SELECT {sets}")  # type: ignore[attr-defined]
        connection.commit()  # type: ignore[attr-defined]

    return engine


def facts(conn: Connection) -> ServerFacts:
    """Ask the server what it is."""
    version, encoding, database = conn.exec_driver_sql(
        "SELECT current_setting('server_version'), current_setting('server_encoding'),"
        " current_database()"
    ).one()
    url = conn.engine.url
    place = url.host or url.query.get("host") or "localhost"
    return ServerFacts(str(version).split()[0], str(encoding), f"{place}/{database}")


def require_encoding(conn: Connection, where: str) -> None:
    """Refuse a database that cannot hold every letter.

    Raises:
        CatalogueUnsuitable: It has another encoding than `ENCODING`.
    """
    found = facts(conn).encoding
    if found != ENCODING:
        raise CatalogueUnsuitable(
            f"this database has the encoding {found}, a catalogue needs {ENCODING}: {where}",
            hint=f"Make one with createdb --encoding={ENCODING} --template=template0.",
        )


def lock_transaction(conn: Connection, wait_ms: int) -> None:
    """Be the only transaction that writes, until it ends."""
    conn.exec_driver_sql(f"SET LOCAL lock_timeout = {wait_ms}")
    conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")


def take_run_lock(conn: Connection) -> tuple[int, tuple[str, str] | None]:
    """Be the only program that writes, as long as this session lasts.

    Returns:
        This session's process on the server, and ``None`` or process and start
        of the session that holds the lock instead.
    """
    pid = int(conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
    conn.exec_driver_sql(f"SET lock_timeout = {RUN_LOCK_WAIT_MS}")
    try:
        conn.exec_driver_sql(f"SELECT pg_advisory_lock({_RUN_LOCK})")
    except OperationalError as error:
        if _state(error) != "55P03":
            raise
        found = conn.exec_driver_sql(f"{_HELD}{_RUN_LOCK}").first()
        # The start of another user's session is told to administrators only.
        holder = (str(found[0]), str(found[1] or "?")) if found else ("?", "?")
        return pid, holder
    return pid, None


def require_run_lock(conn: Connection, pid: int, where: str) -> None:
    """Refuse to go on when the session that holds the run's lock has ended.

    Called in a transaction that writes, before it is committed: whoever took
    the lock meanwhile waits for this transaction with what it writes.

    Raises:
        CatalogueUnreachable: Another program may be writing.
    """
    if not any(found[0] == pid for found in conn.exec_driver_sql(f"{_HELD}{_RUN_LOCK}")):
        raise CatalogueUnreachable(
            f"the server ended the session that keeps other programs from writing: {where}",
            hint="Run the command again; what was acknowledged is kept.",
        )


def told_by_server(error: DBAPIError, where: str, waited_ms: int) -> CatalogueError | None:
    """PostgreSQL's refusals. Source: its manual, appendix A, error codes."""
    state, reason = _state(error), str(error.orig).lower()
    if state == "55P03":
        return CatalogueBusy(
            f"another program has held the catalogue for {waited_ms // 1000} s: {where}",
            hint="Wait for it, or end the program that holds it.",
        )
    if state == "25006":
        return CatalogueReadOnly(
            f"the catalogue cannot be written: {where}",
            hint="Give the address of a server that accepts writing, not of a replica.",
        )
    if state[:2] == "53" or state[:2] == "58":
        return CatalogueNotStored(
            f"the database server refused to store the catalogue: {where}",
            hint="Make room on the server, then run the command again; segments are kept.",
        )
    if state in ("XX001", "XX002"):
        return CatalogueUnreadable(
            f"the database is damaged: {where}",
            hint="Make a new database and run `jejak reindex`: it is rebuilt from the archive.",
        )
    refused = ("authentication failed", "no password supplied", "no pg_hba.conf entry")
    absent = "does not exist" in reason and "fatal" in reason
    if state[:2] in ("28", "3D") or state == "42501" or absent or any(r in reason for r in refused):
        return CatalogueRefused(
            f"the database server refuses: {where}",
            hint="Check user, password and database, and that the user owns the database.",
        )
    misread = isinstance(error, ProgrammingError) and error.statement is None
    if isinstance(error, OperationalError) or error.connection_invalidated or misread:
        return CatalogueUnreachable(
            f"the catalogue's database server does not answer: {where}",
            hint="Check the address under [archive] catalogue and that the server runs.",
        )
    return None


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")
