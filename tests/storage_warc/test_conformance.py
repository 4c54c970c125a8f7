"""The validator against planted defects, every flipped bit and every cut."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.base import Truncation
from storage.conformance import check
from storage.gzip_member import deflate_member

ID = "<urn:uuid:00000000-0000-4000-8000-00000000000{}>"
URI = "WARC-Target-URI: https://www.example.test/\r\n"
DATE = "WARC-Date: 2026-11-24T01:02:03.000001Z\r\n"
BODY = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhalo"


def sha(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def record(kind: str, number: int, extra: str = "", block: bytes = BODY) -> bytes:
    message = f"Content-Type: application/http;msgtype={kind}\r\n"
    if kind in ("warcinfo", "metadata"):
        message = "Content-Type: application/warc-fields\r\n"
    elif kind == "revisit":
        message = "Content-Type: application/http;msgtype=response\r\n"
    target = "" if kind == "warcinfo" else URI
    header = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {ID.format(number)}\r\n{DATE}{target}"
        f"{extra}WARC-Block-Digest: {sha(block)}\r\n{message}Content-Length: {len(block)}\r\n\r\n"
    )
    return header.encode() + block + b"\r\n\r\n"


INFO = record("warcinfo", 0, block=b"software: jejak tests\r\n")
PAYLOAD = f"WARC-Payload-Digest: {sha(b'halo')}\r\n"
ANSWER = record("response", 1, PAYLOAD)
REVISIT_HEAD = b"HTTP/1.1 200 OK\r\n\r\n"
PROFILE = (
    "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\r\n"
    f"WARC-Refers-To: {ID.format(1)}\r\n"
    "WARC-Refers-To-Target-URI: https://www.example.test/\r\n"
    "WARC-Refers-To-Date: 2026-11-24T01:02:03.000001Z\r\n"
    "WARC-Truncated: length\r\n"
)
REVISIT = record("revisit", 2, PROFILE + PAYLOAD, REVISIT_HEAD)
REQUEST = record(
    "request",
    3,
    f"WARC-Concurrent-To: {ID.format(1)}\r\n",
    b"GET / HTTP/1.1\r\nHost: www.example.test\r\n\r\n",
)
METADATA = record("metadata", 4, block=b"a: b\r\n")
GOOD = [INFO, ANSWER, REQUEST, REVISIT, METADATA]


def swap(position: int, old: str, new: str) -> Callable[[], list[bytes]]:
    def planted() -> list[bytes]:
        records = list(GOOD)
        changed = records[position].replace(old.encode(), new.encode(), 1)
        assert changed != records[position], f"{old!r} is not there to be replaced"
        records[position] = changed
        return records

    return planted


LATER = "WARC-Date: 2026-11-24T01:02:03.000001Z\r\n"
DEFECTS: dict[str, tuple[str, Callable[[], list[bytes]]]] = {
    "missing id": ("W020", swap(1, f"WARC-Record-ID: {ID.format(1)}\r\n", "")),
    "id without brackets": ("W021", swap(1, ID.format(1), ID.format(1)[1:-1])),
    "repeated id": ("W022", swap(2, ID.format(3), ID.format(1))),
    "missing date": ("W023", swap(1, DATE, "")),
    "bad date": ("W024", swap(1, "2026-11-24T", "2026-13-24T")),
    "date without zone": ("W024", swap(1, "000001Z", "000001")),
    "repeated date": ("W013", swap(1, DATE, DATE + LATER)),
    "missing type": ("W025", swap(1, "WARC-Type: response\r\n", "")),
    "unknown type": ("W026", swap(1, "WARC-Type: response", "WARC-Type: answer")),
    "missing target": ("W027", swap(1, URI, "")),
    "warcinfo with target": ("W028", swap(0, DATE, DATE + URI)),
    "target with a space": ("W029", swap(1, "example.test/", "example.test/ x")),
    "bad block digest": ("W032", swap(1, sha(BODY), sha(b"other"))),
    "bad payload digest": ("W033", swap(1, sha(b"halo"), sha(b"other"))),
    "unlabelled digest": ("W031", swap(1, sha(b"halo"), sha(b"halo")[7:])),
    "upper-case digest": ("W031", swap(1, sha(b"halo"), "sha256:" + sha(b"halo")[7:].upper())),
    "payload digest on metadata": ("W034", swap(4, URI, URI + PAYLOAD)),
    "missing block digest": ("W036", swap(4, "WARC-Block-Digest: ", "X-Block-Digest: ")),
    "revisit without profile": ("W040", swap(3, PROFILE[: PROFILE.index("\n") + 1], "")),
    "revisit without payload digest": ("W042", swap(3, PAYLOAD, "")),
    "bad revisit digest": ("W044", swap(3, sha(b"halo"), sha(b"other"))),
    "bad revisit block digest": ("W032", swap(3, sha(REVISIT_HEAD), sha(b"other"))),
    "revisit without truncation": ("W046", swap(3, "WARC-Truncated: length\r\n", "")),
    "profile on a response": ("W047", swap(1, URI, URI + "WARC-Profile: urn:x\r\n")),
    "missing final line ends": ("W016", swap(1, "halo\r\n\r\n", "halo")),
    "one final line end": ("W016", swap(1, "halo\r\n\r\n", "halo\r\n")),
    "two records in one member": ("W017", lambda: [INFO, ANSWER + REQUEST, REVISIT, METADATA]),
    "length too large": ("W015", swap(1, f"Length: {len(BODY)}", "Length: 4000")),
    "length too small": ("W016", swap(1, f"Length: {len(BODY)}", "Length: 20")),
    "length no number": ("W014", swap(1, f"Length: {len(BODY)}", "Length: ten")),
    "folded line": ("W012", swap(1, URI, URI[:-2] + "\r\n x\r\n")),
    "line without colon": ("W011", swap(1, URI, URI + "nonsense\r\n")),
    "request without concurrent": (
        "W050",
        swap(2, f"WARC-Concurrent-To: {ID.format(1)}\r\n", ""),
    ),
    "version": ("W010", swap(1, "WARC/1.1", "WARC/1.0")),
    "truncation value": ("W053", swap(1, URI, URI + "WARC-Truncated: maybe\r\n")),
    "long IPv6 form": ("W054", swap(1, URI, URI + "WARC-IP-Address: 2001:DB8:0:0::1\r\n")),
    "wrong content type": ("W055", swap(1, "msgtype=response", "msgtype=request")),
    "no warcinfo": ("W057", lambda: GOOD[1:]),
}


def written(folder: Path, records: list[bytes]) -> Path:
    path = folder / "JEJAK-20261124010203-00001-test.warc.gz"
    path.write_bytes(b"".join(deflate_member([record]) for record in records))
    return path


def test_a_good_file_has_no_findings(tmp_path: Path) -> None:
    assert list(check(written(tmp_path, GOOD))) == []


@pytest.mark.parametrize("name", DEFECTS)
def test_planted_defect_is_found(tmp_path: Path, name: str) -> None:
    code, planted = DEFECTS[name]
    path = written(tmp_path, planted())
    assert code in {finding.code for finding in check(path)}


def test_finding_says_where(tmp_path: Path) -> None:
    path = written(tmp_path, swap(2, URI, "")())
    (finding,) = [f for f in check(path) if f.code == "W027"]
    assert finding.offset == len(deflate_member([INFO])) + len(deflate_member([ANSWER]))
    assert finding.record == ID.format(3)[1:-1]
    assert finding.file == path.name


def test_reading_goes_on_after_damage(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    data = bytearray(path.read_bytes())
    data[len(deflate_member([INFO])) + 40] ^= 0x10
    data += deflate_member([record("metadata", 4, block=b"a: b\r\n")])
    path.write_bytes(data)
    assert {"W004", "W022"} <= {finding.code for finding in check(path)}


@pytest.fixture
def small_segment(desk) -> bytes:  # type: ignore[no-untyped-def]
    sink = desk.scope()
    desk.exchange(sink, b"halo " * 30)
    desk.exchange(sink, b"\xff\xd8\xff" + bytes(range(100)), truncated=Truncation.TIME)
    desk.exchange(sink, b"halo " * 30)
    return desk.close().read_bytes()


def test_every_flipped_bit_is_found(tmp_path: Path, small_segment: bytes) -> None:
    path = tmp_path / "JEJAK-20261124010203-00001-test-host.warc.gz"
    path.write_bytes(small_segment)
    assert list(check(path)) == []
    unseen = []
    with path.open("r+b", buffering=0) as file:
        for place, byte in enumerate(small_segment):
            for bit in range(8):
                os.pwrite(file.fileno(), bytes([byte ^ 1 << bit]), place)
                if next(check(path), None) is None:
                    unseen.append((place, bit))
            os.pwrite(file.fileno(), bytes([byte]), place)
    assert unseen == []


def test_every_cut_is_found(tmp_path: Path, small_segment: bytes) -> None:
    path = tmp_path / "JEJAK-20261124010203-00001-test-host.warc.gz"
    whole = sha(small_segment)
    for length in range(len(small_segment)):
        path.write_bytes(small_segment[:length])
        assert next(check(path, expected_sha256=whole), None) is not None, length
    path.write_bytes(small_segment)
    assert list(check(path, expected_sha256=whole)) == []
