"""Segments: the only place where bytes enter a WARC file.

A writer owns one segment ``NAME.warc.gz.open`` under an exclusive lock. Whole
gzip members are appended, one per record; `SegmentWriter.sync` makes what was
appended durable; closing gives the file its final name, read-only, with a
CDXJ sidecar. Nothing is ever appended to a closed or an old file.
"""

from __future__ import annotations

import errno
import fcntl
import os
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Final, Self

from connectors.base import SinkFailed
from storage.cdxj import digest_segment, write_sidecar
from storage.digest import sha256_of
from storage.durable import rename_new, sync_directory
from storage.member_writer import member_parts, write_member
from storage.records import RecordRow
from storage.segment_name import OPEN_SUFFIX, segment_name, segment_path
from storage.timestamps import stamp
from storage.warc_reader import row_of
from storage.warc_record import (
    Draft,
    plain_value,
    warcinfo_fields,
)

_MAX_SERIAL: Final = 99_999


@dataclass(frozen=True, slots=True)
class ClosedSegment:
    """A finished, read-only segment.

    Attributes:
        name: File name; `storage.segment_name.segment_path` tells its folder.
        sha256: ``sha256:`` hex of the file.
    """

    name: str
    size_bytes: int
    sha256: str


@dataclass(slots=True)
class _OpenSegment:
    path: Path
    """Of the closed segment to be; the file itself has ``.open`` behind it."""
    serial: int
    descriptor: int
    end: int = 0
    """Where the last whole member ends."""
    suspect: str | None = None

    @property
    def open_path(self) -> Path:
        return self.path.with_name(self.path.name + OPEN_SUFFIX)


def _now() -> datetime:
    return datetime.now(UTC)


class SegmentWriter:
    """Owns one append-only segment at a time. Safe to use from several threads."""

    def __init__(
        self,
        directory: Path,
        *,
        host: str,
        info: Mapping[str, str],
        max_bytes: int,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """Use `open`."""
        self._directory = directory
        self._host = host
        self._info = dict(info)
        self._max_bytes = max_bytes
        self._clock = clock
        self._lock = RLock()
        self._segment: _OpenSegment | None = None
        self._closed: list[ClosedSegment] = []

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        started_at: datetime,
        host: str,
        info: Mapping[str, str],
        serial_start: int = 1,
        max_bytes: int = 1_000_000_000,
        clock: Callable[[], datetime] = _now,
    ) -> Self:
        """Begin the first segment, warcinfo record included, durably.

        Args:
            directory: ``<archive>/segments``; the month's folder is made here.
            started_at: Aware; gives the first segment its name and date.
            host: This machine's name.
            info: warcinfo fields, such as ``software`` and ``operator``.
            serial_start: First serial tried; taken ones are passed over.
            max_bytes: From which size `roll_if_full` begins a new segment.
            clock: The time, for the names of later segments.

        Raises:
            SinkFailed: The archive cannot be written.
        """
        writer = cls(directory, host=host, info=info, max_bytes=max_bytes, clock=clock)
        writer._segment = writer._begin(started_at, serial_start)
        return writer

    @property
    def name(self) -> str:
        """The name the current segment will have when closed."""
        return self._current().path.name

    @property
    def open_path(self) -> Path:
        """Where the current segment lies while it is open."""
        return self._current().open_path

    def append(self, draft: Draft) -> RecordRow:
        """Append one record as one gzip member. Not durable before `sync`.

        Raises:
            SinkFailed: Disk full or I/O error. Whatever was written of the
                member has been cut off again where the disk let us.
        """
        with self._lock:
            segment = self._usable()
            parts = member_parts(draft)
            try:
                length = write_member(segment.descriptor, segment.end, parts)
            except OSError as error:
                self._cut_back(segment)
                raise self._failed(segment, error) from error
            row = row_of(parts.member(segment.end, length), segment.path.name)
            segment.end += length
            return row

    def sync(self) -> None:
        """Make everything appended so far durable: one fdatasync.

        Raises:
            SinkFailed: The disk refused. The segment is then suspect and
                takes no more records; recovery looks at it later.
        """
        with self._lock:
            segment = self._usable()
            try:
                os.fdatasync(segment.descriptor)
            except OSError as error:
                segment.suspect = f"fdatasync failed: {error.strerror}"
                raise self._failed(segment, error) from error

    def roll_if_full(self) -> ClosedSegment | None:
        """Close the segment and begin the next, if ``max_bytes`` is reached.

        Returns:
            The closed segment, or ``None`` if there is still room.
        """
        with self._lock:
            segment = self._usable()
            if segment.end < self._max_bytes:
                return None
            closed = self._close_current()
            self._segment = self._begin(self._clock(), segment.serial + 1)
            return closed

    def close(self) -> tuple[ClosedSegment, ...]:
        """Close. A suspect segment stays ``.open`` for recovery.

        Returns:
            Every segment this writer closed, in order, rolled ones included.

        Raises:
            SinkFailed: The segment could not be closed; recovery will do it.
        """
        with self._lock:
            segment = self._segment
            if segment is not None and segment.suspect is not None:
                os.close(segment.descriptor)
                self._segment = None
            elif segment is not None:
                self._close_current()
            return tuple(self._closed)

    def _current(self) -> _OpenSegment:
        if self._segment is None:
            raise SinkFailed("the segment writer is closed; begin a new run")
        return self._segment

    def _usable(self) -> _OpenSegment:
        segment = self._current()
        if segment.suspect is not None:
            raise SinkFailed(
                f"segment {segment.path.name} is suspect ({segment.suspect}); "
                "check the disk, then run `jejak recover`"
            )
        return segment

    def _begin(self, begun_at: datetime, serial: int) -> _OpenSegment:
        while serial <= _MAX_SERIAL:
            path = segment_path(self._directory, segment_name(begun_at, serial, self._host))
            try:
                segment = self._create(path, serial)
            except OSError as error:
                raise SinkFailed(
                    f"cannot begin a segment in {path.parent}: {error.strerror}; make the "
                    "archive folder writable and free space, then try again"
                ) from error
            if segment is not None:
                self._introduce(segment, begun_at)
                return segment
            serial += 1
        raise SinkFailed(f"no free serial number left in {self._directory}; wait one second")

    def _create(self, path: Path, serial: int) -> _OpenSegment | None:
        """The new segment, or ``None`` if the name is taken."""
        new_folder = not path.parent.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        if new_folder:
            sync_directory(path.parent.parent)
        if path.exists():
            return None
        open_path = path.with_name(path.name + OPEN_SUFFIX)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        try:
            descriptor = os.open(open_path, flags, 0o600)
        except FileExistsError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # A recovery took it in the instant between; it will clear it away.
            os.close(descriptor)
            return None
        return _OpenSegment(path, serial, descriptor)

    def _introduce(self, segment: _OpenSegment, begun_at: datetime) -> None:
        lines = [f"{plain_value(k)}: {plain_value(v)}\r\n" for k, v in self._info.items()]
        block = "".join(lines).encode()
        fields = warcinfo_fields(
            f"urn:uuid:{uuid.uuid4()}",
            stamp(begun_at),
            filename=segment.path.name,
            digest=sha256_of(block),
            size_bytes=len(block),
        )
        self._segment = segment
        try:
            self.append(Draft(fields, b"", block, compress=True))
            os.fsync(segment.descriptor)
            sync_directory(segment.path.parent)
        except OSError as error:
            segment.suspect = f"fsync failed: {error.strerror}"
            raise self._failed(segment, error) from error

    def _cut_back(self, segment: _OpenSegment) -> None:
        try:
            os.ftruncate(segment.descriptor, segment.end)
        except OSError as error:
            segment.suspect = f"a torn member could not be cut off: {error.strerror}"

    def _close_current(self) -> ClosedSegment:
        segment = self._current()
        try:
            os.fsync(segment.descriptor)
            digest = digest_segment(segment.open_path, segment.path.name)
            rename_new(segment.open_path, segment.path)
            os.fchmod(segment.descriptor, 0o444)
            sync_directory(segment.path.parent)
            write_sidecar(segment.path, digest)
        except OSError as error:
            segment.suspect = f"closing failed: {error.strerror}"
            raise self._failed(segment, error) from error
        closed = ClosedSegment(segment.path.name, digest.size_bytes, digest.sha256)
        self._closed.append(closed)
        self._segment = None
        os.close(segment.descriptor)
        return closed

    def _failed(self, segment: _OpenSegment, error: OSError) -> SinkFailed:
        remedy = (
            "free space on the archive's disk, then capture again"
            if error.errno in (errno.ENOSPC, errno.EDQUOT)
            else "check the archive's disk, then run `jejak recover`"
        )
        return SinkFailed(f"cannot write segment {segment.path.name}: {error.strerror}; {remedy}")
