"""The awkward exchanges through the curl tap, over HTTP/1.1 and HTTP/2."""

from __future__ import annotations

import threading
from dataclasses import replace

import curl_cffi
import pytest

from connectors.base import Network, Truncation
from connectors.tap.curl_tap import CurlFailure, CurlTap
from demo.awkward import EXCHANGES, JSON, differences, run, with_curl
from demo.awkward_h2 import AwkwardHttp2Server
from demo.awkward_server import TunnelProxy, numbered_body

BROWSER = "chrome146"


@pytest.fixture
def make_curl(make_tap):
    made = []

    def make(network, gate=lambda url: None):
        tap = make_tap(network, gate)
        made.append(CurlTap(tap.border))
        return made[-1], tap

    yield make
    for curl in made:
        curl.close()


@pytest.fixture
def h2_server(certificate):
    server = AwkwardHttp2Server(certificate.server_context())
    yield server
    server.stop()


@pytest.fixture(params=["direct", "proxied"])
def h2_network(request, h2_server, certificate):
    key = "awkward.test:443"
    if request.param == "direct":
        to = {key: f"127.0.0.1:{h2_server.port}"}
        yield Network(ca_file=str(certificate.path), connect_to=to)
        return
    proxy = TunnelProxy({key: h2_server.port})
    yield Network(ca_file=str(certificate.path), proxy=proxy.url)
    proxy.stop()


@pytest.mark.parametrize(
    "exchange", [one for one in EXCHANGES if one.is_for_curl], ids=lambda one: one.name
)
def test_recorded_as_the_server_heard_and_sent_it(exchange, route, sink, make_curl, bypasses):
    curl, _ = make_curl(route.network)
    seen_wrongly = run(exchange, with_curl(curl.request, CurlFailure, BROWSER), route.base_url)
    curl.close()
    assert seen_wrongly is None
    assert differences(route.server.log, sink.recorded()) == []
    assert bypasses == []


@pytest.mark.parametrize("path", ["/plain", "/gzip", "/brotli", "/film", "/no-content", "/x?y=1"])
def test_http2_is_recorded_in_http1_form(path, h2_network, h2_server, sink, make_curl):
    curl, tap = make_curl(h2_network)
    answer = curl.request("GET", "https://awkward.test" + path, impersonate=BROWSER)
    answer.stream.read()
    (heard,), (exchange,) = h2_server.log, sink.exchanges
    assert exchange.answer == heard.answer_as_http1()
    assert _fields(exchange.sent_bytes) == heard.request_fields()
    assert exchange.wires[0].protocols == ("h2", "tls/1.3")
    assert exchange.wires[0].cipher.startswith("TLS_")
    assert exchange.wires[0].ip == (None if h2_network.proxy else "127.0.0.1")
    assert exchange.truncated is None
    assert tap.journal.since(0)[0].status == answer.status


def _fields(sent: bytes) -> list[tuple[str, str]]:
    first, *lines = sent.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
    method, target, version = first.split(" ")
    assert version == "HTTP/1.1"
    pairs = [line.partition(": ") for line in lines]
    return [("", f"{method} {target}")] + [(name.lower(), value) for name, _, value in pairs]


def test_http2_form_and_cookie_are_recorded_as_sent(h2_network, h2_server, sink, make_curl):
    curl, _ = make_curl(h2_network)
    form = b"doc_id=1&variables=%7B%7D"
    answer = curl.request(
        "POST",
        "https://awkward.test/form",
        body=form,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        cookie="a=1; b=2",
        impersonate=BROWSER,
    )
    assert answer.stream.read() == b'{"length": 25}'
    (heard,), (exchange,) = h2_server.log, sink.exchanges
    assert heard.body == form
    assert exchange.sent_bytes.endswith(b"\r\n\r\n" + form)
    # Chrome splits cookies over HTTP/2 and so does the record; the server's
    # library joins them again (RFC 9113, section 8.2.3).
    mine = _fields(exchange.sent_bytes)
    assert [value for name, value in mine if name == "cookie"] == ["a=1", "b=2"]
    heard_fields = heard.request_fields()
    assert ("cookie", "a=1; b=2") in heard_fields
    assert [pair for pair in mine if pair[0] != "cookie"] == [
        pair for pair in heard_fields if pair[0] != "cookie"
    ]


def test_folded_lines_come_unfolded(plain_route, sink, make_curl):
    curl, _ = make_curl(plain_route.network)
    curl.request("GET", "http://awkward.test/folded-header").stream.read()
    # If this fails, libcurl tells the raw lines now: take the exception away.
    assert b"X-Long: first second third\r\n" in sink.exchanges[0].answer


def test_http2_redirect_body_is_recorded_and_left_to_the_caller(
    h2_network, h2_server, sink, make_curl
):
    curl, _ = make_curl(h2_network)
    answer = curl.request("GET", "https://awkward.test/redirect", impersonate=BROWSER)
    answer.stream.read()
    assert (answer.status, answer.headers["Location"]) == (302, "/plain")
    answer = curl.request("GET", "https://awkward.test/plain", impersonate=BROWSER)
    assert answer.stream.read() == JSON
    assert [one.answer for one in sink.exchanges] == [
        heard.answer_as_http1() for heard in h2_server.log
    ]
    assert all(one.wires[0].protocols == ("h2", "tls/1.3") for one in sink.exchanges)


def test_a_handle_keeps_its_connection(tls_route, make_curl):
    curl, _ = make_curl(tls_route.network)
    for _ in range(40):
        curl.request("GET", "https://awkward.test/plain", impersonate=BROWSER).stream.read()
    # On a busy machine libcurl finds a new connection "not open enough" for
    # the next request (a race of its own) and makes another, until one stays.
    assert len(tls_route.server.hellos) <= 20


def test_http2_keeps_its_connection(h2_network, h2_server, make_curl):
    curl, _ = make_curl(h2_network)
    for number in range(40):
        url = f"https://awkward.test/number?n={number}"
        assert curl.request("GET", url, impersonate=BROWSER).stream.read()
    assert len(h2_server.hellos) <= 20  # the same race


def test_four_threads_never_mix(tls_route, sink, make_curl):
    curl, _ = make_curl(tls_route.network)
    wrong: list[str] = []

    def work(worker: int) -> None:
        for number in range(40):
            path = f"/thread-{worker}?number={number}"
            url = "https://awkward.test" + path
            if curl.request("GET", url).stream.read() != numbered_body(path):
                wrong.append(path)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert differences(tls_route.server.log, sink.recorded()) == []
    assert len(sink.exchanges) == 160


def test_the_tls_fingerprint_is_that_of_stock_curl_cffi(
    tls_route, make_curl, certificate, fingerprint
):
    curl, _ = make_curl(tls_route.network)
    url = "https://awkward.test/plain"
    curl.request("GET", url, impersonate=BROWSER).stream.read()
    with curl_cffi.Session(
        curl_options={
            curl_cffi.CurlOpt.RESOLVE: [f"awkward.test:{tls_route.server.port}:127.0.0.1"]
        }
    ) as session:
        session.get(
            f"https://awkward.test:{tls_route.server.port}/plain",
            impersonate=BROWSER,
            verify=str(certificate.path),
        )
    ours, stock = (fingerprint(hello) for hello in tls_route.server.hellos)
    assert ours == stock
    assert len(ours[0]) > 10


def test_an_untrusted_certificate_is_refused(tls_route, make_curl, sink):
    curl, _ = make_curl(replace(tls_route.network, ca_file=None))
    with pytest.raises(CurlFailure) as caught:
        curl.request("GET", "https://awkward.test/plain")
    assert caught.value.code == curl_cffi.CurlECode.PEER_FAILED_VERIFICATION
    assert [one.head_bytes for one in sink.exchanges] == [None]


def test_a_cut_body_tells_how_much_came(tls_route, make_curl, sink):
    curl, _ = make_curl(tls_route.network)
    answer = curl.request("GET", "https://awkward.test/cut-body")
    with pytest.raises(CurlFailure) as caught:
        answer.stream.read()
    assert caught.value.code == curl_cffi.CurlECode.PARTIAL_FILE
    assert caught.value.received_bytes == caught.value.expected_bytes - 99_999
    assert sink.exchanges[0].truncated is Truncation.DISCONNECT
