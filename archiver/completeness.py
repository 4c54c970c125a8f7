"""Whether a listing was seen whole. Pure.

Platforms end listings silently: an empty page, the same page again, a page
without page information. Declared counts may include posts nobody is shown,
so a constant gap between declared and listed is normal and a changing one is
news.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from archiver.versions.changes import Change


class ListingEnd(StrEnum):
    """How the listing of one capture ended (``capture/1``, ``listing.end``)."""

    KNOWN = "known"
    END = "end"
    SINCE = "since"
    """It came to the earliest day that is wanted."""
    CONNECTED = "connected"
    """It came to what earlier captures connected; the past is read on its own."""
    QUOTA = "quota"
    """The night's requests were used up."""
    SILENT = "silent"
    STOPPED = "stopped"
    NONE = "none"


class Outcome(StrEnum):
    """How one capture ended (``capture/1``, ``outcome``)."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class EarlierCapture:
    """What an earlier capture of the account says about its listing.

    Attributes:
        declared: Posts the profile declared then, or ``None``.
        listed: Posts its listing showed.
        new: Posts it acknowledged for the first time.
        whole: It reached the end of the listing and kept every post in it.
        short: It met fewer than declared, and nothing before it led to expect that.
        known: Its head ended where all was known, with no more declared than expected.
    """

    whole: bool
    declared: int | None
    listed: int
    new: int
    short: bool = False
    known: bool = False


UNDER_WAY = "harvest_under_way"
"""Reason of a capture that did all that was planned, with some of the past to come."""

COMMENTS_UNREADABLE = "comments_unreadable"
"""Reason of a capture that should keep comments and whose visitor is shown none."""

WHOLE_REASONS = (None, "fewer_than_declared", "media_incomplete", COMMENTS_UNREADABLE)
"""Reasons of captures that kept every post they listed."""


def was_whole(
    end: ListingEnd,
    reason: str | None,
    *,
    harvest_ended: bool = False,
    since: tuple[str | None, str | None] = (None, None),
) -> bool:
    """Whether an earlier capture kept everything that there was to see.

    A post that was listed and not kept must be met again, so a capture that
    lost one is no ground for stopping early; a harvest visits those by
    themselves.

    Args:
        harvest_ended: The past, read over several nights, ended in it.
        since: Earliest day that was wanted then, and the one wanted now.
    """
    then, now = since
    if then is not None and end is not ListingEnd.END and (now is None or then > now):
        return False
    read = end in (ListingEnd.END, ListingEnd.SINCE) and reason in WHOLE_REASONS
    return harvest_ended or read


def falls_short(declared: int | None, listed: int, reason: str | None) -> bool:
    """Whether a listing that ended showed fewer posts than it had to.

    A platform that has lost a place in a listing says that it ends there, and
    then an end alone would pass years of posts over.

    Args:
        reason: Of the capture; ``None`` when the gap was the one known before.
    """
    return reason is not None and declared is not None and listed < declared


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the last whole listing established.

    Attributes:
        confirmed: False while the gap was met once only; then the listing is
            read to its end once more.
        gap: Declared minus listed then; ``None`` when nothing was declared.
        held: Posts listed then plus posts acknowledged since, less those that
            the declared count of a later capture no longer holds.
    """

    gap: int | None
    held: int
    confirmed: bool = True


def baseline(earlier: Sequence[EarlierCapture]) -> Baseline | None:
    """The last whole listing and what came since.

    Args:
        earlier: Captures of the account, newest first.

    Returns:
        ``None`` when no capture reached the end of the listing yet.
    """
    since, declared_since = 0, None
    for place, capture in enumerate(earlier):
        gap = _gap(capture)
        if capture.whole:
            again = (_gap(one) for one in earlier[place + 1 :] if one.whole)
            confirmed = not capture.short or gap in again
            held = capture.listed + since
            if declared_since is not None and gap is not None:
                held = declared_since - gap
            return Baseline(gap, held, confirmed)
        if capture.known and declared_since is None and capture.declared is not None:
            # What it declared holds what it found new itself.
            declared_since = capture.declared + since
        since += capture.new
    return None


def _gap(capture: EarlierCapture) -> int | None:
    return None if capture.declared is None else capture.declared - capture.listed


def may_stop(
    page: Sequence[tuple[Change, bool]],
    before: Baseline | None,
    declared: int | None,
    new: int,
    *,
    connects: bool,
) -> bool:
    """Whether the pages after this one need not be asked for.

    Args:
        page: Change and pinned flag of each post of the page.
        before: See `baseline`.
        declared: Posts the profile declares now.
        new: Posts found new in this capture so far.
        connects: Whether the page stands wholly in what earlier captures connected.

    Returns:
        True only when the page's unpinned posts are all kept unchanged (and
        there is at least one), an earlier listing was whole and its gap is
        confirmed, and no more are declared than that listing and the posts
        since lead to expect. Where fewer are declared, the page must connect;
        what is gone is the sweep's to find, for reading a long listing to its
        end every night would not bring it back.
    """
    unpinned = [change for change, pinned in page if not pinned]
    if before is None or not before.confirmed or not unpinned:
        return False
    if any(c is not Change.UNCHANGED for c in unpinned):
        return False
    if declared is None or before.gap is None:
        return declared is None and before.gap is None
    surplus = declared - (before.held + new) - before.gap
    return surplus == 0 or (surplus < 0 and connects)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one capture can say about itself when it ends.

    Attributes:
        end / end_reason: How the listing ended, and why when not by itself.
        declared / listed: Posts declared by the profile, and listed.
        failed: Listed posts that were not acknowledged.
        unfinished: Posts acknowledged with media missing.
        unreadable: Items of the listing that could not be read.
        error: Code of what stopped the capture, or ``None``.
        acknowledged: Posts acknowledged.
        harvest: Whether the reading of the past ended; ``None`` when there was none.
        section: Why a further section ended early, or ``None``.
        posts_wanted: False when only other sections were to be read.
    """

    end: ListingEnd
    end_reason: str | None = None
    declared: int | None = None
    listed: int = 0
    failed: int = 0
    unfinished: int = 0
    unreadable: int = 0
    error: str | None = None
    acknowledged: int = 0
    harvest: bool | None = None
    section: str | None = None
    posts_wanted: bool = True


def conclude(seen: Seen, before: Baseline | None) -> tuple[Outcome, str | None]:
    """The outcome of a capture and its reason.

    Returns:
        ``(COMPLETE, None)`` only when nothing is known to be missing; a reason
        otherwise. An error before anything was listed is a failure.
    """
    if seen.error is not None:
        # Stories and reels of a night do not make up for the posts' listing.
        worked = seen.listed or (seen.acknowledged and not seen.posts_wanted)
        return (Outcome.PARTIAL if worked else Outcome.FAILED), seen.error
    if seen.posts_wanted and seen.end in (ListingEnd.NONE, ListingEnd.STOPPED):
        return Outcome.FAILED, seen.end_reason or "stopped"
    if seen.end is ListingEnd.SILENT:
        return Outcome.PARTIAL, seen.end_reason or "silent_end"
    if seen.failed:
        return Outcome.PARTIAL, "posts_failed"
    if seen.unreadable:
        return Outcome.PARTIAL, "items_unreadable"
    if seen.unfinished:
        return Outcome.PARTIAL, "media_incomplete"
    if seen.section is not None:
        return Outcome.PARTIAL, seen.section
    if seen.harvest is False or (_left_open(seen) and not seen.harvest):
        return Outcome.PARTIAL, UNDER_WAY
    if (seen.end is ListingEnd.END or seen.harvest) and not count_agrees(seen, before):
        return Outcome.PARTIAL, "fewer_than_declared"
    return Outcome.COMPLETE, None


def _left_open(seen: Seen) -> bool:
    """Whether the head ended with something below it that nobody asked to leave."""
    connected = seen.end is ListingEnd.CONNECTED and seen.end_reason is None
    return connected or seen.end is ListingEnd.QUOTA


def count_agrees(seen: Seen, before: Baseline | None) -> bool:
    """Whether as many posts were listed as the profile leads to expect."""
    if seen.declared is None or seen.listed >= seen.declared:
        return True
    return before is not None and before.gap == seen.declared - seen.listed
