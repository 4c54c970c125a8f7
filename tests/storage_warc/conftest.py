"""A recorder on a fresh archive, and exchanges to feed it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from connectors.base import ExchangeStart, Limits, SecretRules, Truncation, Wire
from connectors.model import RecordId
from storage.digest import sha256_of_file
from storage.recorder import CaptureSink, Recorder
from storage.records import RecordRow, Stored
from storage.segment_name import segment_path
from storage.warc_reader import members, open_record, payload_stream, row_of
from storage.warc_writer import ClosedSegment, SegmentWriter

START = datetime(2026, 11, 24, 1, 2, 3, 456789, tzinfo=UTC)
OK = b"HTTP/1.1 200 OK\r\n"
REQUEST = b"GET / HTTP/1.1\r\nHost: www.example.test\r\n\r\n"


@dataclass
class Desk:
    """One recorder at work."""

    archive: Path
    limits: Limits = field(default_factory=Limits)
    known: dict[tuple[str, str], Stored] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.writer = SegmentWriter.open(
            self.archive / "segments",
            started_at=START,
            host="Test Host",
            info={"software": "jejak tests", "format": "WARC File Format 1.1"},
        )
        self.name = self.writer.name
        self.recorder = Recorder(
            self.writer,
            spool_dir=self.archive / "spool",
            limits=self.limits,
            known_payload=lambda account, digest: self.known.get((account, digest)),
        )
        self.closed: tuple[ClosedSegment, ...] = ()
        self._moment = START

    @property
    def path(self) -> Path:
        """The segment, once it is closed."""
        return segment_path(self.archive / "segments", self.name)

    def scope(
        self,
        account: str = "instagram:1",
        rules: SecretRules | None = None,
        secrets: tuple[str, ...] = (),
    ) -> CaptureSink:
        return self.recorder.scope(account, rules or SecretRules(), secrets)

    def exchange(
        self,
        sink: CaptureSink,
        body: bytes,
        *,
        head: bytes = OK + b"Content-Type: text/plain\r\n\r\n",
        url: str = "https://www.example.test/",
        request: bytes = REQUEST,
        truncated: Truncation | None = None,
        wire: Wire | None = None,
        piece_bytes: int = 65_536,
    ) -> RecordId:
        self._moment += timedelta(milliseconds=1)
        exchange = sink.begin(ExchangeStart("GET", url, self._moment))
        exchange.sent(request)
        if wire is not None:
            exchange.wire(wire)
        exchange.head(head)
        for start in range(0, len(body), piece_bytes):
            exchange.body(memoryview(body)[start : start + piece_bytes])
        exchange.finish(truncated)
        return exchange.record_id

    def close(self) -> Path:
        self.closed = self.writer.close()
        self.recorder.close()
        return self.path

    def payload(self, row: RecordRow, *, raw: bool = True) -> bytes:
        return b"".join(payload_stream(self.path, row.offset, raw=raw))


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def make(**options: object) -> Desk:
        desk = Desk(tmp_path / f"archive-{len(desks)}", **options)  # type: ignore[arg-type]
        desks.append(desk)
        return desk

    yield make
    for desk in desks:
        desk.recorder.close()
        for closed in desk.closed:
            path = segment_path(desk.archive / "segments", closed.name)
            # A test may have damaged its segment; what it left whole is read by others too.
            if path.exists() and sha256_of_file(path) == closed.sha256:
                assert warcio_reads(path) == we_read(path)
                assert digests_warcio_doubts(path) == []


Reading = tuple[object, ...]
"""Place, id, type, target, date and block of one record."""


def warcio_reads(path: Path) -> list[Reading]:
    """A segment as warcio reads it."""
    found: list[Reading] = []
    with path.open("rb") as file:
        iterator = ArchiveIterator(file, no_record_parse=True)
        for record in iterator:
            named = record.rec_headers.get_header
            block = record.raw_stream.read()
            place = (iterator.get_record_offset(), iterator.get_record_length())
            kind = record.rec_type
            record_id = named("WARC-Record-ID").strip("<>")
            found.append(
                (*place, record_id, kind, named("WARC-Target-URI"), named("WARC-Date"), block)
            )
    return found


def we_read(path: Path) -> list[Reading]:
    """The same segment as this archive reads it."""
    found: list[Reading] = []
    for row in (row_of(member, path.name) for member in members(path)):
        with open_record(path, row.offset) as record:
            block = b"".join(record.block())
        found.append(
            (row.offset, row.length, row.record_id, row.type, row.target_uri, row.date, block)
        )
    return found


def digests_warcio_doubts(path: Path) -> list[str]:
    """Records whose digests warcio finds wrong; those it can judge.

    It judges a revisit by the payload that is not there, and a payload behind
    a broken HTTP head by where it takes the head to end.
    """
    rows = {row.record_id: row for row in (row_of(member, "") for member in members(path))}
    found = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests=True):
            row = rows[record.rec_headers.get_header("WARC-Record-ID").strip("<>")]
            record.raw_stream.read()
            judged = row.type != "revisit" and (row.type != "response" or row.http_status)
            if judged and record.digest_checker.passed is False:
                found.append(row.record_id)
    return found


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()


def row_named(rows: tuple[RecordRow, ...], record_id: str) -> RecordRow:
    return next(row for row in rows if row.record_id == record_id)


@pytest.fixture
def row() -> Callable[[tuple[RecordRow, ...], str], RecordRow]:
    return row_named
