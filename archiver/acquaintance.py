"""What a capture knows of its account before it asks anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archiver.absence.checking import Past
from archiver.completeness import (
    Baseline,
    EarlierCapture,
    ListingEnd,
    baseline,
    falls_short,
    may_stop,
    was_whole,
)
from archiver.harvest import Before, Taken, connects, rebuilt
from archiver.notes import Notes
from archiver.orders import Desk, Order
from archiver.taking import kept_post
from archiver.versions.changes import Kept
from connectors.model import Section
from storage import state
from storage.catalogue import accounts, captures, checks, posts
from storage.catalogue.captures import CaptureRow, ListingRow
from storage.state import Harvest, Sweep

MISSED = ("unavailable", "deleted")
"""States of posts that no listing showed when they were last looked for."""

CAPTURES_READ = 5_000
"""How far back the last whole listing is looked for: over ten years of nights."""


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What earlier captures left.

    Attributes:
        kept: What is held, by post id; grows while the capture keeps posts.
        held: Ids of what was held when it began.
        baseline: See `archiver.completeness.baseline`.
        before: What is known of a listing, by section.
        past: What absences are judged by.
        sweeps: Where the sweep of a listing stands, by section.
    """

    kept: dict[str, Kept]
    held: frozenset[str]
    baseline: Baseline | None
    before: dict[Section, Before]
    past: Past
    sweeps: dict[Section, Sweep]


def acquaint(desk: Desk, order: Order, notes: Notes) -> Acquaintance:
    """Read what is known of an account.

    A run that was killed may have kept the head of a listing and nothing
    below it, and no document tells so: then counts alone may not end a listing.
    """
    key = order.account.key
    since = order.since.date().isoformat() if order.since else None
    with desk.catalogue.reading() as conn:
        known = posts.known(conn, key)
        earlier = captures.of_account(conn, key, limit=CAPTURES_READ)
        whole = [c for c in earlier if _was_whole(c, since)]
        head_tells = not (whole and captures.killed_since(conn, key, whole[0].ended_at))
        states = {s: state.harvest(conn, key, s.value) for s in (Section.POSTS, Section.REELS)}
        reels = captures.listings(conn, key, Section.REELS.value)
        stored = [state.sweep(conn, key, s.value) for s in (Section.POSTS, Section.REELS)]
        shown = accounts.last_profile(conn, key)
        past = Past(known, checks.open_cases(conn, key), shown, accounts.own_handles(conn, key))
    base = baseline([_earlier(c, since) for c in earlier])

    anchor = next((c.started_at for c in earlier if c.connected), None)

    missed = {post_id for post_id, post in known.items() if post.state in MISSED}

    def counts_agree(taken: Taken) -> bool:
        page = [(change, post.pinned) for change, post, _ in taken]
        linked = connects(taken, anchor)
        # Posts that were missed and are here again had left the count as well.
        arrived = notes.arrived + len(missed & notes.met)
        return head_tells and may_stop(page, base, notes.declared, arrived, connects=linked)

    before = {
        Section.POSTS: _posts_before(key, earlier, anchor, states[Section.POSTS], counts_agree),
        Section.REELS: _reels_before(key, reels, states[Section.REELS]),
    }
    kept = {post_id: kept_post(desk, post_id, post) for post_id, post in known.items()}
    found = {Section(one.section): one for one in stored if one is not None}
    return Acquaintance(kept, frozenset(kept), base, before, past, found)


def _earlier(capture: CaptureRow, since: str | None) -> EarlierCapture:
    listed = capture.listed if capture.harvest_listed is None else capture.harvest_listed
    return EarlierCapture(
        _was_whole(capture, since),
        capture.declared_posts,
        listed,
        capture.new - capture.new_stories + capture.joined,
        # Where only a part is wanted, the count of all says nothing.
        capture.since is None and falls_short(capture.declared_posts, listed, capture.reason),
        capture.listing_end == ListingEnd.KNOWN,
    )


def _posts_before(
    key: str,
    earlier: Sequence[CaptureRow],
    anchor: str | None,
    harvest: Harvest | None,
    agree: Callable[[Taken], bool],
) -> Before:
    last = next((c for c in earlier if c.has_read), None)
    if harvest is None and anchor and last and last.harvest_state == "under_way":
        begun = last.harvest_begun_at or anchor
        harvest = rebuilt(
            key, Section.POSTS, anchor, begun, last.harvest_oldest, last.harvest_cursor
        )
    return Before(_newest(anchor, harvest), harvest, agree)


def _reels_before(key: str, earlier: Sequence[ListingRow], harvest: Harvest | None) -> Before:
    # What went over known ground tells nothing of how far the past was read.
    earlier = [row for row in earlier if row.reason not in ("sweep", "recheck")]
    anchor = _newest(next((row.started_at for row in earlier if row.connected), None), harvest)
    whole = harvest is None and any(row.end in ("end", "since") for row in earlier)
    left = next((row for row in earlier if row.cursor or row.end == "end"), None)
    if harvest is None and not whole and anchor and left and left.cursor:
        harvest = rebuilt(key, Section.REELS, anchor, anchor, left.oldest, left.cursor)

    def known(taken: Taken) -> bool:
        return whole and connects(taken, anchor)

    return Before(anchor, harvest, known)


def _newest(anchor: str | None, harvest: Harvest | None) -> str | None:
    told = [moment for moment in (anchor, harvest and harvest.anchor) if moment]
    return max(told, default=None)


def _was_whole(capture: CaptureRow, since: str | None) -> bool:
    return was_whole(
        ListingEnd(capture.listing_end),
        capture.reason,
        harvest_ended=capture.harvest_state == "ended",
        since=(capture.since, since),
    )
