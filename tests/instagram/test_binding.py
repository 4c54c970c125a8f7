from __future__ import annotations

import ast
import inspect
import logging
import sys
import threading
from pathlib import Path
from typing import Any

import instaloader
import instaloader.exceptions
import pytest
import requests

from connectors.base import Limits, SinkFailed
from connectors.errors import ConnectorError, LibraryChanged, LimitExceeded, WaitRequired
from connectors.instagram.binding import BoundRequests, private_module
from connectors.instagram.meaning import LIBRARY_EXCEPTIONS
from connectors.instagram.platform import INSTAGRAM
from connectors.model import PostRef
from connectors.tap.bypass import Bypass, BypassWatch
from connectors.tap.interrupt import TapInterrupt


def test_the_table_knows_every_exception_of_the_library() -> None:
    found = {
        name
        for name, kind in vars(instaloader.exceptions).items()
        if inspect.isclass(kind) and issubclass(kind, BaseException)
    }
    assert len(found) > 15
    assert found - set(LIBRARY_EXCEPTIONS) == set()
    assert all(issubclass(kind, ConnectorError) for kind in LIBRARY_EXCEPTIONS.values())


def test_the_library_at_large_stays_as_it_is(desk: Any) -> None:
    before = sys.modules["instaloader.instaloadercontext"]
    desk.connect(login=True).whoami()
    assert sys.modules["instaloader.instaloadercontext"] is before
    assert before.requests is requests and requests.Session.__module__ == "requests.sessions"
    assert "requests" in private_module(requests.Session).requests.__name__


def test_a_way_round_the_tap_is_refused() -> None:
    bound = BoundRequests(requests.Session)
    assert bound.utils is requests.utils and bound.exceptions is requests.exceptions
    for name in ("get", "post", "head", "request", "session"):
        with pytest.raises(TapInterrupt) as told:
            getattr(bound, name)
        assert isinstance(told.value.error, LibraryChanged)


def test_two_connectors_in_two_threads_never_share_an_exchange(desk: Any) -> None:
    sinks = [type(desk.sink)() for _ in range(4)]
    connectors = [desk.connect(login=n % 2 == 0, sink=sink) for n, sink in enumerate(sinks)]
    codes = ["C003_-x", "C004_-x", "C005_-x", "C009_-x"]

    def work(number: int) -> None:
        ref = PostRef("instagram", codes[number], desk.account)
        for _ in range(3):
            seen = connectors[number].look(ref)
            list(connectors[number].fetch_media(seen.post))
        list(connectors[number].list_posts(desk.account))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    desk.platforms.log.settle()
    seen = sorted(e.url for e in desk.platforms.log.entries())
    assert sorted(e.start.url for sink in sinks for e in sink.exchanges) == seen
    for number, sink in enumerate(sinks):
        asked = b"".join(bytes(e.request) for e in sink.exchanges)
        assert codes[number].encode() in asked
        assert not any(code.encode() in asked for code in codes if code != codes[number])
        assert (b"sessionid=77" in asked) is (number % 2 == 0)


def test_no_connection_passes_by_the_tap(desk: Any) -> None:
    found: list[Bypass] = []
    mine = threading.current_thread().name
    watch = BypassWatch(found.append, ignore=lambda bypass: bypass.thread != mine)
    watch.start()
    try:
        connector = desk.connect(login=True)
        connector.whoami()
        connector.profile(desk.account)
        post = next(connector.list_posts(desk.account)).posts[1]
        list(connector.fetch_media(post))
    finally:
        watch.stop()
    assert found == []


def test_where_the_library_would_sleep_the_caller_is_told(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    connector = desk.connect(login=True)
    rates = connector._client._context._rate_controller
    monkeypatch.setattr(rates, "query_waittime", lambda *a, **k: 123.0)
    with pytest.raises(WaitRequired) as told:
        connector.look(PostRef("instagram", "C003_-x", desk.account))
    assert told.value.retry_after_s == 123.0
    assert desk.requests() == []


def test_the_librarys_own_window_is_kept(desk: Any) -> None:
    connector = desk.connect(login=True)
    ref = PostRef("instagram", "C000_-x", desk.account)
    with pytest.raises(WaitRequired) as told:
        for _ in range(210):
            connector.look(ref)
    assert 600 < told.value.retry_after_s <= 666
    assert desk.requests().count("POST /graphql/query") == 200


def test_the_gate_stops_a_capture_before_a_request(desk: Any) -> None:
    def gate(url: str) -> None:
        raise WaitRequired("budget spent", retry_after_s=60)

    connector = desk.connect(login=True, gate=gate)
    for call in (
        lambda: connector.profile(desk.account),
        lambda: next(connector.list_posts(desk.account)),
        lambda: connector.look(PostRef("instagram", "C000_-x", desk.account)),
        lambda: connector.whoami(),
    ):
        with pytest.raises(WaitRequired, match="budget"):
            call()
    assert desk.requests() == []


def test_a_full_disk_is_not_network_trouble(desk: Any) -> None:
    class FullSink(type(desk.sink)):  # type: ignore[misc]
        def begin(self, start: Any) -> Any:
            raise SinkFailed("no space left")

    connector = desk.connect(login=True, sink=FullSink())
    desk.opened.clear()
    with pytest.raises(SinkFailed):
        connector.profile(desk.account)
    with pytest.raises(SinkFailed):
        connector.look(PostRef("instagram", "C000_-x", desk.account))
    assert desk.requests() == []


def test_bombs_and_endless_answers_are_limits(desk: Any) -> None:
    from demo import faults as any_platform
    from demo.instagram import faults

    desk.limits = Limits(connect_s=5, read_s=5, body_bytes=50_000)
    connector = desk.connect(login=True)
    posts = next(connector.list_posts(desk.account)).posts
    film = next(p for p in posts if p.kind == "reel")
    record = next(connector.fetch_media(film))
    assert record.problem and record.problem.code == "limit_exceeded" and record.record
    assert desk.sink.get(record.record).body_bytes <= 50_000
    desk.platforms.faults.add(any_platform.deep_json(9000, faults.TIMELINE_QUERY))
    with pytest.raises(LimitExceeded):
        next(connector.list_posts(desk.account))


def test_nothing_secret_is_printed_or_logged(
    desk: Any, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    from demo.instagram import faults

    caplog.set_level(logging.DEBUG)
    connector = desk.connect(login=True)
    desk.platforms.faults.add(faults.refused("checkpoint_required", faults.LOGIN_CHECK))
    with pytest.raises(ConnectorError) as told:
        connector.whoami()
    list(connector.list_posts(desk.account))
    out = capfd.readouterr()
    text = out.out + out.err + caplog.text + str(told.value) + repr(told.value.args)
    assert out.out == "" and out.err == ""
    assert not any(connector.cookies()[name] in text for name in INSTAGRAM.session_cookies[:2])


def test_one_room_imports_the_library() -> None:
    connectors = Path(__file__).parents[2] / "connectors"
    found = {
        path.relative_to(connectors).as_posix()
        for path in connectors.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Import) and any(a.name == "instaloader" for a in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("instaloader"))
    }
    assert found == {"instagram/client.py"}
