"""A throw-away PostgreSQL server, for tests and measurements.

Environment variables:

- ``JEJAK_POSTGRES_URL``: use this running server instead. Its user must be
  allowed to create databases; only databases made here are touched.
- ``JEJAK_POSTGRES_BIN``: the folder with ``initdb`` and ``postgres``.

The server listens on a socket in its own temporary folder and nowhere else. It
refuses to run as root, so root runs it as ``postgres`` or ``nobody``. It ends
with this process however that ends: a shell that waits on a pipe ends it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, make_url

URL_VARIABLE = "JEJAK_POSTGRES_URL"
BIN_VARIABLE = "JEJAK_POSTGRES_BIN"

USUAL_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)

SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
}
"""Durability costs time and a throw-away server needs none."""

ACCESS = "local all locked scram-sha-256\nlocal all all trust\n"
"""The role ``locked`` must show a password; tests of refusals use it."""

READY_S = 300
"""Far longer than any start takes; a server that never starts is a failure."""

_GUARD = '"$@" & pid=$!; read -r _; kill -INT "$pid"; wait "$pid"'
"""Ends the server once nobody holds the other end of the pipe."""


class NoServer(Exception):
    """There is no PostgreSQL server here, and none can be started."""


class Server:
    """A PostgreSQL server on which databases are made and dropped.

    Attributes:
        url: A superuser's address of the maintenance database.
    """

    def __init__(self, url: URL) -> None:
        self.url = url

    def address(self, database: str, **changes: Any) -> str:
        """The address of a database; ``changes`` as of `sqlalchemy.URL.set`."""
        there = self.url.set(database=database, **changes)
        return there.render_as_string(hide_password=False)

    def create(self, template: str = "template0") -> str:
        """Make a database and return its name."""
        name = f"jejak_{uuid.uuid4().hex[:16]}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
        return name

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected."""
        self.run(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def run(self, statement: str, database: str | None = None) -> list[tuple[Any, ...]]:
        """Run one statement as the superuser; its rows, if it has any."""
        with _connected(self.url.set(database=database or self.url.database)) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


class OwnServer(Server):
    """A server in a folder of its own, which can be stopped and started."""

    def __init__(self, programs: Path, folder: Path, user: str | None) -> None:
        super().__init__(
            URL.create(
                "postgresql+psycopg",
                "jejak",
                database="postgres",
                query={"host": str(folder)},
            )
        )
        self._programs, self._folder = programs, folder
        self._whom: dict[str, Any] = {}
        if user is not None:
            group = pwd.getpwnam(user).pw_gid
            self._whom = {"user": user, "group": group, "extra_groups": ()}
        self._process: subprocess.Popen[bytes] | None = None

    def build(self) -> None:
        """Make the cluster. Its own order of text is not that of bytes, where
        the server can do so: what relies on the database's order then fails."""
        command = [
            *(str(self._programs / "initdb"), "-D", str(self._folder / "data"), "-U", "jejak"),
            *("-E", "UTF8", "--no-sync", "--locale=C", "-A", "trust"),
        ]
        with_icu = [*command, "--locale-provider=icu", "--icu-locale=id"]
        for attempt in (with_icu, command):
            made = subprocess.run(
                attempt, **self._whom, cwd=self._folder, capture_output=True, text=True
            )
            if made.returncode == 0:
                break
            shutil.rmtree(self._folder / "data", ignore_errors=True)
        else:
            raise NoServer(f"initdb failed: {made.stderr.strip()[-400:]}")
        (self._folder / "data" / "pg_hba.conf").write_text(ACCESS)

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = SETTINGS | {"unix_socket_directories": str(self._folder)}
        command = [str(self._programs / "postgres"), "-D", str(self._folder / "data")]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _GUARD, "sh", *command],
                **self._whom,
                cwd=self._folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_until_ready()

    def stop(self) -> None:
        """Stop it, whoever is connected; their connections break."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait()
            self._process = None

    def _wait_until_ready(self) -> None:
        from psycopg import OperationalError

        deadline = time.monotonic() + READY_S
        while True:
            try:
                self.run("SELECT 1")
                return
            except OperationalError as error:
                if time.monotonic() > deadline:
                    self.stop()
                    told = (self._folder / "log").read_text(errors="replace")[-400:]
                    raise NoServer(f"PostgreSQL does not start: {told}") from error
                time.sleep(0.05)


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """A new server, gone at the end.

    Raises:
        NoServer: No server program was found, or it does not start.
    """
    programs = server_programs()
    user = _unprivileged()
    # Not pytest's folder: sockets allow short paths only, and root's folders
    # are closed to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="jejak-pg-", dir="/tmp"))
    if user is not None:
        shutil.chown(folder, user)
    server = OwnServer(programs, folder, user)
    try:
        server.build()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def any_server() -> Iterator[Server]:
    """The running server of ``JEJAK_POSTGRES_URL``, or a new one.

    Raises:
        NoServer: There is neither.
    """
    running = os.environ.get(URL_VARIABLE)
    if running:
        yield Server(make_url(running).set(drivername="postgresql+psycopg"))
        return
    with own_server() as server:
        yield server


def server_programs() -> Path:
    """The folder of ``initdb`` and ``postgres``, the newest version first.

    Raises:
        NoServer: It was not found.
    """
    told = os.environ.get(BIN_VARIABLE)
    found = [Path(told)] if told else [*_on_path(), *_usual()]
    for folder in found:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    where = told or "PATH and the usual places"
    raise NoServer(
        f"no PostgreSQL server in {where}; install postgresql, or set {BIN_VARIABLE} "
        f"or {URL_VARIABLE}"
    )


def _on_path() -> Iterator[Path]:
    program = shutil.which("initdb")
    if program:
        yield Path(program).resolve().parent


def _usual() -> list[Path]:
    found = [path for place in USUAL_PLACES for path in Path("/").glob(place.lstrip("/"))]
    return sorted(found, key=_version, reverse=True)


def _version(folder: Path) -> int:
    digits = "".join(c for c in folder.parent.name.rpartition("@")[2] if c.isdigit())
    return int(digits or 0)


def _unprivileged() -> str | None:
    """Whom root runs the server as; ``None`` for anybody else."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise NoServer("PostgreSQL does not run as root, and there is no user postgres or nobody")


@contextmanager
def _connected(url: URL) -> Iterator[Any]:
    import psycopg

    parts = url.translate_connect_args(username="user", database="dbname")
    with psycopg.connect(**parts, **url.query, autocommit=True) as connection:
        yield connection
