from __future__ import annotations

import ssl
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors.base import ExchangeStart, Limits, Network, SinkFailed, Truncation, Wire
from connectors.model import RecordId
from connectors.tap.bypass import Bypass, BypassWatch
from connectors.tap.requests_tap import Tap
from demo.awkward import Recorded
from demo.awkward_server import AwkwardServer, TunnelProxy

HOST = "awkward.test"


@dataclass(slots=True)
class MemoryExchange:
    """Keeps an exchange, and holds callers to the order the seam promises."""

    sink: MemorySink
    start: ExchangeStart
    record_id: RecordId
    sent_bytes: bytes = b""
    wires: list[Wire] = field(default_factory=list)
    head_bytes: bytes | None = None
    pieces: list[bytes] = field(default_factory=list)
    truncated: Truncation | None = None
    finished: bool = False

    def sent(self, data: bytes) -> None:
        assert self.head_bytes is None
        self.sink.maybe_fail("sent")
        self.sent_bytes += data

    def wire(self, wire: Wire) -> None:
        assert not self.wires
        assert not self.finished
        self.wires.append(wire)

    def head(self, raw: bytes) -> None:
        assert self.head_bytes is None
        assert self.wires
        self.sink.maybe_fail("head")
        self.head_bytes = raw

    def body(self, data: bytes | memoryview) -> None:
        assert self.head_bytes is not None
        assert not self.finished
        self.sink.maybe_fail("body")
        self.pieces.append(bytes(data))

    def finish(self, truncated: Truncation | None = None) -> None:
        assert not self.finished
        self.finished = True
        self.sink.maybe_fail("finish")
        self.truncated = truncated

    @property
    def answer(self) -> bytes:
        return (self.head_bytes or b"") + b"".join(self.pieces)


class MemorySink:
    """An `ExchangeSink` that keeps everything, and fails on demand."""

    def __init__(self) -> None:
        self.exchanges: list[MemoryExchange] = []
        self.fails_at: str | None = None
        self._lock = threading.Lock()

    def begin(self, start: ExchangeStart) -> MemoryExchange:
        self.maybe_fail("begin")
        exchange = MemoryExchange(self, start, RecordId(f"urn:uuid:{uuid.uuid4()}"))
        with self._lock:
            self.exchanges.append(exchange)
        return exchange

    def maybe_fail(self, moment: str) -> None:
        if moment == self.fails_at:
            raise SinkFailed("no space left on device")

    def recorded(self) -> list[Recorded]:
        return [
            Recorded(one.start.url, one.sent_bytes, one.answer, one.truncated)
            for one in self.exchanges
            if one.finished
        ]


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


@dataclass(frozen=True)
class Certificate:
    path: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path)
        return context


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return Certificate(path)


@pytest.fixture
def tls_server(certificate: Certificate) -> Iterator[AwkwardServer]:
    server = AwkwardServer(certificate.server_context())
    yield server
    server.stop()


@pytest.fixture
def plain_server() -> Iterator[AwkwardServer]:
    server = AwkwardServer()
    yield server
    server.stop()


@pytest.fixture
def proxy(tls_server: AwkwardServer) -> Iterator[TunnelProxy]:
    proxy = TunnelProxy({f"{HOST}:443": tls_server.port})
    yield proxy
    proxy.stop()


@dataclass
class Route:
    """A way to a server: its address, and the network that leads there."""

    base_url: str
    network: Network
    server: AwkwardServer

    def limited(self, **limits: float) -> Route:
        kept = replace(self.network, limits=Limits(**limits))  # type: ignore[arg-type]
        return replace(self, network=kept)


@pytest.fixture
def plain_route(plain_server: AwkwardServer) -> Route:
    network = Network(connect_to={f"{HOST}:80": f"127.0.0.1:{plain_server.port}"})
    return Route(f"http://{HOST}", network, plain_server)


@pytest.fixture
def tls_route(tls_server: AwkwardServer, certificate: Certificate) -> Route:
    network = Network(
        ca_file=str(certificate.path),
        connect_to={f"{HOST}:443": f"127.0.0.1:{tls_server.port}"},
    )
    return Route(f"https://{HOST}", network, tls_server)


@pytest.fixture
def proxied_route(tls_server: AwkwardServer, certificate: Certificate, proxy: TunnelProxy) -> Route:
    network = Network(ca_file=str(certificate.path), proxy=proxy.url)
    return Route(f"https://{HOST}", network, tls_server)


@pytest.fixture(params=["plain", "tls", "proxied"])
def route(request: pytest.FixtureRequest) -> Route:
    return request.getfixturevalue(f"{request.param}_route")


@pytest.fixture
def make_tap(sink: MemorySink) -> Iterator[Callable[..., Tap]]:
    made: list[Tap] = []

    def make(network: Network, gate: Callable[[str], None] = lambda url: None) -> Tap:
        tap = Tap(sink, network, gate, (HOST, f"*.{HOST}", f"http://{HOST}"))
        made.append(tap)
        return tap

    yield make
    sink.fails_at = None
    for tap in made:
        try:
            tap.close()
        except SinkFailed:
            continue


@pytest.fixture
def bypasses() -> Iterator[list[Bypass]]:
    """What passes by the taps, the demo servers' own connections apart."""
    found: list[Bypass] = []
    watch = BypassWatch(found.append, ignore=lambda one: one.thread.startswith("demo-"))
    watch.start()
    yield found
    watch.stop()


@pytest.fixture
def fingerprint() -> Callable[[bytes], tuple[frozenset[int], frozenset[int]]]:
    return _fingerprint


def _fingerprint(hello: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """Ciphers and extensions of a ClientHello, GREASE left out."""
    at = 5 + 4 + 2 + 32
    at += 1 + hello[at]
    length = int.from_bytes(hello[at : at + 2], "big")
    ciphers = _words(hello[at + 2 : at + 2 + length])
    at += 2 + length
    at += 1 + hello[at] + 2
    extensions = []
    while at + 4 <= len(hello):
        extensions.append(int.from_bytes(hello[at : at + 2], "big"))
        at += 4 + int.from_bytes(hello[at + 2 : at + 4], "big")
    grease = {value * 0x1010 + 0x0A0A for value in range(0, 16)}
    # Padding (21) comes and goes with the length of the rest.
    return frozenset(ciphers) - grease, frozenset(extensions) - grease - {21}


def _words(data: bytes) -> list[int]:
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]
