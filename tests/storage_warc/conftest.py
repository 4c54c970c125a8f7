"""A recorder on a fresh archive, and exchanges to feed it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.base import ExchangeStart, Limits, SecretRules, Truncation, Wire
from connectors.model import RecordId
from storage.recorder import CaptureSink, Recorder
from storage.records import RecordRow, Stored
from storage.segment_name import segment_path
from storage.warc_reader import payload_stream
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


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()


def row_named(rows: tuple[RecordRow, ...], record_id: str) -> RecordRow:
    return next(row for row in rows if row.record_id == record_id)


@pytest.fixture
def row() -> Callable[[tuple[RecordRow, ...], str], RecordRow]:
    return row_named
