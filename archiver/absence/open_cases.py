"""Posts that were missing on earlier nights: when to look again, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archiver.absence import check_places
from archiver.absence.check_places import CheckPlace
from archiver.absence.verdicts import ABSENT, NOT_VISITED, Found
from archiver.completeness import ListingEnd
from archiver.harvest import ListingReader
from archiver.notes import Leg, Notes
from archiver.quota import Quota
from connectors.errors import CursorRefused
from connectors.model import PageEnd
from storage.catalogue.checks import CheckRow

PATIENCE = 10
"""After so many checks a missing post is only looked at in passing."""
PASSING = frozenset(
    {
        NOT_VISITED,
        *("account_private", "account_renamed", "account_gone", "blocked", "canary_failed"),
        *("clock_doubtful", "control_failed", "listing_incomplete", "platform_changed"),
    }
)
"""Verdicts about a night and not about the post: they use no patience up."""
LATER = timedelta(days=7)
"""And then not more often than this, where the head passes it every night."""
STEADY = 5
"""So many times in a row there although no listing showed it: it stands elsewhere."""
PAGES = 3
"""So many pages are read for one open case at most."""


@dataclass(frozen=True, slots=True)
class OpenCases:
    """Checks of missing posts since their last sighting, oldest first, by post.

    Attributes:
        cycle: The least distance between two checks that count as two.
        now: When this capture began.
    """

    checks: Mapping[str, Sequence[CheckRow]]
    cycle: timedelta
    now: datetime

    def __contains__(self, post: object) -> bool:
        """Whether a post was missing before."""
        return post in self.checks

    def waiting(self) -> Iterator[str]:
        """Posts to be looked at again even if nothing passes them tonight, the
        one that waits longest first."""
        ordered = sorted(self.checks, key=lambda post: self.checks[post][-1].at)
        return (p for p in ordered if not self._too_soon(p) and self._visited(p) < PATIENCE)

    def is_due(self, post: str, *, swept: bool) -> bool:
        """Whether a post that was missing tonight is worth another visit.

        Args:
            swept: The sweep passes it tonight.
        """
        if post not in self.checks:
            return True
        if self._too_soon(post):
            return False
        return self._visited(post) < PATIENCE or swept or self._ago(post) >= LATER

    def places(self, post: str) -> tuple[CheckPlace, ...]:
        """Where it had to stand, as its newest check remembers."""
        rows = reversed(self.checks.get(post, ()))
        return check_places.read(next((row.cursor for row in rows if row.cursor), None))

    def _too_soon(self, post: str) -> bool:
        return self.checks[post][-1].verdict == ABSENT and self._ago(post) < self.cycle

    def _ago(self, post: str) -> timedelta:
        return self.now - datetime.fromisoformat(self.checks[post][-1].at)

    def _visited(self, post: str) -> int:
        return sum(row.verdict not in PASSING for row in self.checks[post])


def is_steady(checks: Sequence[CheckRow], now: datetime) -> bool:
    """Whether a post's listing hides it for good, and it was there lately.

    Some posts stand out of order in their listing, or in none: they are then
    asked for once a week, not every night.

    Args:
        checks: All of the post's, oldest first.
    """
    last = checks[-STEADY:]
    steady = len(last) == STEADY and all(row.found == Found.PRESENT for row in last)
    return steady and now - datetime.fromisoformat(last[-1].at) < LATER


def leg_at(place: CheckPlace, notes: Notes) -> Leg | None:
    """A leg that begins at a place; behind tonight's head if it was in the head."""
    cursor, upper = place.cursor, place.upper
    if cursor is None:
        legs = (leg for leg in (notes.head, *notes.legs) if leg is not None)
        head = next((x for x in legs if x.section is place.section and not x.from_cursor), None)
        if head is None or head.cursor is None or head.last is None:
            return None
        cursor, upper = head.cursor, head.last
    return Leg(place.section, cursor, cursor, upper=upper, purpose="recheck")


def read_again(reader: ListingReader, leg: Leg, published: datetime, quota: Quota) -> None:
    """Read a leg until it passes a moment, within the night's requests for the sweep.

    Raises:
        ConnectorError: It cannot be read.
    """
    try:
        with quota.sweeping():
            for page, _ in reader.pages(leg, lambda: True):
                if page.end is not PageEnd.MORE:
                    ended = page.end is PageEnd.END
                    leg.end = ListingEnd.END if ended else ListingEnd.SILENT
                    return
                passed = leg.last is not None and leg.last < published
                # Two requests stay for the visit that this is read for.
                if passed or leg.pages >= PAGES or quota.left < 3:
                    leg.end = ListingEnd.QUOTA
                    return
    except CursorRefused as error:
        leg.reason = error.code
