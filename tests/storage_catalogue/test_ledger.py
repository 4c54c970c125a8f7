"""The ledger: chained, durable, healed, and every change found."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.ledger import FIELDS, GENESIS, OUTCOMES, Ledger, LedgerDamaged, LedgerError
from storage.ledger_check import heal, verify
from storage.premis import EVENT_TYPES

AGENT = "program jejak 0.1.0"


def fill(directory: Path, count: int, *, month: int = 11) -> Ledger:
    ledger = Ledger(directory)
    for number in range(count):
        ledger.append(
            "run started",
            agent=AGENT,
            objects={"run": f"r{number}"},
            detail={"akun": number, "catatan": "selamat pagi ☀"},
            at=datetime(2026, month, 1 + number, 1, 2, 3, tzinfo=UTC),
        )
    return ledger


def test_events_come_back_as_they_were_written(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    first = ledger.append("run started", agent=AGENT, objects={"run": "r1"})
    second = ledger.append(
        "segment closed",
        agent="person Ratna",
        objects={"segment": "S.warc.gz"},
        outcome="partial",
        detail={"size_bytes": 12, "sha256": "sha256:ab"},
    )
    assert list(ledger.events()) == [first, second]
    assert ledger.last() == second
    assert (first.seq, first.previous, first.premis) == (1, GENESIS, "capture")
    assert (second.seq, second.previous) == (2, first.hash)
    assert list(verify(tmp_path / "ledger")) == []


def test_the_chain_goes_on_over_months_and_a_clock_that_runs_backwards(tmp_path: Path) -> None:
    fill(tmp_path, 2, month=11)
    fill(tmp_path, 2, month=12)
    fill(tmp_path, 1, month=3)
    assert [p.name for p in sorted(tmp_path.glob("*.jsonl"))] == ["2026-11.jsonl", "2026-12.jsonl"]
    assert [event.seq for event in Ledger(tmp_path).events()] == [1, 2, 3, 4, 5]
    assert list(verify(tmp_path)) == []


def test_lines_satisfy_the_published_schema(tmp_path: Path, validator: Callable) -> None:
    fill(tmp_path, 3)
    for line in (tmp_path / "2026-11.jsonl").read_text().splitlines():
        validator("ledger/1").validate(json.loads(line))


def test_the_schema_knows_every_type_and_outcome(validator: Callable) -> None:
    properties = validator("ledger/1").schema["properties"]
    assert properties["type"]["enum"] == list(EVENT_TYPES)
    assert set(properties["outcome"]["enum"]) == OUTCOMES
    assert set(properties) == set(FIELDS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "post forgotten"},
        {"objects": {}},
        {"outcome": "fine"},
        {"agent": "jejak"},
        {"detail": {"x": float("nan")}},
        {"detail": {"x": "\ud800"}},
        {"at": datetime(2026, 1, 1)},
    ],
)
def test_what_cannot_be_an_event_is_refused_and_leaves_nothing(tmp_path: Path, wrong: dict) -> None:
    good = {"type": "run started", "agent": AGENT, "objects": {"run": "r"}}
    with pytest.raises(ValueError):
        Ledger(tmp_path).append(**{**good, **wrong})
    assert Ledger(tmp_path).last() is None


def test_a_change_of_any_byte_is_found(tmp_path: Path) -> None:
    fill(tmp_path, 2)
    part = tmp_path / "2026-11.jsonl"
    whole = part.read_bytes()
    unnoticed = []
    for place in range(len(whole)):
        for flip in (0x01, 0x20, 0x80, 0xFF):
            changed = bytes([whole[place] ^ flip])
            part.write_bytes(whole[:place] + changed + whole[place + 1 :])
            if not any(verify(tmp_path)):
                unnoticed.append((place, flip))
    assert unnoticed == []


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_other_order_of_lines_is_found(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Lines removed, repeated, reordered or moved between two parts; only a
    ledger cut at its end needs the newest event known elsewhere."""
    directory = tmp_path_factory.mktemp("ledger")
    fill(directory, 3, month=11)
    last = fill(directory, 2, month=12).last()
    names = ("2026-11.jsonl", "2026-12.jsonl")
    lines = [line for n in names for line in (directory / n).read_bytes().splitlines(True)]
    picked = data.draw(st.lists(st.integers(0, 4), max_size=7))
    cut = data.draw(st.integers(0, len(picked)))
    (directory / names[0]).write_bytes(b"".join(lines[i] for i in picked[:cut]))
    (directory / names[1]).write_bytes(b"".join(lines[i] for i in picked[cut:]))
    untouched = picked == [0, 1, 2, 3, 4] and cut == 3
    assert bool(list(verify(directory, expected=last))) != untouched


def test_a_ledger_cut_at_its_end_is_found_by_the_newest_known_event(tmp_path: Path) -> None:
    last = fill(tmp_path, 3).last()
    part = tmp_path / "2026-11.jsonl"
    part.write_bytes(b"".join(part.read_bytes().splitlines(True)[:2]))
    assert list(verify(tmp_path)) == []
    assert [f.code for f in verify(tmp_path, expected=last)] == ["L008"]
    Ledger(tmp_path).append("run ended", agent=AGENT, objects={"run": "other"})
    assert [f.code for f in verify(tmp_path, expected=last)] == ["L009"]


def test_foreign_files_are_found(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    (tmp_path / "2026-11.jsonl.bak").write_text("x")
    assert [f.code for f in verify(tmp_path)] == ["L007"]


def test_every_torn_last_line_is_healed_into_quarantine(tmp_path: Path) -> None:
    fill(tmp_path / "ledger", 2)
    part = tmp_path / "ledger" / "2026-11.jsonl"
    first, second = part.read_bytes().splitlines(True)
    for length in range(1, len(second)):
        part.write_bytes(first + second[:length])
        with pytest.raises(LedgerDamaged, match="torn"):
            Ledger(tmp_path / "ledger").append("reindex", agent=AGENT)
        assert [e.seq for e in Ledger(tmp_path / "ledger").events()] == [1]
        kept = heal(tmp_path / "ledger", tmp_path / "quarantine")
        assert kept is not None
        assert kept.read_bytes() == second[:length]
        assert part.read_bytes() == first
    assert heal(tmp_path / "ledger", tmp_path / "quarantine") is None
    assert Ledger(tmp_path / "ledger").append("reindex", agent=AGENT).seq == 2


def test_a_changed_line_is_not_healed_and_nothing_is_appended(tmp_path: Path) -> None:
    fill(tmp_path, 2)
    part = tmp_path / "2026-11.jsonl"
    part.write_bytes(part.read_bytes().replace(b'"run":"r1"', b'"run":"r9"'))
    before = part.read_bytes()
    assert heal(tmp_path, tmp_path / "quarantine") is None
    with pytest.raises(LedgerDamaged, match="changed after it was written"):
        Ledger(tmp_path).append("reindex", agent=AGENT)
    assert part.read_bytes() == before
    assert [f.code for f in verify(tmp_path)] == ["L002"]


def test_a_full_disk_leaves_the_ledger_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = fill(tmp_path, 1)
    before = (tmp_path / "2026-11.jsonl").read_bytes()
    real = os.write

    def half(descriptor: int, data: memoryview) -> int:
        if len(data) > 40:
            return real(descriptor, data[:40])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(LedgerError, match="No space left"):
        patched.setattr("storage.ledger.os.write", half)
        ledger.append("reindex", agent=AGENT, at=datetime(2026, 11, 9, tzinfo=UTC))
    assert (tmp_path / "2026-11.jsonl").read_bytes() == before
    assert ledger.append("reindex", agent=AGENT).seq == 2


def _append_many(directory: Path, name: str) -> None:
    for _ in range(15):
        Ledger(directory).append("run started", agent=AGENT, objects={"run": name})


def test_processes_appending_at_once_make_one_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_append_many, args=(tmp_path, str(n))) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert [event.seq for event in Ledger(tmp_path).events()] == list(range(1, 46))
    assert list(verify(tmp_path)) == []


WRITER = """
import sys
from pathlib import Path
from storage.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
while True:
    event = ledger.append("reindex", agent="program jejak 0.1.0", detail={"x": "y" * 3000})
    print(event.seq, event.hash, flush=True)
"""


def test_a_killed_writer_loses_no_acknowledged_event(tmp_path: Path) -> None:
    acknowledged = 0
    for round_number in range(5):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(2 + 3 * round_number)]
        child.send_signal(signal.SIGKILL)
        lines += child.communicate()[0].splitlines()
        heal(tmp_path, tmp_path.parent / "quarantine")
        stored = {event.seq: event.hash for event in Ledger(tmp_path).events()}
        for line in lines:
            seq, _, hash_ = line.strip().partition(" ")
            if hash_:
                assert stored[int(seq)] == hash_
                acknowledged += 1
        assert list(verify(tmp_path)) == []
    assert acknowledged >= 30
