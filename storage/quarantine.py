"""Setting torn bytes aside: whole or not at all, and once.

A part of a tail would look like the tail, so bytes get their name in
quarantine only when all of them are durable. A recovery that was cut short
before it cleared the place they came from finds them there again.
"""

from __future__ import annotations

import filecmp
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from storage.durable import rename_new, sync_directory

PART_SUFFIX: Final = ".part"
"""Of a file that is being written; nothing of it counts."""

_MAX_ATTEMPTS: Final = 1000


def set_aside(quarantine: Path, name: str, pieces: Iterable[bytes]) -> Path:
    """Keep bytes in quarantine, durably and read-only.

    Args:
        quarantine: Made if it is missing.
        name: The wanted file name; another file of that name gets company.
        pieces: The bytes.

    Returns:
        The file that holds them; an older one, if it holds the very same.

    Raises:
        OSError: They could not be kept whole; nothing was left behind.
    """
    quarantine.mkdir(parents=True, exist_ok=True)
    part = quarantine / f"{name}{PART_SUFFIX}"
    # Not written over: after a crash it can be a second name of a kept file.
    part.unlink(missing_ok=True)
    try:
        _write(part, pieces)
        target = _named(part, name)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    sync_directory(quarantine)
    return target


def files(quarantine: Path) -> tuple[Path, ...]:
    """Everything that was set aside, by name; empty without a folder."""
    found = quarantine.glob("*") if quarantine.is_dir() else ()
    return tuple(sorted(path for path in found if path.suffix != PART_SUFFIX))


def _write(part: Path, pieces: Iterable[bytes]) -> None:
    with part.open("xb") as copy:
        for piece in pieces:
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
        os.fchmod(copy.fileno(), 0o444)


def _named(part: Path, name: str) -> Path:
    for attempt in range(_MAX_ATTEMPTS):
        target = part.with_name(name if attempt == 0 else f"{name}-{attempt}")
        if target.exists() and filecmp.cmp(part, target, shallow=False):
            part.unlink()
            return target
        try:
            rename_new(part, target)
        except FileExistsError:
            continue
        return target
    raise FileExistsError(f"{part.parent} holds 1,000 files {name}; look at them first")
