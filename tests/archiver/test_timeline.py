"""The timeline of a post: in the order of runs, nothing lost, each entry in words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.absence.verdicts import REASONS
from archiver.cli.timeline import entry_words
from archiver.i18n import speak
from archiver.timeline import FEW, Entry, Event, Kind, said_of, timeline
from storage.catalogue.checks import CheckRow
from storage.catalogue.history import ObservationRow
from storage.catalogue.tombstones import TombstoneRow


def observed(order: int, at: str, likes: int | None = 1) -> ObservationRow:
    record = f"record-{order}"
    return ObservationRow("c", at, False, likes, None, None, None, None, (record,), "d", order)


def checked(order: int, at: str, verdict: str) -> CheckRow:
    return CheckRow(
        *("d", "instagram:A", "instagram:1", "c", "r", order, at, "absent", "item_missing"),
        *(verdict, True, at, "instagram:B", at, "present", None, {"listing": True}),
        *(("visit",), ("page",), ("control",)),
    )


def withdrawn(**said: str) -> TombstoneRow:
    empty = dict.fromkeys(TombstoneRow.__slots__)
    times = {"absent_after": "2026-01-01", "absent_by": "2026-01-02", "confirmed_at": "2026-01-03"}
    known = {"number": 9, "post": "instagram:A", "account": "instagram:1", "run": "r"}
    return TombstoneRow(
        **empty
        | times
        | known
        | {"at": "2026-01-03", "agent": "program jejak 1", "steps": ()}
        | said  # type: ignore[arg-type]
    )


@pytest.fixture(autouse=True)
def english() -> None:
    speak("en")


@settings(derandomize=True, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from("abc"), st.booleans()), max_size=20))
def test_nothing_is_lost_and_runs_keep_their_order(rows: list[tuple[int, str, bool]]) -> None:
    seen = [observed(order, at) for order, at, is_seen in rows if is_seen]
    checks = [checked(order, at, "absent") for order, at, is_seen in rows if not is_seen]
    for whole in (True, False):
        found = timeline((), seen, checks, (), whole=whole)
        told = [one for entry in found for one in entry.seen]
        assert sorted(map(id, told)) == sorted(map(id, seen))
        assert sum(entry.check is not None for entry in found) == len(checks)
        assert [e.order for e in found] == sorted(e.order for e in found)
    assert all(len(entry.seen) <= 1 for entry in timeline((), seen, checks, (), whole=True))


def test_a_clock_that_jumped_moves_nothing() -> None:
    early, late = observed(1, "2027-01-01"), observed(2, "2026-01-01")
    assert [e.seen for e in timeline((), (late, early), (), ())] == [(early,), (late,)]


def test_long_rows_of_observations_are_one_entry() -> None:
    rows = [observed(n, f"2026-01-{n:02}", likes=9 + n) for n in range(1, 27)]
    gap = checked(27, "2026-01-27", "absent")
    last = observed(28, "2026-01-28", likes=None)
    first, check, again = timeline((), [*rows, last], [gap], ())
    assert len(first.seen) == 26
    assert first.records == ("record-1", "record-26")
    told = entry_words(first, lambda at: at or "")
    assert told == "26 observations until 2026-01-26: likes 10 → 35"
    assert check.records == ("visit", "page", "control")
    assert entry_words(again, lambda at: at or "") == "seen"
    assert len(timeline((), rows[:FEW], (), ())) == FEW


def test_every_verdict_and_event_has_words() -> None:
    for verdict in (*REASONS, "absent", "seen", "expired", "not_visited"):
        entry = Entry(Kind.CHECKED, 1, "x", check=checked(1, "x", verdict))
        assert entry_words(entry, lambda at: at or "")
    stone = withdrawn(
        confirmed_by_person="person Siti",
        confirmed_by_person_at="2026-01-04",
        disputed_by="person Budi",
        disputed_at="2026-01-05",
        cause_at="2026-01-06",
        cause="platform_removed",
        cause_source="surat",
        cause_by="person Siti",
        returned_at="2026-01-07",
    )
    events = [Event(kind, 5, at, stone) for kind, at in said_of(stone)]
    told = [entry_words(entry, lambda at: at or "") for entry in timeline((), (), (), events)]
    assert told == [
        "withdrawn between 2026-01-01 and 2026-01-02: withdrawal 9 in the ledger",
        "confirmed by Siti: -",
        "disputed by Budi: -",
        "cause: removed by the platform. Source: surat (stated by Siti, 2026-01-06).",
        "shown again, after withdrawal 9",
    ]
