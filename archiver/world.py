"""What every question to a platform is given from outside: the world it is asked in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from archiver.config import Config
from archiver.log import Log
from archiver.sections import AccountSection
from connectors.base import (
    Connector,
    ExchangeSink,
    Gate,
    Identity,
    Network,
    SecretRules,
    SinkFailed,
)
from storage.catalogue.errors import CatalogueError
from storage.ledger import LedgerError

STORE_FAILURES = (SinkFailed, SQLAlchemyError, CatalogueError, LedgerError)
STORAGE_FAILURES = (*STORE_FAILURES, OSError)
"""What the archive itself cannot do; it ends the run, nothing is retried."""

ROUTE = "web"
"""The one route there is so far, on every platform."""


class Connect(Protocol):
    """Opens a route, as `connectors.connect` does."""

    def __call__(
        self,
        platform: str,
        route: str,
        *,
        sink: ExchangeSink,
        network: Network,
        identity: Identity | None,
        gate: Gate,
    ) -> Connector:
        """See `connectors.connect`."""


@dataclass(frozen=True, slots=True)
class World:
    """What a run is given from outside; tests give their own.

    Attributes:
        stop: Set to end the run after the post at hand.
        tell: Told of progress: account, posts listed, posts declared.
    """

    config: Config
    log: Log
    connect: Connect
    rules: Callable[[str], SecretRules]
    now: Callable[[], datetime]
    stop: threading.Event = field(default_factory=threading.Event)
    tell: Callable[[AccountSection, int, int | None], None] = lambda account, listed, all: None
