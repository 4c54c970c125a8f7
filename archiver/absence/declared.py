"""What an account's own number of posts says of one that is missed.

A platform that keeps a post from one visitor, or from a region, goes on counting
it. A number that fell by less than went missing is a doubt about each of them.
Reels are left out: an owner may show one among the reels alone, and then the
number of posts may never have counted it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from archiver.absence.verdicts import ABSENT
from connectors.model import PostKind
from storage.catalogue import captures, posts, sightings, tombstones
from storage.catalogue.checks import CheckRow
from storage.catalogue.sightings import Sighting

CAPTURES_READ = 400
"""How far back the capture is looked for that last saw the post: over a year."""


def still_counted(
    conn: Connection,
    account: str,
    cases: Mapping[str, Sequence[CheckRow]],
    post: str,
    seen: Sighting,
) -> bool:
    """Whether the newest declared number leaves no room for a withdrawal.

    Posts that came since are taken to be counted too. Where either number was
    not told, nothing speaks against a withdrawal.

    Args:
        account: Key.
        cases: Its open cases.
        post: Which of them.
        seen: When it was last seen.
    """
    kinds = {one: known.kind for one, known in posts.known_by_id(conn, cases).items()}
    if kinds.get(post) == PostKind.REEL:
        return False
    rows = captures.of_account(conn, account, limit=CAPTURES_READ)
    place = next((at for at, row in enumerate(rows) if row.capture == seen.capture), None)
    if place is None:
        return False
    before = next((row for row in rows[place:] if row.declared_posts is not None), None)
    now = next((row for row in rows[:place] if row.declared_posts is not None), None)
    if before is None or now is None:
        return False
    assert before.declared_posts is not None and now.declared_posts is not None
    absent = [
        one
        for one, checked in cases.items()
        if checked[-1].verdict == ABSENT and kinds.get(one) != PostKind.REEL
    ]
    last = [one for case in absent for one in sightings.of_post(conn, case)[-1:]]
    gone = sum(one.at >= seen.at for one in last)
    gone += tombstones.standing_since(conn, account, seen.at, but=PostKind.REEL)
    came = posts.came_since(conn, account, before.ended_at)
    return now.declared_posts > before.declared_posts + came - gone
