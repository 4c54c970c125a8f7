"""Accounts in config.toml, changed without losing its comments."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import tomlkit
from tomlkit.items import AoT, Table

from archiver.errors import ConfigProblem, UsageProblem
from archiver.i18n import N_
from archiver.os_words import reason_of
from archiver.sections import handle_valid
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


def with_account(text: str, entry: Mapping[str, object]) -> str:
    """The configuration text with one more account at its end.

    Args:
        entry: Key to value; ``None`` values are left out.
    """
    document = tomlkit.parse(text)
    table = tomlkit.table()
    for key, value in entry.items():
        if value is not None:
            table.add(key, value)
    accounts = document.get("accounts")
    if isinstance(accounts, AoT):
        accounts.append(table)
    else:
        tables = tomlkit.aot()
        tables.append(table)
        document.append("accounts", tables)
    return tomlkit.dumps(document)


def with_changes(text: str, platform: str, handle: str, changes: Mapping[str, object]) -> str:
    """The configuration text with keys of one account set anew.

    Raises:
        UsageProblem: The account is not in the text.
    """
    document = tomlkit.parse(text)
    accounts = document.get("accounts")
    for table in accounts if isinstance(accounts, AoT) else ():
        if table.get("platform") == platform and str(table.get("handle")).lower() == handle.lower():
            _set(table, changes)
            return tomlkit.dumps(document)
    raise UsageProblem(
        N_("There is no account {asked} in {file}."),
        hint=N_("See `jejak accounts list`; add one with `jejak accounts add`."),
        asked=f"{platform}/{handle}",
        file="config.toml",
    )


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
