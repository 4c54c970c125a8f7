"""G13: awkward exchanges as the WARC holds them, against the server's own log.

The records are read by FastWARC, not by our reader.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType

from benchmarks.recording import capture
from benchmarks.result import Result
from connectors.base import Network, SecretRules
from connectors.tap.bypass import Bypass, BypassWatch
from connectors.tap.curl_tap import CurlFailure, CurlTap
from connectors.tap.requests_tap import Tap
from demo.authority import make_authority
from demo.awkward import (
    EXCHANGES,
    Ask,
    Awkward,
    Recorded,
    differences,
    with_curl,
    with_session,
)
from demo.awkward import (
    run as play,
)
from demo.awkward_server import AwkwardServer, TunnelProxy

HOST = "awkward.test"
BROWSER = "chrome"
KEEP_ALL = SecretRules(frozenset(), frozenset())
"""Nothing is redacted here; that nothing secret stays is a test of its own."""

Binding = Callable[[Tap], Ask]


def run() -> Iterator[Result]:
    """Measure G13: exactness of both taps, directly and through a proxy."""
    bypasses: list[Bypass] = []
    watch = BypassWatch(bypasses.append, ignore=lambda one: one.thread.startswith("demo-"))
    watch.start()
    try:
        for tap, binding in (("requests", _by_requests), ("curl", _by_curl)):
            for way in ("directly", "through the proxy"):
                yield _exactness(tap, binding, proxied=way != "directly")
    finally:
        watch.stop()
    note = "; ".join(str(one) for one in bypasses[:3]) or "audit hook on sockets and processes"
    yield Result("G13", "connections outside the taps", len(bypasses), 0, unit="", note=note)


def _by_requests(tap: Tap) -> Ask:
    return with_session(tap.session_class())


def _by_curl(tap: Tap) -> Ask:
    return with_curl(CurlTap(tap.border).request, CurlFailure, BROWSER)


def _exactness(name: str, binding: Binding, *, proxied: bool) -> Result:
    chosen = [one for one in EXCHANGES if name == "requests" or one.is_for_curl]
    with (
        tempfile.TemporaryDirectory(prefix="jejak-bench-") as folder,
        _served(Path(folder), proxied=proxied) as (server, network),
    ):
        wrong = _record(Path(folder), network, binding, chosen)
        (segment,) = Path(folder).glob("segments/**/*.warc.gz")
        wrong += differences(server.log, recorded(segment))
        total = len(server.log)
    way = "through the proxy" if proxied else "directly"
    return Result(
        "G13",
        f"{total} awkward exchanges byte-exact, {name} tap {way}",
        1 - min(len(wrong), total) / total,
        1.0,
        "higher",
        "share",
        "; ".join(wrong[:3]) or "records read by FastWARC",
    )


def _record(folder: Path, network: Network, binding: Binding, chosen: list[Awkward]) -> list[str]:
    with capture(folder, rules=KEEP_ALL) as sink:
        tap = Tap(sink, network, lambda url: None, (HOST,))
        ask = binding(tap)
        seen = [play(one, ask, f"https://{HOST}") for one in chosen]
        tap.close()
    return [wrong for wrong in seen if wrong is not None]


@contextmanager
def _served(folder: Path, *, proxied: bool) -> Iterator[tuple[AwkwardServer, Network]]:
    authority = make_authority(folder / "tls", (HOST,))
    server = AwkwardServer(authority.server_context())
    proxy = TunnelProxy({f"{HOST}:443": server.port})
    direct = {f"{HOST}:443": f"127.0.0.1:{server.port}"}
    try:
        yield (
            server,
            Network(
                ca_file=str(authority.ca_file),
                proxy=proxy.url if proxied else None,
                connect_to={} if proxied else direct,
            ),
        )
    finally:
        proxy.stop()
        server.stop()


def recorded(segment: Path) -> list[Recorded]:
    """The exchanges of a segment; a revisit's body is read where it points."""
    requests: dict[str, bytes] = {}
    answers: dict[str, tuple[str, bytes, str | None]] = {}
    with segment.open("rb") as file:
        for record in ArchiveIterator(file, parse_http=False):
            fields = {name.lower(): value for name, value in record.headers.items()}
            block = record.reader.read()
            if record.record_type == WarcRecordType.request:
                requests[fields["warc-concurrent-to"]] = block
            elif record.record_type in (WarcRecordType.response, WarcRecordType.revisit):
                if origin := fields.get("warc-refers-to"):
                    block += answers[origin][1].split(b"\r\n\r\n", 1)[1]
                url, cut = fields["warc-target-uri"], fields.get("warc-truncated")
                answers[fields["warc-record-id"]] = (url, block, cut)
    return [
        Recorded(url, requests[record_id], block, cut)
        for record_id, (url, block, cut) in answers.items()
    ]
