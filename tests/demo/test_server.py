from __future__ import annotations

import contextlib
import hashlib
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from curl_cffi import requests as curl_requests

from demo.server import Platforms
from demo.world import World

WEB = "https://www.instagram.com"


def direct(bench, host="www.instagram.com"):
    """A TLS socket to the origin port."""
    context = ssl.create_default_context(cafile=str(bench.platforms.ca_file))
    raw = socket.create_connection(("127.0.0.1", bench.platforms.origin_port), timeout=5)
    return context.wrap_socket(raw, server_hostname=host)


def receive_all(sock):
    parts = []
    with contextlib.suppress(ssl.SSLError):
        while part := sock.recv(65536):
            parts.append(part)
    return b"".join(parts)


def test_requests_reach_a_platform_through_the_proxy(bench):
    answer = bench.client.post(f"{WEB}/a b?x=1&y=", data={"doc_id": "7"}, cookies={"sid": "s"})
    said = answer.json()
    assert (said["method"], said["host"], said["path"]) == ("POST", "www.instagram.com", "/a b")
    assert said["query"] == {"x": "1", "y": ""}
    assert said["form"] == {"doc_id": "7"}
    assert said["cookies"] == {"sid": "s"}
    assert bench.platforms.log.connects == (("www.instagram.com", 443),)


def test_curl_reaches_a_platform_as_a_browser(bench):
    with curl_requests.Session(impersonate="chrome", verify=str(bench.platforms.ca_file)) as client:
        client.proxies = {"https": bench.platforms.proxy_url}
        assert client.get("https://www.tiktok.com/@x").json()["path"] == "/@x"


def test_the_log_holds_the_bytes_that_crossed(bench):
    request = b"GET /caf%C3%A9?q=1 HTTP/1.1\r\nHost:  www.instagram.com\r\n"
    request += b"Content-Length: 0\r\nX: \xe9\r\n"
    with direct(bench) as sock:
        sock.sendall(request + b"Connection: close\r\n\r\n")
        received = receive_all(sock)
    bench.platforms.log.settle()
    (entry,) = bench.platforms.log.entries()
    assert entry.request.raw == request + b"Connection: close\r\n\r\n"
    assert entry.head + entry.body == received
    assert (entry.via, entry.request.path, entry.whole) == ("direct", "/café", True)
    assert entry.url == f"{WEB}/caf%C3%A9?q=1"


def test_chunked_bodies_cross_in_both_directions(bench):
    with direct(bench) as sock:
        sock.sendall(
            b"POST /chunks HTTP/1.1\r\nHost: www.instagram.com\r\nTransfer-Encoding: chunked\r\n"
            b"Connection: close\r\n\r\n3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nTrailer: t\r\n\r\n"
        )
        received = receive_all(sock)
    assert received.endswith(b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")
    bench.platforms.log.settle()
    (entry,) = bench.platforms.log.entries()
    assert entry.request.body == b"abcde"
    assert entry.request.raw.endswith(b"Trailer: t\r\n\r\n")
    sent = received.partition(b"\r\n\r\n")[2]
    assert entry.body_sha256() == hashlib.sha256(sent).hexdigest()


def test_one_connection_carries_many_requests(bench):
    for number in range(20):
        assert bench.client.get(f"{WEB}/{number}").json()["path"] == f"/{number}"
    assert len(bench.platforms.log.connects) == 1
    assert bench.platforms.log.count(path="/1?") == 10


def test_text_is_compressed_only_for_clients_that_ask(bench):
    coded = bench.client.get(f"{WEB}/a", headers={"Accept-Encoding": "gzip"})
    plain = bench.client.get(f"{WEB}/a", headers={"Accept-Encoding": "identity"})
    assert coded.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert coded.content == plain.content


def test_threads_get_their_own_answers(bench):
    def ask(number: int) -> str:
        return bench.client.get(f"{WEB}/n", params={"n": str(number)}).json()["query"]["n"]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(60))) == [str(number) for number in range(60)]


def test_a_tunnel_to_elsewhere_and_plain_http_are_refused_and_logged(bench):
    with pytest.raises(requests.exceptions.ProxyError):
        bench.client.get("https://example.org/")
    assert bench.client.get("http://169.254.169.254/latest").status_code == 403
    assert bench.platforms.log.connects == (("example.org", 443),)
    assert [head.split(b" ")[0] for head in bench.platforms.log.refused] == [b"CONNECT", b"GET"]
    assert bench.platforms.log.entries() == []


def test_stopping_ends_open_and_idle_connections(tmp_path):
    before = set(threading.enumerate())
    platforms = Platforms(World(), [], tmp_path).start()
    idle = [
        socket.create_connection(("127.0.0.1", port))
        for port in (platforms.origin_port, platforms.proxy_port)
    ]
    platforms.stop()
    for sock in idle:
        sock.close()
    assert set(threading.enumerate()) <= before


def test_a_client_that_leaves_early_hurts_nobody(bench):
    for _ in range(3):
        sock = direct(bench)
        sock.sendall(b"GET /half HTTP/1.1\r\nHost: www.ins")
        sock.close()
    assert bench.client.get(f"{WEB}/after").status_code == 200
