"""Answers that cost too much: cut, recorded, and told to the connector."""

from __future__ import annotations

import gzip
import json
import sys
import time
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Limits, Truncation
from connectors.errors import LimitExceeded
from connectors.tap.curl_tap import CurlTap
from connectors.tap.interrupt import TapInterrupt, translated
from connectors.tap.limits import LimitHit, StallWatch, check_ratio, json_depth
from demo.awkward import Awkward, answered, chunked
from demo.awkward_server import AwkwardServer

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BOMB = b"\0" * (32 * 1024**2)
DEEP = b"[" * 400 + b"]" * 400


def _html(inner: bytes) -> bytes:
    return b'<html><script type="application/json">' + inner + b"</script></html>"


HOSTILE = {
    "gzip-bomb": (answered(gzip.compress(BOMB), b"Content-Encoding: gzip"), "ratio"),
    "zlib-bomb": (answered(zlib.compress(BOMB), b"Content-Encoding: deflate"), "ratio"),
    "brotli-bomb": (answered(brotli.compress(BOMB), b"Content-Encoding: br"), "ratio"),
    "zstd-bomb": (answered(zstd.compress(BOMB), b"Content-Encoding: zstd"), "ratio"),
    "chunked-bomb": (
        answered(
            chunked(gzip.compress(BOMB), [1000]),
            b"Content-Encoding: gzip",
            b"Transfer-Encoding: chunked",
        ),
        "ratio",
    ),
    "encoded-image-bomb": (
        answered(gzip.compress(BOMB), b"Content-Encoding: gzip", mime=b"image/jpeg"),
        "ratio",
    ),
    "deep-json": (answered(DEEP), "json_depth"),
    "deep-in-page": (answered(_html(DEEP), mime=b"text/html"), "json_depth"),
    "long-text": (answered(b"x" * 3_000_000, mime=b"text/plain"), "body_bytes"),
    "long-media": (
        answered(b"x" * 6_000_000, b"Connection: close", mime=b"video/mp4").replace(
            b"Content-Length: 6000000\r\n", b""
        ),
        "body_bytes",
    ),
    "announced-long": (answered(b"x" * 6_000_000, mime=b"video/mp4"), "body_bytes"),
}
TIGHT = {"text_bytes": 2_000_000, "body_bytes": 5_000_000}
ROOMY = {"body_bytes": 5_000_000}


@pytest.fixture
def hostile_route(tls_route, certificate):
    exchanges = tuple(Awkward(name, answer) for name, (answer, _) in HOSTILE.items())
    server = AwkwardServer(certificate.server_context(), exchanges)
    tls_route.network.connect_to["awkward.test:443"] = f"127.0.0.1:{server.port}"
    yield tls_route
    server.stop()


def _limits(name):
    return TIGHT if name == "long-text" else ROOMY


@pytest.mark.parametrize("name", HOSTILE)
def test_requests_is_stopped_after_recording(name, hostile_route, sink, make_tap):
    tap = make_tap(hostile_route.limited(**_limits(name)).network)
    with pytest.raises(LimitExceeded) as caught, translated():
        tap.session_class().get(f"https://awkward.test/{name}")
    _assert_cut(caught.value, HOSTILE[name], tap, sink)


@pytest.mark.parametrize("name", HOSTILE)
def test_curl_is_stopped_after_recording(name, hostile_route, sink, make_tap):
    tap = make_tap(hostile_route.limited(**_limits(name)).network)
    curl = CurlTap(tap.border)
    with pytest.raises(LimitExceeded) as caught, translated():
        curl.request("GET", f"https://awkward.test/{name}").stream.read()
    curl.close()
    _assert_cut(caught.value, HOSTILE[name], tap, sink)


def _assert_cut(error, hostile, tap, sink):
    answer, limit = hostile
    (exchange,) = sink.exchanges
    (entry,) = tap.journal.since(0)
    assert (error.limit, entry.limit) == (limit, limit)
    assert error.evidence == (exchange.record_id,)
    assert answer.startswith(exchange.answer)
    assert exchange.truncated == (None if limit == "json_depth" else Truncation.LENGTH)
    assert sum(map(len, exchange.pieces)) <= TIGHT["body_bytes"]


def test_a_drip_is_cut(plain_route, sink, make_tap):
    tap = make_tap(plain_route.limited(stall_bytes=1000, stall_s=0.3, read_s=5.0).network)
    server = _DripServer()
    plain_route.network.connect_to["awkward.test:80"] = f"127.0.0.1:{server.port}"
    with pytest.raises(LimitExceeded) as caught, translated():
        tap.session_class().get("http://awkward.test/drip")
    server.stop()
    assert caught.value.limit == "stalled"
    assert sum(map(len, sink.exchanges[0].pieces)) < 100, "not all of what drips was waited for"
    assert sink.exchanges[0].truncated is Truncation.TIME


class _DripServer:
    def __init__(self):
        from demo.awkward_server import SocketServer

        self._server = SocketServer(self._serve, "demo-drip")
        self.port = self._server.port
        self.stop = self._server.stop

    def _serve(self, connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
        for _ in range(100):
            connection.sendall(b"x")
            time.sleep(0.05)


def test_a_silent_server_times_out_and_is_recorded(plain_route, sink, make_tap):
    import requests

    tap = make_tap(plain_route.limited(read_s=0.3).network)
    exchange = Awkward("silent", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nabc")
    server = AwkwardServer(exchanges=(exchange,))
    plain_route.network.connect_to["awkward.test:80"] = f"127.0.0.1:{server.port}"
    with pytest.raises(requests.ConnectionError):
        tap.session_class().get("http://awkward.test/silent")
    server.stop()
    assert sink.exchanges[0].truncated is Truncation.TIME
    assert sink.exchanges[0].answer == exchange.answer


def test_redirects_end_at_the_limit(tls_route, certificate, sink, make_tap):
    loop = answered(b"", b"Location: /loop", status=b"302 Found")
    server = AwkwardServer(certificate.server_context(), (Awkward("loop", loop),))
    tls_route.network.connect_to["awkward.test:443"] = f"127.0.0.1:{server.port}"
    tap = make_tap(tls_route.limited(redirects=3).network)
    with pytest.raises(LimitExceeded) as caught, translated():
        tap.session_class().get("https://awkward.test/loop")
    server.stop()
    assert caught.value.limit == "redirects"
    assert len(sink.exchanges) == 4
    assert caught.value.evidence == (sink.exchanges[-1].record_id,)


_JSON = st.recursive(
    st.none() | st.integers() | st.text(st.sampled_from('ab[]{}"\\\n'), max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("[]{}\"'x"), inner),
    max_leaves=20,
)


def _true_depth(value) -> int:
    if isinstance(value, list):
        return 1 + max(map(_true_depth, value), default=0)
    if isinstance(value, dict):
        return 1 + max(map(_true_depth, value.values()), default=0)
    return 0


@given(_JSON, st.integers(0, 12), st.booleans())
def test_json_depth_is_exact_about_the_limit(value, limit, spaced):
    text = json.dumps(value, indent=1 if spaced else None).encode()
    assert (json_depth(text, limit) > limit) == (_true_depth(value) > limit)


@given(_JSON, st.data())
def test_json_depth_of_a_cut_text_is_never_too_small(value, data):
    text = json.dumps([[[value]]]).encode()
    cut = data.draw(st.integers(3, len(text)))
    assert json_depth(text[:cut], 2) > 2


def test_brackets_in_strings_do_not_hide_depth():
    hidden = b'["]",' * 300 + b'["["' + b',"["]' * 300 + b"]"
    assert json.loads(hidden)
    assert json_depth(hidden, 200) > 200


def test_ratio_counts_only_beyond_a_mebibyte():
    check_ratio(10, 1024**2, Limits(ratio=2))
    with pytest.raises(LimitHit):
        check_ratio(10, 1024**2 + 1, Limits(ratio=2))


def test_a_watch_forgives_a_pause_between_fast_parts():
    now = [0.0]
    watch = StallWatch(Limits(stall_bytes=10, stall_s=5), clock=lambda: now[0])
    for _ in range(3):
        now[0] += 4
        watch.received(10)
    now[0] += 6
    with pytest.raises(LimitHit):
        watch.received(9)


def test_an_interrupt_is_no_exception_for_libraries_to_catch():
    assert not issubclass(TapInterrupt, Exception)
