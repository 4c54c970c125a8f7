from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from connectors import PLATFORMS, connect
from connectors.base import Connector, ExchangeStart, Identity, Network, Truncation, Wire
from connectors.model import AccountRef, RecordId
from demo.city import City
from demo.server import Platforms
from demo.world import Account


@dataclass
class Recorded:
    """One exchange in memory; bodies are counted, not kept."""

    record_id: RecordId
    start: ExchangeStart
    steps: list[str] = field(default_factory=list)
    body_bytes: int = 0

    def sent(self, data: bytes) -> None:
        self.steps.append("sent")

    def wire(self, wire: Wire) -> None:
        self.steps.append("wire")

    def head(self, raw: bytes) -> None:
        self.steps.append("head")
        assert raw.startswith(b"HTTP/1.1 ") and raw.endswith(b"\r\n\r\n")

    def body(self, data: bytes | memoryview) -> None:
        self.body_bytes += len(data)

    def finish(self, truncated: Truncation | None = None) -> None:
        self.steps.append("finish")


@dataclass
class Sink:
    """Keeps what happened, in order."""

    exchanges: list[Recorded] = field(default_factory=list)

    def begin(self, start: ExchangeStart) -> Recorded:
        self.exchanges.append(Recorded(RecordId(f"urn:uuid:{uuid.uuid4()}"), start))
        return self.exchanges[-1]

    def ids(self) -> set[RecordId]:
        return {exchange.record_id for exchange in self.exchanges}


@dataclass
class Subject:
    """One connector on the pretend platforms, and all that it does."""

    connector: Connector
    platforms: Platforms
    sink: Sink
    account: Account
    asked: list[str]

    @property
    def ref(self) -> AccountRef:
        account = self.account
        return AccountRef(
            account.platform, account.handle, account.native_id, account.sec_uid or None
        )


WAYS = [
    (platform, route, login)
    for platform, routes in PLATFORMS.items()
    for route in routes
    for login in ((False, True) if platform == "instagram" else (False,))
]


@pytest.fixture(params=WAYS, ids=lambda w: f"{w[0]}.{w[1]}{'+session' if w[2] else ''}")
def subject(request: pytest.FixtureRequest, platforms: Platforms, city: City) -> Iterator[Subject]:
    platform, route, login = request.param
    asked: list[str] = []
    sink = Sink()
    identity = None
    if login:
        visitor = city.visitor
        identity = Identity("arsip", platform, dict(visitor.cookies), visitor.username)
    connector = connect(
        platform,
        route,
        sink=sink,
        network=Network(proxy=platforms.proxy_url, ca_file=str(platforms.ca_file)),
        identity=identity,
        gate=asked.append,
    )
    account = city.instagram if platform == "instagram" else city.tiktok
    yield Subject(connector, platforms, sink, account, asked)
    connector.close()
