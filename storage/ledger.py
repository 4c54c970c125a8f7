"""The ledger: every decision, one hash-chained line each.

A part is ``<archive>/ledger/<YYYY-MM>.jsonl``. A line is the canonical JSON of
one event (sorted keys, no spaces, UTF-8, ``\\n``); its ``hash`` is the SHA-256
of the same JSON without ``hash``, and ``previous`` is the hash of the line
before, also across parts. The first ``previous`` is `GENESIS`.

The chain shows every change *inside* the ledger. Events missing from its end
show only against something kept elsewhere: give `storage.ledger_check.verify`
the newest event another place knows of (the catalogue, a seal).

Values are written as given and can never be taken out again: callers must not
pass secrets.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from storage.digest import sha256_of
from storage.durable import sync_directory
from storage.premis import EVENT_TYPES
from storage.timestamps import stamp

GENESIS = "sha256:" + "0" * 64
FIELDS = (
    "seq",
    "at",
    "type",
    "premis",
    "agent",
    "objects",
    "outcome",
    "detail",
    "previous",
    "hash",
)
LOCK = "lock"
OUTCOMES = frozenset({"success", "partial", "failure"})


class LedgerError(Exception):
    """The ledger cannot be read or written.

    Attributes:
        hint: What to do next, one sentence.
    """

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class LedgerNotStored(LedgerError):
    """The folder or the disk refused; the ledger is as it was."""


class LedgerDamaged(LedgerError):
    """A stored line is not what was written; nothing is appended after it."""


@dataclass(frozen=True, slots=True)
class LedgerEvent:
    """One decision, by a program or a person.

    Attributes:
        seq: 1, 2, 3 … without gaps over all parts.
        at: UTC text of fixed width (`storage.timestamps`).
        type: A key of `storage.premis.EVENT_TYPES`.
        premis: The PREMIS eventType it had when it was written.
        agent: ``program jejak 0.1.0`` or ``person NAME``.
        objects: What it is about: ``account``, ``run``, ``segment``, ``file``
            or ``identity`` to its id.
        outcome: ``success``, ``partial`` or ``failure``.
        detail: Further facts, JSON values only.
        previous: ``hash`` of the event before.
        hash: ``sha256:`` hex over everything above.
    """

    seq: int
    at: str
    type: str
    premis: str
    agent: str
    objects: Mapping[str, str]
    outcome: str
    detail: Mapping[str, object] = field(hash=False)
    previous: str
    hash: str


def canonical(value: Mapping[str, object]) -> bytes:
    """JSON with one spelling only: sorted keys, no spaces, UTF-8.

    Raises:
        ValueError: NaN, an infinity, or text that is not Unicode.
    """
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode("utf-8")


def digest(body: Mapping[str, object]) -> str:
    """The hash of an event: over its canonical JSON without ``hash``."""
    unsigned = {key: value for key, value in body.items() if key != "hash"}
    return sha256_of(canonical(unsigned))


def parse(line: bytes) -> LedgerEvent:
    """One line, without its line feed, as an event; the hash is not checked.

    Raises:
        ValueError: The line is not the canonical JSON of an event.
    """
    value = json.loads(line.decode("utf-8"))
    if not isinstance(value, dict) or set(value) != set(FIELDS):
        raise ValueError("not an object with exactly the fields " + ", ".join(FIELDS))
    texts = ("at", "type", "premis", "agent", "outcome", "previous", "hash")
    if type(value["seq"]) is not int or any(not isinstance(value[name], str) for name in texts):
        raise ValueError("a field has the wrong type")
    objects = value["objects"]
    if not isinstance(objects, dict) or not isinstance(value["detail"], dict):
        raise ValueError("objects and detail must be objects")
    if any(not isinstance(text, str) for text in objects.values()):
        raise ValueError("objects must map names to ids, both text")
    if canonical(value) != line:
        raise ValueError("not in the canonical spelling")
    return LedgerEvent(**value)


def parts(directory: Path) -> tuple[Path, ...]:
    """The part files in chain order; empty when there is no ledger yet."""
    return tuple(sorted(directory.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9].jsonl")))


def part_for(at: str, newest: str | None) -> str:
    """Name of the part an event belongs to.

    Normally its month; a clock that ran backwards does not reopen a part.

    Args:
        newest: Name of the part that holds the event before, if any.
    """
    return max(f"{at[:7]}.jsonl", newest or "")


class Ledger:
    """Appends to and reads one archive's ledger. Safe between processes."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def append(
        self,
        type: str,
        *,
        agent: str,
        objects: Mapping[str, str] | None = None,
        outcome: str = "success",
        detail: Mapping[str, object] | None = None,
        at: datetime | None = None,
    ) -> LedgerEvent:
        """Write one event; when this returns, it survives a power cut.

        Args:
            type: A key of `storage.premis.EVENT_TYPES`.
            agent: ``program NAME VERSION`` or ``person NAME``.
            objects: Must hold the keys the type asks for.
            at: When it happened; now if not given.

        Raises:
            ValueError: An unknown type, outcome or agent form, or a missing object.
            LedgerDamaged: The last line is torn or changed: heal, verify.
            LedgerNotStored: The folder or disk refused the write.
        """
        known = EVENT_TYPES.get(type)
        if known is None:
            raise ValueError(f"unknown event type {type!r}; add it to storage.premis.EVENT_TYPES")
        missing = [name for name in known.objects if name not in (objects or {})]
        if missing:
            raise ValueError(f"an event {type!r} must name its {', '.join(missing)}")
        if outcome not in OUTCOMES:
            raise ValueError(f"outcome must be one of {sorted(OUTCOMES)}, not {outcome!r}")
        if not agent.startswith(("program ", "person ")):
            raise ValueError("agent must be 'program NAME VERSION' or 'person NAME'")
        with locked(self.directory):
            newest, last = tail(self.directory)
            body: dict[str, object] = {
                "seq": last.seq + 1 if last else 1,
                "at": stamp(at or datetime.now(UTC)),
                "type": type,
                "premis": known.premis,
                "agent": agent,
                "objects": dict(objects or {}),
                "outcome": outcome,
                "detail": dict(detail or {}),
                "previous": last.hash if last else GENESIS,
            }
            line = canonical({**body, "hash": digest(body)})
            event = parse(line)
            _write(self.directory / part_for(event.at, newest), line + b"\n")
        return event

    def events(self, *, skip_unreadable: bool = False) -> Iterator[LedgerEvent]:
        """Every event in order, read line by line; hashes are not checked.

        A torn last line, which was never acknowledged, is left out.

        Args:
            skip_unreadable: Go on behind a damaged line; for rebuilding what
                can be rebuilt, together with `storage.ledger_check.verify`.

        Raises:
            LedgerDamaged: A line inside the ledger cannot be read.
        """
        found = parts(self.directory)
        for path in found:
            with path.open("rb") as file:
                for number, line in enumerate(file, 1):
                    if not line.endswith(b"\n") and path == found[-1]:
                        return
                    try:
                        event = _read(line.removesuffix(b"\n"), f"{path.name}:{number}")
                    except LedgerDamaged:
                        if not skip_unreadable:
                            raise
                        continue
                    yield event

    def last(self) -> LedgerEvent | None:
        """The newest event; ``None`` when the ledger is empty.

        Raises:
            LedgerDamaged: The last line is torn or changed.
        """
        return tail(self.directory)[1]


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the ledger's lock; the folder is made if it is missing."""
    try:
        if not directory.is_dir():
            directory.mkdir(parents=True)
            sync_directory(directory.parent)
        descriptor = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise _refused(directory, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def tail(directory: Path) -> tuple[str | None, LedgerEvent | None]:
    """Name of the newest part that has lines, and its last event.

    Raises:
        LedgerDamaged: The last line is torn or changed.
    """
    for path in reversed(parts(directory)):
        line = last_line(path)
        if not line:
            continue
        where = f"{path.name}, last line"
        if not line.endswith(b"\n"):
            raise LedgerDamaged(
                f"the ledger's last line is torn ({where})",
                hint="Run `jejak recover`: it sets the torn bytes aside.",
            )
        event = _read(line[:-1], where)
        if digest(asdict(event)) != event.hash:
            raise _changed(where, "its hash does not fit its content")
        return path.name, event
    return None, None


def last_line(path: Path) -> bytes:
    """What stands after the last but one line feed; empty for an empty file."""
    kept = b""
    with path.open("rb") as file:
        position = file.seek(0, os.SEEK_END)
        while position > 0:
            step = min(8192, position)
            position -= step
            file.seek(position)
            kept = file.read(step) + kept
            cut = kept.rfind(b"\n", 0, len(kept) - 1)
            if cut >= 0:
                return kept[cut + 1 :]
    return kept


def _read(line: bytes, where: str) -> LedgerEvent:
    try:
        return parse(line)
    except (ValueError, RecursionError) as error:
        raise _changed(where, str(error)) from error


def _changed(where: str, why: str) -> LedgerDamaged:
    return LedgerDamaged(
        f"the ledger was changed after it was written ({where}: {why})",
        hint="Run `jejak verify` to see every damaged line; restore the part from a copy.",
    )


def _refused(path: Path, error: OSError) -> LedgerNotStored:
    return LedgerNotStored(
        f"the ledger cannot be written: {path}: {error.strerror or error}",
        hint="Check that the folder is writable and the disk has room, then try again.",
    )


def _write(path: Path, line: bytes) -> None:
    """Append and sync. What cannot be synced is taken back, not retried: after
    a failed fsync a second one may succeed although the data is gone."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise _refused(path, error) from error
    try:
        before = os.fstat(descriptor).st_size
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
            if before == 0:
                sync_directory(path.parent)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(descriptor, before)
            raise _refused(path, error) from error
    finally:
        os.close(descriptor)
