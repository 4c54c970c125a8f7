"""Confirmed withdrawals, from the ledger: what a program proved and people said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Connection, Select, func, select

from storage import schema
from storage.catalogue import events, sightings
from storage.catalogue.document_rows import json_text
from storage.catalogue.fields import clean
from storage.catalogue.places import Place, Places
from storage.catalogue.posts import evidence_of
from storage.catalogue.upsert import batches, put
from storage.ledger import LedgerEvent
from storage.timestamps import fixed

WITHDRAWN, RETURNED = "post withdrawn", "post returned"
CONFIRMED, DISPUTED = "verdict confirmed", "verdict disputed"
CAUSE = "cause stated"
EVENTS = (WITHDRAWN, RETURNED, CONFIRMED, DISPUTED, CAUSE)
"""Events that say something of a post's withdrawal."""
CAUSES = ("owner_deleted", "owner_archived", "platform_removed", "unknown")


@dataclass(frozen=True, slots=True)
class TombstoneRow:
    """One withdrawal. It stands until the post is seen again or a person disputes it.

    Attributes:
        number: The ledger event; how people name it.
        run: In which it was concluded.
        at / agent: When it was written down, and by which program.
        absent_after: When the post was last seen.
        absent_by / confirmed_at: The first and the second absence, UTC text.
        steps: What was asked and answered, in order; ``step``, ``at``,
            ``capture``, ``records`` and more of each.
        confirmed_by_person: ``person NAME``. Of a person who confirms and one who
            disputes, the later one is heard.
        cause: ``owner_deleted``, ``owner_archived``, ``platform_removed`` or
            ``unknown``; ``None`` while nobody stated one.
        returned_at: When the post was seen again, once that is in the ledger.
    """

    number: int
    post: str
    account: str
    run: str | None
    at: str
    agent: str
    absent_after: str
    absent_by: str
    confirmed_at: str
    steps: tuple[Mapping[str, object], ...]
    confirmed_by_person: str | None
    confirmed_by_person_at: str | None
    confirmed_reason: str | None
    disputed_at: str | None
    disputed_by: str | None
    disputed_reason: str | None
    cause: str | None
    cause_source: str | None
    cause_at: str | None
    cause_by: str | None
    returned_at: str | None


_T = schema.tombstones.c
_ALL: Select[tuple[object, ...]] = select(
    *(_T[field.name] for field in fields(TombstoneRow))
).order_by(_T.number)


def take(conn: Connection, event: LedgerEvent) -> None:
    """Keep what is said of a post's withdrawals; other events are left alone.

    All events of the post are read, so that it does not matter which came first.
    """
    post = event.objects.get("post")
    if post is None or event.type not in EVENTS:
        return
    rows: dict[str, dict[str, object]] = {}
    for one in events.of(conn, "post", post):
        if one.type == WITHDRAWN and "account" in one.objects:
            rows[str(one.seq)] = _row(one)
        elif (row := rows.get(one.objects.get("tombstone", ""))) is not None:
            row |= _said(one)
    for row in rows.values():
        put(conn, schema.tombstones, row)


def _row(event: LedgerEvent) -> dict[str, object]:
    steps = event.detail.get("steps")
    told = [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
    return {
        **dict.fromkeys(field.name for field in fields(TombstoneRow)),
        "number": event.seq,
        "post": event.objects["post"],
        "account": event.objects["account"],
        "run": event.objects.get("run"),
        "at": event.at,
        "agent": event.agent,
        **{name: _time(event, name) for name in ("absent_after", "absent_by", "confirmed_at")},
        "steps": json_text(told),
    }


def _said(event: LedgerEvent) -> dict[str, object]:
    """The columns that a later event changes."""
    confirmed = ("confirmed_by_person", "confirmed_by_person_at", "confirmed_reason")
    disputed = ("disputed_by", "disputed_at", "disputed_reason")
    person = (event.agent, event.at, _told(event, "reason"))
    if event.type == CONFIRMED:
        return dict(zip(confirmed, person, strict=True)) | dict.fromkeys(disputed)
    if event.type == DISPUTED:
        return dict(zip(disputed, person, strict=True)) | dict.fromkeys(confirmed)
    if event.type == RETURNED:
        return {"returned_at": _time(event, "seen_at")}
    if event.type != CAUSE:
        return {}
    cause = event.detail.get("cause")
    return {
        "cause": cause if cause in CAUSES else "unknown",
        "cause_source": _told(event, "source"),
        "cause_at": event.at,
        "cause_by": event.agent,
    }


def _told(event: LedgerEvent, name: str) -> str | None:
    value = event.detail.get(name)
    return clean(value) if isinstance(value, str) and value else None


def _time(event: LedgerEvent, name: str) -> str:
    """A moment that the event tells; its own where it does not."""
    try:
        return fixed(str(event.detail.get(name)))
    except ValueError:
        return event.at


def get(conn: Connection, number: int) -> TombstoneRow | None:
    """One tombstone; ``None`` when there is none of that number."""
    return next(iter(_read(conn, _ALL.where(_T.number == number))), None)


def of_post(conn: Connection, post_id: str) -> tuple[TombstoneRow, ...]:
    """The withdrawals of a post, oldest first, disputed ones included."""
    return tuple(_read(conn, _ALL.where(_T.post == post_id)))


def of_posts(conn: Connection, post_ids: Sequence[str]) -> Mapping[str, tuple[TombstoneRow, ...]]:
    """The withdrawals of posts, oldest first; posts without any are not in it."""
    found: dict[str, tuple[TombstoneRow, ...]] = {}
    for batch in batches(post_ids):
        for row in _read(conn, _ALL.where(_T.post.in_(batch))):
            found[row.post] = (*found.get(row.post, ()), row)
    return found


def standing_since(conn: Connection, account: str, moment: str, *, but: str) -> int:
    """How many posts of an account are withdrawn that were seen at a moment or later.

    Args:
        moment: UTC text of fixed width.
        but: A kind of post that is left out.
    """
    p = schema.posts.c
    standing = (_T.returned_at.is_(None), _T.disputed_at.is_(None), p.kind != but)
    wanted = (
        select(func.count())
        .select_from(schema.tombstones)
        .join(schema.posts, p.id == _T.post)
        .where(_T.account == account, _T.absent_after >= moment, *standing)
    )
    return conn.scalar(wanted) or 0


def unreturned(
    conn: Connection, account: str
) -> tuple[tuple[TombstoneRow, str, tuple[str, ...]], ...]:
    """Undisputed withdrawals of an account whose post was seen afterwards, which
    the ledger does not say yet: with when it was first seen again, and the records
    that show it."""
    undisputed = _ALL.where(_T.disputed_at.is_(None), _T.returned_at.is_(None))
    rows = list(_read(conn, undisputed.where(_T.account == account)))
    places = Places(conn, (row.run for row in rows))
    ids = sorted({row.post for row in rows})
    last = {post: at for batch in batches(ids) for post, at in sightings.last(conn, batch).items()}
    found = []
    for row in rows:
        begun = place(row, places)
        if row.post in last and last[row.post] >= begun:
            again = next(s for s in sightings.of_post(conn, row.post) if s.place >= begun)
            cited = evidence_of(conn, [again.document], again.part).get(again.document, ())
            found.append((row, again.at, cited))
    return tuple(found)


def place(row: TombstoneRow, places: Places) -> Place:
    """The place of a withdrawal among sightings; one in its own run is later."""
    known = places.recorded(row.run)
    return (row.number if known is None else known, "")


def _read(conn: Connection, wanted: Select[tuple[object, ...]]) -> Iterable[TombstoneRow]:
    for row in conn.execute(wanted):
        told = dict(row._mapping)
        yield TombstoneRow(**told | {"steps": tuple(json.loads(told["steps"]))})
