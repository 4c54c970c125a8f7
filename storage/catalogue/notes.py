"""What people say of accounts and posts: never deleted, at most withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, Select, exists, or_, select, update

from storage import schema
from storage.catalogue.fields import clean
from storage.catalogue.upsert import batches, insert_new
from storage.ledger import LedgerEvent

ADDED, WITHDRAWN = "note added", "note withdrawn"
UNOFFICIAL = "unofficial"
"""The kind that, on an account, marks the posts of its period."""


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note.

    Attributes:
        number: The ledger event that added it; how people name it.
        account: Key; of a note on a post, the post's account.
        post: Id of the post, or ``None`` for a note on the account.
        kind: ``unofficial``, ``correction``, ``remark`` or ``handover``.
        since / until: UTC text; its period, ``until`` not included. ``None``
            leaves that end open.
        withdrawn_at: When it was taken back, or ``None`` while it stands.
    """

    number: int
    account: str
    post: str | None
    kind: str
    reason: str
    reference: str | None
    since: str | None
    until: str | None
    at: str
    agent: str
    withdrawn_at: str | None
    withdrawn_by: str | None
    withdrawn_reason: str | None


@dataclass(frozen=True, slots=True)
class PostNote:
    """A standing note that holds for a post.

    Attributes:
        basis: ``post`` when it was written of the post itself, ``published``
            or ``seen`` when the post falls into the period of an account's.
    """

    note: NoteRow
    basis: str


_N = schema.notes.c
_ALL: Select[Any] = select(*(_N[field.name] for field in fields(NoteRow))).order_by(_N.number)


def take(conn: Connection, event: LedgerEvent) -> None:
    """Keep what an event says of a note; other events are left alone."""
    if event.type == ADDED and "account" in event.objects:
        insert_new(conn, schema.notes, [_row(event)])
    elif event.type == WITHDRAWN and event.objects.get("note", "").isdecimal():
        taken_back = {
            "withdrawn_at": event.at,
            "withdrawn_by": event.agent,
            "withdrawn_reason": _told(event, "reason"),
        }
        number = int(event.objects["note"])
        standing = (_N.number == number) & _N.withdrawn_at.is_(None)
        conn.execute(update(schema.notes).where(standing).values(**taken_back))


def _row(event: LedgerEvent) -> dict[str, object]:
    told = {name: _told(event, name) for name in ("reference", "since", "until")}
    return {
        "number": event.seq,
        "account": event.objects["account"],
        "post": event.objects.get("post"),
        "kind": _told(event, "kind") or "remark",
        "reason": _told(event, "reason") or "",
        **told,
        "at": event.at,
        "agent": event.agent,
        **dict.fromkeys(("withdrawn_at", "withdrawn_by", "withdrawn_reason")),
    }


def _told(event: LedgerEvent, name: str) -> str | None:
    value = event.detail.get(name)
    return clean(value) if isinstance(value, str) and value else None


def get(conn: Connection, number: int) -> NoteRow | None:
    """One note; ``None`` when there is none of that number."""
    row = conn.execute(_ALL.where(_N.number == number)).one_or_none()
    return None if row is None else NoteRow(*row)


def every(
    conn: Connection,
    *,
    account: str | None = None,
    post: str | None = None,
    withdrawn: bool = True,
) -> tuple[NoteRow, ...]:
    """Notes in the order in which they were added.

    Args:
        account: Of this account and its posts only.
        post: Of this post only.
        withdrawn: With those that were taken back.
    """
    wanted = _ALL
    for column, value in ((_N.account, account), (_N.post, post)):
        if value is not None:
            wanted = wanted.where(column == value)
    if not withdrawn:
        wanted = wanted.where(_N.withdrawn_at.is_(None))
    return tuple(NoteRow(*row) for row in conn.execute(wanted))


def of_posts(conn: Connection, post_ids: Sequence[str]) -> Mapping[str, tuple[PostNote, ...]]:
    """The standing notes that hold for posts; posts without any are not in it."""
    found: dict[str, list[PostNote]] = {}
    standing = _N.withdrawn_at.is_(None)
    for batch in batches(post_ids):
        for row in conn.execute(_ALL.where(_N.post.in_(batch), standing)):
            note = NoteRow(*row)
            found.setdefault(str(note.post), []).append(PostNote(note, "post"))
        for row in conn.execute(_ALL.where(_N.post.is_(None), _N.kind == UNOFFICIAL, standing)):
            note = NoteRow(*row)
            for post, basis in _within(conn, note, batch).items():
                found.setdefault(post, []).append(PostNote(note, basis))
    return {post: tuple(notes) for post, notes in found.items()}


def _within(conn: Connection, note: NoteRow, post_ids: Sequence[str]) -> dict[str, str]:
    """Posts under the note's account that were published or seen in its period.

    A shared post stands under each of its authors.
    """
    p, o, v = schema.posts.c, schema.observations.c, schema.versions.c
    a = schema.post_accounts.c
    under = exists().where(a.post == p.id, a.account == note.account)
    own = select(p.id).where(p.id.in_(post_ids), or_(p.account == note.account, under))
    seen = or_(
        exists().where(o.post == p.id, *_period(o.at, note)),
        exists().where(v.post == p.id, *_period(v.captured_at, note)),
    )
    found = dict.fromkeys(conn.scalars(own.where(seen)), "seen")
    published = own.where(p.published_at.is_not(None), *_period(p.published_at, note))
    return found | dict.fromkeys(conn.scalars(published), "published")


def _period(column: Any, note: NoteRow) -> tuple[Any, ...]:
    begun = (column >= note.since,) if note.since else ()
    return (*begun, column < note.until) if note.until else begun
