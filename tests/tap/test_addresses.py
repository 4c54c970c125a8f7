"""Addresses that may not be asked, and are not."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import AddressRefused, NetworkFailure, WaitRequired
from connectors.tap import addresses
from connectors.tap.addresses import HostRules, Target, is_inner, resolve
from connectors.tap.curl_tap import CurlTap
from connectors.tap.interrupt import translated
from connectors.tap.requests_tap import Tap
from demo.awkward import JSON, Awkward, answered
from demo.awkward_server import AwkwardServer

RULES = ("www.instagram.com", "*.cdninstagram.com", "http://plain.test:8080")

REFUSED = (
    "http://www.instagram.com/",
    "ftp://www.instagram.com/",
    "https://www.instagram.com:8443/",
    "https://instagram.com/",
    "https://cdninstagram.com/",
    "https://evilcdninstagram.com/",
    "https://www.instagram.com.evil.test/",
    "https://www.instagram.com@evil.test/",
    "https://user:pass@www.instagram.com/",
    "https://evil.test\\@www.instagram.com/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://2130706433/",
    "https://www.instagram.com:port/",
    "file:///etc/passwd",
    "no address",
    "",
)


@pytest.mark.parametrize("url", REFUSED)
def test_refused(url):
    with pytest.raises(AddressRefused):
        HostRules(RULES).check(url)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://www.instagram.com/p/C1/", Target("https", "www.instagram.com", 443)),
        ("https://WWW.Instagram.com./x", Target("https", "www.instagram.com", 443)),
        ("https://a.b.cdninstagram.com?x", Target("https", "a.b.cdninstagram.com", 443)),
        ("http://plain.test:8080/x", Target("http", "plain.test", 8080)),
    ],
)
def test_allowed(url, target):
    rules = HostRules(RULES)
    assert rules.check(url) == target
    assert rules.check(url) == target  # also when it is known


INNER = (
    "127.0.0.1", "127.1", "0x7f.1", "2130706433", "10.1.2.3", "172.16.0.1", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::",
    "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
    "64:ff9b::a00:1", "2002:a00:1::1", "ff02::1",
)  # fmt: skip


@pytest.mark.parametrize("host", INNER)
def test_inner(host):
    assert is_inner(host)


@pytest.mark.parametrize("host", ["8.8.8.8", "2a03:2880::1", "www.instagram.com", "", "1e100.net"])
def test_not_inner(host):
    assert not is_inner(host)


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="100.64.0.0/10"))
def test_mapped_addresses_are_seen_through(address):
    assert is_inner(str(address))
    assert is_inner(str(ipaddress.IPv6Address(f"::ffff:{address}")))


def test_resolving_refuses_if_any_address_is_inner(monkeypatch):
    _resolves_to(monkeypatch, "93.184.216.34", "10.0.0.1")
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        resolve(Target("https", "www.instagram.com", 443))
    _resolves_to(monkeypatch, "93.184.216.34", "2a03:2880::1")
    assert resolve(Target("https", "x", 443)) == ("93.184.216.34", "2a03:2880::1")


def test_an_unknown_name_is_a_network_failure(monkeypatch):
    def fail(*_, **__):
        raise socket.gaierror("no such name")

    monkeypatch.setattr(addresses.socket, "getaddrinfo", fail)
    with pytest.raises(NetworkFailure):
        resolve(Target("https", "www.instagram.com", 443))


def _resolves_to(monkeypatch, *ips):
    def getaddrinfo(host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ips]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", getaddrinfo)


@pytest.fixture(params=["requests", "curl"])
def get(request, make_tap):
    """Ask for an address by one of the taps; gives the tap's class of client."""
    closing = []

    def ask(network, url, gate=lambda url: None):
        tap = make_tap(network, gate)
        if request.param == "requests":
            with translated():
                return tap.session_class().get(url).content
        curl = CurlTap(tap.border)
        closing.append(curl)
        with translated():
            return curl.request("GET", url).stream.read()

    yield ask
    for curl in closing:
        curl.close()


def test_a_name_that_leads_inside_is_never_asked(get, monkeypatch, tls_route, sink):
    _resolves_to(monkeypatch, "127.0.0.1")
    with pytest.raises(AddressRefused):
        get(replace(tls_route.network, connect_to={}), "https://awkward.test/plain")
    assert not tls_route.server.hellos
    assert not any(one.sent_bytes for one in sink.exchanges)


def test_the_checked_address_is_the_one_connected_to(monkeypatch, tls_route, sink, kind):
    # No resolver but ours knows the name: an answer comes by the pin only.
    server = tls_route.server
    resolver = socket.getaddrinfo
    asked = []

    def getaddrinfo(host, port, *args, **more):
        if host != "awkward.test":
            return resolver(host, port, *args, **more)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(addresses, "is_inner", lambda host: False)
    network = replace(tls_route.network, connect_to={})
    tap = Tap(sink, network, lambda url: None, (f"awkward.test:{server.port}",))
    url = f"https://awkward.test:{server.port}/plain"
    if kind == "requests":
        assert tap.session_class().get(url).content == JSON
    else:
        curl = CurlTap(tap.border)
        assert curl.request("GET", url).stream.read() == JSON
        curl.close()
    tap.close()
    assert asked == ["awkward.test"]
    assert sink.exchanges[0].start.url == url


@pytest.fixture(params=["requests", "curl"])
def kind(request):
    return request.param


def test_a_proxy_in_the_office_network_is_no_offence(get, proxied_route):
    assert get(proxied_route.network, "https://awkward.test/plain")


@pytest.mark.parametrize("url", ["https://10.0.0.1/", "https://other.test/", "http://evil.test/"])
def test_behind_a_proxy_too_others_are_refused(get, proxied_route, proxy, url, sink):
    with pytest.raises(AddressRefused):
        get(proxied_route.network, url)
    assert proxy.asked == []
    assert sink.exchanges == []


def test_a_redirect_out_of_the_platform_is_not_followed(tls_route, certificate, make_tap, sink):
    away = answered(b"", b"Location: https://169.254.169.254/", status=b"302 Found")
    server = AwkwardServer(certificate.server_context(), (Awkward("away", away),))
    tls_route.network.connect_to["awkward.test:443"] = f"127.0.0.1:{server.port}"
    tap = make_tap(tls_route.network)
    with pytest.raises(AddressRefused), translated():
        tap.session_class().get("https://awkward.test/away")
    server.stop()
    assert [one.answer for one in sink.exchanges] == [away]


def test_the_gate_is_asked_before_each_hop_and_can_stop_it(get, tls_route, sink):
    asked = []

    def gate(url):
        asked.append(url)
        if len(sink.exchanges) >= 1:
            raise WaitRequired("pause", retry_after_s=5.0)

    get(tls_route.network, "https://awkward.test/plain", gate)
    with pytest.raises(WaitRequired):
        get(tls_route.network, "https://awkward.test/plain?2", gate)
    assert asked == ["https://awkward.test/plain", "https://awkward.test/plain?2"]
    assert len(sink.exchanges) == 1


def test_the_gate_sees_redirect_hops(tls_route, make_tap):
    asked = []
    tap = make_tap(tls_route.network, asked.append)
    tap.session_class().get("https://awkward.test/redirect")
    assert asked == ["https://awkward.test/redirect", "https://awkward.test/plain?from=redirect"]
