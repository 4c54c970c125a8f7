"""One writer at a time in an archive."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from archiver.errors import StorageProblem, WriterBusy
from archiver.i18n import N_
from archiver.os_words import reason_of

LOCK_NAME = "writer.lock"


@contextmanager
def writer_lock(archive: Path, now: datetime) -> Iterator[None]:
    """Hold the archive for writing.

    The lock is the kernel's, so it goes with the process however it ends; the
    file's text only says who holds it.

    Raises:
        WriterBusy: Another process holds it.
        StorageProblem: The archive folder cannot be written.
    """
    file = archive / LOCK_NAME
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StorageProblem(
            N_("The archive folder {archive} cannot be written: {reason}."),
            hint=N_("Give the user that runs jejak the right to write there; see `jejak doctor`."),
            archive=archive,
            reason=reason_of(error),
        ) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _busy(archive, os.pread(descriptor, 4096, 0)) from None
        _sign(descriptor, now)
        yield
    finally:
        os.close(descriptor)


def _sign(descriptor: int, now: datetime) -> None:
    text = json.dumps({"pid": os.getpid(), "since": now.astimezone(UTC).isoformat()})
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)
    except OSError:
        # A full disk must not keep recovery and reading from starting; the
        # lock itself holds, only its signature is missing.
        return


def _busy(archive: Path, signature: bytes) -> WriterBusy:
    try:
        holder = json.loads(signature)
        pid, since = holder["pid"], holder["since"]
    except (ValueError, KeyError, TypeError):
        pid, since = "?", "?"
    return busy(archive, pid, since)


def busy(archive: Path, pid: object, since: object) -> WriterBusy:
    """Who holds the archive, and what to do."""
    return WriterBusy(
        N_("Process {pid} has been writing into {archive} since {since}."),
        hint=N_("Wait until it has ended; two programs never write into one archive."),
        pid=pid,
        since=since,
        archive=archive,
    )
