"""A sink that keeps exchanges in memory, for the short time of a contract run."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field

from connectors.base import ExchangeStart, Truncation, Wire
from connectors.model import RecordId


@dataclass(eq=False)
class HeardExchange:
    """One exchange, as it crossed the tap."""

    start: ExchangeStart
    record_id: RecordId = field(default_factory=lambda: RecordId(f"urn:uuid:{uuid.uuid4()}"))
    request: bytearray = field(default_factory=bytearray)
    answer_head: bytes = b""
    answer: bytearray = field(default_factory=bytearray)

    def sent(self, data: bytes) -> None:
        """Request bytes."""
        self.request += data

    def wire(self, wire: Wire) -> None:
        """How it travels; of no interest here."""

    def head(self, raw: bytes) -> None:
        """The answer's head."""
        self.answer_head = raw

    def body(self, data: bytes | memoryview) -> None:
        """Bytes of the answer."""
        self.answer += data

    def finish(self, truncated: Truncation | None = None) -> None:
        """It is over."""


class HeardSink:
    """An `ExchangeSink` in memory."""

    def __init__(self) -> None:
        self.exchanges: list[HeardExchange] = []
        self._lock = threading.Lock()

    def begin(self, start: ExchangeStart) -> HeardExchange:
        """Open one exchange."""
        made = HeardExchange(start)
        with self._lock:
            self.exchanges.append(made)
        return made

    def body_of(self, record: RecordId | None) -> bytes:
        """The answer's body in one record; empty if there is none."""
        return next((bytes(x.answer) for x in self.exchanges if x.record_id == record), b"")
