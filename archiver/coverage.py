"""Of which times an account's posts are known whole. Pure.

What is published outside these intervals is unknown, not absent: no verdict
may be built on its not being kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
