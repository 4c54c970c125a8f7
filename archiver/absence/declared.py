"""What an account's own number of posts says of one that is missed.

A platform that keeps a post from one visitor, or from a region, goes on counting
it. A number that fell by less than went missing is a doubt about each of them.
"""

from __future__ import annotations

from sqlalchemy import Connection

from storage.catalogue import captures, posts

CAPTURES_READ = 400
"""How far back the capture is looked for that last saw the post: over a year."""


def still_counted(conn: Connection, account: str, seen_in: str, gone: int) -> bool:
    """Whether the newest declared number leaves no room for so many withdrawals.

    Posts that came since are taken to be counted too. Where either number was
    not told, nothing speaks against a withdrawal.

    Args:
        account: Key.
        seen_in: The capture that last saw the post.
        gone: Posts that went missing since, this one among them.
    """
    rows = captures.of_account(conn, account, limit=CAPTURES_READ)
    place = next((at for at, row in enumerate(rows) if row.capture == seen_in), None)
    if place is None:
        return False
    before = next((row for row in rows[place:] if row.declared_posts is not None), None)
    now = next((row for row in rows[:place] if row.declared_posts is not None), None)
    if before is None or now is None:
        return False
    assert before.declared_posts is not None and now.declared_posts is not None
    came = posts.came_since(conn, account, before.ended_at)
    return now.declared_posts > before.declared_posts + came - gone
