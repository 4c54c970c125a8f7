"""What ``jejak doctor`` looks at. Each check says how to mend what it finds."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from archiver.catalogue_address import on_server
from archiver.config import Config
from archiver.engines.age import OLD_DAYS
from archiver.engines.kinds import ENGINES
from archiver.engines.overview import EngineRow, overview
from archiver.errors import JejakError
from archiver.health import Check, Health
from archiver.i18n import N_
from archiver.night_checks import canary_checks, sweep_checks
from archiver.os_words import reason_of
from archiver.sessions import wider_than_owner
from archiver.storage_words import storage_words
from archiver.version import LIBRARIES, library_version
from connectors.tap.bypass import sanctioned
from storage.catalogue import open_catalogue, server_facts
from storage.catalogue.errors import CatalogueError
from storage.catalogue.server import ENCODING
from storage.ledger import Ledger, LedgerError


def checks(config: Config, now: datetime) -> Iterator[Check]:
    """Everything that can be looked at without asking a platform."""
    canaries = frozenset(canary.platform for canary in config.content.canaries)
    yield from program_checks(now, config.archive, canaries)
    yield from _archive(config)
    yield from _catalogue(config)
    yield from _clock(config, now)
    yield from _proxy(config)
    yield from _identities(config)
    yield from _comments(config)
    yield from canary_checks(config)
    yield from sweep_checks(config)


def program_checks(
    now: datetime, archive: Path | None = None, canaries: frozenset[str] = frozenset()
) -> Iterator[Check]:
    """Python, SQLite and the libraries.

    Args:
        archive: Whose engines are used; only the built-in ones are looked at
            without it.
        canaries: Platforms for which a canary is configured; on the others
            an update must say that there is none.
    """
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check(
        "python",
        Health.GOOD if sys.version_info >= (3, 11) else Health.BAD,
        N_("Python {version}"),
        "" if sys.version_info >= (3, 11) else N_("Install Python 3.11 or newer."),
        {"version": version},
    )
    yield _sqlite()
    for name in LIBRARIES:
        found = library_version(name)
        if found is None:
            hint = N_("Install jejak anew with all its libraries.")
            yield Check(name, Health.BAD, N_("{name} is missing"), hint, {"name": name})
        elif name not in ENGINES:
            values: dict[str, object] = {"name": name, "version": found}
            yield Check(name, Health.GOOD, N_("{name} {version}"), "", values)
    yield from _engines(archive, now, canaries)


def _sqlite() -> Check:
    values: dict[str, object] = {"version": sqlite3.sqlite_version}
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(x)")
    except sqlite3.OperationalError:
        hint = N_("Use a Python whose SQLite has FTS5, such as the one of python.org or Debian.")
        return Check("sqlite", Health.BAD, N_("SQLite {version} without FTS5"), hint, values)
    finally:
        connection.close()
    return Check("sqlite", Health.GOOD, N_("SQLite {version} with FTS5"), "", values)


def _engine(row: EngineRow, command: str) -> Check:
    """An engine in use; age is the first suspect of any failure."""
    values: dict[str, object] = {"name": row.engine, "version": row.version, "days": row.days}
    if row.days is None:
        said = N_("{name} {version}, age unknown: its version names no day")
        return Check(row.engine, Health.GOOD, said, "", values)
    if row.days <= OLD_DAYS:
        return Check(row.engine, Health.GOOD, N_("{name} {version}, {days} days old"), "", values)
    return Check(
        row.engine,
        Health.DOUBTFUL,
        N_("{name} {version}, {days} days old; more than {limit} is too old for its platform"),
        N_("Run `{command}`."),
        values | {"limit": OLD_DAYS, "command": command},
    )


def _engines(archive: Path | None, now: datetime, canaries: frozenset[str]) -> Iterator[Check]:
    """The engines that a run would use, and those that it cannot."""
    for row in overview(archive, now.date()):
        waived = "" if ENGINES[row.engine].platform in canaries else " --without-canary"
        command = f"jejak engines update {row.engine}{waived}"
        if row.state == "current":
            yield _engine(row, command)
        elif row.state == "damaged":
            yield Check(
                f"engine {row.engine}",
                Health.BAD,
                N_("{name} {version} on the shelf is damaged; the built-in one is used"),
                N_("Run `{command}`, or `jejak engines rollback {name}`."),
                {"name": row.engine, "version": row.version, "command": command},
            )


def _archive(config: Config) -> Iterator[Check]:
    archive = config.archive
    values: dict[str, object] = {"archive": archive}
    if not archive.is_dir():
        hint = N_("Mount its disk, correct [archive] path, or run `jejak init`.")
        yield Check("archive", Health.BAD, N_("{archive} is not there"), hint, values)
        return
    if not _writable(archive):
        hint = N_("Give the user that runs jejak the right to write there.")
        yield Check("archive", Health.BAD, N_("{archive} cannot be written"), hint, values)
    else:
        yield Check("archive", Health.GOOD, N_("{archive} can be written"), "", values)
    free = shutil.disk_usage(archive).free
    values |= {"free": f"{free / 1e9:.1f}", "reserve": config.content.archive.min_free_gb}
    short = free < config.content.archive.min_free_bytes
    yield Check(
        "space",
        Health.BAD if short else Health.GOOD,
        N_("{free} GB free, {reserve} GB are kept free"),
        N_("Make room or move the archive; no run begins below the reserve.") if short else "",
        values,
    )


def _writable(folder: Path) -> bool:
    """Try it: rights, read-only mounts and quotas cannot all be told from modes."""
    probe = folder / f".probe-{os.getpid()}"
    try:
        descriptor = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        return False
    os.close(descriptor)
    probe.unlink(missing_ok=True)
    return True


def _catalogue(config: Config) -> Iterator[Check]:
    served = on_server(config.catalogue_url)
    begun = (config.archive / "ledger").is_dir()
    if not begun and not served:
        yield Check("catalogue", Health.GOOD, N_("no run yet, so no catalogue"))
        return
    try:
        if served:
            yield _server(config)
        if begun:
            open_catalogue(config.catalogue_url, read_only=True).close()
            yield Check("catalogue", Health.GOOD, N_("the catalogue fits this program"))
    except CatalogueError as error:
        sentence, advice = storage_words(error)
        values: dict[str, object] = {"reason": sentence, "hint": advice}
        yield Check("catalogue", Health.BAD, "{reason}", "{hint}", values)
    yield from _catalogue_password(config)


def _server(config: Config) -> Check:
    """The database server answers; what it is and how it keeps text."""
    facts = server_facts(config.catalogue_url)
    values: dict[str, object] = {
        "version": facts.version,
        "where": facts.where,
        "encoding": facts.encoding,
    }
    sentence = N_("PostgreSQL {version} answers: {where}, {encoding}")
    if facts.encoding == ENCODING:
        return Check("database", Health.GOOD, sentence, "", values)
    hint = N_("Make a database with createdb --encoding=UTF8 --template=template0.")
    return Check("database", Health.BAD, sentence, hint, values)


def _catalogue_password(config: Config) -> Iterator[Check]:
    if not config.secrets or sys.platform == "win32" or not wider_than_owner(config.file):
        return
    yield Check(
        "catalogue password",
        Health.BAD,
        N_("{file} holds the database's password and can be read by others"),
        N_("Run `chmod 600 {path}`, or move the password to ~/.pgpass."),
        {"file": config.file.name, "path": config.file},
    )


def _clock(config: Config, now: datetime) -> Iterator[Check]:
    """A clock before this build, or before the newest event, is wrong."""
    try:
        last = Ledger(config.archive / "ledger").last()
    except LedgerError as error:
        sentence, advice = storage_words(error)
        values: dict[str, object] = {"reason": sentence, "hint": advice}
        yield Check("ledger", Health.BAD, "{reason}", "{hint}", values)
        last = None
    newest = datetime.fromisoformat(last.at) if last else datetime(2026, 11, 1, tzinfo=UTC)
    values = {"now": f"{now:%Y-%m-%d %H:%M} UTC", "newest": f"{newest:%Y-%m-%d %H:%M} UTC"}
    if now < newest:
        yield Check(
            "clock",
            Health.BAD,
            N_("the clock says {now}, before {newest}, which is already past"),
            N_("Set the clock, and let it be kept by a time server."),
            values,
        )
    else:
        yield Check("clock", Health.GOOD, N_("the clock says {now}"), "", values)


def _proxy(config: Config) -> Iterator[Check]:
    section = config.content.network
    ca_file = config.network.ca_file
    if ca_file is not None and not Path(ca_file).is_file():
        values: dict[str, object] = {"file": ca_file}
        hint = N_("Correct [network] ca_file.")
        yield Check("ca_file", Health.BAD, N_("{file} is not there"), hint, values)
    if section.proxy is None:
        return
    parts = urlsplit(section.proxy)
    values = {"proxy": section.proxy}
    try:
        # Only to see whether anybody answers; nothing is sent.
        with sanctioned():
            socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5).close()
    except OSError as error:
        values["reason"] = reason_of(error)
        hint = N_("Check [network] proxy with whoever runs it.")
        if parts.hostname in ("127.0.0.1", "::1", "localhost"):
            hint = N_(
                "It belongs to this machine: start it. That of `make demo` ends with the demo."
            )
        yield Check("proxy", Health.BAD, N_("{proxy} does not answer: {reason}"), hint, values)
        return
    yield Check("proxy", Health.GOOD, N_("{proxy} answers"), "", values)


def _identities(config: Config) -> Iterator[Check]:
    for entry in config.content.identities:
        file = config.identity_file(entry.platform, entry.name)
        values: dict[str, object] = {
            "file": file.name,
            "path": file,
            "platform": entry.platform,
            "name": entry.name,
        }
        name = f"identity {entry.platform}/{entry.name}"
        if not file.exists():
            hint = N_("Run `jejak login {platform} {name} --cookies FILE`.")
            yield Check(name, Health.DOUBTFUL, N_("{platform}/{name} has no session"), hint, values)
        elif sys.platform != "win32" and wider_than_owner(file):
            hint = N_("Run `chmod 600 {path}`, and renew the session if in doubt.")
            yield Check(name, Health.BAD, N_("{file} can be read by others"), hint, values)
        else:
            yield Check(name, Health.GOOD, N_("{file} is readable by its owner only"), "", values)


def _comments(config: Config) -> Iterator[Check]:
    """Accounts whose comments are asked for by a visitor who is shown none."""
    for account in config.accounts:
        if account.comments and account.identity is None:
            yield Check(
                f"comments {account.name}",
                Health.DOUBTFUL,
                N_("comments of {name} are asked for, and it is read without an identity"),
                N_("Give the account an identity, or take `comments = true` out of config.toml."),
                {"name": account.name},
            )


def config_check(error: JejakError) -> Check:
    """The configuration itself cannot be used."""
    values: dict[str, object] = {"reason": error.said(), "hint": error.hint()}
    return Check("configuration", Health.BAD, "{reason}", "{hint}", values)
