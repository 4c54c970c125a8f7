"""Whether a post is shown: from sightings, checks and tombstones, never from a clock.

- ``deleted``: a withdrawal later than the last sighting, which nobody disputes
- ``expired``: a story past its day
- ``unavailable``: not seen when it was expected, and not proved to be withdrawn
- ``returned``: seen again after a withdrawal
- ``present``: everything else
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Column, ColumnElement, Connection, bindparam, select, update

from storage import schema
from storage.catalogue import checks, sightings, tombstones
from storage.catalogue.checks import DISPUTED, EXPIRED, UNAVAILABLE, Finding
from storage.catalogue.places import STARTED, Place, Places
from storage.catalogue.tombstones import TombstoneRow
from storage.catalogue.upsert import batches

PRESENT, DELETED, RETURNED = "present", "deleted", "returned"
STATES = (PRESENT, UNAVAILABLE, DELETED, RETURNED, EXPIRED)
ABSENT, NOT_VISITED = "absent", "not_visited"
AWAITING = "awaiting_confirmation"

_P, _K, _T = schema.posts.c, schema.checks.c, schema.tombstones.c
_E, _C = schema.events.c, schema.captures.c
_O, _V = schema.observations.c, schema.versions.c
_CASES = select(_K.post).union(select(_T.post))
_PUT = (
    update(schema.posts)
    .where(_P.id == bindparam("i"))
    .values(state=bindparam("s"), state_reason=bindparam("r"), state_since=bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class State:
    """How a post stands.

    Attributes:
        since: UTC text of fixed width.
    """

    state: str
    reason: str | None
    since: str


def derive(conn: Connection, post_ids: Iterable[str]) -> None:
    """The states of posts; those that were never missed are ``present`` already."""
    for ids in batches(post_ids):
        cases = (
            select(_K.post).where(_K.post.in_(ids)).union(select(_T.post).where(_T.post.in_(ids)))
        )
        missed = sorted(conn.scalars(cases))
        if missed:
            _derive(conn, missed)


def placed_anew(conn: Connection, runs: Sequence[str]) -> set[str]:
    """The missed posts of which these runs tell, and those of which runs tell
    that the ledger does not know: their places may have changed."""
    if not runs:
        return set()
    found = _told_by(conn, _unplaced)
    for some in batches(runs):
        found |= _told_by(conn, partial(_among, some))
    return found


def _unplaced(run: Column[str]) -> ColumnElement[bool]:
    begun = select(_E.run).where(_E.type == STARTED, _E.run.is_not(None))
    return run.not_in(begun)


def _among(runs: Sequence[str], run: Column[str]) -> ColumnElement[bool]:
    return run.in_(runs)


def _told_by(conn: Connection, wanted: Callable[[Column[str]], ColumnElement[bool]]) -> set[str]:
    """The missed posts of which the wanted runs tell."""
    missed = select(_CASES.subquery().c.post)
    found: set[str] = set()
    for posts in (
        select(_K.post).where(wanted(_K.run)),
        select(_T.post).where(wanted(_T.run)),
        select(_V.post).where(wanted(_V.run), _V.post.in_(missed)),
    ):
        found.update(conn.scalars(posts.distinct()))
    documents = conn.scalars(select(_C.document).where(wanted(_C.run))).all()
    for batch in batches(documents):
        shown = select(_O.post).where(_O.document.in_(batch), _O.post.in_(missed))
        found.update(conn.scalars(shown.distinct()))
    return found


def _derive(conn: Connection, post_ids: Sequence[str]) -> None:
    told = checks.findings(conn, post_ids)
    withdrawn = tombstones.of_posts(conn, post_ids)
    places = Places(conn, (row.run for rows in withdrawn.values() for row in rows))
    marked = {
        post: [(tombstones.place(row, places), row) for row in withdrawn.get(post, ())]
        for post in post_ids
    }
    enough = {
        post: max([one.place for one in told.get(post, ())] + [place for place, _ in marks])
        for post, marks in marked.items()
    }
    last = sightings.last(conn, post_ids, enough)
    rows = []
    wanted = select(_P.id, _P.first_seen).where(_P.id.in_(post_ids))
    for post, first_seen in conn.execute(wanted).all():
        marks = marked[post]
        state = missing(last[post], told.get(post, ()), marks)
        if state is None:
            before = [at for at, row in marks if row.disputed_at is None]
            state = (
                State(RETURNED, None, _seen_again(conn, post, max(before)))
                if before
                else State(PRESENT, None, first_seen)
            )
        rows.append({"i": post, "s": state.state, "r": state.reason, "at": state.since})
    if rows:
        conn.execute(_PUT, rows)


def missing(
    last: Place, told: Sequence[Finding], withdrawn: Sequence[tuple[Place, TombstoneRow]]
) -> State | None:
    """How a post stands that was missed since it was last seen; else ``None``. Pure.

    Args:
        last: The last sighting; what has the same place is taken to be before it.
        told: Its checks, oldest first.
        withdrawn: Its tombstones, oldest first.
    """
    marks = [row for place, row in withdrawn if place > last]
    standing = [row for row in marks if row.disputed_at is None]
    if standing:
        return State(DELETED, None, standing[0].absent_by)
    later = [check for check in told if check.place > last]
    if later and later[-1].found == EXPIRED:
        return State(EXPIRED, later[-1].reason, _row(later, expired=True)[0].at)
    row = _row(later, expired=False)
    if marks:
        return State(UNAVAILABLE, DISPUTED, row[0].at if row else marks[0].absent_by)
    if not row:
        return None
    visits = [check.verdict for check in row if check.verdict != NOT_VISITED]
    if visits[-1:] == [ABSENT]:
        return State(UNAVAILABLE, AWAITING, row[0].at)
    return State(UNAVAILABLE, row[-1].verdict, row[0].at)


def _row(later: Sequence[Finding], *, expired: bool) -> list[Finding]:
    """The newest checks without a break that are expired, or that are not."""
    found: list[Finding] = []
    for check in reversed(later):
        if (check.found == EXPIRED) != expired:
            break
        found.insert(0, check)
    return found


def _seen_again(conn: Connection, post_id: str, withdrawn: Place) -> str:
    """When a post was first seen after a withdrawal."""
    return next(s.at for s in sightings.of_post(conn, post_id) if s.place >= withdrawn)
