"""From documents, record rows and events to rows of the catalogue.

The same functions serve live capture, recovery and reindex. Each may be called
again with what it was given before: nothing changes. Whatever follows from
several documents together is derived anew from what is stored
(`storage.catalogue.derive`), so the order of arrival does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sqlalchemy import Connection, bindparam, select

from connectors.model import RecordId
from storage import schema, search
from storage.catalogue import (
    assignments,
    comments,
    derive,
    notes,
    relations,
    states,
    tombstones,
)
from storage.catalogue.comment_documents import comment_rows
from storage.catalogue.documents import capture_rows, post_rows
from storage.catalogue.fields import clean
from storage.catalogue.places import STARTED
from storage.catalogue.upsert import insert_new
from storage.ledger import LedgerEvent, canonical
from storage.records import RecordRow

_RECORD = tuple(one.name for one in fields(RecordRow))
_KNOWN_ACCOUNT = select(1).where(schema.accounts.c.key == bindparam("key"))


@dataclass(slots=True)
class Touched:
    """What must be derived anew."""

    segments: set[str] = field(default_factory=set)
    captures: set[str] = field(default_factory=set)
    """Documents of captures."""
    posts: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    """Posts that were only seen again."""
    checked: set[str] = field(default_factory=set)
    """Posts whose state may be another."""
    started: set[str] = field(default_factory=set)
    """Runs that have got a place among runs."""
    accounts: set[str] = field(default_factory=set)
    runs: set[str] = field(default_factory=set)


def commit_post(
    conn: Connection,
    rows: Iterable[RecordRow],
    record_id: RecordId,
    document: Mapping[str, object],
) -> None:
    """Take in one ``post/1`` document.

    Args:
        rows: Records written since the last commit (its evidence, its media
            and itself among them).
        record_id: The metadata record that holds the document.

    Raises:
        DocumentError: The document is not a ``post/1``; nothing was written.
    """
    touched = Touched()
    take_post(conn, record_id, document, touched)
    take_records(conn, rows)
    refresh(conn, touched)


def commit_capture(
    conn: Connection,
    rows: Iterable[RecordRow],
    record_id: RecordId,
    document: Mapping[str, object],
) -> None:
    """Take in one ``capture/1`` document; else as `commit_post`."""
    touched = Touched()
    take_capture(conn, record_id, document, touched)
    take_records(conn, rows)
    refresh(conn, touched)


def commit_comments(
    conn: Connection,
    rows: Iterable[RecordRow],
    record_id: RecordId,
    document: Mapping[str, object],
) -> None:
    """Take in one ``comments/1`` document; else as `commit_post`."""
    take_comments(conn, record_id, document)
    take_records(conn, rows)


def commit_records(conn: Connection, rows: Iterable[RecordRow]) -> None:
    """Take in exchanges that belong to no post and no capture."""
    take_records(conn, rows)


def apply_event(conn: Connection, event: LedgerEvent) -> None:
    """Mirror one ledger event and what follows from it."""
    touched = Touched()
    take_event(conn, event, touched)
    refresh(conn, touched)


def take_records(conn: Connection, rows: Iterable[RecordRow]) -> int:
    """Keep the places of records as they are; returns how many were new.

    ``warcinfo`` rows are left out on purpose: they stand at offset 0 of their
    segment and nobody cites them.
    """
    kept: list[dict[str, Any]] = [
        {name: getattr(row, name) for name in _RECORD} for row in rows if row.type != "warcinfo"
    ]
    if not kept:
        return 0
    for row in kept:
        if row["target_uri"] is not None:
            row["target_uri"] = clean(row["target_uri"])
    insert_new(conn, schema.segments, [{"name": n} for n in {row["segment"] for row in kept}])
    return insert_new(conn, schema.records, kept)


def take_post(
    conn: Connection, record_id: RecordId, document: Mapping[str, object], touched: Touched
) -> bool:
    """Store what a ``post/1`` says, underived; ``False`` if it was there."""
    rows = post_rows(record_id, document)
    if not insert_new(conn, schema.versions, [rows.version]):
        return False
    insert_new(conn, schema.media, rows.media)
    insert_new(conn, schema.evidence, rows.evidence)
    insert_new(conn, schema.problems, rows.problems)
    touched.posts.add(str(rows.version["post"]))
    account = str(rows.version["account"])
    if not conn.scalar(_KNOWN_ACCOUNT, {"key": account}):
        touched.accounts.add(account)
    return True


def take_capture(
    conn: Connection, record_id: RecordId, document: Mapping[str, object], touched: Touched
) -> bool:
    """Store what a ``capture/1`` says, underived; ``False`` if it was there."""
    rows = capture_rows(record_id, document)
    if not insert_new(conn, schema.captures, [rows.capture]):
        return False
    insert_new(conn, schema.account_profiles, [rows.profile] if rows.profile else [])
    insert_new(conn, schema.media, rows.media)
    insert_new(conn, schema.observations, rows.observations)
    insert_new(conn, schema.evidence, rows.evidence)
    insert_new(conn, schema.problems, rows.problems)
    insert_new(conn, schema.listings, rows.listings)
    insert_new(conn, schema.highlights, rows.highlights)
    insert_new(conn, schema.post_covers, rows.covers)
    insert_new(conn, schema.checks, rows.checks)
    touched.captures.add(record_id)
    touched.seen.update(str(row["post"]) for row in rows.observations)
    touched.checked.update(str(row["post"]) for row in rows.checks)
    touched.accounts.add(str(rows.capture["account"]))
    touched.runs.add(str(rows.capture["run"]))
    return True


def take_comments(conn: Connection, record_id: RecordId, document: Mapping[str, object]) -> bool:
    """Store what a ``comments/1`` says; ``False`` if it was there."""
    rows = comment_rows(record_id, document)
    if not insert_new(conn, schema.comment_readings, [rows.reading]):
        return False
    insert_new(conn, schema.evidence, rows.evidence)
    comments.merge(conn, rows.comments)
    return True


def take_event(conn: Connection, event: LedgerEvent, touched: Touched) -> bool:
    """Mirror an event, underived; ``False`` if it was there."""
    names = ("account", "run", "segment", "file", "identity", "post")
    row = {
        **asdict(event),
        "objects": canonical(event.objects).decode(),
        "detail": canonical(event.detail).decode(),
        **{name: event.objects.get(name) for name in names},
    }
    if not insert_new(conn, schema.events, [row]):
        return False
    assignments.take(conn, event)
    notes.take(conn, event)
    tombstones.take(conn, event)
    if event.type in tombstones.EVENTS:
        touched.checked.update(filter(None, [event.objects.get("post")]))
    elif event.type == STARTED:
        touched.started.update(filter(None, [event.objects.get("run")]))
    touched.accounts.update(filter(None, [event.objects.get("account")]))
    touched.runs.update(filter(None, [event.objects.get("run")]))
    if event.type == "segment closed":
        touched.segments.add(event.objects["segment"])
    return True


def refresh(conn: Connection, touched: Touched) -> None:
    """Derive what was touched from what is stored."""
    for name in sorted(touched.segments):
        derive.segment(conn, name)
    for document in sorted(touched.captures):
        derive.capture_times(conn, document)
    for post in sorted(touched.posts):
        derive.post(conn, post)
        relations.of_post(conn, post)
    for document in sorted(touched.captures):
        relations.listed(conn, document)
    derive.seen_times(conn, sorted(touched.seen - touched.posts))
    checked = touched.checked | states.placed_anew(conn, sorted(touched.started))
    states.derive(conn, sorted(touched.posts | touched.seen | checked))
    for account in sorted(touched.accounts):
        derive.account(conn, account)
    for run in sorted(touched.runs):
        derive.run(conn, run)
    search.index(conn, sorted(touched.posts | touched.seen | checked))
