"""What the archive concluded, held to what really happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from connectors.model import PostKind
from storage import schema
from storage.catalogue.checks import CheckRow
from storage.catalogue.posts import PostRow
from storage.catalogue.tombstones import TombstoneRow

CYCLE = timedelta(hours=20)


def withdrawal_is_true(site: Any, stone: TombstoneRow, refusals: Sequence[datetime]) -> None:
    """A withdrawal says what happened, by two checks that were fit to tell.

    Args:
        site: The moody platform.
        refusals: When the visitor was blocked.
    """
    item = site.items[stone.post.partition(":")[2]]
    after, by, again = map(
        datetime.fromisoformat, (stone.absent_after, stone.absent_by, stone.confirmed_at)
    )
    assert not item.was_shown(by), f"{stone.post} was on view at the first check"
    assert not item.was_shown(again), f"{stone.post} was on view at the second check"
    assert again - by >= CYCLE, f"{stone.post}: both checks in one cycle"
    between = [at for at in refusals if by <= at <= again]
    assert between == [], f"{stone.post}: the visitor was refused between the checks"
    if stone.steps[0].get("clock") == "not told":
        # No answer ever told its moment: the window may begin too late, and says so.
        after = item.acts[0][0]
    assert item.taken_down(after, by), (
        f"{stone.post} was not taken down in its window",
        item.acts,
        (after, by),
    )


def absences_are_true(site: Any, conn: Connection) -> None:
    """A single check already says ``absent`` only of what is not on view."""
    k = schema.checks.c
    for post, at in conn.execute(select(k.post, k.at).where(k.verdict == "absent")):
        item = site.items[post.partition(":")[2]]
        assert not item.was_shown(datetime.fromisoformat(at)), f"{post} was on view at {at}"


def undoubted(stone: TombstoneRow, checks: Iterable[CheckRow]) -> None:
    """No check between the two left a doubt, or found the post.

    Args:
        checks: All of the post.
    """
    between = (one for one in checks if stone.absent_by <= one.at <= stone.confirmed_at)
    told = {one.verdict for one in between}
    assert told <= {"absent", "not_visited"}, f"{stone.post}: {sorted(told)} between the checks"


def told_once(stones: Sequence[TombstoneRow], posts: Iterable[PostRow]) -> None:
    """One absence is one withdrawal, and without one no post is deleted."""
    told = [(stone.post, stone.absent_by) for stone in stones]
    assert len(set(told)) == len(told), f"told twice: {sorted(told)}"
    standing = {stone.post for stone in stones if stone.disputed_at is None}
    deleted = {post.id for post in posts if post.state == "deleted"}
    assert deleted <= standing, f"deleted without a tombstone: {sorted(deleted - standing)}"


def truth_wins(site: Any, posts: Iterable[PostRow]) -> None:
    """What is shown is present, what is not is deleted, unless a person disputes it
    or nothing else is shown to compare it with."""
    shown = set(site.codes(shown=True))
    kept = [post for post in posts if ":story:" not in post.id]
    controls = [post for post in kept if post.code in shown and post.kind != PostKind.REEL]
    for post in kept:
        story = (post, site.items[post.code].acts)
        if post.code in shown:
            assert post.state in ("present", "returned"), story
        elif controls:
            disputed = (post.state, post.state_reason) == ("unavailable", "disputed")
            assert disputed or post.state == "deleted", story
