"""Accounts in config.toml, changed without losing its comments."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import tomlkit
from tomlkit.items import AoT, Table

from archiver.errors import ConfigProblem, UsageProblem
from archiver.i18n import N_
from archiver.os_words import reason_of
from archiver.sections import AccountSection, handle_valid
from connectors import PLATFORMS


def checked_handle(platform: str, handle: str) -> str:
    """A handle that may stand in addresses, without ``@``.

    Raises:
        UsageProblem: The platform is unknown or the handle cannot exist there.
    """
    if platform not in PLATFORMS:
        raise UsageProblem(
            N_("{platform} is no platform that jejak reads."),
            hint=N_("Choose one of: {platforms}."),
            platform=platform,
            platforms=", ".join(PLATFORMS),
        )
    bare = handle.removeprefix("@")
    if not handle_valid(platform, bare):
        raise UsageProblem(
            N_("{handle} cannot be a handle on {platform}."),
            hint=N_("Give the name alone: letters, digits, dots and underscores, no address."),
            handle=repr(handle[:100]),
            platform=platform,
        )
    return bare


def with_accounts(text: str, entries: Iterable[Mapping[str, object]]) -> str:
    """The configuration text with more accounts at its end.

    Args:
        entries: Key to value each; ``None`` values are left out.
    """
    return _with_tables(text, "accounts", entries)


def with_identity(text: str, platform: str, name: str) -> str:
    """The configuration text with one more identity."""
    return _with_tables(text, "identities", [{"name": name, "platform": platform}])


def _with_tables(text: str, section: str, entries: Iterable[Mapping[str, object]]) -> str:
    document = tomlkit.parse(text)
    tables = document.get(section)
    fresh = tables if isinstance(tables, AoT) else tomlkit.aot()
    for entry in entries:
        table = tomlkit.table()
        for key, value in entry.items():
            if value is not None:
                table.add(key, value)
        fresh.append(table)
    if len(fresh) and not isinstance(tables, AoT):
        document.append(section, fresh)
    return tomlkit.dumps(document)


def with_changes(text: str, changes: Iterable[tuple[AccountSection, Mapping[str, object]]]) -> str:
    """The configuration text with keys of accounts set anew.

    Args:
        changes: Accounts as they stand in the text, and what to set; ``None``
            takes a key out.

    Raises:
        UsageProblem: An account is not in the text.
    """
    document = tomlkit.parse(text)
    accounts = document.get("accounts")
    tables = list(accounts) if isinstance(accounts, AoT) else []
    for account, wanted in changes:
        found = next((table for table in tables if _is_of(table, account)), None)
        if found is None:
            raise UsageProblem(
                N_("There is no account {asked} in {file}."),
                hint=N_("See `jejak accounts list`; add one with `jejak accounts add`."),
                asked=account.name,
                file="config.toml",
            )
        _set(found, wanted)
    return tomlkit.dumps(document)


def _is_of(table: Table, account: AccountSection) -> bool:
    """Whether a table is an account's: a handle alone may be a retired one's too."""
    if table.get("platform") != account.platform:
        return False
    written = table.get("id")
    if account.id is not None or written is not None:
        return written is not None and str(written) == account.id
    return str(table.get("handle")).lower() == account.handle.lower()


def _set(table: Table, changes: Mapping[str, object]) -> None:
    for key, value in changes.items():
        if value is None:
            table.pop(key, None)
        else:
            table[key] = value


def write_config(file: Path, text: str) -> None:
    """Replace a configuration file at once, keeping its mode.

    Raises:
        ConfigProblem: The file or its folder cannot be written.
    """
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        mode = file.stat().st_mode & 0o777
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(file)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigProblem(
            N_("{file} cannot be written: {reason}."),
            hint=N_("Give the user that runs jejak the right to write there; see `jejak doctor`."),
            file=str(file),
            reason=reason_of(error),
        ) from None
