"""Ledger and catalogue of one archive, in the order that keeps them true."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from archiver.config import Config
from archiver.version import agent
from archiver.writer_lock import busy
from storage.catalogue import Catalogue, open_catalogue
from storage.catalogue.intake import apply_event
from storage.ledger import Ledger, LedgerEvent


@dataclass(frozen=True, slots=True)
class Books:
    """What a writer writes into besides segments."""

    ledger: Ledger
    catalogue: Catalogue
    now: Callable[[], datetime]

    def note(
        self,
        type: str,
        objects: Mapping[str, str],
        *,
        outcome: str = "success",
        detail: Mapping[str, object] | None = None,
        by: str | None = None,
    ) -> LedgerEvent:
        """Record one decision: ledger first, then the catalogue's mirror of it."""
        event = self.ledger.append(
            type,
            agent=by or agent(),
            objects=objects,
            outcome=outcome,
            detail=detail or {},
            at=self.now(),
        )
        with self.catalogue.writing() as conn:
            apply_event(conn, event)
        return event


@contextmanager
def open_books(config: Config, now: Callable[[], datetime]) -> Iterator[Books]:
    """The books of an archive, open for writing; closed at the end.

    Raises:
        WriterBusy: A program on another machine writes into the same catalogue.
    """
    catalogue = open_catalogue(config.catalogue_url)
    try:
        with catalogue.held() as holder:
            if holder is not None:
                raise busy(config.archive, *holder)
            yield Books(Ledger(config.archive / "ledger"), catalogue, now)
    finally:
        catalogue.close()
