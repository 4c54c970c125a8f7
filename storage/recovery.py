"""Finishing what a crash left open. No hand is needed, nothing is deleted that counts.

Only ``.open`` files whose lock can be taken are touched: their writers are
gone. Whole members are kept, a torn tail moves to quarantine, the segment is
closed. Nothing is appended to it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from storage.cdxj import SegmentDigest, digest_segment, write_sidecar
from storage.durable import rename_new, sync_directory
from storage.quarantine import set_aside
from storage.segment_name import OPEN_SUFFIX, sidecar_path
from storage.warc_reader import BadRecord, members
from storage.warc_writer import ClosedSegment


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Bytes set aside.

    Attributes:
        name: File name in ``<archive>/quarantine``.
        origin: File name they came from.
        offset: Where they stood in it.
        reason: Why they are no whole record.
    """

    name: str
    origin: str
    offset: int
    size_bytes: int
    reason: str


@dataclass(frozen=True, slots=True)
class RecoveryReport:
    """What recovery did; all empty after a clean end.

    Attributes:
        closed: Segments finished, in name order.
        quarantined: Torn tails set aside.
        sidecars: Names of CDXJ files that were missing and are made again.
        spool_files: How many leftover spool files were removed.
        in_use: Names of ``.open`` files that another writer holds.
    """

    closed: tuple[ClosedSegment, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    sidecars: tuple[str, ...] = ()
    spool_files: int = 0
    in_use: tuple[str, ...] = ()

    @property
    def size_bytes(self) -> int:
        """Bytes set aside in all."""
        return sum(part.size_bytes for part in self.quarantined)


def recover(archive: Path) -> RecoveryReport:
    """Finish every segment whose writer is gone. Safe to call again at any time.

    Spool files hold bodies that were never acknowledged; they are removed.

    Args:
        archive: The archive folder.

    Raises:
        OSError: The archive cannot be written; nothing is lost, try again.
    """
    closed: list[ClosedSegment] = []
    quarantined: list[Quarantined] = []
    in_use: list[str] = []
    segments = archive / "segments"
    for path in sorted(segments.glob(f"*/*.warc.gz{OPEN_SUFFIX}")):
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            if not _ours(descriptor, path):
                in_use.append(path.name)
                continue
            _trust_the_disk(descriptor)
            torn = _cut_tail(path, descriptor, archive / "quarantine")
            if torn is not None:
                quarantined.append(torn)
            segment = _finish(path, descriptor)
            if segment is not None:
                closed.append(segment)
        finally:
            os.close(descriptor)
    return RecoveryReport(
        closed=tuple(closed),
        quarantined=tuple(quarantined),
        sidecars=_missing_sidecars(segments),
        spool_files=_clear_spool(archive / "spool"),
        in_use=tuple(in_use),
    )


def _ours(descriptor: int, path: Path) -> bool:
    """Whether the lock is free, and the name still means this file."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False


def _trust_the_disk(descriptor: int) -> None:
    """Judge the segment by what the disk holds.

    Its writer may have ended because a sync failed. The kernel then calls the
    pages clean although they never reached the disk, and the next sync
    succeeds: what memory still shows would be promised without being there.

    *Source:* fsync(2), posix_fadvise(2): only clean pages are let go of, so
    they are synced first.
    """
    os.fsync(descriptor)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def _cut_tail(path: Path, descriptor: int, quarantine: Path) -> Quarantined | None:
    end, reason = 0, ""
    try:
        for member in members(path):
            end = member.offset + member.length
    except BadRecord as error:
        reason = str(error)
    size = os.fstat(descriptor).st_size
    if size == end:
        return None
    stem = f"{path.name.removesuffix(OPEN_SUFFIX)}.torn-{end}"
    name = set_aside(quarantine, stem, _bytes_from(path, end)).name
    os.ftruncate(descriptor, end)
    os.fsync(descriptor)
    return Quarantined(name, path.name, end, size - end, reason)


def _bytes_from(path: Path, start: int) -> Iterator[bytes]:
    with path.open("rb") as source:
        source.seek(start)
        while piece := source.read(1024 * 1024):
            yield piece


def _finish(path: Path, descriptor: int) -> ClosedSegment | None:
    """Close what is left; an empty file only loses its name."""
    if os.fstat(descriptor).st_size == 0:
        path.unlink()
        sync_directory(path.parent)
        return None
    final = path.with_name(path.name.removesuffix(OPEN_SUFFIX))
    os.fsync(descriptor)
    digest = digest_segment(path, final.name)
    if final.exists() and final.stat().st_ino == os.fstat(descriptor).st_ino:
        # The writer died between giving the new name and taking the old one away.
        path.unlink()
    else:
        rename_new(path, final)
    os.fchmod(descriptor, 0o444)
    sync_directory(final.parent)
    write_sidecar(final, digest)
    return ClosedSegment(final.name, digest.size_bytes, digest.sha256)


def _missing_sidecars(segments: Path) -> tuple[str, ...]:
    made: list[str] = []
    for path in sorted(segments.glob("*/*.warc.gz")):
        if sidecar_path(path).exists():
            continue
        digest = _readable(path)
        sidecar = write_sidecar(path, digest) if digest is not None else None
        if sidecar is not None:
            made.append(sidecar.name)
    return tuple(made)


def _readable(path: Path) -> SegmentDigest | None:
    """A closed segment that is damaged is for `jejak verify` to report, not for us."""
    try:
        return digest_segment(path, path.name)
    except BadRecord:
        return None


def _clear_spool(spool: Path) -> int:
    count = 0
    for path in spool.glob("spool-*.part"):
        path.unlink(missing_ok=True)
        count += 1
    return count
