"""Traffic past the taps is noticed."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest
import requests

from connectors.tap.bypass import Bypass, BypassWatch, sanctioned
from connectors.tap.curl_tap import CurlTap


class Caught(Exception):
    pass


def _raise(bypass):
    raise Caught(bypass)


@pytest.fixture
def strict():
    watch = BypassWatch(_raise, ignore=lambda one: one.thread.startswith("demo-"))
    watch.start()
    yield watch
    watch.stop()


def test_a_foreign_connection_does_not_come_about(plain_server, strict):
    with pytest.raises(Caught) as caught:
        requests.get(f"http://127.0.0.1:{plain_server.port}/plain", timeout=5)
    assert caught.value.args[0].kind == "connection"
    assert caught.value.args[0].detail == f"127.0.0.1:{plain_server.port}"
    assert plain_server.log == []


def test_the_taps_own_connections_are_none(route, make_tap, strict):
    tap = make_tap(route.network)
    assert tap.session_class().get(f"{route.base_url}/plain").ok
    curl = CurlTap(tap.border)
    assert curl.request("GET", f"{route.base_url}/plain").stream.read()
    curl.close()


@pytest.mark.parametrize("program", ["ffmpeg", "/usr/local/bin/aria2c", "wget.exe"])
def test_a_downloader_does_not_start(program, strict):
    with pytest.raises(Caught) as caught:
        subprocess.run([program, "https://awkward.test/"], check=False)
    assert caught.value.args[0].kind == "program"


def test_other_programs_and_sanctioned_connections_are_none(plain_server, strict):
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    with sanctioned():
        requests.get(f"http://127.0.0.1:{plain_server.port}/plain", timeout=5)


def test_a_stopped_watch_is_silent_and_can_start_again(plain_server):
    found: list[Bypass] = []
    watch = BypassWatch(found.append, ignore=lambda one: one.thread.startswith("demo-"))
    url = f"http://127.0.0.1:{plain_server.port}/plain"
    requests.get(url, timeout=5)
    for _ in range(2):
        watch.start()
        requests.get(url, timeout=5)
        watch.stop()
        requests.get(url, timeout=5)
    assert len(found) == 2


def test_watches_leave_no_hook_behind(monkeypatch, plain_server):
    """An audit hook stays for good and costs a call at every event."""
    hooked: list[object] = []
    monkeypatch.setattr(sys, "addaudithook", hooked.append)
    found: list[Bypass] = []
    for _ in range(3):
        watch = BypassWatch(found.append, ignore=lambda one: one.thread.startswith("demo-"))
        watch.start()
        requests.get(f"http://127.0.0.1:{plain_server.port}/plain", timeout=5)
        watch.stop()
    assert hooked == []
    assert len(found) == 3


@pytest.mark.bypasses
@pytest.mark.parametrize("name", ["archiver.fetching", "connectors.tiktok.client"])
def test_the_whole_suite_is_watched(traffic_watch, name):
    """The watch of every test notices product code, and only product code."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = {"__name__": name, "socket": socket, "address": server.getsockname()}
        before = len(traffic_watch)
        socket.create_connection(server.getsockname()).close()
        assert traffic_watch[before:] == []
        exec("socket.create_connection(address).close()", place)
        assert [one.kind for one in traffic_watch[before:]] == ["connection"]
