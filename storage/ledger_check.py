"""Whether a ledger is whole, and setting aside a line that was torn.

Codes of `verify`:

- L001 a line is not the canonical JSON of an event
- L002 an event's hash does not fit its content
- L003 an event does not follow the one before it (`previous`)
- L004 an event's number does not follow the one before it (`seq`)
- L005 the last line of a part is torn
- L006 an event stands in a part it does not belong to
- L007 something else lies in the ledger folder
- L008 the ledger ends before an event that is known elsewhere
- L009 an event differs from what is known of it elsewhere
- L010 a part is empty
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from storage.findings import Finding
from storage.ledger import (
    GENESIS,
    LOCK,
    LedgerEvent,
    digest,
    last_line,
    locked,
    parse,
    part_for,
    parts,
)
from storage.quarantine import set_aside


def verify(directory: Path, *, expected: LedgerEvent | None = None) -> Iterator[Finding]:
    """Check every byte of every part; yields nothing when all is well.

    Args:
        expected: The newest event known elsewhere (the catalogue's
            `storage.catalogue.events.last`); shows a ledger cut at its end.
    """
    found = parts(directory)
    if directory.is_dir():
        for path in sorted(set(directory.iterdir()) - set(found) - {directory / LOCK}):
            yield Finding("L007", path.name, "this file does not belong into the ledger folder")
    before: LedgerEvent | None = None
    newest: str | None = None
    broken = False
    met = expected is None
    for path in found:
        if path.stat().st_size == 0:
            yield Finding("L010", path.name, "the part is empty")
        for where, line in _lines(path):
            event, findings = _judge(line, where)
            yield from findings
            if event is None:
                broken = True
                continue
            yield from _follows(event, before, where, after_unreadable=broken)
            if path.name != part_for(event.at, newest):
                yield Finding("L006", where, f"this event of {event.at} belongs into another part")
            if expected is not None and event.seq == expected.seq:
                met = True
                if event != expected:
                    yield Finding("L009", where, "the catalogue knows another event by this number")
            before, newest, broken = event, path.name, False
    if not met and expected is not None:
        detail = f"the catalogue knows event {expected.seq}; the ledger does not have it"
        yield Finding("L008", found[-1].name if found else directory.name, detail)


def _lines(path: Path) -> Iterator[tuple[str, bytes]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            yield f"{path.name}:{number}", line


def _judge(line: bytes, where: str) -> tuple[LedgerEvent | None, tuple[Finding, ...]]:
    if not line.endswith(b"\n"):
        return None, (Finding("L005", where, "the line is torn: its line feed is missing"),)
    try:
        event = parse(line[:-1])
    except (ValueError, RecursionError) as error:
        return None, (Finding("L001", where, f"the line cannot be read: {error}"),)
    if digest(asdict(event)) != event.hash:
        return event, (Finding("L002", where, "the line was changed: its hash does not fit"),)
    return event, ()


def _follows(
    event: LedgerEvent, before: LedgerEvent | None, where: str, *, after_unreadable: bool
) -> Iterator[Finding]:
    """After a line that cannot be read, the link to it cannot be judged."""
    if after_unreadable:
        return
    if event.previous != (before.hash if before else GENESIS):
        detail = "a line before it was changed, removed, inserted or moved"
        yield Finding("L003", where, detail)
    if event.seq != (before.seq + 1 if before else 1):
        detail = f"event {event.seq} follows event {before.seq if before else 0}"
        yield Finding("L004", where, detail)


def heal(directory: Path, quarantine: Path) -> Path | None:
    """Move a torn last line into quarantine, so that appending can go on.

    Torn is a last line without its line feed, or one that is not even JSON
    text (blocks that never reached the disk read as zeros). A line that can be
    read and does not fit its hash was changed: it stays, for `verify`.

    Returns:
        The quarantine file that now holds the bytes, or ``None`` when there
        was nothing to heal. The caller records it: ``quarantine`` event.
    """
    if not parts(directory):
        return None
    with locked(directory):
        found = parts(directory)
        while found and found[-1].stat().st_size == 0:
            found[-1].unlink()
            found = found[:-1]
        if not found:
            return None
        path = found[-1]
        line = last_line(path)
        if line.endswith(b"\n") and b"\0" not in line:
            return None
        kept = set_aside(quarantine, f"ledger-{path.stem}.torn", [line])
        descriptor = os.open(path, os.O_WRONLY)
        try:
            os.ftruncate(descriptor, path.stat().st_size - len(line))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return kept
