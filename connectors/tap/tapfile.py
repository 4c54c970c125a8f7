"""The file between http.client's parser and the socket.

A `io.BufferedReader` would lose what had come when a read fails halfway (a
timeout, a reset): this one records it first.
"""

from __future__ import annotations

from typing import Any, cast

from connectors.base import Truncation
from connectors.tap.flow import Flow
from connectors.tap.limits import LimitHit, StallWatch

BUFFER_BYTES = 64 * 1024


class TapFile:
    """Reads from the socket's raw file, and gives all it reads to a flow.

    Args:
        raw: A `socket.SocketIO`, or what looks like one.

    Attributes:
        ended: Whether the server closed the connection.
    """

    def __init__(self, raw: Any, flow: Flow) -> None:
        self._raw = raw
        self._flow = flow
        self._watch = StallWatch(flow.limits)
        self._buffer = b""
        self._block = memoryview(bytearray())
        self._at = 0
        self._lines: list[bytes] = []
        self.ended = False
        self.closed = False

    def readline(self, limit: int = -1) -> bytes:
        """Read a line of the head, or of the chunk framing."""
        line = self._next_line(limit)
        if self._flow.head is not None:
            self._flow.body(line)
            return line
        self._lines.append(line)
        if line in (b"\r\n", b"\n"):
            raw, self._lines = b"".join(self._lines), []
            if not is_interim(raw):
                self._flow.answered(raw)
        return line

    def read(self, size: int = -1) -> bytes:
        """Read body bytes: all of `size`, unless the connection ends."""
        if size >= 0:
            # The block is used again: fresh memory costs more than what is read into it.
            if size > len(self._block):
                self._block = memoryview(bytearray(size))
            data = bytes(self._block[: self._fill(self._block[:size])])
            self._flow.body(data)
            return data
        parts = []
        while not self.ended:
            parts.append(self.read(BUFFER_BYTES))
        return b"".join(parts)

    def read1(self, size: int = -1) -> bytes:
        """Read body bytes with one receive at most."""
        size = min(size, BUFFER_BYTES) if size >= 0 else BUFFER_BYTES
        if self._at == len(self._buffer) and size:
            self._receive_more()
        data = self._take(size)
        self._flow.body(data)
        return data

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with body bytes, unless the connection ends."""
        block = memoryview(buffer).cast("B")
        have = self._fill(block)
        self._flow.body(block[:have])
        return have

    def peek(self, size: int = -1) -> bytes:
        """Look at bytes without taking them."""
        if self._at == len(self._buffer):
            self._receive_more()
        return self._buffer[self._at :]

    def flush(self) -> None:
        """Nothing to flush; http.client asks for it."""

    def close(self) -> None:
        """Release the socket."""
        self.closed = True
        self._block = memoryview(bytearray())
        self._raw.close()

    def fileno(self) -> int:
        """The socket's."""
        return cast("int", self._raw.fileno())

    def _next_line(self, limit: int) -> bytes:
        while True:
            have = len(self._buffer) - self._at
            size = self._buffer.find(b"\n", self._at) + 1 - self._at
            if size <= 0 and (limit < 0 or have < limit):
                self._receive_more()
                if len(self._buffer) - self._at > have:
                    continue
            size = size if size > 0 else have
            return self._take(size if limit < 0 else min(size, limit))

    def _take(self, size: int) -> bytes:
        data = self._buffer[self._at : self._at + size]
        self._at += len(data)
        return data

    def _fill(self, block: memoryview) -> int:
        """Read until the block is full or the connection ends; only what came
        before a failure is given to the flow here."""
        start = self._take(len(block))
        have = len(start)
        block[:have] = start
        try:
            while have < len(block):
                count = self._raw.readinto(block[have:])
                if not count:
                    self.ended = True
                    break
                have += count
                self._watch.received(count)
        except (LimitHit, OSError) as problem:
            self._flow.body(block[:have])
            self._broke(problem)
        return have

    def _receive_more(self) -> None:
        block = bytearray(BUFFER_BYTES)
        try:
            count = self._raw.readinto(block)
            self._watch.received(count)
        except (LimitHit, OSError) as problem:
            # Only framing or a part of the head can stand in the buffer.
            self._flow.body(self._take(len(self._buffer)))
            self._broke(problem)
        self.ended = self.ended or not count
        self._buffer = self._buffer[self._at :] + bytes(memoryview(block)[:count])
        self._at = 0

    def _broke(self, problem: LimitHit | OSError) -> None:
        if isinstance(problem, LimitHit):
            self._flow.over(problem)
        elif isinstance(problem, TimeoutError):
            self._flow.finish(Truncation.TIME, "the read timed out")
        else:
            self._flow.finish(Truncation.DISCONNECT, type(problem).__name__)
        raise problem


def is_interim(raw: bytes) -> bool:
    """Whether a head is an interim one that a final head follows.

    Source: RFC 9110, section 15.2; 101 is final for the HTTP exchange.
    """
    status = raw[:16].split(None, 2)[1:2]
    return bool(status) and status[0][:1] == b"1" and len(status[0]) == 3 and status[0] != b"101"
