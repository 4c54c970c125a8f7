"""Checks: what captures found of posts that they expected and no listing showed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Connection, select

from storage import schema
from storage.catalogue import sightings
from storage.catalogue.places import Place, Places
from storage.catalogue.upsert import batches

EXPIRED = "expired"
"""What is found of a story past its day, and the verdict about it."""
UNAVAILABLE, DISPUTED = "unavailable", "disputed"
"""The state of posts that are missed, and its reason when a person disputes a
withdrawal: the program leaves those alone until they are seen again."""


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check; the words of ``found``, ``reason`` and ``verdict`` are those of ``capture/1``.

    Attributes:
        document: The ``capture/1`` record that tells of it.
        order: Number of the ledger event that began its run (of the run before
            it by time, when the ledger does not know its run).
        at / answered_at: When the post's address was asked for, and the
            platform's own clock, UTC text.
        covered: A listing was read without a gap past the place of the post.
        control_post: Id of the post visited right afterwards, if any.
        cursor: Where the stretch of the listing begins in which it should stand.
        conditions: By name, whether it held.
        evidence / listing_evidence / control_evidence: Records.
    """

    document: str
    post: str
    account: str
    capture: str
    run: str
    order: int
    at: str
    found: str
    reason: str
    verdict: str
    covered: bool
    answered_at: str | None
    control_post: str | None
    control_at: str | None
    control_reason: str | None
    cursor: str | None
    conditions: Mapping[str, bool]
    evidence: tuple[str, ...]
    listing_evidence: tuple[str, ...]
    control_evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says, and its place among sightings."""

    place: Place
    at: str
    found: str
    reason: str
    verdict: str
    document: str


_K, _C = schema.checks.c, schema.captures.c
_STORED = [field.name for field in fields(CheckRow) if field.name in _K]
_PARTS = {
    "evidence": "check:",
    "listing_evidence": "check_listing:",
    "control_evidence": "check_control:",
}


def of_post(conn: Connection, post_id: str) -> tuple[CheckRow, ...]:
    """All checks of a post, oldest first by order."""
    return _of_posts(conn, [post_id]).get(post_id, ())


def open_cases(conn: Connection, account: str) -> Mapping[str, tuple[CheckRow, ...]]:
    """The checks since each post was last seen, of posts whose absence is not resolved.

    Left out: posts that were withdrawn since (also when a person disputes it: it
    is then for people to say, until the post is seen again), and posts that the
    newest check found expired.

    Args:
        account: Whose captures have checked the post; checks by other accounts'
            captures are in it.
    """
    p = schema.posts.c
    checked = (
        select(p.id)
        .where(p.id.in_(select(_K.post).where(_K.account == account)))
        .where(p.state == UNAVAILABLE, p.state_reason != DISPUTED)
        .order_by(p.id)
    )
    found: dict[str, tuple[CheckRow, ...]] = {}
    for batch in batches(conn.scalars(checked).all()):
        last, told = sightings.last(conn, batch), findings(conn, batch)
        rows = _of_posts(conn, batch)
        for post, since in last.items():
            later = {
                one.document for one in told[post] if one.place > since and one.found != EXPIRED
            }
            found[post] = tuple(row for row in rows[post] if row.document in later)
    return found


def blocked_runs(conn: Connection, platform: str, identity: str | None) -> frozenset[int]:
    """Orders of the runs in which a visitor was blocked.

    Args:
        identity: Its name; ``None`` for the anonymous visitor.
    """
    mine = _C.identity.is_(None) if identity is None else _C.identity == identity
    there = _C.account.startswith(platform + ":", autoescape=True)
    wanted = select(_C.run, _C.started_at).where(_C.blocked, mine, there)
    rows = conn.execute(wanted).all()
    places = Places(conn, (row.run for row in rows))
    return frozenset(places.of(row.run, row.started_at)[0] for row in rows)


def findings(conn: Connection, post_ids: Sequence[str]) -> Mapping[str, list[Finding]]:
    """What the checks of posts (some hundreds at once) say, oldest first."""
    columns = (_K.found, _K.reason, _K.verdict, _K.document)
    wanted = select(_K.post, _K.run, _K.at, *columns).where(_K.post.in_(post_ids))
    rows = conn.execute(wanted).all()
    places = Places(conn, (row.run for row in rows))
    found: dict[str, list[Finding]] = {}
    for post, run, at, *told in rows:
        found.setdefault(post, []).append(Finding(places.of(run, at), at, *told))
    for one in found.values():
        one.sort(key=lambda check: (check.place, check.at, check.document))
    return found


def _of_posts(conn: Connection, post_ids: Sequence[str]) -> Mapping[str, tuple[CheckRow, ...]]:
    found: dict[str, list[tuple[Place, CheckRow]]] = {}
    for batch in batches(post_ids):
        wanted = select(*(_K[name] for name in _STORED)).where(_K.post.in_(batch))
        rows = [dict(row._mapping) for row in conn.execute(wanted)]
        places = Places(conn, (row["run"] for row in rows))
        cited = _evidence(conn, {row["document"] for row in rows}, batch)
        for row in rows:
            place = places.of(row["run"], row["at"])
            told: dict[str, object] = {
                name: cited.get((row["document"], part + row["post"]), ())
                for name, part in _PARTS.items()
            }
            told |= {"order": place[0], "conditions": json.loads(row["conditions"])}
            found.setdefault(row["post"], []).append((place, CheckRow(**row | told)))
    return {
        post: tuple(row for _, row in sorted(rows, key=lambda r: (r[0], r[1].at, r[1].document)))
        for post, rows in found.items()
    }


def _evidence(
    conn: Connection, documents: Iterable[str], post_ids: Sequence[str]
) -> Mapping[tuple[str, str], tuple[str, ...]]:
    e = schema.evidence.c
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    parts = [part + post for part in _PARTS.values() for post in post_ids]
    for batch in batches(documents):
        wanted = select(e.document, e.part, e.record).where(
            e.document.in_(batch), e.part.in_(parts)
        )
        for document, part, record in conn.execute(wanted.order_by(e.ordinal)):
            found[document, part] = (*found.get((document, part), ()), record)
    return found
