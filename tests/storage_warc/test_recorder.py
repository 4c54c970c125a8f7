"""What the recorder writes for an exchange."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import sys
import threading
import zlib
from datetime import timedelta

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base import ExchangeStart, Limits, Truncation, Wire
from storage.conformance import check
from storage.http_message import codings
from storage.payload import decoded
from storage.warc_reader import members, payload_range, payload_stream, resolve, row_of

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

OK = b"HTTP/1.1 200 OK\r\n"
JPEG = b"\xff\xd8\xff\xe0"


def sha(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def clean(desk) -> None:
    assert list(check(desk.path, expected_sha256=desk.closed[-1].sha256)) == []


def test_live_rows_are_the_rows_a_reader_finds(desk) -> None:
    sink = desk.scope()
    desk.exchange(sink, b"halo dunia", wire=Wire("2001:DB8:0::1", ("h2", "tls/1.3"), "TLS_AES"))
    desk.exchange(sink, b"LF only", head=b"HTTP/1.0 404 Nope\nX: y\n\n")
    desk.exchange(sink, b"no blank line", head=b"HTTP/1.0 200\r\n")
    desk.exchange(sink, JPEG + os.urandom(2_000_000))
    sink.write_metadata(
        "post/1", {"a": 1}, target_uri="https://www.example.test/p/", at=desk._moment
    )
    live = sink.take_rows()
    assert sink.take_rows() == ()
    path = desk.close()
    found = [row_of(member, desk.name) for member in members(path)]
    assert tuple(found[1:]) == live
    assert found[0].type == "warcinfo"
    assert live[-1].schema == "post/1"
    assert live[0].http_status == 200 and live[0].mime == "text/plain"


def test_records_of_one_event(desk, row) -> None:
    sink = desk.scope()
    record_id = desk.exchange(sink, b"halo", wire=Wire("192.0.2.7", ("http/1.1",)))
    rows = sink.take_rows()
    desk.close()
    response, request = rows
    assert response.record_id == record_id
    assert request.concurrent_to == record_id
    assert response.date == request.date == "2026-11-24T01:02:03.457789Z"
    assert response.payload_digest == sha(b"halo")
    assert request.payload_digest is None
    assert desk.payload(response) == b"halo"
    clean(desk)


def test_without_an_answer_the_request_has_the_id(desk) -> None:
    sink = desk.scope()
    exchange = sink.begin(ExchangeStart("GET", "https://www.example.test/", desk._moment))
    exchange.sent(b"GET / HTTP/1.1\r\n\r\n")
    exchange.finish()
    exchange.finish()
    (only,) = sink.take_rows()
    assert (only.type, only.record_id) == ("request", exchange.record_id)
    assert sink.stored(exchange.record_id) is None
    assert sink.requests == 1
    desk.close()
    clean(desk)


@pytest.mark.parametrize("size", [65, 5_000, 1_048_576, 1_048_577, 65_535 * 20, 3_000_001])
def test_media_come_back_whole_and_in_ranges(desk, row, size: int) -> None:
    body = JPEG + os.urandom(size - 4)
    sink = desk.scope()
    record_id = desk.exchange(sink, body, piece_bytes=70_001)
    place = row(sink.take_rows(), record_id)
    desk.close()
    assert desk.payload(place) == body
    assert sink.stored(record_id).sha256 == place.payload_digest == sha(body)
    for start, count in ((0, 10), (size // 2, 200_000), (size - 5, 50), (65_530, 20), (size, 1)):
        part = b"".join(payload_range(desk.path, place.offset, start, count))
        assert part == body[start : start + count]
    clean(desk)


@settings(max_examples=40, deadline=None)
@given(
    body=st.binary(max_size=3000),
    coding=st.sampled_from(["", "gzip", "br", "deflate", "bare-deflate", "zstd"]),
    chunked=st.booleans(),
    cuts=st.lists(st.integers(1, 400), max_size=8),
)
def test_any_coding_is_undone(body, coding, chunked, cuts) -> None:
    encoded, head = encode(body, coding, chunked, cuts)
    pieces = [encoded[i : i + 97] for i in range(0, len(encoded), 97)]
    assert b"".join(decoded(pieces, codings(head), max_bytes=10**6, max_ratio=10**6)) == body


def encode(body: bytes, coding: str, chunked: bool, cuts: list[int]) -> tuple[bytes, bytes]:
    """``body`` in a coding, with its head."""
    raw = zlib.compressobj(wbits=-15)
    forms = {
        "": lambda: body,
        "gzip": lambda: gzip.compress(body),
        "br": lambda: brotli.compress(body),
        "deflate": lambda: zlib.compress(body),
        "bare-deflate": lambda: raw.compress(body) + raw.flush(),
        "zstd": lambda: zstd.compress(body),
    }
    data = forms[coding]()
    name = "deflate" if coding == "bare-deflate" else coding
    head = OK + (f"Content-Encoding: {name}\r\n".encode() if name else b"")
    if chunked:
        head += b"Transfer-Encoding: chunked\r\n"
        out, rest = b"", data
        for cut in [*cuts, len(data) or 1]:
            piece, rest = rest[:cut], rest[cut:]
            out += b"%X;ext=1\r\n%s\r\n" % (len(piece), piece) if piece else b""
        data = out + b"0\r\nTrailer: x\r\n\r\n"
    return data, head + b"\r\n"


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "zstd"])
@pytest.mark.parametrize("chunked", [False, True])
def test_coded_bodies_are_kept_as_they_came(desk, row, coding: str, chunked: bool) -> None:
    text = json.dumps({"halo": list(range(2000))}).encode()
    encoded, head = encode(text, coding, chunked, [50, 100])
    sink = desk.scope()
    record_id = desk.exchange(sink, encoded, head=head)
    again = desk.exchange(sink, encoded, head=head)
    rows = sink.take_rows()
    desk.close()
    place = row(rows, record_id)
    assert desk.payload(place) == encoded
    assert desk.payload(place, raw=False) == text
    assert sink.stored(record_id).sha256 == sha(text)
    assert sink.stored(record_id).identified == "application/json"
    assert place.payload_digest == (None if chunked else sha(encoded))
    assert row(rows, again).type == "response"
    clean(desk)


def test_repeated_payload_becomes_a_revisit(desk, row) -> None:
    body = JPEG + os.urandom(2_000_000)
    sink = desk.scope()
    first = desk.exchange(sink, body, url="https://www.example.test/a")
    size = desk.writer.open_path.stat().st_size
    second = desk.exchange(sink, body, url="https://www.example.test/b")
    assert desk.writer.open_path.stat().st_size - size < 3000
    stored = sink.stored(second)
    assert (stored.source, stored.sha256, stored.truncated) == (first, sha(body), None)
    rows = sink.take_rows()
    desk.close()
    places = {r.record_id: (desk.path, r.offset) for r in rows}
    revisit = row(rows, second)
    assert (revisit.type, revisit.refers_to, revisit.payload_bytes) == ("revisit", first, 0)
    assert resolve(places[second], places.get) == places[first]
    assert resolve(places[first], places.get) == places[first]
    (member,) = [m for m in members(desk.path) if m.offset == revisit.offset]
    assert member.field("WARC-Refers-To-Target-URI") == "https://www.example.test/a"
    assert member.head.startswith(OK)
    clean(desk)


def test_revisits_stay_within_an_account(make_desk) -> None:
    body = b"halo " * 100
    first = make_desk()
    sink = first.scope("instagram:1")
    known = sink.stored(first.exchange(sink, body))
    second = make_desk(known={("instagram:1", known.sha256): known})
    types = []
    for account in ("instagram:1", "instagram:2"):
        sink = second.scope(account)
        second.exchange(sink, body)
        types.append(sink.take_rows()[0].type)
    assert types == ["revisit", "response"]
    first.close()
    second.close()
    clean(second)


@pytest.mark.parametrize("body", [b"", b"x" * 64])
def test_tiny_payloads_are_stored_again(desk, body: bytes) -> None:
    sink = desk.scope()
    desk.exchange(sink, body)
    desk.exchange(sink, body)
    assert [r.type for r in sink.take_rows()] == ["response", "request"] * 2


def test_cut_answers_are_marked_and_never_repeated(desk) -> None:
    body = b"halo " * 100
    sink = desk.scope()
    cut = desk.exchange(sink, body, truncated=Truncation.DISCONNECT)
    whole = desk.exchange(sink, body)
    rows = sink.take_rows()
    assert rows[0].truncated == "disconnect"
    assert sink.stored(cut).truncated == "disconnect"
    assert sink.stored(whole).source == whole
    assert rows[2].type == "response"


def test_a_bomb_is_kept_and_not_unfolded(make_desk) -> None:
    desk = make_desk(limits=Limits(text_bytes=5_000_000))
    bomb = gzip.compress(bytes(30_000_000))
    sink = desk.scope()
    record_id = desk.exchange(sink, bomb, head=OK + b"Content-Encoding: gzip\r\n\r\n")
    stored = sink.stored(record_id)
    assert stored.sha256 is None
    place = sink.take_rows()[0]
    desk.close()
    assert desk.payload(place) == bomb
    clean(desk)


@pytest.mark.parametrize(
    "head",
    [
        OK + b"Content-Encoding: gzip\r\n\r\n",
        OK + b"Content-Encoding: rot13\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n",
        OK + b"Content-Length: 99999999999999999999999999\r\nX: \xff\xed\xa0\x80\r\n\r\n",
        b"\x00\xff nonsense",
    ],
)
def test_broken_answers_are_kept(desk, head: bytes) -> None:
    body = b'{"a": "\\ud800", "n": 1e999999999999}\xed\xa0\x80' * 5
    sink = desk.scope()
    desk.exchange(sink, body, head=head, url="https://www.example.test/\udc80 x")
    place = sink.take_rows()[0]
    desk.close()
    block = b"".join(payload_stream(desk.path, place.offset, raw=True))
    assert (head + body).endswith(block) and block.endswith(body[-100:])


def test_threads_do_not_mix(desk) -> None:
    sink = desk.scope()
    bodies = {n: JPEG + bytes([n]) * (300_000 * (n % 5 + 1)) for n in range(12)}
    ids: dict[int, str] = {}

    def work(numbers: range) -> None:
        for n in numbers:
            ids[n] = desk.exchange(sink, bodies[n], url=f"https://www.example.test/{n}")

    threads = [threading.Thread(target=work, args=(range(k, 12, 4),)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = {r.record_id: r for r in sink.take_rows()}
    desk.close()
    assert all(desk.payload(rows[ids[n]]) == body for n, body in bodies.items())
    assert sink.bytes_received == sum(map(len, bodies.values()))
    clean(desk)


def test_dates_are_utc(desk) -> None:
    sink = desk.scope()
    moment = desk._moment + timedelta(hours=1)
    sink.write_metadata("capture/1", {"x": "é\ud800"}, target_uri="urn:x:1", at=moment)
    assert sink.take_rows()[0].date == "2026-11-24T02:02:03.456789Z"
