"""What a client has exchanged, in order, for the connector that drives it.

A library hands its caller objects, not answers. The connector judges the
answers: it notes a `Journal.mark`, calls the library, and reads what crossed
the wire meanwhile with `Journal.since`.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connectors.base import Truncation
from connectors.model import RecordId

KEPT_ENTRIES = 4096
KEPT_BODY_BYTES = 256 * 1024**2


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One exchange as it ended.

    Attributes:
        record_id: The record that holds it.
        url: The address asked for (each redirect hop is an entry of its own).
        status: ``None`` if no answer came.
        mime: Content type without parameters, lower case; ``None`` if not told.
        truncated: Why the body is short, or ``None`` when it is whole.
        error: What the client saw, for logs; never a secret.
        limit: The limit it passed (`connectors.errors.LimitExceeded.limit`).
        body: The decoded entity of HTML, JSON and text answers, what came of
            it if truncated; ``None`` for media and undecodable answers.
        headers: Response headers, lower-case names, first value wins; those of
            ``set-cookie`` stand on lines. Holds secrets: never print or store it.
        received_at: When it was over, by our own clock; aware UTC.
    """

    record_id: RecordId
    method: str
    url: str
    status: int | None = None
    mime: str | None = None
    truncated: Truncation | None = None
    error: str | None = None
    limit: str | None = None
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    received_at: datetime | None = None


class Journal:
    """The exchanges of one connector. Safe to use from several threads.

    Only the newest entries are kept (4,096 of them, 256 MiB of bodies).
    """

    def __init__(self) -> None:
        self._entries: deque[JournalEntry] = deque()
        self._dropped = 0
        self._body_bytes = 0
        self._lock = threading.Lock()

    def add(self, entry: JournalEntry) -> None:
        """Note an exchange that has just been stored."""
        with self._lock:
            self._entries.append(entry)
            self._body_bytes += len(entry.body or b"")
            while len(self._entries) > 1 and (
                len(self._entries) > KEPT_ENTRIES or self._body_bytes > KEPT_BODY_BYTES
            ):
                self._drop_oldest()

    def mark(self) -> int:
        """A place in the journal: everything later is `since` it."""
        with self._lock:
            return self._dropped + len(self._entries)

    def since(self, mark: int) -> tuple[JournalEntry, ...]:
        """Entries finished after `mark`, oldest first; empty if none."""
        with self._lock:
            first = max(0, mark - self._dropped)
            return tuple(self._entries)[first:]

    def forget(self, mark: int) -> None:
        """Drop the entries before `mark`, to free their bodies."""
        with self._lock:
            while self._entries and self._dropped < mark:
                self._drop_oldest()

    def _drop_oldest(self) -> None:
        entry = self._entries.popleft()
        self._body_bytes -= len(entry.body or b"")
        self._dropped += 1
