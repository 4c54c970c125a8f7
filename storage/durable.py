"""Making names and bytes last: what the disk must know before we say "stored".

*Source:* fsync(2), link(2), open(2). A failed fsync is never tried again as
if it could heal: the kernel may already have dropped the pages.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

_NO_HARD_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS})


def sync_directory(directory: Path) -> None:
    """Make the names in ``directory`` durable."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rename_new(source: Path, target: Path) -> None:
    """Rename without ever overwriting; the directory is not synced here.

    Raises:
        FileExistsError: ``target`` exists.
    """
    try:
        target.hardlink_to(source)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        # No hard links here; the lock on `source` keeps other writers of ours away.
        if target.exists():
            raise FileExistsError(errno.EEXIST, "exists already", str(target)) from None
        source.rename(target)
        return
    source.unlink()


def write_new(target: Path, data: bytes, mode: int) -> None:
    """Write a small whole file durably, replacing an older one in one step."""
    draft = target.with_name(target.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fchmod(descriptor, mode)
        os.fsync(descriptor)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)
    draft.replace(target)
    sync_directory(target.parent)
