"""Media payloads: where the bytes of an item are, and what is already kept."""

from __future__ import annotations

from sqlalchemy import Connection, select

from connectors.model import RecordId
from storage import schema
from storage.catalogue import records
from storage.records import RecordRow, Stored

_HOPS = 8
"""A revisit refers to the original; more links than one are never written."""


def find_payload(conn: Connection, account: str, sha256: str) -> Stored | None:
    """The original response that holds these decoded bytes, if this account's
    posts or avatars have them already. Never a revisit, a cut or a coded body.

    Args:
        account: ``platform:numeric-id``.
        sha256: ``sha256:`` hex of the decoded media bytes.
    """
    m = schema.media.c
    wanted = (
        select(m.record, m.size_bytes)
        .where(m.account == account, m.sha256 == sha256, m.complete, m.record.is_not(None))
        .order_by(m.document, m.ordinal)
    )
    for record, size_bytes in conn.execute(wanted).all():
        row = original(conn, record)
        # Only a payload that stands there as these very bytes can be repeated:
        # with a coding, the record's own digest is of other bytes.
        if row is None or row.truncated is not None or row.payload_digest != sha256:
            continue
        return Stored(
            record_id=row.record_id,
            http_status=row.http_status,
            sha256=sha256,
            size_bytes=row.payload_bytes if size_bytes is None else size_bytes,
            identified=row.identified,
            truncated=None,
            source=row.record_id,
            target_uri=row.target_uri or "",
            date=row.date,
        )
    return None


def original(conn: Connection, record_id: str) -> RecordRow | None:
    """The response record that holds the bytes: itself, or the one a revisit
    refers to; ``None`` when the catalogue does not have it."""
    for _ in range(_HOPS):
        row = records.place(conn, record_id)
        if row is None or row.type == "response":
            return row
        if row.type != "revisit" or row.refers_to is None:
            return None
        record_id = RecordId(row.refers_to)
    return None
