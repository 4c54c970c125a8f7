"""Requests and responses of the pretend platforms, as plain values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from demo.world import World

CHUNK_BYTES = 256 * 1024
"""How much of a file is read and sent at a time."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as a pretend platform received it.

    Attributes:
        host: Lower case, without port.
        path: Decoded path, without query.
        query: Query parameters (last value wins).
        headers: Lower-case names (last value wins); `raw` keeps the bytes.
        form: Fields of an urlencoded body; empty otherwise.
        cookies: Parsed Cookie header.
        raw: The request's bytes exactly as received, body included.
    """

    method: str
    host: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    cookies: dict[str, str]
    form: dict[str, str]
    body: bytes
    raw: bytes = b""

    @property
    def is_head(self) -> bool:
        """Whether only the head of the answer may be sent."""
        return self.method == "HEAD"


@dataclass(frozen=True, slots=True)
class FileSlice:
    """Part of a file as a body; read while it is sent."""

    path: Path
    start: int
    length: int

    def __iter__(self) -> Iterator[bytes]:
        """Chunks of at most `CHUNK_BYTES`."""
        left = self.length
        with self.path.open("rb", buffering=0) as stream:
            stream.seek(self.start)
            while left > 0:
                chunk = stream.read(min(left, CHUNK_BYTES))
                if not chunk:
                    return
                left -= len(chunk)
                yield chunk


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. The server adds Date and Content-Length unless present.

    Attributes:
        body: Whole bytes, or chunks to stream (then set Content-Length
            yourself, or the answer is sent chunked).
        close_after: Drop the connection after this many body bytes.
        pause_s: Seconds to stall before the body byte at ``pause_after``.
        pause_after: Body bytes to send before stalling.
        drip: Send this many body bytes at a time, with so many seconds
            between them.
        reset: Drop with a TCP reset instead of an orderly close.
        exact: Send these bytes and nothing else, then close; the rest of the
            value is ignored.
        dated: Whether a Date is added; some proxies drop it.
    """

    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | Iterable[bytes] = b""
    reason: str = ""
    close_after: int | None = None
    pause_s: float = 0.0
    pause_after: int = 0
    drip: tuple[int, float] | None = None
    reset: bool = False
    exact: bytes | None = None
    dated: bool = True

    def header(self, name: str) -> str | None:
        """The first value of a header, whatever its case; ``None`` if absent."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def without(self, *names: str) -> list[tuple[str, str]]:
        """The headers except these names."""
        dropped = {name.lower() for name in names}
        return [(key, value) for key, value in self.headers if key.lower() not in dropped]

    def whole_body(self) -> bytes:
        """The body in one piece (do not call it on a large film)."""
        return self.body if isinstance(self.body, bytes) else b"".join(self.body)


class Site(Protocol):
    """One pretend platform: a pure answer from a request and the world."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names or ``*.suffix`` patterns it answers for."""

    def answer(self, request: Request, world: World, now: datetime) -> Response:
        """What the platform says. Never raises: unknown paths get 404."""


def json_response(
    value: object, status: int = 200, headers: Iterable[tuple[str, str]] = ()
) -> Response:
    """A JSON answer as platforms send it: compact, non-ASCII escaped."""
    body = json.dumps(value, separators=(",", ":")).encode()
    kind = ("Content-Type", "application/json; charset=utf-8")
    return Response(status, [kind, *headers], body)


def html_response(
    text: str, status: int = 200, headers: Iterable[tuple[str, str]] = ()
) -> Response:
    """An HTML answer."""
    return Response(status, [("Content-Type", "text/html; charset=utf-8"), *headers], text.encode())


def redirect_response(
    location: str, status: int = 302, headers: Iterable[tuple[str, str]] = ()
) -> Response:
    """A redirect without a body."""
    return Response(status, [("Location", location), *headers])
