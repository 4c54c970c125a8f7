"""The binding: nothing of the library passes by the tap."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from yt_dlp.networking.exceptions import RequestError

from connectors import errors
from connectors.base import ExchangeStart, Identity, Network, SinkFailed
from connectors.tap.bypass import Bypass, BypassWatch
from connectors.tiktok.client import Client, HandlerBroke, _guarded
from connectors.tiktok.web import TikTokWeb, build

ROOT = Path(__file__).resolve().parents[2]


def director_of(web: TikTokWeb):
    return web._client._library._request_director


def test_only_two_handlers_exist_and_both_record(web: TikTokWeb) -> None:
    handlers = director_of(web).handlers
    assert sorted(handlers) == ["CurlCFFI", "Requests"]
    assert {type(handler).__mro__[1].__name__ for handler in handlers.values()} == {
        "_RecordingCurlRH",
        "_RecordingRequestsRH",
    }


def test_nothing_passes_by_the_tap(city, connect: Callable[..., TikTokWeb], way: str, sink) -> None:
    city.video()
    city.photos(2, days=1)
    seen: list[Bypass] = []
    watch = BypassWatch(seen.append, ignore=lambda bypass: bypass.thread.startswith("demo"))
    watch.start()
    try:
        web = connect(way)
        profile = web.profile(city.ref())
        assert profile.avatar is not None
        web.fetch(profile.avatar)
        for page in web.list_posts(city.ref()):
            for post in page.posts:
                assert all(record.problem is None for record in web.fetch_media(post))
    finally:
        watch.stop()
    assert seen == []
    assert len(sink.exchanges) == 1 + 1 + 1 + 2 + 4 + 3


def test_pages_are_impersonated_and_files_are_not(city, web: TikTokWeb, platforms) -> None:
    city.video()
    (page,) = web.list_posts(city.ref())
    list(web.fetch_media(page.posts[0]))
    (visit,) = platforms.log.entries(path="/@*/video/*")
    assert "sec-ch-ua" in visit.request.headers
    (film,) = platforms.log.entries(host="v16-webapp-prime.tiktok.com")
    assert "sec-ch-ua" not in film.request.headers
    assert film.request.headers["accept-encoding"] == "identity"
    assert film.request.headers["referer"].endswith(page.posts[0].ref.code)


def test_unforeseen_errors_do_not_fall_through_to_the_next_handler() -> None:
    def broken(request: object) -> object:
        raise KeyError("surprise")

    with pytest.raises(HandlerBroke) as raised:
        _guarded(broken, None)
    assert isinstance(raised.value, RequestError)


def test_the_gate_stops_before_anything_is_sent(city, platforms, sink) -> None:
    def closed(url: str) -> None:
        raise errors.WaitRequired("the budget is spent", retry_after_s=60)

    network = Network(proxy=platforms.proxy_url, ca_file=str(platforms.ca_file))
    web = build(sink=sink, network=network, identity=None, gate=closed)
    with pytest.raises(errors.WaitRequired):
        web.profile(city.ref())
    with pytest.raises(errors.WaitRequired):
        list(web.list_posts(city.ref()))
    web.close()
    assert platforms.log.count() == 0


def test_a_full_disk_passes_through_the_library(city, platforms) -> None:
    class Full:
        def begin(self, start: ExchangeStart):
            raise SinkFailed("no space left")

    network = Network(proxy=platforms.proxy_url, ca_file=str(platforms.ca_file))
    web = build(sink=Full(), network=network, identity=None, gate=lambda url: None)
    for ask in (web.profile, lambda ref: list(web.list_posts(ref))):
        with pytest.raises(SinkFailed):
            ask(city.ref())


def test_a_sessions_cookies_are_sent_to_tiktok_only(city, platforms, sink) -> None:
    item = city.video()
    identity = Identity("warta", "tiktok", {"sessionid": "s3cr3t-session"})
    network = Network(proxy=platforms.proxy_url, ca_file=str(platforms.ca_file))
    web = build(sink=sink, network=network, identity=identity, gate=lambda url: None)
    (page,) = web.list_posts(city.ref())
    assert page.posts[0].ref.code == item.code
    list(web.fetch_media(page.posts[0]))
    assert "sessionid" in platforms.log.cookies_at("www.tiktok.com")
    assert platforms.log.cookies_at("*.tiktokcdn.com") == set()
    assert web.cookies()["sessionid"] == "s3cr3t-session"
    assert "s3cr3t-session" not in repr(identity)
    web.close()


def test_proxies_of_the_environment_are_not_used(
    city, platforms, sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    hosts = ("www.tiktok.com",)
    network = Network(ca_file=str(platforms.ca_file), connect_to=platforms.connect_to(*hosts))
    web = build(sink=sink, network=network, identity=None, gate=lambda url: None)
    assert web.profile(city.ref()).native_id == city.account.native_id
    assert len(list(web.list_posts(city.ref()))) == 1
    web.close()


def test_an_unknown_certificate_is_not_trusted(city, platforms, sink) -> None:
    web = build(
        sink=sink, network=Network(proxy=platforms.proxy_url), identity=None, gate=lambda url: None
    )
    with pytest.raises(errors.NetworkFailure):
        web.profile(city.ref())
    with pytest.raises(errors.NetworkFailure):
        list(web.list_posts(city.ref()))
    web.close()


def test_other_extractors_plugins_and_downloaders_are_not_loaded() -> None:
    ask = (
        "import sys\n"
        "from connectors.base import Network\n"
        "from connectors.tiktok.web import build\n"
        "class Sink:\n    def begin(self, start): raise SystemExit(3)\n"
        "build(sink=Sink(), network=Network(), identity=None, gate=lambda url: None).close()\n"
        "loaded = set(sys.modules)\n"
        "assert 'yt_dlp.extractor._extractors' not in loaded\n"
        "assert 'yt_dlp.extractor.youtube' not in loaded\n"
        "assert not any(name.startswith('yt_dlp_plugins') for name in loaded)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_engine_names_the_library() -> None:
    assert Client.engine.startswith("yt-dlp 20")
