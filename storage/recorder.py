"""First signatures of the recorder; the bodies follow on this branch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from connectors.base import Exchange, ExchangeStart, Limits, SecretRules
from connectors.model import RecordId
from storage.records import RecordRow, Stored
from storage.warc_writer import SegmentWriter

KnownPayload = Callable[[str, str], Stored | None]


class Recorder:
    """Turns exchanges into records of one segment writer."""

    def __init__(
        self,
        writer: SegmentWriter,
        *,
        spool_dir: Path,
        limits: Limits,
        known_payload: KnownPayload,
    ) -> None:
        raise NotImplementedError

    def scope(self, account: str, rules: SecretRules, secrets: Iterable[str]) -> CaptureSink:
        """A sink for one capture of one account (``account`` is its key)."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of spool files and hashing threads; not of the writer."""
        raise NotImplementedError


class CaptureSink:
    """The `ExchangeSink` of one capture."""

    requests: int
    bytes_received: int

    def begin(self, start: ExchangeStart) -> Exchange:
        """Open one exchange."""
        raise NotImplementedError

    def stored(self, record_id: RecordId) -> Stored | None:
        """What is known of a finished exchange of this scope."""
        raise NotImplementedError

    def write_metadata(
        self,
        schema: str,
        document: Mapping[str, object],
        *,
        target_uri: str,
        at: datetime,
        concurrent_to: Sequence[RecordId] = (),
    ) -> RecordId:
        """Write ``post/1`` or ``capture/1`` as a metadata record."""
        raise NotImplementedError

    def take_rows(self) -> tuple[RecordRow, ...]:
        """Rows of every record written since the last call."""
        raise NotImplementedError

    def sync(self) -> None:
        """One fdatasync of the segment."""
        raise NotImplementedError

    def secrets(self) -> frozenset[str]:
        """Every value known as secret by now, for scrubbing logs."""
        raise NotImplementedError
