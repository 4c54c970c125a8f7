"""Reading one listing: the news first, then the past, over as many nights as it takes.

The head is read from the newest post until it *connects*: to a page whose
unpinned posts are all kept and older than the anchor, the start of the last
capture that connected. What was published before the anchor is kept already, or
lies beyond the cursor at which the past goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from archiver.completeness import ListingEnd
from archiver.notes import Leg, Notes
from archiver.quota import Quota, QuotaSpent
from archiver.taking import Taking
from archiver.versions.changes import Change, Kept
from connectors.base import Connector
from connectors.errors import CursorRefused
from connectors.model import AccountRef, Page, PageEnd, Post, Section
from storage.state import Harvest
from storage.timestamps import stamp

Taken = Sequence[tuple[Change, Post, Kept | None]]


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier captures established about a listing.

    Attributes:
        anchor: UTC text; ``None`` when no capture connected yet.
        harvest: The harvest under way, or ``None``.
        may_stop: Whether a page shows that the rest is known; see
            `archiver.completeness.may_stop`.
    """

    anchor: str | None
    harvest: Harvest | None
    may_stop: Callable[[Taken], bool]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a listing is read.

    Attributes:
        full: To its end, whatever is known and whatever it costs.
        since: Earliest publication that is wanted.
        back_to: As ``full``, back to this publication.
    """

    full: bool = False
    since: datetime | None = None
    back_to: datetime | None = None

    @property
    def at_once(self) -> bool:
        """Whether a person wants it now, past or not."""
        return self.full or self.back_to is not None


def connects(page: Taken, anchor: str | None) -> bool:
    """Whether a page stands wholly in what earlier captures connected."""
    unpinned = [(change, post, kept) for change, post, kept in page if not post.pinned]
    return (
        anchor is not None
        and bool(unpinned)
        and all(kept is not None and _older(post, kept, anchor) for _, post, kept in unpinned)
    )


def _older(post: Post, kept: Kept, anchor: str) -> bool:
    if post.published_at is not None:
        return stamp(post.published_at) < anchor
    return kept.first_seen is not None and kept.first_seen < anchor


def beyond(page: Page, moment: datetime | None) -> bool:
    """Whether everything unpinned on a page is older than what is wanted."""
    times = [post.published_at for post in page.posts if not post.pinned]
    return moment is not None and bool(times) and all(t is not None and t < moment for t in times)


class ListingReader:
    """Reads one listing of one account in one capture: `head`, then `past`.

    Attributes:
        reached: Where the harvest stands now; ``None`` when none is under way.
        ended: A harvest, or the whole listing, was read to its end.
        ended_at_once: It was the whole listing, from its newest post.
    """

    def __init__(
        self,
        connector: Connector,
        account: AccountRef,
        section: Section,
        taking: Taking,
        notes: Notes,
        quota: Quota,
        before: Before,
        bounds: Bounds,
        started_at: datetime,
        save: Callable[[Harvest], None],
    ) -> None:
        self.section = section
        self.ended_at_once = False
        self._connector, self._account = connector, account
        self._taking, self._notes, self._quota = taking, notes, quota
        self._before, self._bounds, self._save = before, bounds, save
        self._now, self._started = started_at, stamp(started_at)
        self._key = account.key
        self.reached = before.harvest
        self.ended = False

    def head(self, leg: Leg) -> None:
        """Read the news; goes on into the past where no cursor waits for it."""
        bounds, before = self._bounds, self._before
        leg.upper = self._now
        first, at_once = before.anchor is None, bounds.at_once
        # While a page may still tell that all below it is known, no harvest begins.
        waiting = before.harvest is None and not first and not at_once
        below: str | None = None
        for page, taken in self.pages(leg, lambda: (first or leg.connected) and not at_once):
            leg.connected = leg.connected or first or connects(taken, before.anchor)
            if self._is_over(page, leg):
                self.ended_at_once = self.ended
                return
            if not at_once:
                if before.harvest is None and before.may_stop(taken):
                    leg.end, leg.connected = ListingEnd.KNOWN, True
                    return
                if leg.connected and before.harvest is not None and before.harvest.cursor:
                    leg.end = ListingEnd.CONNECTED
                    self._reach(leg, before.harvest.cursor)
                    return
            if waiting:
                below = page.cursor if leg.connected else None
            elif leg.connected and (first or not at_once):
                self._reach(leg, page.cursor)
        if below is not None:
            self._reach(leg, below)
        if leg.end is ListingEnd.QUOTA and not first:
            leg.end = ListingEnd.CONNECTED

    def past(self) -> None:
        """Go on from where the past was left, while the night's requests last."""
        harvest = self._before.harvest
        if harvest is None or harvest.cursor is None or self.ended or self._bounds.at_once:
            return
        head = self._notes.head if self.section is Section.POSTS else None
        if self._quota.left < 1 or (head is not None and not head.connected):
            return
        try:
            upper = datetime.fromisoformat(harvest.oldest) if harvest.oldest else None
            self._go_on(Leg(self.section, harvest.cursor, harvest.cursor, upper=upper))
        except CursorRefused as refused:
            leg = self._notes.legs[-1]
            leg.end, leg.reason = ListingEnd.STOPPED, refused.code
            # What is known passes quickly: a request a page, no visits, no media.
            self._go_on(Leg(self.section, upper=self._now))

    def _go_on(self, leg: Leg) -> None:
        self._notes.legs.append(leg)
        for page, _ in self.pages(leg, lambda: True):
            if self._is_over(page, leg):
                return
            self._reach(leg, page.cursor)

    def pages(self, leg: Leg, bounded: Callable[[], bool]) -> Iterator[tuple[Page, Taken]]:
        """Pages with their posts taken, until the listing or the night's requests end."""
        pages = self._connector.list_posts(self._account, self.section, after=leg.from_cursor)
        while True:
            if bounded() and self._quota.left < 1 and (leg.pages or leg.from_cursor):
                leg.end = ListingEnd.QUOTA
                return
            page = next(pages, None)
            if page is None:
                self._silent(leg, "listing_ran_out")
                return
            self._taking.bounded = bounded()
            try:
                taken = self._taking.page(page, leg)
            except QuotaSpent:
                leg.end = ListingEnd.QUOTA
                return
            finally:
                self._taking.bounded = False
            leg.cursor = page.cursor
            yield page, taken

    def _is_over(self, page: Page, leg: Leg) -> bool:
        """Whether nothing that is wanted follows a page."""
        bounds = self._bounds
        if page.end is PageEnd.SILENT:
            self._silent(leg, page.reason)
            return True
        if page.end is PageEnd.END:
            leg.end = ListingEnd.END
        elif beyond(page, bounds.since):
            leg.end = ListingEnd.SINCE
        elif beyond(page, bounds.back_to):
            # A person's one wish tells nothing about what lies before.
            leg.end, leg.reason = ListingEnd.CONNECTED, "back_to"
            return True
        else:
            return False
        leg.connected, self.ended = True, True
        return True

    def _silent(self, leg: Leg, reason: str | None) -> None:
        leg.end, leg.reason = ListingEnd.SILENT, reason
        if leg is not self._notes.head:
            self._notes.section_reason = self._notes.section_reason or reason or "silent_end"

    def _reach(self, leg: Leg, cursor: str | None) -> None:
        """The posts before ``cursor`` are all met; remember it when all are kept."""
        old = self._before.harvest
        anchor = self._started if old is None or self._connected() else old.anchor
        oldest = [stamp(leg.oldest)] if leg.oldest else []
        if self.reached is not None and self.reached.oldest is not None:
            oldest.append(self.reached.oldest)
        begun = old.begun_at if old is not None else self._started
        self.reached = Harvest(
            self._key,
            self.section.value,
            cursor,
            anchor,
            begun,
            min(oldest, default=None),
            self._started,
        )
        # A failed post stands in no document before the capture's own: until
        # that is written, the place before the post must stay remembered.
        if not self._notes.failed:
            self._save(self.reached)

    def _connected(self) -> bool:
        legs = [self._notes.head, *self._notes.legs]
        return any(leg and leg.section is self.section and leg.connected for leg in legs)


def rebuilt(
    account: str,
    section: Section,
    anchor: str,
    begun_at: str,
    oldest: str | None,
    cursor: str | None,
) -> Harvest:
    """A harvest whose state was lost, as the last capture's document tells it."""
    return Harvest(account, section.value, cursor, anchor, begun_at, oldest, anchor)


__all__ = ["Before", "Bounds", "ListingReader", "beyond", "connects", "rebuilt"]
