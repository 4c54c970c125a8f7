"""What one call into the client library brought: its exchanges and its error.

The recorded answers are judged first and the library's exception second: one
class of theirs can mean deleted, throttled and broken at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from connectors.model import RecordId
from connectors.tap.journal import JournalEntry


@dataclass(frozen=True, slots=True)
class Visit:
    """One page or listing request, with its redirects and challenge rounds.

    Attributes:
        entries: What crossed the wire, in order; empty if nothing did.
        failure: The library's exception, or ``None``.
    """

    entries: tuple[JournalEntry, ...]
    failure: Exception | None = None

    @property
    def last(self) -> JournalEntry | None:
        """The exchange that decides; ``None`` if nothing crossed the wire."""
        return self.entries[-1] if self.entries else None

    @property
    def evidence(self) -> tuple[RecordId, ...]:
        """The records of all its exchanges."""
        return tuple(entry.record_id for entry in self.entries)

    @property
    def body(self) -> bytes:
        """The decoded body of the deciding answer; empty if it has none."""
        return (self.last.body if self.last else None) or b""

    @property
    def is_login_page(self) -> bool:
        """Whether it ended at the platform's login page."""
        return self.last is not None and urlsplit(self.last.url).path.rstrip("/") == "/login"


@dataclass(frozen=True, slots=True)
class Download:
    """One media file, drained.

    Attributes:
        entries: Its exchanges; the last one is the answer itself.
        first: The first bytes of the decoded body, enough to tell what it is.
        size_bytes: How many decoded bytes came.
        failure: The library's exception, or ``None`` when it ended well.
    """

    entries: tuple[JournalEntry, ...]
    first: bytes = b""
    size_bytes: int = 0
    failure: Exception | None = None

    @property
    def last(self) -> JournalEntry | None:
        """The exchange that decides; ``None`` if nothing crossed the wire."""
        return self.entries[-1] if self.entries else None
