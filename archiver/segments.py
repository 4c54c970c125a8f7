"""The segments of one run: opened, rolled, closed, and noted in the ledger."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from typing import Self

from archiver.books import Books
from archiver.config import Config
from archiver.warcinfo import warcinfo_fields
from connectors.base import SecretRules
from storage.catalogue import records
from storage.catalogue.media import find_payload
from storage.recorder import CaptureSink, Recorder
from storage.records import Stored
from storage.warc_writer import ClosedSegment, SegmentWriter


class SegmentHouse:
    """Owns the run's writer and recorder; every closed segment is noted once."""

    def __init__(self, writer: SegmentWriter, recorder: Recorder, books: Books) -> None:
        self._writer = writer
        self._recorder = recorder
        self._books = books
        self._noted: set[str] = set()

    @classmethod
    def open(cls, config: Config, run: str, routes: Iterable[str], books: Books) -> Self:
        """Open the run's first segment."""
        archive = config.archive
        writer = SegmentWriter.open(
            archive / "segments",
            started_at=books.now(),
            host=host_name(socket.gethostname()),
            info=warcinfo_fields(config, run, routes),
        )

        def known_payload(account: str, sha256: str) -> Stored | None:
            with books.catalogue.reading() as conn:
                stored = find_payload(conn, account, sha256)
                place = records.place(conn, stored.record_id) if stored else None
            # A revisit may only refer to a record whose own payload digest it
            # repeats; a content-coded original has another one.
            return stored if place and place.payload_digest == sha256 else None

        recorder = Recorder(
            writer,
            spool_dir=archive / "spool",
            limits=config.limits,
            known_payload=known_payload,
        )
        return cls(writer, recorder, books)

    def scope(self, account: str, rules: SecretRules, secrets: Iterable[str]) -> CaptureSink:
        """The sink of one capture."""
        return self._recorder.scope(account, rules, secrets)

    def roll_if_full(self) -> None:
        """Begin the next segment when this one has its size; between posts only."""
        closed = self._writer.roll_if_full()
        if closed is not None:
            self._note(closed)

    def close(self, *, note: bool = True) -> None:
        """Close everything; afterwards the segments are final.

        Args:
            note: False leaves the ledger's closing event to the next start.
        """
        self._recorder.close()
        for closed in self._writer.close():
            if note:
                self._note(closed)

    def _note(self, closed: ClosedSegment) -> None:
        if closed.name in self._noted:
            return
        self._noted.add(closed.name)
        note_closed(self._books, closed)


def note_closed(books: Books, closed: ClosedSegment) -> None:
    """Say in the ledger that a segment is final: its size and its digest."""
    books.note(
        "segment closed",
        {"segment": closed.name},
        detail={"size_bytes": closed.size_bytes, "sha256": closed.sha256},
    )


def host_name(name: str) -> str:
    """A host name as it may stand in a file name on every system."""
    return re.sub(r"[^A-Za-z0-9-]", "-", name.split(".")[0])[:40].strip("-") or "host"
