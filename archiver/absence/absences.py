"""After the news and the past: what is no longer there. Sweep, visits, checks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from archiver.absence.checking import Checking
from archiver.absence.sweeping import Ground, Sweeping
from archiver.acquaintance import Acquaintance
from archiver.completeness import ListingEnd, count_agrees
from archiver.harvest import ListingReader
from archiver.notes import Notes
from archiver.orders import Desk, Order
from archiver.taking import Taking
from connectors.base import Connector
from connectors.model import AccountRef, Section
from storage.state import Sweep
from storage.timestamps import stamp

_READ_IN_PART = (ListingEnd.KNOWN, ListingEnd.CONNECTED)
_READ_WHOLE = (ListingEnd.END, ListingEnd.SINCE)
_BROKEN = (ListingEnd.NONE, ListingEnd.STOPPED, ListingEnd.SILENT)


class Absences:
    """One capture's search for what is gone: `search` once, then `finish` once.

    Attributes:
        reached: Where the sweep of each listing goes on.
    """

    def __init__(
        self,
        connector: Connector,
        account: AccountRef,
        taking: Taking,
        notes: Notes,
        desk: Desk,
        order: Order,
        known: Acquaintance,
        readers: Mapping[Section, ListingReader],
        started_at: datetime,
    ) -> None:
        self.reached: dict[Section, Sweep] = {}
        self._notes, self._desk, self._order = notes, desk, order
        self._known, self._readers, self._started_at = known, readers, started_at
        self._heads = {
            leg.section: leg for leg in (notes.head, *notes.legs) if leg and not leg.from_cursor
        }
        self._checking = Checking(
            connector,
            account,
            taking,
            notes,
            desk,
            order,
            known.past,
            readers,
            started_at,
            short=not count_agrees(notes.conclusion(None), known.baseline),
        )

    def search(self) -> None:
        """Visit what the heads did not show, sweep, and visit what that did not show.

        Raises:
            ConnectorError: The visitor may not go on.
        """
        head = self._notes.head
        if head is not None and head.end in _BROKEN:
            return
        self._checking.heads()
        if self._checking.stopped is None and not self._order.at_once:
            self._sweep()
        if self._checking.stopped is not None:
            raise self._checking.stopped

    def _sweep(self) -> None:
        if any(r.reached is not None and not r.ended for r in self._readers.values()):
            # The past is being read anyway.
            return
        for section, leg in self._heads.items():
            if section in self._readers and leg.end in _READ_WHOLE:
                self.reached[section] = self._round(section)
        readers = {s: r for s, r in self._readers.items() if self._is_open(s, r)}
        ground = Ground(
            self._order.account.key,
            readers,
            self._heads,
            self._known.sweeps,
            self._order.since,
            self._checking.owed,
        )
        sweeping = Sweeping(ground, self._notes, self._desk.quota, self._started_at)
        try:
            sweeping.walk()
        finally:
            self.reached.update(sweeping.reached)
        self._checking.swept()

    def _is_open(self, section: Section, reader: ListingReader) -> bool:
        leg = self._heads.get(section)
        return leg is not None and leg.end in _READ_IN_PART and not reader.ended

    def _round(self, section: Section) -> Sweep:
        """The head showed the whole listing: a round of its own."""
        now = stamp(self._started_at)
        return Sweep(self._order.account.key, section.value, None, None, now, now, now)

    @property
    def looked_at(self) -> frozenset[str]:
        """Posts whose own address was asked."""
        return self._checking.looked_at

    def finish(self) -> None:
        """Weigh what was found; asked when nothing more can be learnt."""
        self._checking.finish()
