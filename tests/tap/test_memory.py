"""Long bodies pass in bounded memory, also when the reader is slow."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from connectors.tap.curl_tap import CurlTap
from demo.awkward import Awkward, answered
from demo.awkward_server import AwkwardServer

BODY_BYTES = 96 * 1024**2
GROWTH_BYTES = 16 * 1024**2


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.fixture
def film_network(tls_route, certificate):
    film = answered(bytes(1024) * (BODY_BYTES // 1024), mime=b"video/mp4")
    server = AwkwardServer(certificate.server_context(), (Awkward("film", film),))
    tls_route.network.connect_to["awkward.test:443"] = f"127.0.0.1:{server.port}"
    yield tls_route.network
    server.stop()


def _is_linux() -> bool:
    return Path("/proc/self/statm").exists()


pytestmark = pytest.mark.skipif(not _is_linux(), reason="resident memory is read from /proc")


class NullExchange:
    record_id = "urn:uuid:0"

    def __init__(self):
        self.body_bytes = 0

    def body(self, data):
        self.body_bytes += len(data)

    def sent(self, data):
        pass

    wire = head = sent

    def finish(self, truncated=None):
        pass


@pytest.fixture
def kept(sink, monkeypatch):
    exchanges = []

    def begin(start):
        exchanges.append(NullExchange())
        return exchanges[-1]

    monkeypatch.setattr(sink, "begin", begin)
    return exchanges


def test_requests_drains_in_bounded_memory(film_network, make_tap, kept):
    tap = make_tap(film_network)
    session = tap.session_class()
    answer = session.get("https://awkward.test/film", stream=True)
    before = _resident_bytes()
    assert tap.drain(answer).size_bytes == BODY_BYTES
    assert _resident_bytes() - before < GROWTH_BYTES
    assert kept[0].body_bytes == BODY_BYTES


def test_curl_waits_for_a_slow_reader(film_network, make_tap, kept):
    tap = make_tap(film_network)
    curl = CurlTap(tap.border)
    before = _resident_bytes()
    answer = curl.request("GET", "https://awkward.test/film")
    time.sleep(0.4)
    assert _resident_bytes() - before < GROWTH_BYTES
    assert kept[0].body_bytes < GROWTH_BYTES
    count = 0
    while piece := answer.stream.read(1 << 18):
        count += len(piece)
    curl.close()
    assert count == kept[0].body_bytes == BODY_BYTES
    assert _resident_bytes() - before < GROWTH_BYTES
