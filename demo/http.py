"""Requests and responses of the pretend platforms, as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from demo.world import World


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
class Response:
    """One answer. The server adds Date and Content-Length unless present.

    Attributes:
        body: Whole bytes, or chunks to stream (then set Content-Length
            yourself, or the answer is sent chunked).
        close_after: Drop the connection after this many body bytes.
        pause_s: Seconds to stall before the first body byte.
    """

    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | Iterable[bytes] = b""
    reason: str = ""
    close_after: int | None = None
    pause_s: float = 0.0


class Site(Protocol):
    """One pretend platform: a pure answer from a request and the world."""

    hosts: tuple[str, ...]
    """Host names or ``*.suffix`` patterns it answers for."""

    def answer(self, request: Request, world: World, now: datetime) -> Response:
        """What the platform says. Never raises: unknown paths get 404."""
