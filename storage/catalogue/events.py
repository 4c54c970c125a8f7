"""The catalogue's mirror of the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from storage.ledger import LedgerEvent


def last(conn: Connection) -> LedgerEvent | None:
    """The newest event mirrored; the ledger must not be shorter than this."""
    raise NotImplementedError


def of(conn: Connection, name: str, value: str) -> Iterator[LedgerEvent]:
    """Events about one object, oldest first.

    Args:
        name: ``account``, ``run``, ``segment``, ``file`` or ``identity``.
    """
    raise NotImplementedError
