"""From documents, record rows and events to rows of the catalogue.

The same functions serve live capture, recovery and reindex. Each may be called
again with what it was given before: nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from connectors.model import RecordId
from storage.ledger import LedgerEvent
from storage.records import RecordRow


def commit_rows(conn: Connection, rows: Iterable[RecordRow]) -> None:
    """Keep the places of records. ``warcinfo`` rows are left out on purpose:
    they stand at offset 0 of their segment and nobody cites them."""
    raise NotImplementedError


def commit_post(
    conn: Connection,
    rows: Iterable[RecordRow],
    record_id: RecordId,
    document: Mapping[str, object],
) -> None:
    """Take in one ``post/1`` document.

    Args:
        rows: Records written since the last commit (its evidence, its media
            and itself among them).
        record_id: The metadata record that holds the document.

    Raises:
        DocumentError: The document is not a ``post/1``; nothing was written.
    """
    raise NotImplementedError


def commit_capture(
    conn: Connection,
    rows: Iterable[RecordRow],
    record_id: RecordId,
    document: Mapping[str, object],
) -> None:
    """Take in one ``capture/1`` document; else as `commit_post`."""
    raise NotImplementedError


def apply_event(conn: Connection, event: LedgerEvent) -> None:
    """Mirror one ledger event and what follows from it."""
    raise NotImplementedError
