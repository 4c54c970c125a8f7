"""Accounts, runs, segments, the ledger's mirror and logins."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.model import RecordId
from storage import state
from storage.catalogue import Catalogue, accounts, events, records, runs, segments
from storage.catalogue.intake import apply_event, commit_capture, take_records
from storage.ledger import Ledger
from storage.records import RecordRow

AGENT = "program jejak 0.1.0"
ACCOUNT = "instagram:1001"
SEGMENT = "JEJAK-20261124010000-00001-h.warc.gz"


def test_an_account_follows_its_profiles_and_not_a_strangers(
    catalogue: Catalogue, make: Any, tmp_path: Path
) -> None:
    ledger = Ledger(tmp_path / "ledger")
    pinned = ledger.append(
        "account pinned",
        agent="person Ratna",
        objects={"account": ACCOUNT},
        detail={"handle": "lama", "name": "Kota"},
        at=datetime(2026, 11, 20, tzinfo=UTC),
    )
    taken = ledger.append(
        "account handle taken",
        agent=AGENT,
        objects={"account": ACCOUNT},
        outcome="failure",
        at=datetime(2026, 11, 26, tzinfo=UTC),
    )
    night = ("2026-11-24T01:00:00Z", "2026-11-24T01:01:00Z")
    later = ("2026-11-26T01:00:00Z", "2026-11-26T01:01:00Z")
    stranger = make.profile(native_id="666", handle="pencuri", name="Orang lain")
    with catalogue.writing() as conn:
        apply_event(conn, pinned)
        assert accounts.get(conn, ACCOUNT).handle == "lama"
        commit_capture(
            conn, [], make.record("1"), make.capture("1", *night, profile=make.profile())
        )
        capture = make.capture("2", *later, profile=stranger, outcome="failed", reason="x")
        commit_capture(conn, [], make.record("2"), capture)
        apply_event(conn, taken)
        [account] = accounts.every(conn)
        seen = accounts.profiles(conn, ACCOUNT)
    assert (account.handle, account.name) == ("tirtakencana", "Pemerintah Kota Tirta Kencana")
    assert account.pinned_at == "2026-11-20T00:00:00.000000Z"
    assert account.handle_taken_at == "2026-11-26T00:00:00.000000Z"
    assert account.last_seen == "2026-11-24T01:00:00.000000Z"
    assert account.last_outcome == "failed"
    assert [p.native_id for p in seen] == ["1001", "666"]


def test_a_run_is_running_until_its_end_is_known(
    catalogue: Catalogue, make: Any, tmp_path: Path
) -> None:
    ledger = Ledger(tmp_path / "ledger")
    with catalogue.writing() as conn:
        for name in ("a", "b"):
            apply_event(conn, ledger.append("run started", agent=AGENT, objects={"run": name}))
        assert [run.run for run in runs.unfinished(conn)] == ["a", "b"]
        apply_event(conn, ledger.append("run ended", agent=AGENT, objects={"run": "a"}))
        apply_event(conn, ledger.append("run interrupted", agent=AGENT, objects={"run": "b"}))
        assert runs.unfinished(conn) == ()
        assert {run.run: run.state for run in runs.newest(conn)} == {
            "a": "ended",
            "b": "interrupted",
        }
        assert [run.run for run in runs.newest(conn, limit=1)] == ["b"]


def test_segments_records_and_the_mirror(catalogue: Catalogue, tmp_path: Path) -> None:
    first = RecordRow(
        RecordId("urn:uuid:1"), SEGMENT, 300, 50, "response", "https://x.example/", "2026-11-24"
    )
    request = RecordRow(
        RecordId("urn:uuid:2"),
        SEGMENT,
        350,
        9,
        "request",
        None,
        "2026-11-24",
        concurrent_to=RecordId("urn:uuid:1"),
    )
    info = RecordRow(RecordId("urn:uuid:0"), SEGMENT, 0, 300, "warcinfo", None, "2026-11-24")
    closed = Ledger(tmp_path / "ledger").append(
        "segment closed",
        agent=AGENT,
        objects={"segment": SEGMENT},
        detail={"size_bytes": 359, "sha256": "sha256:00"},
    )
    with catalogue.writing() as conn:
        take_records(conn, [info, request, first])
        assert segments.get(conn, SEGMENT).closed_at is None
        apply_event(conn, closed)
        [segment] = segments.every(conn)
        assert list(records.of_segment(conn, SEGMENT)) == [first, request]
        assert records.place(conn, "urn:uuid:0") is None
        assert events.last(conn) == closed
        assert list(events.of(conn, "segment", SEGMENT)) == [closed]
    assert (segment.size_bytes, segment.sha256, segment.records) == (359, "sha256:00", 2)


def test_logins_remember_what_happened_and_never_a_cookie(catalogue: Catalogue) -> None:
    day = [datetime(2026, 11, n, tzinfo=UTC) for n in range(1, 5)]
    with catalogue.writing() as conn:
        with pytest.raises(KeyError, match="jejak login"):
            state.succeeded(conn, "arsip", day[0])
        state.imported(
            conn,
            "arsip",
            platform="instagram",
            username=None,
            cookies_file="secrets/arsip.txt",
            at=day[0],
        )
        state.succeeded(conn, "arsip", day[1], username="arsip.kota")
        state.refused(conn, "arsip", day[2], error="challenge", challenge=True)
        found = state.login(conn, "arsip")
        assert found is not None
        assert state.logins(conn) == (found,)
    assert (found.username, found.last_error) == ("arsip.kota", "challenge")
    assert found.last_success_at == "2026-11-02T00:00:00.000000Z"
    assert found.last_challenge_at == "2026-11-03T00:00:00.000000Z"
