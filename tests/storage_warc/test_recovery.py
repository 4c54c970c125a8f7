"""Writers that die, disks that fill up, and what recovery makes of it."""

from __future__ import annotations

import fcntl
import os
import signal
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.base import SinkFailed
from storage.cdxj import digest_segment
from storage.conformance import check
from storage.recovery import recover
from storage.segment_name import segment_name, segment_path, sidecar_path
from storage.warc_reader import members
from storage.warc_writer import SegmentWriter

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)
CHILD = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from connectors.base import ExchangeStart, Limits, SecretRules
from storage.recorder import Recorder
from storage.warc_writer import SegmentWriter
archive = Path(sys.argv[1])
writer = SegmentWriter.open(archive / "segments", started_at=datetime.now(UTC), host="child",
                            info={"software": "jejak tests"}, max_bytes=400_000)
recorder = Recorder(writer, spool_dir=archive / "spool", limits=Limits(),
                    known_payload=lambda account, digest: None)
sink = recorder.scope("instagram:1", SecretRules(), ())
while True:
    size = 100 + int.from_bytes(os.urandom(3)) % 3_000_000
    exchange = sink.begin(ExchangeStart("GET", "https://www.example.test/", datetime.now(UTC)))
    exchange.sent(b"GET / HTTP/1.1\\r\\nHost: www.example.test\\r\\n\\r\\n")
    exchange.head(b"HTTP/1.1 200 OK\\r\\nContent-Type: image/jpeg\\r\\n\\r\\n")
    exchange.body(b"\\xff\\xd8\\xff" + os.urandom(size))
    exchange.finish()
    sink.sync()
    print(exchange.record_id, flush=True)
    writer.roll_if_full()
"""


def stored_ids(archive: Path) -> set[str]:
    paths = sorted((archive / "segments").glob("*/*.warc.gz"))
    return {(m.field("WARC-Record-ID") or "")[1:-1] for path in paths for m in members(path)}


def open_segment(folder: Path, records: int = 3) -> SegmentWriter:
    writer = SegmentWriter.open(
        folder / "segments", started_at=START, host="test", info={"software": "jejak tests"}
    )
    for _ in range(records):
        writer._introduce(writer._current(), START)  # any whole record will do
    return writer


def abandon(writer: SegmentWriter) -> Path:
    """As if the process had died: the lock goes, nothing else happens."""
    path = writer.open_path
    os.close(writer._current().descriptor)
    return path


def test_killed_writers_lose_nothing_acknowledged(tmp_path: Path) -> None:
    acknowledged: set[str] = set()
    for delay_s in (0.3, 0.45, 0.37, 0.5, 0.33, 0.41):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(tmp_path)],
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(delay_s / 4)
        child.send_signal(signal.SIGKILL)
        said = first + child.communicate()[0]
        acknowledged |= {line for line in said.splitlines(keepends=True) if line.endswith("\n")}
        recover(tmp_path)
    assert {line.strip() for line in acknowledged} <= stored_ids(tmp_path)
    assert not list((tmp_path / "segments").rglob("*.open"))
    assert len(acknowledged) >= 6
    for path in (tmp_path / "segments").glob("*/*.warc.gz"):
        assert list(check(path)) == []
        assert sidecar_path(path).exists()


def test_every_torn_length_is_recovered(tmp_path: Path) -> None:
    path = abandon(open_segment(tmp_path))
    data = path.read_bytes()
    ends = [m.offset + m.length for m in members(path)]
    for length in range(0, len(data) + 1, 7):
        archive = tmp_path / f"cut-{length}"
        folder = archive / "segments" / "2026-11"
        folder.mkdir(parents=True)
        (folder / path.name).write_bytes(data[:length])
        report = recover(archive)
        kept = max((end for end in ends if end <= length), default=0)
        final = folder / path.name.removesuffix(".open")
        assert (final.read_bytes() if final.exists() else b"") == data[:kept]
        assert final.exists() == (kept > 0)
        assert report.size_bytes == length - kept
        moved = b"".join(p.read_bytes() for p in (archive / "quarantine").glob("*"))
        assert moved == data[kept:length]
        again = recover(archive)
        assert not (again.closed or again.quarantined or again.sidecars)


def test_a_living_writer_is_left_alone(tmp_path: Path) -> None:
    writer = open_segment(tmp_path)
    before = writer.open_path.read_bytes()
    report = recover(tmp_path)
    assert report.in_use == (writer.open_path.name,)
    assert writer.open_path.read_bytes() == before
    writer.close()


def test_death_between_link_and_unlink(tmp_path: Path) -> None:
    path = abandon(open_segment(tmp_path))
    final = path.with_name(path.name.removesuffix(".open"))
    final.hardlink_to(path)
    report = recover(tmp_path)
    assert [segment.name for segment in report.closed] == [final.name]
    assert not path.exists() and final.exists()


def test_closed_segment(tmp_path: Path) -> None:
    writer = open_segment(tmp_path)
    name = writer.name
    (closed,) = writer.close()
    path = segment_path(tmp_path / "segments", name)
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    digest = digest_segment(path, name)
    assert (digest.size_bytes, digest.sha256) == (closed.size_bytes, closed.sha256)
    assert sidecar_path(path).read_text() == "".join(f"{line}\n" for line in digest.lines)
    sidecar_path(path).unlink()
    assert recover(tmp_path).sidecars == (sidecar_path(path).name,)
    with pytest.raises(SinkFailed):
        writer.sync()


def test_taken_names_are_passed_over(tmp_path: Path) -> None:
    writers = [open_segment(tmp_path) for _ in range(3)]
    names = {writer.name for writer in writers}
    assert names == {segment_name(START, serial, "test") for serial in (1, 2, 3)}
    for writer in writers:
        writer.close()


def test_rolling_over(tmp_path: Path) -> None:
    writer = SegmentWriter.open(
        tmp_path / "segments", started_at=START, host="t", info={}, max_bytes=100
    )
    first = writer.roll_if_full()
    assert first is not None
    assert writer.close()[0].name == first.name


def test_leftover_spool_files_go(tmp_path: Path) -> None:
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "spool-1.part").write_bytes(b"x")
    assert recover(tmp_path).spool_files == 1
    assert not list((tmp_path / "spool").iterdir())


def test_failed_sync_makes_the_segment_suspect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = open_segment(tmp_path)
    path = writer.open_path

    def refuse(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", refuse)
        with pytest.raises(SinkFailed):
            writer.sync()
    with pytest.raises(SinkFailed, match="suspect"):
        writer.sync()
    assert writer.close() == ()
    assert path.exists()
    assert recover(tmp_path).closed


@pytest.fixture
def small_disk(tmp_path: Path):  # type: ignore[no-untyped-def]
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True
    )
    if made.returncode != 0:
        pytest.skip("mounting a small tmpfs is not permitted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("size_bytes", [20_000, 300_000, 1_500_000, 3_000_000])
def test_full_disk(small_disk: Path, make_desk, size_bytes: int) -> None:  # type: ignore[no-untyped-def]
    desk = make_desk()
    desk.recorder.close()
    desk.archive = small_disk
    desk.__post_init__()
    sink = desk.scope()
    kept: list[str] = []
    with pytest.raises(SinkFailed, match="space"):
        while True:
            record_id = desk.exchange(sink, b"\xff\xd8\xff" + os.urandom(size_bytes))
            sink.sync()
            kept.append(record_id)
    path = desk.writer.open_path
    assert {(m.field("WARC-Record-ID") or "")[1:-1] for m in members(path)} >= set(kept)
    desk.recorder.close()
    fcntl.flock(desk.writer._current().descriptor, fcntl.LOCK_UN)
    report = recover(small_disk)
    assert len(report.closed) == 1 and not report.quarantined
    assert set(kept) <= stored_ids(small_disk)
