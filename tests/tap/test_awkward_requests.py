"""The awkward exchanges through the requests tap, byte by byte."""

from __future__ import annotations

import threading

import pytest
import requests

from connectors.base import Truncation
from demo.awkward import EXCHANGES, JSON, differences, run, with_session
from demo.awkward_server import numbered_body


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda one: one.name)
def test_recorded_as_the_server_heard_and_sent_it(exchange, route, sink, make_tap, bypasses):
    tap = make_tap(route.network)
    seen_wrongly = run(exchange, with_session(tap.session_class()), route.base_url)
    tap.close()
    assert seen_wrongly is None
    assert len(route.server.log) == (2 if exchange.leads_to else exchange.beside)
    assert differences(route.server.log, sink.recorded()) == []
    assert all(one.start.url.startswith(f"{route.base_url}/") for one in sink.exchanges)
    assert bypasses == []


def test_target_is_the_tunnelled_host_and_no_ip_is_claimed(proxied_route, sink, make_tap, proxy):
    tap = make_tap(proxied_route.network)
    tap.session_class().get("https://awkward.test/plain?n=1")
    (exchange,) = sink.exchanges
    assert exchange.start.url == "https://awkward.test/plain?n=1"
    assert exchange.sent_bytes.startswith(b"GET /plain?n=1 HTTP/1.1\r\n")
    assert exchange.wires[0].ip is None
    assert exchange.wires[0].protocols == ("http/1.1", "tls/1.3")
    assert exchange.wires[0].cipher.startswith("TLS_")
    assert proxy.asked == ["awkward.test:443"]


def test_direct_connections_tell_the_address(tls_route, sink, make_tap):
    tap = make_tap(tls_route.network)
    tap.session_class().get("https://awkward.test/plain")
    assert sink.exchanges[0].wires[0].ip == "127.0.0.1"


def test_sessions_share_connections_and_survive_close(tls_route, make_tap):
    tap = make_tap(tls_route.network)
    for _ in range(5):
        with tap.session_class() as session:
            assert session.get("https://awkward.test/plain").status_code == 200
    assert len(tls_route.server.hellos) == 1


def test_a_proxy_reconnects_after_the_server_closed(proxied_route, sink, make_tap, proxy):
    tap = make_tap(proxied_route.network)
    session = tap.session_class()
    for _ in range(3):
        session.get("https://awkward.test/until-close")
    assert len(proxy.asked) == 3
    assert differences(proxied_route.server.log, sink.recorded()) == []


def test_environment_proxies_are_ignored(tls_route, make_tap, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    tap = make_tap(tls_route.network)
    assert tap.session_class().get("https://awkward.test/plain").ok


def test_four_threads_through_one_pool_never_mix(tls_route, sink, make_tap):
    tap = make_tap(tls_route.network)
    wrong: list[str] = []

    def work(worker: int) -> None:
        for number in range(60):
            path = f"/thread-{worker}?number={number}"
            answer = tap.session_class().get("https://awkward.test" + path)
            if answer.content != numbered_body(path):
                wrong.append(path)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(sink.exchanges) == 240
    assert differences(tls_route.server.log, sink.recorded()) == []
    for one in sink.exchanges:
        path = one.start.url.removeprefix("https://awkward.test")
        assert one.sent_bytes.startswith(f"GET {path} ".encode())
        assert one.answer.endswith(b"\r\n\r\n" + numbered_body(path))


def test_an_unread_answer_is_stored_at_close(tls_route, sink, make_tap):
    tap = make_tap(tls_route.network)
    answer = tap.session_class().get("https://awkward.test/early-close", stream=True)
    assert not sink.exchanges[0].finished
    tap.close()
    assert sink.exchanges[0].truncated is Truncation.DISCONNECT
    answer.close()


def test_a_refused_connection_is_an_ordinary_network_error(tls_route, sink, make_tap):
    tls_route.server.stop()
    tap = make_tap(tls_route.network)
    with pytest.raises(requests.ConnectionError):
        tap.session_class().get("https://awkward.test/plain")
    assert sink.exchanges == []


def test_an_untrusted_certificate_is_refused(tls_route, make_tap, sink):
    from dataclasses import replace

    tap = make_tap(replace(tls_route.network, ca_file=None))
    with pytest.raises(requests.exceptions.SSLError):
        tap.session_class().get("https://awkward.test/plain", verify=False)
    assert sink.exchanges == []


def test_draining_follows_chunks_and_keeps_the_beginning(tls_route, sink, make_tap):
    tap = make_tap(tls_route.network)
    answer = tap.session_class().get("https://awkward.test/chunk-trailers", stream=True)
    drained = tap.drain(answer, keep_bytes=12)
    assert (drained.first, drained.size_bytes) == (JSON[:12], len(JSON))
    assert sink.exchanges[0].truncated is None


def test_draining_keeps_nothing_and_counts_wire_bytes(tls_route, sink, make_tap):
    tap = make_tap(tls_route.network)
    answer = tap.session_class().get("https://awkward.test/range", stream=True)
    assert tap.drain(answer).size_bytes == 5000
    assert sink.exchanges[0].truncated is None
    assert tap.journal.since(0)[0].body is None
