"""The awkward exchanges through taps and recorder into a WARC file, byte by byte."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Limits, Network, SecretRules
from connectors.tap.curl_tap import CurlFailure, CurlTap
from connectors.tap.requests_tap import Tap
from demo.authority import make_authority
from demo.awkward import (
    EXCHANGES,
    THE_TWENTY_ONE,
    Recorded,
    differences,
    run,
    with_curl,
    with_session,
)
from demo.awkward_server import AwkwardServer, TunnelProxy, numbered_body
from storage.conformance import check
from storage.recorder import Recorder
from storage.segment_name import segment_path
from storage.warc_reader import members, open_record
from storage.warc_record import Member
from storage.warc_writer import SegmentWriter

HOST = "awkward.test"
BASE = f"https://{HOST}"
NOTHING_SECRET = SecretRules(request_headers=frozenset(), response_headers=frozenset())
BROWSER = "chrome146"


@dataclass
class Bench:
    """A tap on a real recorder, before a server that logs every byte."""

    server: AwkwardServer
    open: Callable[[SecretRules], Tap]
    tap: Tap
    close: Callable[[], Path]


@pytest.fixture(params=["direct", "proxied"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    authority = make_authority(tmp_path / "authority", [HOST])
    server = AwkwardServer(authority.server_context())
    proxy = TunnelProxy({f"{HOST}:443": server.port})
    network = Network(
        ca_file=str(authority.ca_file),
        proxy=proxy.url if request.param == "proxied" else None,
        connect_to={f"{HOST}:443": f"127.0.0.1:{server.port}"},
    )
    writer = SegmentWriter.open(
        tmp_path / "segments", started_at=datetime.now(UTC), host="bench", info={"software": "x"}
    )
    recorder = Recorder(
        writer,
        spool_dir=tmp_path / "spool",
        limits=Limits(),
        known_payload=lambda account, sha256: None,
    )
    name, opened = writer.name, []

    def open_tap(rules: SecretRules) -> Tap:
        opened.append(Tap(recorder.scope("x:1", rules, ()), network, lambda url: None, (HOST,)))
        return opened[-1]

    def close() -> Path:
        for tap in opened:
            tap.close()
        writer.close()
        recorder.close()
        return segment_path(tmp_path / "segments", name)

    yield Bench(server, open_tap, open_tap(NOTHING_SECRET), close)
    server.stop()
    proxy.stop()


def block(path: Path, member: Member) -> bytes:
    with open_record(path, member.offset) as record:
        return b"".join(record.block())


def recorded(path: Path) -> list[Recorded]:
    """Requests and answers as they stand in a segment, revisits resolved."""
    known = {member.field("WARC-Record-ID"): member for member in members(path)}
    requests = {
        member.field("WARC-Concurrent-To"): block(path, member)
        for member in known.values()
        if member.field("WARC-Type") == "request"
    }
    found = []
    for record_id, member in known.items():
        if member.field("WARC-Type") not in ("response", "revisit"):
            continue
        answer = block(path, member)
        original = known.get(member.field("WARC-Refers-To"))
        if original is not None:
            answer += block(path, original)[len(original.head) :]
        url, cut = member.field("WARC-Target-URI") or "", member.field("WARC-Truncated")
        found.append(Recorded(url, requests[record_id], answer, cut))
    return found


def asked_by(bench: Bench, kind: str) -> tuple[Any, Callable[[], None]]:
    if kind == "requests":
        return with_session(bench.tap.session_class()), lambda: None
    curl = CurlTap(bench.tap.border)
    return with_curl(curl.request, CurlFailure, BROWSER), curl.close


@pytest.mark.parametrize("kind", ["requests", "curl"])
def test_the_awkward_exchanges_stand_byte_exact_in_the_warc(bench, kind):
    assert len(THE_TWENTY_ONE) == 21
    ask, end = asked_by(bench, kind)
    chosen = [one for one in EXCHANGES if kind == "requests" or one.is_for_curl]
    seen_wrongly = [wrong for one in chosen if (wrong := run(one, ask, BASE))]
    end()
    segment = bench.close()
    assert seen_wrongly == []
    assert differences(bench.server.log, recorded(segment)) == []
    assert len(recorded(segment)) == len(bench.server.log) >= len(chosen)
    assert list(check(segment)) == []


@pytest.mark.parametrize("kind", ["requests", "curl"])
def test_four_threads_are_never_mixed_in_the_warc(bench, kind):
    curl = CurlTap(bench.tap.border)

    def get(url: str) -> bytes:
        if kind == "curl":
            return curl.request("GET", url).stream.read()
        return bytes(bench.tap.session_class().get(url).content)

    wrong: list[str] = []

    def work(worker: int) -> None:
        for number in range(25):
            path = f"/thread-{worker}?number={number}"
            if get(BASE + path) != numbered_body(path):
                wrong.append(path)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    curl.close()
    segment = bench.close()
    assert wrong == []
    kept = recorded(segment)
    assert differences(bench.server.log, kept) == []
    assert len(kept) == 100
    for one in kept:
        path = one.url.removeprefix(BASE)
        assert one.request.startswith(f"GET {path} ".encode())
        assert one.answer.endswith(b"\r\n\r\n" + numbered_body(path))


@pytest.mark.parametrize("kind", ["requests", "curl"])
def test_a_redaction_changes_the_secret_and_not_a_byte_beside_it(bench, kind):
    tap, cookie = bench.open(SecretRules()), "sid=a-secret-of-this-visitor; lang=indonesia"
    if kind == "requests":
        tap.session_class().get(f"{BASE}/plain", headers={"Cookie": cookie})
    else:
        curl = CurlTap(tap.border)
        curl.request("GET", f"{BASE}/plain", cookie=cookie).stream.read()
        curl.close()
    (one,) = recorded(bench.close())
    (heard,) = bench.server.log
    assert one.answer == heard.answer
    assert b"a-secret-of-this-visitor" in heard.request
    places = [
        at
        for at, pair in enumerate(zip(one.request, heard.request, strict=True))
        if pair[0] != pair[1]
    ]
    assert len(one.request) == len(heard.request)
    start = heard.request.index(b"sid=") + 4
    assert all(
        start <= at < start + len("a-secret-of-this-visitor; lang=indonesia") for at in places
    )
    assert b"; lang=REDACTED" in one.request
