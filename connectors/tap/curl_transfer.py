"""One libcurl transfer: its callbacks, its thread, and the reader's end.

libcurl runs in a thread of its own and blocks in its write callback when the
reader is slow, so that never more than a few pieces are held in memory.
"""

from __future__ import annotations

import io
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPMessage, parse_headers
from typing import Any, cast

from curl_cffi import CurlECode, CurlError, CurlInfo, CurlOpt

from connectors.base import Truncation, Wire
from connectors.tap.entity import Head
from connectors.tap.flow import Border, Flow
from connectors.tap.limits import LimitHit
from connectors.tap.tapfile import is_interim
from connectors.tap.tls import cipher_name, tls_protocol

QUEUE_PIECES = 16
"""Pieces of at most 256 KiB between libcurl and the reader."""

_WRITE_ERROR = 0xFFFFFFFF
_DEBUG_TEXT, _DEBUG_HEADER_OUT, _DEBUG_DATA_OUT = 0, 2, 4
_CONN_ID = 0x600000 + 64  # CURLINFO_CONN_ID, libcurl 8.2 and later
_TLS_LINE = b"SSL connection using "
_PROTOCOLS = {b"HTTP/2": "h2", b"HTTP/3": "h3", b"HTTP/1.0": "http/1.0"}


class CurlFailure(Exception):
    """libcurl could not get the answer, or not all of it.

    Attributes:
        code: libcurl's error number (`curl_cffi.CurlECode`).
        received_bytes / expected_bytes: Of the body; ``None`` if not told.
    """

    def __init__(
        self, message: str, code: int, received_bytes: int, expected_bytes: int | None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.received_bytes = received_bytes
        self.expected_bytes = expected_bytes


@dataclass(slots=True)
class Handle:
    """A libcurl handle with the connections it keeps alive.

    Attributes:
        tls: By connection number: protocol and cipher. libcurl tells them
            once, when it connects.
    """

    curl: Any
    tls: dict[int, tuple[tuple[str, ...], str | None]] = field(default_factory=dict)


class Transfer:
    """One request under way.

    Args:
        handle: Configured, but for the callbacks.
        native: A native object that must live as long as the transfer.
        over: Called when the handle is free again.
    """

    def __init__(
        self,
        handle: Handle,
        flow: Flow,
        border: Border,
        native: Any,
        over: Callable[[Transfer], None],
    ) -> None:
        self.handle = handle
        self._flow = flow
        self._proxied = border.network.proxy is not None
        self._native = native
        self._over = over
        self._lines: list[bytes] = []
        self._message = HTTPMessage()
        self._tls: tuple[tuple[str, ...], str | None] = ((), None)
        self._error: BaseException | None = None
        self._head_known = threading.Event()
        self._stopped = threading.Event()
        self._pieces: queue.Queue[bytes | memoryview | None] = queue.Queue(QUEUE_PIECES)
        self._thread = threading.Thread(target=self._run, name="tap-curl", daemon=True)
        curl = handle.curl
        curl.setopt(CurlOpt.HEADERFUNCTION, self._on_head)
        curl.setopt(CurlOpt.WRITEFUNCTION, self._on_body)
        curl.setopt(CurlOpt.DEBUGFUNCTION, self._on_debug)
        curl.setopt(CurlOpt.VERBOSE, 1)

    def start(self) -> None:
        """Send the request."""
        self._thread.start()

    def wait_for_head(self) -> tuple[Head, HTTPMessage]:
        """Wait until the final head came.

        Raises:
            CurlFailure, TapInterrupt, SinkFailed: None came.
        """
        self._head_known.wait()
        if self._flow.head is None or (self._error is not None and not self._is_failure()):
            self._thread.join()
            raise self._error or CurlFailure("no answer came", 0, 0, None)
        return self._flow.head, self._message

    def next_piece(self) -> bytes | memoryview | None:
        """The next decoded piece of the body; ``None`` after the last.

        Raises:
            CurlFailure, TapInterrupt, SinkFailed: The body broke off.
        """
        piece = self._pieces.get()
        if piece is None:
            self._thread.join()
            self._pieces.put_nowait(None)
            if self._error is not None:
                raise self._error
        return piece

    def abandon(self) -> None:
        """Stop, and wait until what came is stored."""
        self._stopped.set()
        while self._thread.is_alive():
            try:
                self._pieces.get(timeout=0.02)
            except queue.Empty:
                continue
        self._thread.join()

    def _is_failure(self) -> bool:
        return isinstance(self._error, CurlFailure)

    def _run(self) -> None:
        with self._kept_for_reader():
            self._finish(self._perform())
        self._over(self)
        self._head_known.set()
        self._offer(None)

    @contextmanager
    def _kept_for_reader(self) -> Iterator[None]:
        # Neither libcurl's C code nor a thread can hand an exception on.
        try:
            yield
        except BaseException as problem:  # noqa: BLE001 - raised again in the reader
            self._error = self._error or problem

    def _perform(self) -> CurlError | None:
        try:
            self.handle.curl.perform()
        except CurlError as problem:
            return problem
        return None

    def _finish(self, problem: CurlError | None) -> None:
        if self._error is not None:
            self._flow.finish(Truncation.UNSPECIFIED, type(self._error).__name__)
            return
        flow = self._flow
        if problem is None or (self._stopped.is_set() and flow.whole):
            flow.finish(error=flow.undecodable)
            if flow.undecodable and not self._stopped.is_set():
                self._error = self._failure(flow.undecodable, CurlECode.BAD_CONTENT_ENCODING)
            return
        code = int(problem.code)
        if self._stopped.is_set():
            flow.finish(Truncation.DISCONNECT, "closed before the end of the body")
        elif code == CurlECode.OPERATION_TIMEDOUT and flow.head is not None:
            detail = f"{flow.received_bytes} bytes came, then too few"
            flow.over(LimitHit("stalled", detail, Truncation.TIME))
        elif code == CurlECode.OPERATION_TIMEDOUT:
            flow.finish(Truncation.TIME, "timed out")
        else:
            flow.finish(Truncation.DISCONNECT if flow.head else None, f"libcurl error {code}")
        self._error = self._failure(str(problem), code)

    def _failure(self, message: str, code: int) -> CurlFailure:
        head = self._flow.head
        return CurlFailure(
            message, int(code), self._flow.received_bytes, head.length if head else None
        )

    def _on_debug(self, kind: int, data: bytes) -> None:
        with self._kept_for_reader():
            if kind == _DEBUG_HEADER_OUT:
                # The proxy's CONNECT is no part of the exchange.
                if not data.startswith(b"CONNECT "):
                    self._flow.sent(_as_http1(data))
            elif kind == _DEBUG_DATA_OUT:
                self._flow.sent(data)
            elif kind == _DEBUG_TEXT and data.startswith(_TLS_LINE):
                self._tls = _read_tls(data)

    def _on_head(self, line: bytes) -> int:
        with self._kept_for_reader():
            if self._error is not None:
                return _WRITE_ERROR
            if self._flow.head is not None:
                return len(line)  # trailers
            self._lines.append(line)
            if line in (b"\r\n", b"\n"):
                raw, self._lines = b"".join(self._lines), []
                if not is_interim(raw):
                    self._head_complete(raw)
            return len(line)
        return _WRITE_ERROR

    def _head_complete(self, raw: bytes) -> None:
        self.handle.curl.setopt(CurlOpt.VERBOSE, 0)
        self._flow.wire(self._read_wire(raw))
        first, newline, rest = raw.partition(b"\n")
        self._message = parse_headers(io.BytesIO(rest))
        if first.startswith((b"HTTP/2", b"HTTP/3")):
            first = b"HTTP/1.1" + first[first.index(b" ") :]
        self._flow.answered(first + newline + rest)
        self._head_known.set()

    def _read_wire(self, raw: bytes) -> Wire:
        curl = self.handle.curl
        number = cast("int", curl.getinfo(_CONN_ID))
        if self._tls[0]:
            self.handle.tls[number] = self._tls
        versions, cipher = self.handle.tls.get(number, ((), None))
        protocol = _PROTOCOLS.get(raw.split(b" ", 1)[0], "http/1.1")
        ip = None
        if not self._proxied:
            ip = cast("bytes", curl.getinfo(CurlInfo.PRIMARY_IP)).decode() or None
        return Wire(ip=ip, protocols=(protocol, *versions), cipher=cipher)

    def _on_body(self, data: bytes) -> int:
        with self._kept_for_reader():
            if self._error is not None or self._stopped.is_set():
                return _WRITE_ERROR
            for piece in self._flow.body(data):
                if not self._offer(piece):
                    return _WRITE_ERROR
            return len(data)
        return _WRITE_ERROR

    def _offer(self, piece: bytes | memoryview | None) -> bool:
        while True:
            try:
                self._pieces.put(piece, timeout=0.2)
                return True
            except queue.Full:
                if self._stopped.is_set():
                    return False


class BodyStream(io.RawIOBase):
    """The decoded body of one answer, for its reader."""

    def __init__(self, transfer: Transfer) -> None:
        self._transfer = transfer
        self._rest: bytes | memoryview = b""
        self._ended = False

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Read up to `size` bytes, or all; empty at the end.

        Raises:
            CurlFailure: The body broke off.
            TapInterrupt: A limit was passed.
            SinkFailed: The archive could not store it.
        """
        wanted = None if size is None or size < 0 else size
        parts: list[bytes | memoryview] = [self._rest] if self._rest else []
        have = len(self._rest)
        while not self._ended and (wanted is None or have < wanted):
            piece = self._transfer.next_piece()
            if piece is None:
                self._ended = True
                break
            parts.append(piece)
            have += len(piece)
        whole = parts[0] if len(parts) == 1 else b"".join(parts)
        if wanted is None or wanted >= len(whole):
            self._rest = b""
            return bytes(whole)
        self._rest = memoryview(whole)[wanted:]
        return bytes(memoryview(whole)[:wanted])

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Stop the transfer unless it is over; what came is recorded."""
        if not self.closed:
            self._transfer.abandon()
            self._rest = b""
        super().close()


def _as_http1(request: bytes) -> bytes:
    """A request head as libcurl tells it, with its version as HTTP/1.1."""
    line, newline, rest = request.partition(b"\r\n")
    method_and_target, space, version = line.rpartition(b" ")
    if version in (b"HTTP/2", b"HTTP/3"):
        return method_and_target + space + b"HTTP/1.1" + newline + rest
    return request


def _read_tls(line: bytes) -> tuple[tuple[str, ...], str | None]:
    words = line[len(_TLS_LINE) :].decode("ascii", "replace").split(" / ")
    cipher = cipher_name(words[1].strip()) if len(words) > 1 else None
    return tls_protocol(words[0].strip()), cipher
