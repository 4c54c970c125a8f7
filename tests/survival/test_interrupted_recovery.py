"""Recovery and reindex are killed as well, and programs start side by side."""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path
from typing import Any

from storage.recovery import recover

KILLS = 8


def leave_open(keep: Any) -> None:
    """Kill a capture whose segment is open."""
    for _ in range(20):
        keep.village.publish(film_bytes=1_100_000)
        keep.kill(keep.start("capture"), after_s=0.02, growing=200_000)
        if keep.left_open():
            return
    raise AssertionError("no kill left an open segment")


def duration_s(keep: Any, command: str) -> float:
    """How long an undisturbed command takes here."""
    began = time.monotonic()
    keep.run(command)
    return time.monotonic() - began


def test_killed_recoveries_end_well(keep: Any) -> None:
    leave_open(keep)
    usual_s = duration_s(keep, "recover")
    chance, hits = random.Random(7), 0
    for number in range(KILLS):
        leave_open(keep)
        keep.note_promises()
        pid = keep.start("recover")
        hit = keep.kill(pid, after_s=chance.uniform(0.2, 0.95) * usual_s)
        hits, usual_s = hits + hit, usual_s * (1.0 if hit else 0.8)
        keep.note_promises()
        if number % 4 == 3:
            keep.run("capture")
            keep.check()
    print(f"recovery takes {usual_s:.2f} s; {hits} of {KILLS} kills met it")
    assert hits >= KILLS // 4
    assert keep.village.on_show() == keep.promised


def test_a_recovery_that_died_before_its_books_is_made_good(keep: Any) -> None:
    """Segment closed and tail set aside; the program died before it said so."""
    leave_open(keep)
    (file,) = keep.left_open()
    with file.open("ab") as end:
        end.write(b"\x1f\x8b\x08 a record that was never whole")
    report = recover(keep.archive)
    assert len(report.quarantined) == 1
    keep.run("capture")
    assert report.quarantined[0].name in {path.name for path in keep.torn()}
    keep.check()


def test_a_tail_is_set_aside_once(keep: Any, tmp_path: Path) -> None:
    """A recovery died between setting a tail aside and cutting it off."""
    leave_open(keep)
    (file,) = keep.left_open()
    with file.open("ab") as end:
        end.write(b"\x1f\x8b\x08 a record that was never whole")
    shutil.copy(file, tmp_path / "as-it-was")
    first = recover(keep.archive).quarantined
    closed = file.with_name(file.name.removesuffix(".open"))
    closed.unlink()
    shutil.copy(tmp_path / "as-it-was", file)
    assert recover(keep.archive).quarantined == first
    keep.run("capture")
    keep.check()


def test_killed_reindexes_leave_a_catalogue(keep: Any) -> None:
    chance, hits = random.Random(11), 0
    for _ in range(4):
        keep.village.publish(film_bytes=1000)
    keep.run("capture")
    keep.note_promises()
    before, usual_s = keep.logins(), duration_s(keep, "reindex")
    for _ in range(KILLS):
        after_s = chance.uniform(0.2, 0.95) * usual_s
        hit = keep.kill(keep.start("reindex"), after_s=after_s)
        hits, usual_s = hits + hit, usual_s * (1.0 if hit else 0.8)
        keep.note_promises()
        assert keep.logins() == before
        keep.run("posts", "--json")
        assert len(keep.said.splitlines()) == len(keep.promised)
    print(f"reindex takes {usual_s:.2f} s; {hits} of {KILLS} kills met it")
    assert hits >= KILLS // 4
    keep.run("capture")
    keep.check()


def test_a_lost_catalogue_comes_back_by_itself(keep: Any) -> None:
    """Also when the rebuilding is killed on its way."""
    keep.village.publish(film_bytes=1000)
    keep.run("capture")
    keep.note_promises()
    for file in keep.archive.glob("catalogue.sqlite*"):
        file.unlink()
    chance = random.Random(13)
    for _ in range(5):
        keep.kill(keep.start("recover"), after_s=chance.uniform(0.05, 0.25))
    keep.run("capture")
    keep.check()


def test_two_starts_after_a_kill(keep: Any) -> None:
    for number in range(2):
        leave_open(keep)
        keep.note_promises()
        both = [keep.start("capture", out=f"out-{n}.txt") for n in range(2)]
        codes = sorted(keep.warm.wait(pid) for pid in both)
        said = [(keep.folder / f"out-{n}.txt").read_text() for n in range(2)]
        assert codes == [0, 2], said
        assert sum("has been writing into" in text for text in said) == 1, said
        keep.note_promises()
        assert keep.village.on_show() == keep.promised, number
    keep.check()
