"""One exchange on its way through a tap: recorded first, then judged.

`Border` is what the taps of one connector share; it admits requests and opens
a `Flow` for each. A flow belongs to one connection or response object, never
to a thread.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from connectors.base import (
    Exchange,
    ExchangeSink,
    ExchangeStart,
    Gate,
    Limits,
    Network,
    SinkFailed,
    Truncation,
    Wire,
)
from connectors.errors import ConnectorError, LimitExceeded
from connectors.tap.addresses import HostRules, Target
from connectors.tap.entity import Entity, Head
from connectors.tap.interrupt import TapInterrupt
from connectors.tap.journal import Journal, JournalEntry
from connectors.tap.limits import LimitHit


class Flow:
    """One request and its answer. Finish it, whatever happens.

    Once the sink has failed, nothing more is told to it: every later call
    raises the same `SinkFailed`.

    Attributes:
        head: The answer's head once it is complete.
        received_bytes: Body bytes so far, as they crossed the wire.
        done: Whether the exchange is stored.
    """

    def __init__(self, border: Border, method: str, url: str, *, wanted: bool) -> None:
        self._border = border
        self.limits = border.limits
        self._wanted = wanted
        self._entity: Entity | None = None
        self.method = method
        self.url = url
        self.head: Head | None = None
        self.received_bytes = 0
        self.done = False
        start = ExchangeStart(method=method, url=url, started_at=datetime.now(UTC))
        self._exchange: Exchange = border.begin(start)

    def sent(self, data: bytes) -> None:
        """Record request bytes."""
        if not self.done:
            try:
                self._exchange.sent(data)
            except SinkFailed as failure:
                self._broken(failure)

    def wire(self, wire: Wire) -> None:
        """Record how the bytes travel; at most once."""
        if not self.done:
            try:
                self._exchange.wire(wire)
            except SinkFailed as failure:
                self._broken(failure)

    def answered(self, raw: bytes) -> Head:
        """Record the final response head.

        Returns:
            The head, read. If no body follows it, the flow is finished.
        """
        self.head = head = Head(raw)
        try:
            self._exchange.head(raw)
        except SinkFailed as failure:
            self._broken(failure)
        if not head.has_body(self.method):
            self.finish()
            return head
        self._entity = Entity(head, self.limits, wanted=self._wanted)
        if head.length is not None and head.length > self.limits.body_bytes:
            self.over(LimitHit("body_bytes", f"{head.length} bytes announced", Truncation.LENGTH))
        return head

    def body(self, data: bytes | memoryview) -> list[bytes | memoryview]:
        """Record body bytes, then decode and guard them.

        Returns:
            The decoded pieces; undecoded media as they came.

        Raises:
            TapInterrupt: A limit was passed; the exchange is stored.
        """
        if self.done or self._entity is None or not len(data):
            return []
        room = self.limits.body_bytes - self.received_bytes
        kept = data if len(data) <= room else memoryview(data)[:room]
        self.received_bytes += len(kept)
        try:
            self._exchange.body(kept)
        except SinkFailed as failure:
            self._broken(failure)
        if len(data) > room:
            detail = f"more than {self.limits.body_bytes} bytes"
            self.over(LimitHit("body_bytes", detail, Truncation.LENGTH))
        try:
            return self._entity.feed(data)
        except LimitHit as hit:
            self.over(hit)
            raise

    @property
    def undecodable(self) -> str | None:
        """Why the body cannot be decoded, or ``None``."""
        problem = self._entity.problem if self._entity else None
        return str(problem) if problem else None

    @property
    def whole(self) -> bool | None:
        """Whether all of the body came; ``None`` if its end is the
        connection's end, so that only the tap can know."""
        if self.head is None or self._entity is None:
            return self.head is not None
        if self.head.length is not None:
            return self.received_bytes >= self.head.length
        return self._entity.whole

    def over(self, hit: LimitHit) -> None:
        """Store what came and stop the client because of a limit.

        Raises:
            TapInterrupt: Always.
        """
        self.finish(hit.truncated, hit.detail, limit=hit.limit)
        raise TapInterrupt(
            LimitExceeded(
                f"{self.url} passed the limit {hit.limit}: {hit.detail}.",
                limit=hit.limit,
                hint="What came before is recorded. If the answer is rightly this large, "
                "raise the limit.",
                evidence=(self._exchange.record_id,),
            )
        )

    def finish(
        self,
        truncated: Truncation | None = None,
        error: str | None = None,
        *,
        limit: str | None = None,
    ) -> None:
        """The exchange is over: store and note it. Later calls do nothing.

        Raises:
            TapInterrupt: A whole text is nested too deeply; it is stored.
        """
        if self.done:
            return
        self.done = True
        hit: LimitHit | None = None
        if self._entity is not None and limit is None:
            try:
                self._entity.check_depth()
            except LimitHit as found:
                hit, limit = found, found.limit
        self._border.closed(self)
        try:
            self._exchange.finish(truncated)
        except SinkFailed as failure:
            self._broken(failure)
        self._border.journal.add(self._entry(truncated, error, limit))
        if hit is not None:
            self.over(hit)

    def _entry(
        self, truncated: Truncation | None, error: str | None, limit: str | None
    ) -> JournalEntry:
        head = self.head
        return JournalEntry(
            record_id=self._exchange.record_id,
            method=self.method,
            url=self.url,
            status=head.status if head else None,
            mime=head.mime if head else None,
            truncated=truncated,
            error=error,
            limit=limit,
            body=self._entity.text if self._entity else None,
            headers=head.fields if head else {},
            received_at=datetime.now(UTC),
        )

    def _broken(self, failure: SinkFailed) -> None:
        self.done = True
        self._border.closed(self)
        self._border.failed(failure)
        raise failure


class Border:
    """What the taps of one connector share.

    Args:
        sink: Where exchanges go.
        network: How to reach the platform.
        gate: Asked before each request.
        hosts: The platform's hosts, see `addresses.HostPattern.parse`.

    Attributes:
        journal: Everything that crossed, in order.
    """

    def __init__(
        self, sink: ExchangeSink, network: Network, gate: Gate, hosts: tuple[str, ...]
    ) -> None:
        self._sink = sink
        self._gate = gate
        self._rules = HostRules(hosts)
        self._failure: SinkFailed | None = None
        self._open: set[Flow] = set()
        self._lock = threading.Lock()
        self.network = network
        self.limits: Limits = network.limits
        self.journal = Journal()

    def admit(self, url: str) -> Target:
        """Check a request's address, then ask the gate. Call it before each
        request and each redirect hop, before anything is sent.

        Raises:
            TapInterrupt: The address is refused, or the gate said stop.
            SinkFailed: The sink has failed before.
        """
        self._still_sound()
        try:
            target = self._rules.check(url)
            self._gate(url)
        except ConnectorError as refusal:
            raise TapInterrupt(refusal) from refusal
        return target

    def open(self, method: str, url: str, *, wanted: bool = False) -> Flow:
        """Begin to record one exchange.

        Args:
            wanted: Whether the tap needs decoded bytes back from `Flow.body`.
        """
        self._still_sound()
        flow = Flow(self, method, url, wanted=wanted)
        with self._lock:
            self._open.add(flow)
        return flow

    def redirected_too_often(self, url: str) -> None:
        """Stop the client at the redirect limit.

        Raises:
            TapInterrupt: Always.
        """
        newest = self.journal.since(max(0, self.journal.mark() - 1))
        raise TapInterrupt(
            LimitExceeded(
                f"{url} was redirected more than {self.limits.redirects} times.",
                limit="redirects",
                hint="Look at the recorded answers: the platform may want a login.",
                evidence=tuple(entry.record_id for entry in newest),
            )
        )

    def begin(self, start: ExchangeStart) -> Exchange:
        """Open the exchange in the sink. For `Flow` only."""
        try:
            return self._sink.begin(start)
        except SinkFailed as failure:
            self.failed(failure)
            raise

    def closed(self, flow: Flow) -> None:
        """Forget a flow that is over. For `Flow` only."""
        with self._lock:
            self._open.discard(flow)

    def failed(self, failure: SinkFailed) -> None:
        """Remember that the sink has failed. For `Flow` only."""
        self._failure = self._failure or failure

    def close(self) -> None:
        """Store what is still open, as cut by us.

        Raises:
            SinkFailed: The sink failed, now or unseen before (in a
                destructor, where Python swallows exceptions).
        """
        with self._lock:
            left = tuple(self._open)
        for flow in left:
            flow.finish(Truncation.DISCONNECT, "the client was closed")
        self._still_sound()

    def _still_sound(self) -> None:
        if self._failure is not None:
            raise self._failure
