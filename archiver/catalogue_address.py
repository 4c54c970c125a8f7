"""Where the catalogue is, as config.toml says it, and the password that may stand in it."""

from __future__ import annotations

import re
from urllib.parse import unquote

SERVER = "postgresql+psycopg://"
"""How the address of a catalogue on a database server begins."""

_IN_QUERY = frozenset({"password", "sslpassword"})
"""Parameters that are shown wherever the address is, and so may not be given."""


def on_server(address: str) -> bool:
    """Whether a catalogue is on a database server."""
    return address.startswith(SERVER)


def names_server(address: str) -> bool:
    """Whether an address can be used and keeps its password, if any, where it is hidden."""
    if not on_server(address) or re.search(r"\s", address):
        return False
    from sqlalchemy import make_url  # slow to import, and most archives have no server
    from sqlalchemy.exc import ArgumentError

    try:
        parts = make_url(address)
    except (ArgumentError, ValueError):
        return False
    return bool(parts.database) and not _IN_QUERY & {name.lower() for name in parts.query}


def passwords(address: str | None) -> tuple[str, ...]:
    """The password of an address, as written and as meant; empty without one."""
    found = re.match(r"[^:/]+://[^:/@]*:([^@]*)@", address or "")
    if found is None or not found[1]:
        return ()
    return tuple(dict.fromkeys((found[1], unquote(found[1]))))


def without_secrets(address: str) -> str:
    """What may be shown of an address that cannot be used: the kind of database.

    A password may stand anywhere else in it.
    """
    kind = re.match(
        r"(postgres|postgresql|mysql|mariadb|mssql|oracle|sqlite)(\+[a-z0-9]+)?:", address
    )
    return f"{kind[0]}…" if kind else "…"
