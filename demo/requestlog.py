"""What the pretend platforms received and sent, byte-exact, to assert on."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from demo.http import FileSlice, Request


@dataclass(slots=True, eq=False)
class Exchanged:
    """One request and its answer.

    It is in the log before the first byte is sent, and `finished` is true
    when the last one was. Body bytes are wire bytes: codings and chunk
    framing are in them.

    Attributes:
        via: ``direct``, or ``proxy`` when it came through the CONNECT port.
        fault: The kind of the fault that shaped the answer, or ``None``.
        head: The answer's head with its blank line.
        body: The answer's body when it is small enough to keep, else ``None``.
        body_bytes: How many body bytes have been handed to the client.
        whole: Whether everything meant to be sent was taken by the client.
    """

    serial: int
    at: datetime
    via: str
    request: Request
    status: int = 0
    fault: str | None = None
    head: bytes = b""
    body: bytes | None = None
    body_bytes: int = 0
    source: FileSlice | None = None
    streamed_sha256: str | None = None
    finished: bool = False
    whole: bool = False

    @property
    def url(self) -> str:
        """The address asked for, as it stood in the request line."""
        target = self.request.raw.split(b" ", 2)[1].decode("latin-1")
        return f"https://{self.request.host}{target}"

    @property
    def received_bytes(self) -> int:
        """Size of the whole request."""
        return len(self.request.raw)

    @property
    def sent_bytes(self) -> int:
        """Size of the whole answer so far."""
        return len(self.head) + self.body_bytes

    def body_sha256(self) -> str:
        """SHA-256 (hex) of the body bytes that were sent."""
        if self.streamed_sha256 is not None:
            return self.streamed_sha256
        digest = hashlib.sha256()
        if self.body is not None:
            digest.update(self.body[: self.body_bytes])
        elif self.source is not None:
            # Hashed only when asked for, so that serving films stays cheap.
            for chunk in FileSlice(self.source.path, self.source.start, self.body_bytes):
                digest.update(chunk)
        return digest.hexdigest()


class RequestLog:
    """Every exchange in the order the requests came. Safe for several threads.

    Args:
        keep_body_bytes: Bodies up to this size are kept whole.
    """

    def __init__(self, keep_body_bytes: int = 1024 * 1024) -> None:
        self.keep_body_bytes = keep_body_bytes
        self._entries: list[Exchanged] = []
        self._connects: list[tuple[str, int]] = []
        self._refused: list[bytes] = []
        self._changed = threading.Condition()
        self._open = 0

    # -- written by the server ----------------------------------------------

    def begin(self, request: Request, via: str, at: datetime) -> Exchanged:
        """Enter a request; the caller must `finish` it."""
        with self._changed:
            entry = Exchanged(len(self._entries), at, via, request)
            self._entries.append(entry)
            self._open += 1
        return entry

    def finish(self, entry: Exchanged) -> None:
        """The answer is sent, or the connection is gone."""
        with self._changed:
            entry.finished = True
            self._open -= 1
            self._changed.notify_all()

    def connect(self, host: str, port: int) -> None:
        """Enter a CONNECT that reached the proxy port."""
        with self._changed:
            self._connects.append((host, port))

    def refuse(self, head: bytes) -> None:
        """Enter a head that the proxy port would not serve."""
        with self._changed:
            self._refused.append(head)

    # -- asked by tests, the demo and benchmarks ------------------------------

    @property
    def connects(self) -> tuple[tuple[str, int], ...]:
        """Tunnels that were asked for: host and port."""
        with self._changed:
            return tuple(self._connects)

    @property
    def refused(self) -> tuple[bytes, ...]:
        """Heads the proxy port refused: plain HTTP, or a tunnel elsewhere."""
        with self._changed:
            return tuple(self._refused)

    def settle(self, timeout_s: float = 10.0) -> None:
        """Wait until no answer is under way.

        Raises:
            TimeoutError: An exchange is still open after ``timeout_s``.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._open == 0, timeout_s):
                raise TimeoutError(f"{self._open} exchanges are still open")

    def mark(self) -> int:
        """How many exchanges there are; give it to `entries` later."""
        with self._changed:
            return len(self._entries)

    def entries(
        self,
        *,
        host: str = "*",
        path: str = "*",
        method: str = "*",
        status: int | None = None,
        since: int = 0,
    ) -> list[Exchanged]:
        """Exchanges whose request matches shell-style patterns.

        Args:
            since: Leave out everything before this `mark`.
        """
        with self._changed:
            chosen = self._entries[since:]
        return [
            entry
            for entry in chosen
            if fnmatchcase(entry.request.host, host)
            and fnmatchcase(entry.request.path, path)
            and fnmatchcase(entry.request.method, method)
            and status in (None, entry.status)
        ]

    def count(self, *, host: str = "*", path: str = "*", method: str = "*", since: int = 0) -> int:
        """How many exchanges match; see `entries`."""
        return len(self.entries(host=host, path=path, method=method, since=since))

    def hosts(self, since: int = 0) -> Counter[str]:
        """Requests by host."""
        return Counter(entry.request.host for entry in self.entries(since=since))

    def sent_bytes(self, since: int = 0) -> int:
        """Bytes of all answers, heads included."""
        return sum(entry.sent_bytes for entry in self.entries(since=since))

    def cookies_at(self, host: str, since: int = 0) -> set[str]:
        """Names of the cookies that reached hosts of this pattern."""
        chosen = self.entries(host=host, since=since)
        return {name for entry in chosen for name in entry.request.cookies}

    def carrying(self, *values: str, host: str = "*", since: int = 0) -> list[Exchanged]:
        """Exchanges whose request holds one of the values as it stands."""
        wanted = [value.encode() for value in values]
        return [
            entry
            for entry in self.entries(host=host, since=since)
            if any(value in entry.request.raw for value in wanted)
        ]

    def clear(self) -> None:
        """Forget finished exchanges, tunnels and refusals."""
        with self._changed:
            self._entries = [entry for entry in self._entries if not entry.finished]
            self._connects.clear()
            self._refused.clear()
