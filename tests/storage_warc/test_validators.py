"""A segment of the recorder before warcio, FastWARC and pywb, in their own environment."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from types import ModuleType

import brotli
import pytest

from connectors.base import SecretRules, Truncation, Wire

OK = b"HTTP/1.1 200 OK\r\n"
SECRET = "validators-secret%3A12345"


def fill(desk) -> Path:
    sink = desk.scope(rules=SecretRules(), secrets=(SECRET,))
    video = b"\x00\x00\x00\x18ftypmp42" + os.urandom(3_000_000)
    text = json.dumps({"halo": list(range(5000)), "emoji": "🌊"}).encode()
    leak = gzip.compress(text + SECRET.encode())
    wire = Wire("2001:db8::7", ("h2", "tls/1.3"), "TLS_AES_128_GCM_SHA256")
    kinds = [
        (b"Content-Type: video/mp4\r\n", video),
        (b"Content-Type: application/json\r\n", text),
        (b"Content-Type: application/json\r\nContent-Encoding: gzip\r\n", gzip.compress(text)),
        (b"Content-Type: text/html\r\nContent-Encoding: br\r\n", brotli.compress(text)),
        (b"Content-Type: text/html\r\nContent-Encoding: gzip\r\n", leak),
        (b"Content-Type: video/mp4\r\n", video),
        (b"Set-Cookie: a=a-fresh-secret-value; Path=/\r\nContent-Length: 4\r\n", b"halo"),
    ]
    for number, (fields, body) in enumerate(kinds):
        url = f"https://www.example.test/{number}?x-signature=a%2Fb"
        desk.exchange(sink, body, head=OK + fields + b"\r\n", url=url, wire=wire)
    chunks = b"5\r\nhello\r\n0\r\n\r\n"
    head = OK + b"Transfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n"
    desk.exchange(sink, chunks, head=head, url="https://www.example.test/chunked")
    desk.exchange(sink, text[:900], url="https://a.test/cut", truncated=Truncation.DISCONNECT)
    desk.exchange(
        sink, b"", head=b"HTTP/1.1 302 Found\r\nLocation: /1\r\n\r\n", url="https://a.test/r"
    )
    sink.write_metadata("post/1", {"a": 1}, target_uri="https://a.test/p/1", at=desk._moment)
    return desk.close()


def test_other_programs_accept_our_segments(desk, runner: ModuleType, validators: Path) -> None:
    found = runner.verdicts([fill(desk)], validators)
    assert [verdict for verdict in found if not verdict.passed] == []
    assert len(found) == 3


def test_a_changed_segment_is_not_accepted(
    desk, runner: ModuleType, validators: Path, tmp_path: Path
) -> None:
    programs = runner.environment(validators)
    data = bytearray(fill(desk).read_bytes())
    data[20_000] ^= 1
    changed = tmp_path / "changed.warc.gz"
    changed.write_bytes(data)
    assert not runner.warcio_check(programs, changed).passed
    assert not runner.fastwarc_check(programs, changed).passed


def test_an_unreachable_index_is_a_reason_and_leaves_nothing_that_seems_ready(
    runner: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"INDEX_URL": "http://127.0.0.1:9/simple", "RETRIES": "0", "NO_CACHE_DIR": "1"}
    for name, value in settings.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.delenv("WHEELS", raising=False)
    with pytest.raises(runner.NoEnvironment, match="cannot be installed"):
        runner.environment(tmp_path / "validators")
    assert not (tmp_path / "validators" / "installed-from").exists()
