"""What the taps say crosses the real libraries, once and untouched."""

from __future__ import annotations

import types

import instaloader.instaloadercontext
import pytest
import requests
import yt_dlp
from yt_dlp.networking import Request
from yt_dlp.networking._requests import RequestsRH
from yt_dlp.networking.exceptions import IncompleteRead, TransportError

from connectors.base import SinkFailed
from connectors.errors import Blocked, LimitExceeded
from connectors.tap.curl_tap import CurlTap
from connectors.tap.interrupt import TapInterrupt, translated
from demo.awkward import JSON, Awkward, answered
from demo.awkward_server import AwkwardServer

MOMENTS = ("begin", "sent", "head", "body", "finish")


@pytest.fixture
def instaloader_context(make_tap, tls_route, monkeypatch):
    tap = make_tap(tls_route.network)
    bound = types.ModuleType("requests_recorded")
    bound.__dict__.update(requests.__dict__)
    bound.Session = tap.session_class
    monkeypatch.setattr(instaloader.instaloadercontext, "requests", bound)
    return instaloader.instaloadercontext.InstaloaderContext(sleep=False, quiet=True)


@pytest.fixture
def make_ydl(make_tap):
    made = []

    def make(network, **options):
        tap = make_tap(network)

        class RecordingRH(RequestsRH):
            RH_KEY = "Requests"

            def _create_instance(self, cookiejar, legacy_ssl_support=None):
                session = super()._create_instance(cookiejar, legacy_ssl_support)
                context = self._make_sslcontext(legacy_ssl_support=legacy_ssl_support)
                tap.adopt(session, ssl_context=context)
                return session

        class RecordingYdl(yt_dlp.YoutubeDL):
            def build_request_director(self, handlers, preferences=None):
                return super().build_request_director([RecordingRH], preferences)

        made.append(RecordingYdl({"quiet": True, "ignoreerrors": True, "retries": 5, **options}))
        return made[-1]

    yield make
    for ydl in made:
        ydl.close()


@pytest.mark.parametrize("moment", MOMENTS)
def test_sink_failure_crosses_requests_and_stays(moment, tls_route, sink, make_tap):
    tap = make_tap(tls_route.network)
    sink.fails_at = moment
    for _ in range(2):
        with pytest.raises(SinkFailed):
            tap.session_class().get("https://awkward.test/plain")
    with pytest.raises(SinkFailed):
        tap.close()
    assert len(tls_route.server.log) == (0 if moment in ("begin", "sent") else 1)
    assert tap.journal.since(0) == ()


@pytest.mark.parametrize("moment", MOMENTS)
def test_sink_failure_crosses_curl(moment, tls_route, sink, make_tap):
    tap = make_tap(tls_route.network)
    curl = CurlTap(tap.border)
    sink.fails_at = moment
    with pytest.raises(SinkFailed):
        curl.request("GET", "https://awkward.test/plain").stream.read()
    curl.close()
    assert len(tls_route.server.log) <= 1
    with pytest.raises(SinkFailed):
        tap.close()


@pytest.mark.parametrize("moment", MOMENTS)
def test_sink_failure_is_not_retried_by_instaloader(moment, instaloader_context, sink, tls_route):
    sink.fails_at = moment
    with pytest.raises(SinkFailed):
        instaloader_context.get_json("plain", {"n": 1}, host="awkward.test")
    assert len(tls_route.server.log) <= 1


@pytest.mark.parametrize("moment", MOMENTS)
def test_sink_failure_is_not_retried_by_yt_dlp(moment, make_ydl, sink, tls_route):
    ydl = make_ydl(tls_route.network)
    sink.fails_at = moment
    with pytest.raises(SinkFailed):
        ydl.extract_info("https://awkward.test/until-close", ie_key="Generic", download=False)
    assert len(tls_route.server.log) <= 1


def test_instaloader_is_recorded_through_every_session(instaloader_context, sink, tls_route):
    context = instaloader_context
    for session in (None, context.get_anonymous_session()):
        context.get_json("plain", {"n": 1}, host="awkward.test", session=session)
    with context.anonymous_copy():
        context.get_json("plain", {"n": 2}, host="awkward.test")
    assert len(sink.exchanges) == 3
    assert len(tls_route.server.hellos) == 1


def test_a_limit_is_not_retried_by_instaloader(instaloader_context, sink, tls_route, certificate):
    deep = answered(b"[" * 300 + b"]" * 300)
    server = AwkwardServer(certificate.server_context(), (Awkward("deep", deep),))
    tls_route.network.connect_to["awkward.test:443"] = f"127.0.0.1:{server.port}"
    with pytest.raises(LimitExceeded), translated():
        instaloader_context.get_json("deep", {}, host="awkward.test")
    server.stop()
    assert len(server.log) == 1


def test_the_gates_stop_is_not_swallowed_by_yt_dlp(make_ydl, tls_route, monkeypatch, sink):
    ydl = make_ydl(tls_route.network)

    def stop(border, url):
        raise TapInterrupt(Blocked("enough for today"))

    monkeypatch.setattr("connectors.tap.flow.Border.admit", stop)
    with pytest.raises(Blocked), translated():
        ydl.extract_info("https://awkward.test/until-close", ie_key="Generic", download=False)
    assert sink.exchanges == []


def test_yt_dlp_reads_and_fails_as_ever(make_ydl, tls_route, sink):
    ydl = make_ydl(tls_route.network)
    assert ydl.urlopen("https://awkward.test/gzip").read() == JSON
    with pytest.raises(IncompleteRead):
        ydl.urlopen("https://awkward.test/cut-body").read()
    assert ydl.urlopen(Request("https://awkward.test/redirect")).read() == JSON
    assert len(sink.exchanges) == 4
    tls_route.server.stop()
    with pytest.raises(TransportError):
        ydl.urlopen("https://awkward.test/plain").read()


def test_yt_dlp_redirects_end_at_the_limit(make_ydl, tls_route, certificate, sink):
    loop = answered(b"", b"Location: /loop", status=b"302 Found")
    server = AwkwardServer(certificate.server_context(), (Awkward("loop", loop),))
    tls_route.network.connect_to["awkward.test:443"] = f"127.0.0.1:{server.port}"
    ydl = make_ydl(tls_route.limited(redirects=2).network)
    with pytest.raises(LimitExceeded) as caught, translated():
        ydl.urlopen("https://awkward.test/loop")
    server.stop()
    assert caught.value.limit == "redirects"
    assert len(sink.exchanges) == 3


def test_fingerprints_are_those_of_the_stock_handlers(
    make_ydl, make_tap, tls_route, certificate, fingerprint, monkeypatch
):
    port = tls_route.server.port
    make_ydl(tls_route.network).urlopen("https://awkward.test/plain").read()
    make_tap(tls_route.network).session_class().get("https://awkward.test/plain")
    url = f"https://127.0.0.1:{port}/plain"
    with yt_dlp.YoutubeDL({"quiet": True, "nocheckcertificate": True}) as stock:
        stock.urlopen(url).read()
    with requests.Session() as plain, pytest.warns(Warning):
        plain.get(url, verify=False)
    ours_ydl, ours, stock_ydl, stock_plain = map(fingerprint, tls_route.server.hellos)
    # The stock ones asked by number, so they name no server (extension 0).
    assert ours_ydl == (stock_ydl[0], stock_ydl[1] | {0})
    assert ours == (stock_plain[0], stock_plain[1] | {0})
