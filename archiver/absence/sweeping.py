"""The sweep: walking the known past again, a few pages a night, for what is gone.

It goes from where the head of the listing ended to the end of the listing, over
as many nights as that takes, and then begins anew. Where an account has two
listings, both are walked abreast in time: a reel may stand in either, and is
missing only when both were read past its place on the same night.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from archiver.absence.stretches import Stretch
from archiver.completeness import ListingEnd
from archiver.harvest import ListingReader, Taken, beyond
from archiver.notes import Leg, Notes
from archiver.quota import Quota
from connectors.errors import Blocked, ConnectorError, CursorRefused
from connectors.model import Page, PageEnd, Problem, Section
from storage.state import Sweep
from storage.timestamps import stamp

_NEWEST = datetime.max.replace(tzinfo=UTC)
_OVER = (ListingEnd.END, ListingEnd.SINCE, ListingEnd.SILENT)


@dataclass(slots=True)
class _Walk:
    """One listing on its way down."""

    leg: Leg
    pages: Iterator[tuple[Page, Taken]]

    @property
    def over(self) -> bool:
        return self.leg.end in _OVER

    @property
    def frontier(self) -> datetime:
        """Everything newer was read, or stands before the place it began at."""
        return self.leg.last or self.leg.upper or _NEWEST


@dataclass(frozen=True, slots=True)
class Ground:
    """What a sweep walks over.

    Attributes:
        readers / heads: Of each listing whose past is known and whose head did
            not show all of it.
        stored: Where earlier nights came to.
        since: Earliest publication that is wanted.
        owed: How many requests visits will want for what stood on no page and was
            published between two moments, the newer one first.
    """

    account: str
    readers: Mapping[Section, ListingReader]
    heads: Mapping[Section, Leg]
    stored: Mapping[Section, Sweep]
    since: datetime | None
    owed: Callable[[datetime, datetime], int]


class Sweeping:
    """One night's part of the sweep of one account.

    Attributes:
        reached: Where the next night goes on, by listing.
    """

    def __init__(self, ground: Ground, notes: Notes, quota: Quota, started_at: datetime) -> None:
        self.reached: dict[Section, Sweep] = {}
        self._ground, self._notes, self._quota = ground, notes, quota
        self._now = started_at
        self._walks: dict[Section, _Walk] = {}

    def walk(self) -> None:
        """Read pages while this account's share of the night's sweep lasts.

        Raises:
            ConnectorError: A listing cannot be read further.
        """
        quota = self._quota
        share, before = quota.sweep_share, quota.sweep_used
        for section in self._ground.readers:
            self._begin(section)
        with quota.sweeping():
            while self._walks and (walk := self._next()) is not None:
                owed = self._ground.owed(self._upper(), self._common())
                spent = quota.sweep_used - before
                if spent >= share or quota.left <= owed:
                    break
                self._page(walk)
        for walk in self._walks.values():
            if walk.leg.pages and walk.leg.end is ListingEnd.STOPPED:
                walk.leg.end = ListingEnd.QUOTA
        self._remember()

    def _begin(self, section: Section, *, anew: bool = False) -> None:
        stored, head = self._ground.stored.get(section), self._ground.heads[section]
        if stored is not None and stored.cursor and stored.oldest and not anew:
            cursor, upper = stored.cursor, datetime.fromisoformat(stored.oldest)
        elif head.cursor is not None and head.last is not None:
            cursor, upper = head.cursor, head.last
        else:
            return
        leg = Leg(section, cursor, cursor, upper=upper, purpose="sweep")
        pages = self._ground.readers[section].pages(leg, lambda: True)
        self._walks[section] = _Walk(leg, pages)

    def _next(self) -> _Walk | None:
        """The listing that is furthest behind."""
        under_way = [walk for walk in self._walks.values() if not walk.over]
        return max(under_way, key=lambda walk: walk.frontier, default=None)

    def _common(self) -> datetime:
        """Everything newer was read in every listing."""
        return max((w.frontier for w in self._walks.values() if not w.over), default=_OLDEST)

    def _upper(self) -> datetime:
        """What was read tonight is older."""
        return min(walk.leg.upper or _NEWEST for walk in self._walks.values())

    def _page(self, walk: _Walk) -> None:
        leg = walk.leg
        if not leg.pages:
            self._notes.legs.append(leg)
        try:
            found = next(walk.pages, None)
        except CursorRefused:
            leg.reason = CursorRefused.code
            if leg.pages or leg.from_cursor == self._ground.heads[leg.section].cursor:
                raise
            return self._begin(leg.section, anew=True)
        except Blocked:
            raise
        except ConnectorError as error:
            leg.reason = error.code
            self._remember(failed=leg)
            raise
        if found is None:
            # The night's requests ended, or the listing ran out in silence.
            if leg.end is ListingEnd.STOPPED:
                leg.end = ListingEnd.QUOTA
            return None
        self._end(found[0], leg)
        return None

    def _end(self, page: Page, leg: Leg) -> None:
        if page.end is PageEnd.END:
            leg.end = ListingEnd.END
        elif page.end is PageEnd.SILENT:
            leg.end, leg.reason = ListingEnd.SILENT, page.reason
            detail = f"a sweep ended in silence: {page.reason or 'silent_end'}"
            self._notes.problems.append(Problem("sweep_silent", detail, page.evidence))
        elif beyond(page, self._ground.since):
            leg.end = ListingEnd.SINCE

    def _remember(self, failed: Leg | None = None) -> None:
        """Where the next night goes on: with every listing at the same moment."""
        done = not any(not walk.over for walk in self._walks.values())
        common = self._common()
        for section, walk in self._walks.items():
            cursor, oldest = _place(walk.leg, common)
            if done or (failed is walk.leg and not failed.pages):
                cursor = oldest = None
            self._keep(section, cursor, oldest, ended=done)

    def _keep(
        self, section: Section, cursor: str | None, oldest: datetime | None, *, ended: bool
    ) -> None:
        before, now = self._ground.stored.get(section), stamp(self._now)
        goes_on = before is not None and before.cursor is not None
        self.reached[section] = Sweep(
            self._ground.account,
            section.value,
            cursor,
            stamp(oldest) if oldest else None,
            before.begun_at if before is not None and goes_on else now,
            now,
            now if ended else (before.ended_at if before else None),
        )


_OLDEST = datetime.min.replace(tzinfo=UTC)


def _place(leg: Leg, common: datetime) -> tuple[str | None, datetime | None]:
    """The cursor of the page that goes on at a moment, and what stands before it."""
    if leg.end not in _OVER and (leg.last is None or leg.last >= common):
        return leg.cursor, leg.last or leg.upper
    if leg.upper is None or not leg.steps:
        return leg.from_cursor, leg.upper
    read = Stretch(leg.section, leg.upper, leg.last, False, False, tuple(leg.steps))
    page = read.page_of(common)
    return leg.steps[page].begin, read.bound(page)
