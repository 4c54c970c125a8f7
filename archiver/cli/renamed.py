"""Telling which line of the configuration a renamed account wants changed."""

from __future__ import annotations

from collections.abc import Mapping

from archiver.config import Config
from archiver.i18n import _
from archiver.sections import AccountSection


def rename_lines(config: Config, renamed: Mapping[tuple[str, str], str]) -> list[str]:
    """What to write for accounts that are called otherwise by now.

    Args:
        renamed: Account key and the handle it was asked for by, to the new one.

    Returns:
        Two lines an account; none for those that the configuration calls otherwise.
    """
    lines = []
    for account in config.accounts:
        handle = renamed.get((account.key, account.handle))
        if handle is None:
            continue
        said = _("{old} is now @{new}; its number is the same and its posts go on.")
        lines.append(said.format(old=account.name, new=handle))
        todo = _("→ In {file}, [[accounts]] with {change}; `jejak accounts check {name}` does it.")
        change = _change(account, handle)
        lines.append(todo.format(file=config.file.name, change=change, name=account.name))
    return lines


def _change(account: AccountSection, handle: str) -> str:
    return f'id = "{account.id}": handle = "{account.handle}" → handle = "{handle}"'
