"""What an account's own number of posts says of one that is missed.

A platform that keeps a post from one visitor, or from a region, goes on counting
it. A number that fell by less than went missing is a doubt about each of them.
Reels are left out: an owner may show one among the reels alone, and then the
number of posts may never have counted it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from archiver.absence.verdicts import ABSENT
from connectors.model import PostKind
from storage.catalogue import captures, posts, sightings, tombstones
from storage.catalogue.captures import CaptureRow
from storage.catalogue.checks import CheckRow
from storage.catalogue.sightings import Sighting

CAPTURES_READ = 400
"""How far back the capture is looked for that last saw the post: over a year."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is asked of an account once, whichever of its posts are missed.

    Attributes:
        captures: Its newest, newest first.
        reels: Those of the missed posts that are reels.
        last_seen: Of every absent post that the number counts, UTC text.
    """

    captures: tuple[CaptureRow, ...]
    reels: frozenset[str]
    last_seen: tuple[str, ...]


def numbers(conn: Connection, account: str, cases: Mapping[str, Sequence[CheckRow]]) -> Numbers:
    """Read them.

    Args:
        account: Key.
        cases: Its open cases.
    """
    known = posts.known_by_id(conn, cases)
    reels = frozenset(post for post, one in known.items() if one.kind == PostKind.REEL)
    absent = [post for post, rows in cases.items() if rows[-1].verdict == ABSENT]
    last = (sightings.of_post(conn, post)[-1:] for post in absent if post not in reels)
    return Numbers(
        captures.of_account(conn, account, limit=CAPTURES_READ),
        reels,
        tuple(one.at for seen in last for one in seen),
    )


def still_counted(conn: Connection, account: str, told: Numbers, post: str, seen: Sighting) -> bool:
    """Whether the newest declared number leaves no room for a withdrawal.

    Posts that came since are taken to be counted too. Where either number was
    not told, nothing speaks against a withdrawal.

    Args:
        account: Key.
        post: One of its open cases.
        seen: When it was last seen.
    """
    if post in told.reels:
        return False
    rows = told.captures
    place = next((at for at, row in enumerate(rows) if row.capture == seen.capture), None)
    if place is None:
        return False
    before = next((row for row in rows[place:] if row.declared_posts is not None), None)
    now = next((row for row in rows[:place] if row.declared_posts is not None), None)
    if before is None or now is None:
        return False
    assert before.declared_posts is not None and now.declared_posts is not None
    gone = sum(at >= seen.at for at in told.last_seen)
    gone += tombstones.standing_since(conn, account, seen.at, but=PostKind.REEL)
    came = posts.came_since(conn, account, before.ended_at)
    return now.declared_posts > before.declared_posts + came - gone
