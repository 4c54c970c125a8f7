"""Rebuilding the catalogue from segments and ledger, and nothing else.

Codes of findings (besides the ledger's own, `storage.ledger_check`):

- R001 a segment cannot be read to its end; what stands before the place is in
- R002 a document is not what its schema says; its record is in, its content not
- R003 a record id stands at two places; the first by name and offset is in
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, delete, func, select

from storage import schema, search
from storage.catalogue import intake, runs
from storage.catalogue.comparison import Difference, differences
from storage.catalogue.connection import Catalogue
from storage.catalogue.errors import DocumentError
from storage.catalogue.intake import Touched
from storage.findings import Finding
from storage.ledger import Ledger
from storage.ledger_check import verify
from storage.records import RecordRow
from storage.segment_documents import SegmentDamaged, read_segment

__all__ = [
    "Difference",
    "ReindexReport",
    "complete",
    "differences",
    "reindex",
    "segment_files",
]

_BATCH = 500


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What was added to the catalogue.

    Attributes:
        posts / captures: ``post/1`` and ``capture/1`` documents.
        findings: ``R…`` and ``L…`` codes: what could not be used.
    """

    segments: int
    records: int
    posts: int
    captures: int
    events: int
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Tally:
    """What one pass has added so far."""

    touched: Touched = field(default_factory=Touched)
    segments: int = 0
    records: int = 0
    posts: int = 0
    captures: int = 0
    events: int = 0
    findings: list[Finding] = field(default_factory=list)

    def report(self) -> ReindexReport:
        return ReindexReport(
            self.segments,
            self.records,
            self.posts,
            self.captures,
            self.events,
            tuple(self.findings),
        )


def reindex(archive: Path, catalogue: Catalogue) -> ReindexReport:
    """Throw every derived row away and derive it again, in one transaction.

    Readers see the old rows until the end; `storage.state` is left alone. The
    caller records it afterwards (``reindex`` event). Segments still being
    written are read as far as they are whole.
    """
    tally = _Tally()
    ledger = archive / "ledger"
    tally.findings += verify(ledger)
    with catalogue.writing() as conn:
        search.clear(conn)
        for table in reversed(schema.DERIVED):
            conn.execute(delete(table))
        for event in Ledger(ledger).events(skip_unreadable=True):
            tally.events += intake.take_event(conn, event, tally.touched)
        for path in segment_files(archive):
            _take_segment(conn, path, tally, rebuilt=True)
        intake.refresh(conn, tally.touched)
        search.settle(conn)
    return tally.report()


def complete(archive: Path, catalogue: Catalogue) -> ReindexReport:
    """Add what the catalogue lacks after a crash.

    Call it after recovery has closed what was left open, and before the
    ``segment closed`` and ``run interrupted`` events that recovery leads to:
    a segment whose closing event the catalogue does not know, or closed since an
    unfinished run began, may hold rows that were never committed. An older
    catalogue put back from a backup is brought up to date in the same way. Files
    still open belong to a living writer, which commits its rows itself.
    """
    tally = _Tally()
    with catalogue.writing() as conn:
        # Before the events: an older catalogue put back from a backup learns
        # only from them that segments were closed whose rows it never had.
        s = schema.segments.c
        closed_at = {row.name: row.closed_at for row in conn.execute(select(s.name, s.closed_at))}
        _take_events(conn, Ledger(archive / "ledger"), tally)
        intake.refresh(conn, tally.touched)
        tally.touched = Touched()
        begun = [run.started_at for run in runs.unfinished(conn) if run.started_at]
        for path in segment_files(archive):
            at = closed_at.get(path.name)
            if path.suffix != ".open" and (at is None or (begun and at >= min(begun))):
                _take_segment(conn, path, tally, rebuilt=False)
        intake.refresh(conn, tally.touched)
    return tally.report()


def segment_files(archive: Path) -> tuple[Path, ...]:
    """All segments of an archive by name, those being written included."""
    folder = archive / "segments"
    found = [*folder.glob("*/*.warc.gz"), *folder.glob("*/*.warc.gz.open")]
    return tuple(sorted(found, key=lambda path: path.name.removesuffix(".open")))


def _take_events(conn: Connection, ledger: Ledger, tally: _Tally) -> None:
    e = schema.events.c
    count, newest = conn.execute(select(func.count(), func.max(e.seq))).one()
    last = ledger.last()
    if last is None or (count == newest == last.seq):
        return
    known = set(conn.scalars(select(e.seq)))
    for event in ledger.events():
        if event.seq not in known:
            tally.events += intake.take_event(conn, event, tally.touched)


def _take_segment(conn: Connection, path: Path, tally: _Tally, *, rebuilt: bool) -> None:
    tally.segments += 1
    waiting: list[RecordRow] = []
    try:
        for row, body in read_segment(path):
            waiting.append(row)
            if len(waiting) >= _BATCH:
                _take_records(conn, waiting, tally, rebuilt=rebuilt)
                waiting = []
            if body is not None:
                _take_document(conn, row, body, tally)
    except SegmentDamaged as error:
        tally.findings.append(Finding("R001", f"{path.name}:{error.offset}", str(error)))
    _take_records(conn, waiting, tally, rebuilt=rebuilt)


def _take_records(conn: Connection, rows: list[RecordRow], tally: _Tally, *, rebuilt: bool) -> None:
    added = intake.take_records(conn, rows)
    tally.records += added
    expected = sum(row.type != "warcinfo" for row in rows)
    if not rebuilt or added == expected:
        return
    r = schema.records.c
    for row in rows:
        if row.type == "warcinfo":
            continue
        first = conn.execute(select(r.segment, r.offset).where(r.record_id == row.record_id)).one()
        if (first.segment, first.offset) != (row.segment, row.offset):
            detail = f"{row.record_id} stands already at {first.segment}:{first.offset}"
            tally.findings.append(Finding("R003", f"{row.segment}:{row.offset}", detail))


def _take_document(conn: Connection, row: RecordRow, body: bytes, tally: _Tally) -> None:
    if row.schema not in ("post/1", "capture/1", "comments/1"):
        return
    try:
        document = json.loads(body)
        if not isinstance(document, dict):
            raise DocumentError(f"{row.schema} must be an object")
        if row.schema == "post/1":
            tally.posts += intake.take_post(conn, row.record_id, document, tally.touched)
        elif row.schema == "comments/1":
            intake.take_comments(conn, row.record_id, document)
        else:
            tally.captures += intake.take_capture(conn, row.record_id, document, tally.touched)
    except (ValueError, RecursionError, DocumentError) as error:
        detail = f"{row.schema} {row.record_id} cannot be used: {error}"
        tally.findings.append(Finding("R002", f"{row.segment}:{row.offset}", detail))
