"""What is done before a writer writes: finish what a crash left behind.

No hand is needed: torn tails go to quarantine, open segments are closed, the
catalogue gets what it lacks, and every one of these acts stands in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archiver.books import Books
from archiver.errors import StorageProblem
from archiver.i18n import N_
from archiver.segments import note_closed
from storage.catalogue import events, runs
from storage.catalogue import segments as known_segments
from storage.cdxj import digest_segment
from storage.findings import Finding
from storage.ledger_check import heal
from storage.quarantine import files as set_aside_files
from storage.recovery import RecoveryReport, recover
from storage.reindex import ReindexReport, complete, reindex, segment_files
from storage.warc_reader import BadRecord
from storage.warc_writer import ClosedSegment


@dataclass(frozen=True, slots=True)
class StartupReport:
    """What was found and mended; all empty after a clean end.

    Attributes:
        closed: Segments that are final only now.
        quarantined: Files that now hold torn bytes.
        interrupted: Runs that never ended.
        records: Records added to the catalogue.
        in_use: Open segments that another program holds.
        findings: What could not be read on the way.
    """

    closed: tuple[str, ...] = ()
    quarantined: tuple[str, ...] = ()
    interrupted: tuple[str, ...] = ()
    records: int = 0
    in_use: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether there was anything to mend."""
        return bool(self.closed or self.quarantined or self.interrupted or self.records)


def start_up(archive: Path, books: Books) -> StartupReport:
    """Mend an archive. The caller holds the writer lock.

    The order matters: the ledger must be appendable, segments closed, and the
    catalogue filled from them before the closing events say that nothing is
    missing; a crash in between leaves work that is found again next time.

    Raises:
        StorageProblem: The archive cannot be written; nothing is lost, the
            next start does what this one could not.
    """
    try:
        torn = heal(archive / "ledger", archive / "quarantine")
        recovered = recover(archive)
    except OSError as error:
        raise StorageProblem(
            N_("The archive could not be written: {reason}."),
            hint=N_(
                "Check disk space and rights with `jejak doctor`, then run the same command again."
            ),
            reason=error,
        ) from error
    added = _fill_catalogue(archive, books)
    aside = {torn.name} if torn else set()
    aside.update(part.name for part in recovered.quarantined)
    aside.update(_unnoted(archive / "quarantine", books))
    for name in sorted(aside):
        books.note("quarantine", {"file": name}, outcome="partial")
    closed = _close_events(archive, books, recovered)
    with books.catalogue.reading() as conn:
        unfinished = runs.unfinished(conn)
    for run in unfinished:
        books.note("run interrupted", {"run": run.run}, outcome="failure")
    return StartupReport(
        closed=closed,
        quarantined=tuple(sorted(aside)),
        interrupted=tuple(run.run for run in unfinished),
        records=added.records,
        in_use=recovered.in_use,
        findings=added.findings,
    )


def _unnoted(quarantine: Path, books: Books) -> set[str]:
    """What a start set aside that died before it could say so."""
    with books.catalogue.reading() as conn:
        return {
            file.name
            for file in set_aside_files(quarantine)
            if not any(events.of(conn, "file", file.name))
        }


def _fill_catalogue(archive: Path, books: Books) -> ReindexReport:
    """Add what is missing; a catalogue that is new beside an old ledger is rebuilt."""
    with books.catalogue.reading() as conn:
        mirrored = events.last(conn)
    if mirrored is None and books.ledger.last() is not None:
        return reindex(archive, books.catalogue)
    return complete(archive, books.catalogue)


def _close_events(archive: Path, books: Books, recovered: RecoveryReport) -> tuple[str, ...]:
    """Note every final segment whose closing event never reached the ledger."""
    with books.catalogue.reading() as conn:
        noted = {row.name for row in known_segments.every(conn) if row.closed_at is not None}
    digests = {segment.name: segment for segment in recovered.closed}
    closed = []
    for path in segment_files(archive):
        if path.suffix == ".open" or path.name in noted:
            continue
        segment = digests.get(path.name) or _digest(path)
        if segment is not None:
            note_closed(books, segment)
            closed.append(segment.name)
    return tuple(closed)


def _digest(path: Path) -> ClosedSegment | None:
    try:
        found = digest_segment(path, path.name)
    except BadRecord:
        # Damage in a closed file is for `jejak verify` to report; saying now
        # what its digest is would make the damage official.
        return None
    return ClosedSegment(path.name, found.size_bytes, found.sha256)
