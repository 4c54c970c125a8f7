"""What a capture is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from archiver.completeness import Outcome
from connectors.base import Connector
from connectors.model import AccountRef
from storage.catalogue import Catalogue
from storage.recorder import CaptureSink


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be captured.

    Attributes:
        account: Pinned; its ``native_id`` is known.
        route: ``platform.route``.
        identity: Name of the identity, ``None`` when anonymous.
        full: Read the listing to its end, whatever is known.
    """

    account: AccountRef
    run: str
    route: str
    identity: str | None = None
    full: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What a capture works with.

    Attributes:
        connect: Builds the connector over the sink; may raise `ConnectorError`.
        between_posts: Asked before each post; a code ends the capture there.
        tell: Told of progress: posts listed so far, posts declared.
    """

    connect: Callable[[], Connector]
    sink: CaptureSink
    catalogue: Catalogue
    now: Callable[[], datetime]
    between_posts: Callable[[], str | None] = lambda: None
    tell: Callable[[int, int | None], None] = lambda listed, declared: None


@dataclass(frozen=True, slots=True)
class CaptureResult:
    """How a capture ended.

    Attributes:
        reason: Stable English code; ``None`` only when complete.
        detail / hint: For a person; empty when complete.
        unfinished: Posts acknowledged with media missing.
        visitor_refused: Its identity must not be used again in this run.
    """

    account: str
    handle: str
    capture: str
    outcome: Outcome
    reason: str | None
    detail: str
    hint: str
    listed: int
    new: int
    edited: int
    failed: int
    unfinished: int
    requests: int
    bytes_received: int
    visitor_refused: bool
