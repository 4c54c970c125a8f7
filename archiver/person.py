"""Who is at the keyboard."""

from __future__ import annotations

import getpass


def person() -> str:
    """The user's name, for the ledger; letters, digits and ``._-`` only."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "unknown"
    return "".join(c if c.isalnum() or c in "._-" else "_" for c in name) or "unknown"
