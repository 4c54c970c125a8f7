"""Of which times an account's posts are known whole. Pure.

What is published outside these intervals is unknown, not absent: no verdict
may be built on its not being kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from archiver.completeness import falls_short
from storage.catalogue.captures import CaptureRow


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of publication times that was read without a gap.

    Attributes:
        begin: UTC text of fixed width; ``None`` from the account's first post.
        end: UTC text: the start of the capture that read up to then.
    """

    begin: str | None
    end: str


def covered(captures: Iterable[CaptureRow]) -> tuple[Interval, ...]:
    """The intervals of publication times that an account's captures have read.

    Args:
        captures: Of one account, in any order.

    Returns:
        Disjoint, oldest first; empty when nothing was read yet.
    """
    found = [i for c in captures if (i := _of(c)) is not None]
    merged: list[Interval] = []
    for one in sorted(found, key=lambda i: (i.begin or "", i.end)):
        last = merged[-1] if merged else None
        if last is not None and (one.begin is None or one.begin <= last.end):
            merged[-1] = Interval(last.begin, max(last.end, one.end))
        else:
            merged.append(one)
    return tuple(merged)


def _of(capture: CaptureRow) -> Interval | None:
    """What one capture read; its head alone when it did not connect."""
    listed = capture.listed if capture.harvest_listed is None else capture.harvest_listed
    whole = not falls_short(capture.declared_posts, listed, capture.reason)
    if whole and (capture.listing_end == "end" or capture.harvest_state == "ended"):
        return Interval(None, capture.started_at)
    if capture.listing_end == "since" and capture.since is not None:
        return Interval(capture.oldest or capture.started_at, capture.started_at)
    reached = [capture.oldest]
    if capture.connected:
        reached.append(capture.harvest_oldest)
    oldest = min((moment for moment in reached if moment), default=None)
    return None if oldest is None else Interval(oldest, capture.started_at)


def unknown(found: Sequence[Interval]) -> tuple[tuple[str | None, str | None], ...]:
    """The publication times that were not read: begin and end of each stretch.

    Args:
        found: As `covered` gives them.

    Returns:
        Oldest first; ``None`` for a begin before everything, or an end that is
        not known because nothing was read. What is newer than the last capture
        is not among them: it is the next one's work.
    """
    if not found:
        return ((None, None),)
    gaps: list[tuple[str | None, str | None]] = []
    if found[0].begin is not None:
        gaps.append((None, found[0].begin))
    gaps += [(one.end, other.begin) for one, other in pairwise(found)]
    return tuple(gaps)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an account's posts are seen again.

    Attributes:
        posts: Kept, and not withdrawn.
        newest_night / nights: Looked at since the newest night began, and since
            the first of the nights that are measured.
        days: Between the beginnings of these two.
    """

    posts: int
    newest_night: int
    nights: int
    days: float

    @property
    def resee_days(self) -> float | None:
        """After so many days every post will have been seen again; ``None`` when
        the nights measured tell of no end.

        A night sees the newest posts anew, and some of the older ones, each time
        others: what several nights saw more than one did is the way of a sweep.
        """
        left = self.posts - self.newest_night
        gained = self.nights - self.newest_night
        if left <= 0:
            return 1.0
        return None if gained <= 0 or self.days <= 0 else 1 + left * self.days / gained


def days_since(moment: str | None, now: datetime) -> float | None:
    """Days from a stored moment until now, never negative."""
    if moment is None:
        return None
    return max(0.0, (now - datetime.fromisoformat(moment)).total_seconds() / 86_400)
