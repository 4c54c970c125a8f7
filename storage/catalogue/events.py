"""The catalogue's mirror of the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from storage import schema
from storage.ledger import LedgerEvent

_E = schema.events.c


def last(conn: Connection) -> LedgerEvent | None:
    """The newest event mirrored; the ledger must not be shorter than this."""
    row = conn.execute(select(schema.events).order_by(_E.seq.desc()).limit(1)).one_or_none()
    return None if row is None else _event(row)


def of(conn: Connection, name: str, value: str) -> Iterator[LedgerEvent]:
    """Events about one object, oldest first.

    Args:
        name: ``account``, ``run``, ``segment``, ``file``, ``identity`` or ``post``.
    """
    for row in conn.execute(select(schema.events).where(_E[name] == value).order_by(_E.seq)):
        yield _event(row)


def _event(row: Row[Any]) -> LedgerEvent:
    return LedgerEvent(
        seq=row.seq,
        at=row.at,
        type=row.type,
        premis=row.premis,
        agent=row.agent,
        objects=json.loads(row.objects),
        outcome=row.outcome,
        detail=json.loads(row.detail),
        previous=row.previous,
        hash=row.hash,
    )
