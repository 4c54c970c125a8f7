"""Media payloads: where the bytes of an item are, and what is already kept."""

from __future__ import annotations

from sqlalchemy import Connection

from storage.records import Stored


def find_payload(conn: Connection, account: str, sha256: str) -> Stored | None:
    """The original response that holds these decoded bytes, if this account's
    posts or avatars have them already. Never a revisit, never a cut body."""
    raise NotImplementedError
