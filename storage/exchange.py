"""One exchange while it crosses the wire; what `connectors.base.Exchange` promises."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from connectors.base import ExchangeStart, SinkFailed, Truncation, Wire
from connectors.model import RecordId
from storage.body_buffer import BodyBuffer
from storage.spool import SpoolFolder

if TYPE_CHECKING:
    Finish = Callable[["RecordedExchange", Truncation | None], None]


class RecordedExchange:
    """Collects request, head and body; hands itself over when it is finished."""

    def __init__(
        self,
        start: ExchangeStart,
        record_id: RecordId,
        folder: SpoolFolder,
        *,
        clean_head: Callable[[RecordedExchange, bytes], bytes],
        store: Finish,
    ) -> None:
        self.start = start
        self._record_id = record_id
        self._folder = folder
        self._clean_head = clean_head
        self._store = store
        self._request: list[bytes] = []
        self._finished = False
        self.wire_facts: Wire | None = None
        self.response_head: bytes | None = None
        self.buffer: BodyBuffer | None = None

    @property
    def record_id(self) -> RecordId:
        """The id of the response record; of the request's if no answer comes."""
        return self._record_id

    @property
    def request(self) -> bytes:
        """What was sent."""
        return b"".join(self._request)

    def sent(self, data: bytes) -> None:
        """Request bytes exactly as they were put on the wire, in order."""
        if not self._finished:
            self._request.append(bytes(data))

    def wire(self, wire: Wire) -> None:
        """How the bytes travel."""
        self.wire_facts = wire

    def head(self, raw: bytes) -> None:
        """The final response head with its closing blank line."""
        if self._finished:
            return
        if self.buffer is not None:
            raise RuntimeError("a second response head for one exchange; begin another exchange")
        self.response_head = bytes(raw)
        # A spooled body's block digest begins with the head as it will be stored.
        self.buffer = BodyBuffer(self._folder, self._clean_head(self, self.response_head))

    def body(self, data: bytes | memoryview) -> None:
        """Body bytes as received.

        Raises:
            SinkFailed: The archive's disk is full or failing.
        """
        if self._finished or not data:
            return
        if self.buffer is None:
            raise RuntimeError("body bytes before a response head; call head() first")
        try:
            self.buffer.write(data)
        except SinkFailed:
            self._finished = True
            self.buffer.drop()
            raise

    def finish(self, truncated: Truncation | None = None) -> None:
        """The exchange is over and is now stored; later calls do nothing.

        Raises:
            SinkFailed: It could not be stored.
        """
        if self._finished:
            return
        self._finished = True
        self._store(self, truncated)
