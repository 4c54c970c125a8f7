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

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

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
OUTCOMES = frozenset({"success", "partial", "failure"})


class LedgerError(Exception):
    """The ledger cannot be read or written.

    Attributes:
        hint: What to do next, one sentence.
    """

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


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
    return "sha256:" + hashlib.sha256(canonical(unsigned)).hexdigest()


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
            LedgerError: The folder or disk refused the write.
        """
        raise NotImplementedError

    def events(self) -> Iterator[LedgerEvent]:
        """Every event in order, read line by line.

        A torn last line, which was never acknowledged, is left out.

        Raises:
            LedgerDamaged: A line inside the ledger cannot be read.
        """
        raise NotImplementedError

    def last(self) -> LedgerEvent | None:
        """The newest event; ``None`` when the ledger is empty."""
        raise NotImplementedError
