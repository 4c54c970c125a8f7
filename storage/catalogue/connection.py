"""Opening the catalogue, and its transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine


class Catalogue:
    """An open catalogue. Safe to share between threads; close it at the end."""

    def __init__(self, engine: Engine, *, read_only: bool) -> None:
        self.engine = engine
        self.read_only = read_only

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that may write; committed durably when left
        normally, undone on any exception. One writer at a time, the others wait.

        Raises:
            CatalogueBusy: Another program did not let go in time.
            CatalogueReadOnly: Opened with ``read_only``.
        """
        raise NotImplementedError
        yield

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view; never waits for a writer (embedded SQLite)."""
        raise NotImplementedError
        yield

    def close(self) -> None:
        """Release all connections."""


def open_catalogue(url: str, *, read_only: bool = False) -> Catalogue:
    """Open a catalogue; a new one is created, an older one is migrated.

    Args:
        url: ``sqlite:////absolute/path.db`` or ``postgresql+psycopg://…``.
        read_only: Neither create nor migrate nor write.

    Raises:
        CatalogueTooNew, CatalogueTooOld, CatalogueUnreadable, CatalogueReadOnly,
        CatalogueBusy: As their names say; each has a hint.
    """
    raise NotImplementedError
