"""Assignments and notes: from events, alike after a reindex."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from storage import schema
from storage.catalogue import Catalogue, assignments, notes
from storage.catalogue.assignments import AssignmentRow, body_at, on_day
from storage.catalogue.intake import apply_event, commit_post
from storage.ledger import Ledger
from storage.reindex import differences, reindex

WIB = ZoneInfo("Asia/Jakarta")
ACCOUNT = "instagram:1001"


class Office:
    """A ledger whose events reach a catalogue."""

    def __init__(self, archive: Path, catalogue: Catalogue) -> None:
        self.ledger, self.catalogue = Ledger(archive / "ledger"), catalogue

    def note(self, type: str, detail: dict, **objects: str) -> int:
        event = self.ledger.append(
            type,
            agent="person arsip",
            objects={"account": ACCOUNT} | objects,
            detail=detail,
        )
        with self.catalogue.writing() as conn:
            apply_event(conn, event)
            apply_event(conn, event)
        return event.seq


def test_each_assignment_ends_where_the_next_begins(catalogue: Catalogue, tmp_path: Path) -> None:
    office = Office(tmp_path, catalogue)
    office.note("account assigned", {"body": "Lama", "valid_from": None})
    office.note("account assigned", {"body": "Baru", "valid_from": "2026-03-01", "unit": "Humas"})
    # Entered last, between the two: people learn of decrees late.
    office.note("account assigned", {"body": "Antara", "valid_from": "2025-01-01"})
    with catalogue.reading() as conn:
        rows = assignments.every(conn, ACCOUNT)
    assert [(r.body, r.valid_from, r.valid_to) for r in rows] == [
        ("Lama", None, "2025-01-01"),
        ("Antara", "2025-01-01", "2026-03-01"),
        ("Baru", "2026-03-01", None),
    ]
    # The day begins at the office, seven hours before it begins in Greenwich.
    eve = datetime(2026, 2, 28, 16, 59, tzinfo=UTC)
    for moment, body in ((eve, "Antara"), (eve.replace(hour=17, minute=0), "Baru")):
        found = body_at(rows, moment, WIB)
        assert found is not None and found.body == body


def test_what_was_entered_wrong_is_replaced_and_kept(catalogue: Catalogue, tmp_path: Path) -> None:
    office = Office(tmp_path, catalogue)
    office.note("account assigned", {"body": "Salah", "valid_from": "2026-01-01"})
    office.note("account assigned", {"body": "Benar", "valid_from": "2026-01-01"})
    with catalogue.reading() as conn:
        rows = assignments.every(conn, ACCOUNT)
    assert [(r.body, r.valid_to) for r in rows] == [("Salah", "2026-01-01"), ("Benar", None)]
    assert on_day(rows, date(2026, 1, 1)) == rows[1]
    assert on_day(rows, date(2025, 12, 31)) is None


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    st.lists(st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2030, 1, 1))), max_size=6),
    st.dates(date(2019, 1, 1), date(2031, 1, 1)),
)
def test_on_any_day_one_assignment_holds(starts: list[date | None], day: date) -> None:
    rows = [
        AssignmentRow(n, ACCOUNT, f"B{n}", None, s and s.isoformat(), None, None, None, "", "")
        for n, s in enumerate(starts)
    ]
    found = on_day(rows, day)
    begun = [s for s in starts if s is None or s <= day]
    assert (found is None) == (not begun)
    if found is not None:
        assert (found.valid_from or "") == max(s.isoformat() if s else "" for s in begun)


def test_a_withdrawn_note_stays_and_holds_no_more(catalogue: Catalogue, tmp_path: Path) -> None:
    office = Office(tmp_path, catalogue)
    said = {"kind": "unofficial", "reason": "dibajak", "since": "2026-01-01T00:00:00.000000Z"}
    first = office.note("note added", said)
    second = office.note("note added", {"kind": "remark", "reason": "x"}, post="instagram:A")
    office.note("note withdrawn", {"reason": "keliru"}, note=str(first))
    office.note("note withdrawn", {"reason": "lagi"}, note=str(first))
    with catalogue.reading() as conn:
        kept = notes.every(conn, account=ACCOUNT)
        standing = notes.every(conn, withdrawn=False)
        assert set(notes.of_posts(conn, ["instagram:A", "instagram:B"])) == {"instagram:A"}
    assert [(n.number, n.withdrawn_reason) for n in kept] == [(first, "keliru"), (second, None)]
    assert [n.number for n in standing] == [second]


def test_a_shared_post_falls_under_the_notes_of_both_authors(
    catalogue: Catalogue, tmp_path: Path, make
) -> None:
    office = Office(tmp_path, catalogue)
    document = make.post("A", "2026-11-02T00:00:00Z", account="instagram:2002")
    with catalogue.writing() as conn:
        commit_post(conn, [], make.record("post A"), document)
        shared = {"post": "instagram:A", "account": ACCOUNT, "role": "coauthor"}
        conn.execute(schema.post_accounts.insert().values(shared))
    period = {"kind": "unofficial", "reason": "dibajak", "since": "2026-10-01T00:00:00.000000Z"}
    ours = office.note("note added", period)
    theirs = office.note("note added", period, account="instagram:2002")
    office.note("note added", period, account="instagram:3003")
    with catalogue.reading() as conn:
        found = notes.of_posts(conn, ["instagram:A"])["instagram:A"]
    assert [(one.note.number, one.basis) for one in found] == [
        (ours, "published"),
        (theirs, "published"),
    ]


def test_reindex_gives_the_same_rows(catalogue: Catalogue, tmp_path: Path, fresh) -> None:
    office = Office(tmp_path, catalogue)
    office.note("account assigned", {"body": "B", "valid_from": "2026-01-01"})
    office.note("account assigned", {"body": "A", "valid_from": None, "reference": "SK 1"})
    number = office.note("note added", {"kind": "remark", "reason": "r", "until": "2026"})
    office.note("note withdrawn", {"reason": "w"}, note=str(number))
    office.note("note added", {"kind": 7, "reason": ["no text"]})
    with fresh(tmp_path / "again.db") as again:
        reindex(tmp_path, again)
        assert differences(catalogue.engine, again.engine) == []
