"""What must hold of an archive after every step, whatever happened before it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from archiver.config import Config
from storage import schema
from storage.catalogue import Catalogue, open_catalogue, posts, records
from storage.catalogue.states import STATES
from storage.ledger import Ledger
from storage.reindex import differences, reindex, segment_files
from storage.warc_reader import open_record

GROWING: Mapping[Table, Collection[str]] = {
    schema.versions: ("number",),
    schema.observations: (),
    schema.checks: (),
    schema.captures: (),
    schema.evidence: (),
    schema.events: (),
    schema.records: (),
    schema.tombstones: (
        *("confirmed_by_person", "confirmed_by_person_at", "confirmed_reason"),
        *("disputed_at", "disputed_by", "disputed_reason", "returned_at"),
        *("cause", "cause_source", "cause_at", "cause_by"),
    ),
}
"""Tables in which no row goes or changes, but for what later events add to it."""

Rows = dict[tuple[object, ...], dict[str, object]]


@dataclass
class KeptOpen:
    """Opens each catalogue once.

    `Catalogue.close` lets go of its connections, not of the SQL that was compiled,
    and compiling it anew at each opening would be half of the time.
    """

    _opened: dict[str, Catalogue] = field(default_factory=dict)

    def __call__(self, url: str, *, read_only: bool = False) -> Catalogue:
        """As `storage.catalogue.open_catalogue`; always to be written."""
        return self._opened.setdefault(url, self._opened.get(url) or open_catalogue(url))


@dataclass
class ArchiveWatch:
    """Looks at one archive again and again, and remembers what it saw."""

    config: Config
    opened: KeptOpen
    _rows: dict[str, Rows] = field(default_factory=dict)
    _ledger: list[str] = field(default_factory=list)
    _readable: set[str] = field(default_factory=set)

    @contextmanager
    def catalogue(self) -> Iterator[Connection]:
        """The live catalogue, to be read."""
        with self.opened(self.config.catalogue_url) as live, live.reading() as conn:
            yield conn

    def look(self) -> None:
        """Everything that needs no rebuilding."""
        with self.catalogue() as conn:
            self.history_only_grows(conn)
            self.every_claim_has_its_records(conn)
            self.states_are_known(conn)
            self.blocked_captures_say_nothing(conn)

    def history_only_grows(self, conn: Connection) -> None:
        """What was told once is told for good, in the same words."""
        for table, later in GROWING.items():
            now = _rows(conn, table, later)
            before = self._rows.get(table.name, {})
            lost = [key for key, row in before.items() if now.get(key) != row]
            assert lost == [], (table.name, [(before[k], now.get(k)) for k in lost[:3]])
            self._rows[table.name] = now
        told = [event.hash for event in Ledger(self.config.archive / "ledger").events()]
        assert told[: len(self._ledger)] == self._ledger, "the ledger was rewritten"
        self._ledger = told

    def every_claim_has_its_records(self, conn: Connection) -> None:
        """Each cited record is known and stands whole in its segment."""
        e, t = schema.evidence.c, schema.tombstones.c
        cited = set(conn.scalars(select(e.record).distinct()))
        for table in (schema.versions, schema.captures, schema.checks, schema.observations):
            cited.update(conn.scalars(select(table.c.document).distinct()))
        for (steps,) in conn.execute(select(t.steps)):
            cited.update(_cited(steps))
        files = {path.name.removesuffix(".open"): path for path in self.segments()}
        for record in cited - self._readable:
            place = records.place(conn, record)
            assert place is not None, f"no such record: {record}"
            with open_record(files[place.segment], place.offset) as reader:
                member = reader.finish()
            assert member.field("WARC-Record-ID") == f"<{record}>"
            self._readable.add(record)

    def segments(self) -> tuple[Path, ...]:
        """All segment files."""
        return tuple(segment_files(self.config.archive))

    def states_are_known(self, conn: Connection) -> None:
        """One of five, and never a deleted story."""
        for post in posts.find(conn):
            assert post.state in STATES, post
            story = ":story:" in post.id
            assert not (story and post.state == "deleted"), post
            assert story or post.state != "expired", post

    def blocked_captures_say_nothing(self, conn: Connection) -> None:
        """No absence from a visitor who was refused, or beside a failing canary."""
        k, c = schema.checks.c, schema.captures.c
        wanted = select(k.post, k.verdict, c.blocked, c.canary).join(
            schema.captures, c.document == k.document
        )
        for post, verdict, blocked, canary in conn.execute(wanted):
            assert verdict != "absent" or not (blocked or canary == "failed"), post

    def rebuilt_is_the_same(self, folder: Path) -> None:
        """Segments and ledger alone tell every derived row."""
        assert not any(path.suffix == ".open" for path in self.segments())
        rebuilt = self.opened(f"sqlite:///{folder / 'rebuilt.sqlite'}")
        with self.opened(self.config.catalogue_url) as live, rebuilt as other:
            reindex(self.config.archive, other)
            assert differences(live.engine, other.engine) == []


def _rows(conn: Connection, table: Table, without: Collection[str]) -> Rows:
    keys = [column.name for column in table.primary_key]
    found: Rows = {}
    for row in conn.execute(select(table)):
        told: dict[str, Any] = {k: v for k, v in row._mapping.items() if k not in without}
        found[tuple(told[name] for name in keys)] = told
    return found


def _cited(steps: str) -> Iterator[str]:
    for step in json.loads(steps):
        assert step["records"], step
        yield from step["records"]


def moment(text: str) -> datetime:
    """A time of the catalogue."""
    return datetime.fromisoformat(text)
