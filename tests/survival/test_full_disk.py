"""The disk fills up in the middle of a run, at many different moments."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest

from storage.warc_reader import BadRecord, members
from storage.warc_record import Member

KIB = 1024
SIZES_KIB = (0, 24, 40, 100, 256, 700, 1_400, 2_600, 3_000, 3_600)
"""Free space: too little to open the catalogue, to begin a segment, for the
first picture, for a film's spool, for its record, for the second account …"""

UNFINISHED = {"A004", "A005", "A011"}
"""What `jejak verify` may say before the next start: segments and ledger hold
what the catalogue had no room for. Nothing that was acknowledged is among it."""


def survive(keep: Any, disk: Any, free_bytes: int) -> int:
    """Capture onto a nearly full disk, then onto one with room; the posts
    acknowledged the first time."""
    disk.leave(free_bytes)
    keep.run("capture", code=4)
    assert "could not be written" in keep.said
    assert "bug" not in keep.said
    keep.note_promises()
    acknowledged = len(keep.promised)
    look_while_full(keep)
    disk.free()
    keep.run("capture")
    keep.note_promises()
    assert keep.village.on_show() == keep.promised
    keep.check()
    return acknowledged


def look_while_full(keep: Any) -> None:
    code = keep.run("verify", "--full", "--json", code=None)
    if code == 3:
        found = {json.loads(line)["code"] for line in keep.said.splitlines() if line[:1] == "{"}
        assert found <= UNFINISHED, keep.said
    else:
        # Without room for the shared-memory file no catalogue can be opened.
        assert code == 0 or (code == 4 and "could not be written" in keep.said), keep.said


def fill_up(keep: Any, small_disk: Any, folder: Path, sizes: list[int]) -> dict[int, int]:
    """Every size on a disk of its own; size to posts acknowledged."""
    keep.village.publish(film_bytes=1_300_000)
    kept = {}
    for size in sizes:
        twin, disk = keep.copy(folder / f"disk-{size}", small_disk)
        kept[size] = survive(twin, disk, size)
        disk.unmount()
    return kept


def test_no_size_loses_a_post(keep: Any, small_disk: Any, tmp_path: Path) -> None:
    kept = fill_up(keep, small_disk, tmp_path, [size * KIB for size in SIZES_KIB])
    print(kept)
    assert {0, 1, 2} <= set(kept.values()), "the disk must fill up before, between and after posts"


@pytest.mark.soak
def test_no_size_of_a_hundred_loses_a_post(keep: Any, small_disk: Any, tmp_path: Path) -> None:
    kept = fill_up(keep, small_disk, tmp_path, [size * 44 * KIB for size in range(100)])
    print(kept)
    assert {0, 1, 2} <= set(kept.values())


@pytest.mark.parametrize("free_kib", [0, 12, 40, 120, 280, 400])
def test_recovery_waits_for_room(keep: Any, small_disk: Any, tmp_path: Path, free_kib: int) -> None:
    """A torn tail cannot be set aside on a full disk; nothing else happens to it."""
    keep.village.publish(film_bytes=1_300_000)
    twin, disk = keep.copy(tmp_path / "disk", small_disk)
    torn_tail(twin)
    twin.note_promises()
    before = twin.torn()
    disk.leave(free_kib * KIB)
    twin.run("capture", code=4)
    assert "could not be written" in twin.said
    assert twin.torn() == before, "a part of a tail is no tail"
    disk.free()
    twin.run("capture")
    assert len(twin.torn()) == len(before) + 1
    twin.note_promises()
    twin.check()


def torn_tail(keep: Any) -> None:
    """Leave a segment behind which two thirds of a large record stand, as a
    write that was cut off leaves them."""
    while not keep.left_open() or keep.left_open()[0].stat().st_size < 1_300_000:
        keep.village.publish(film_bytes=1_300_000)
        keep.kill(keep.start("capture"), after_s=0.05, growing=1_000_000)
    (file,) = keep.left_open()
    largest = max(whole_members(file), key=lambda member: member.length)
    data = file.read_bytes()[largest.offset : largest.offset + largest.length]
    with file.open("ab") as end:
        end.write(data[: len(data) * 2 // 3])


def whole_members(file: Path) -> list[Member]:
    found: list[Member] = []
    with contextlib.suppress(BadRecord):
        # The records before a torn one are kept.
        found.extend(members(file))
    return found


@pytest.mark.parametrize("free_kib", [0, 40, 160])
def test_the_catalogue_alone_has_no_room(
    make_keep: Any, small_disk: Any, tmp_path: Path, free_kib: int
) -> None:
    """Segments have room; the catalogue's transaction meets the full disk."""
    disk = small_disk(tmp_path / "books")
    address = f"sqlite:///{disk.folder}/catalogue.sqlite"
    keep = make_keep(more=f'catalogue = "{address}"')
    keep.catalogue = disk.folder / "catalogue.sqlite"
    keep.village.publish(film_bytes=1_300_000)
    disk.leave(free_kib * KIB)
    keep.run("capture", code=4)
    assert "could not be written" in keep.said
    assert "bug" not in keep.said
    keep.note_promises()
    disk.free()
    keep.run("capture")
    keep.note_promises()
    assert keep.village.on_show() == keep.promised
    keep.check()
