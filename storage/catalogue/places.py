"""The place of a run among all runs: clocks may jump, the ledger only grows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, func, select

from storage import schema
from storage.catalogue.upsert import batches

Place = tuple[int, str]
"""Number of the ledger event that began the run, and nothing; of what belongs to
no run that the ledger knows: the number of the run before it by time, and its
time. Later places are larger."""

STARTED = "run started"

_E = schema.events.c


class Places:
    """Looks up places; runs are read in batches, each only once."""

    def __init__(self, conn: Connection, runs: Iterable[str | None] = ()) -> None:
        self._conn = conn
        self._known: dict[str, int | None] = {}
        self.learn(runs)

    def learn(self, runs: Iterable[str | None]) -> None:
        """Read the places of these runs."""
        unknown = sorted({run for run in runs if run is not None} - self._known.keys())
        for batch in batches(unknown):
            self._known |= dict.fromkeys(batch)
            self._known |= started(self._conn, batch)

    def recorded(self, run: str | None) -> int | None:
        """The number of the event that began the run, if the ledger knows it."""
        self.learn([run])
        return None if run is None else self._known[run]

    def of(self, run: str | None, at: str) -> Place:
        """The place of something that happened in a run.

        Args:
            at: When, UTC text of fixed width.
        """
        seq = self.recorded(run)
        return (before(self._conn, at), at) if seq is None else (seq, "")


def started(conn: Connection, runs: Iterable[str]) -> Mapping[str, int]:
    """The numbers of the events that began these runs."""
    wanted = select(_E.run, func.max(_E.seq)).where(_E.run.in_(list(runs)), _E.type == STARTED)
    return {str(run): seq for run, seq in conn.execute(wanted.group_by(_E.run))}


def before(conn: Connection, at: str) -> int:
    """The number of the last run that began by then; 0 when there is none."""
    wanted = select(func.max(_E.seq)).where(_E.type == STARTED, _E.at <= at)
    return conn.scalar(wanted) or 0
