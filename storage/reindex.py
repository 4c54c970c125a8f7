"""Rebuilding the catalogue from segments and ledger, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from storage.catalogue.connection import Catalogue
from storage.findings import Finding
from storage.records import RecordRow

SegmentReader = Callable[[Path], Iterator[tuple[RecordRow, bytes | None]]]
"""Reads a segment in file order: each record's row, and the body of those
metadata records that have a ``schema``."""


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What was rebuilt.

    Attributes:
        findings: ``R…`` codes: documents and records that could not be used.
    """

    segments: int
    records: int
    posts: int
    captures: int
    events: int
    findings: tuple[Finding, ...]


def reindex(archive: Path, catalogue: Catalogue) -> ReindexReport:
    """Throw every derived row away and derive it again, in one transaction.

    Readers see the old rows until the end; `storage.state` is left alone. The
    caller records it afterwards (``reindex`` event).
    """
    raise NotImplementedError


def complete(archive: Path, catalogue: Catalogue) -> ReindexReport:
    """Add what the catalogue lacks after a crash: events, and the rows of
    segments that are newer than what it has. Counts are of what was added."""
    raise NotImplementedError


def index_segment(conn: Connection, path: Path) -> tuple[Finding, ...]:
    """Add the rows of one segment that the catalogue lacks."""
    raise NotImplementedError
