"""When a post was seen: what observations and ``post/1`` documents show of it.

A check that found the post at its own address counts as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Join,
    Table,
    and_,
    case,
    func,
    select,
    true,
)

from storage import schema
from storage.catalogue.places import STARTED, Place, Places, before

SEEN = "seen"
"""The verdict of a check that found the post."""

_O, _V, _C = schema.observations.c, schema.versions.c, schema.captures.c
_K, _E = schema.checks.c, schema.events.c


@dataclass(frozen=True, slots=True)
class Sighting:
    """One time that a post was seen.

    Attributes:
        document / part: Where its evidence is cited.
    """

    place: Place
    at: str
    capture: str
    document: str
    part: str


@dataclass(frozen=True, slots=True)
class _Source:
    """Where sightings of one kind stand."""

    rows: Table | Join
    post: Column[str]
    at: Column[str]
    run: Column[str]
    capture: Column[str]
    document: Column[str]
    part: str
    holds: ColumnElement[bool] = field(default_factory=true)


_OBSERVED = schema.observations.join(schema.captures, _C.document == _O.document)
_SOURCES = (
    _Source(_OBSERVED, _O.post, _O.at, _C.run, _O.capture, _O.document, "seen:{}"),
    _Source(schema.versions, _V.post, _V.captured_at, _V.run, _V.capture, _V.document, "post"),
    _Source(
        schema.checks,
        _K.post,
        _K.at,
        _K.run,
        _K.capture,
        _K.document,
        "check:{}",
        _K.verdict == SEEN,
    ),
)


def last(
    conn: Connection, post_ids: Sequence[str], enough: Mapping[str, Place] | None = None
) -> Mapping[str, Place]:
    """The place of the last sighting of each post (some hundreds at once).

    Args:
        enough: Of a post seen at this place or later, any such place will do.
    """
    if enough is None:
        return _newest(conn, post_ids, by_clock=False)
    # The newest by the clock is nearly always the last, and found at once.
    found = dict(_newest(conn, post_ids, by_clock=True))
    unsure = [one for one in post_ids if found.get(one, (0, "")) < enough[one]]
    return found | _newest(conn, unsure, by_clock=False) if unsure else found


def _newest(conn: Connection, post_ids: Sequence[str], *, by_clock: bool) -> dict[str, Place]:
    """The largest place of all sightings, or of those that `posts` calls the newest."""
    found: dict[str, Place] = {}
    p = schema.posts.c
    for source in _SOURCES:
        begun = and_(_E.run == source.run, _E.type == STARTED)
        newest = func.max(case((_E.seq.is_(None), source.at)))
        rows = source.rows.outerjoin(schema.events, begun)
        if by_clock:
            rows = rows.join(schema.posts, (p.id == source.post) & (p.last_seen == source.at))
        wanted = (
            select(source.post, func.max(_E.seq), newest)
            .select_from(rows)
            .where(source.post.in_(post_ids), source.holds)
            .group_by(source.post)
        )
        for post_id, seq, unrecorded in conn.execute(wanted):
            places = [found.get(post_id, (0, ""))]
            places += [] if seq is None else [(seq, "")]
            places += [] if unrecorded is None else [(before(conn, unrecorded), unrecorded)]
            found[post_id] = max(places)
    return found


def of_post(conn: Connection, post_id: str) -> list[Sighting]:
    """All sightings of one post, oldest first."""
    rows: list[tuple[str, str, str, str, str]] = []
    for source in _SOURCES:
        wanted = select(source.run, source.at, source.capture, source.document).select_from(
            source.rows
        )
        part = source.part.format(post_id)
        told = conn.execute(wanted.where(source.post == post_id, source.holds))
        rows += [(*row, part) for row in told]
    places = Places(conn, (row[0] for row in rows))
    found = [Sighting(places.of(run, at), at, *told) for run, at, *told in rows]
    return sorted(found, key=lambda one: (one.place, one.at, one.document, one.part))
