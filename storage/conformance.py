"""A strict WARC 1.1 validator for gzip-compressed segments.

Findings are numbered and say file, offset and record; a damaged place does
not end the check, reading goes on at the next member. What no reader can see
inside a file (a file cut exactly between two members, a changed record under
a recomputed CRC) is seen with the file's digest: give ``expected_sha256``.

| codes | about |
|---|---|
| W001-W007 | the file and its gzip members |
| W010-W019 | the form of header and record |
| W020-W030 | mandatory fields |
| W031-W036 | digests |
| W040-W047 | revisits |
| W050-W057 | relations between records, other values |
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from storage.conformance_fields import Problem, field_problems, header_problems, is_digest
from storage.conformance_gzip import member_problems
from storage.digest import sha256_of_file
from storage.gzip_member import MEMBER_HEAD
from storage.http_message import is_transfer_coded, status
from storage.member_reader import BadRecord, RecordReader
from storage.record_finding import RecordFinding
from storage.segment_name import OPEN_SUFFIX
from storage.warc_record import unbracketed

_CODES: Final = {
    "cut": "W002",
    "not_gzip": "W003",
    "damaged": "W004",
    "no_header": "W010",
    "no_length": "W014",
    "short_block": "W015",
    "no_end": "W016",
    "more_than_one": "W017",
}


@dataclass(slots=True)
class _File:
    """What must be remembered over a whole file."""

    name: str
    ids: dict[str, str] = field(default_factory=dict)
    """Record id to payload digest (empty if it has none)."""
    answered: set[tuple[str, str]] = field(default_factory=set)
    alone: list[tuple[int, str, tuple[str, str]]] = field(default_factory=list)
    """Requests that name no answer: offset, record id, date and target."""
    count: int = 0


def check(path: Path, *, expected_sha256: str | None = None) -> Iterator[RecordFinding]:
    """Check one segment.

    Args:
        expected_sha256: ``sha256:`` hex of the whole file, if known.

    Raises:
        OSError: The file cannot be read.
    """
    known = _File(path.name)
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if expected_sha256 is not None and sha256_of_file(path) != expected_sha256:
            detail = "the file is not the one whose digest was kept"
            yield RecordFinding("W001", path.name, None, None, detail)
        size = os.fstat(descriptor).st_size
        offset = 0
        while offset < size:
            offset = yield from _member(descriptor, offset, size, known)
    finally:
        os.close(descriptor)
    if known.count == 0:
        yield RecordFinding("W007", path.name, None, None, "the file holds no record")
    for offset, record, key in known.alone:
        if key in known.answered:
            detail = "a request with an answer in this file needs WARC-Concurrent-To"
            yield RecordFinding("W050", path.name, offset, record, detail)


def _member(
    descriptor: int, offset: int, size: int, known: _File
) -> Generator[RecordFinding, None, int]:
    reader = None
    problems: list[Problem] = []
    try:
        reader = RecordReader(descriptor, offset)
        problems += header_problems(reader.header)
        problems += _record(reader, known)
        length = reader.finish().length
        problems += member_problems(descriptor, offset, length)
        following = offset + length
    except BadRecord as error:
        problems.append((_CODES[error.reason], str(error)))
        following = _next_member(descriptor, offset + 1, size)
    record = _first(reader, "warc-record-id") if reader is not None else None
    known.count += 1
    for code, detail in problems:
        yield RecordFinding(
            code, known.name, offset, unbracketed(record) if record else None, detail
        )
    return following


def _record(reader: RecordReader, known: _File) -> list[Problem]:
    fields: dict[str, str] = {}
    for name, value in reader.fields:
        fields.setdefault(name.lower(), value)
    problems = [*field_problems(fields), *_relations(reader.offset, fields, known)]
    head = reader.head()
    block, payload = _digester(fields, "block"), _digester(fields, "payload")
    skip = len(head)
    for piece in reader.block():
        block.update(piece)
        if skip < len(piece):
            payload.update(piece[skip:])
        skip = max(0, skip - len(piece))
    problems += block.problems("W032", "the block")
    kind = fields.get("warc-type")
    if kind == "response" and is_transfer_coded(head) and "warc-payload-digest" in fields:
        problems.append(("W035", "a transfer-coded response must have no payload digest (house)"))
    elif kind not in ("revisit", "warcinfo", "metadata"):
        problems += payload.problems("W033", "the payload")
    is_http = "application/http" in fields.get("content-type", "")
    if kind == "response" and is_http and status(head) is None:
        problems.append(("W056", "the block of an HTTP response begins with no status line"))
    return problems


def _relations(offset: int, fields: dict[str, str], known: _File) -> Iterator[Problem]:
    kind, record_id = fields.get("warc-type"), fields.get("warc-record-id", "")
    key = (fields.get("warc-date", ""), fields.get("warc-target-uri", ""))
    if record_id in known.ids:
        yield "W022", "another record of this file has the same WARC-Record-ID"
    if record_id:
        known.ids[record_id] = fields.get("warc-payload-digest", "")
    if known.count == 0 and kind != "warcinfo":
        yield "W057", "a segment begins with a warcinfo record (house)"
    own_name = known.name.removesuffix(OPEN_SUFFIX)
    if kind == "warcinfo" and fields.get("warc-filename", own_name) != own_name:
        yield "W051", "WARC-Filename names another file"
    if kind in ("response", "revisit"):
        known.answered.add(key)
    if kind == "request" and "warc-concurrent-to" not in fields:
        known.alone.append((offset, unbracketed(record_id), key))
    if kind == "revisit":
        original = known.ids.get(fields.get("warc-refers-to", ""))
        if original is not None and original != fields.get("warc-payload-digest"):
            yield "W044", "a revisit's payload digest is not that of the record it refers to"


class _Digest:
    """Compares a digest field with what is read."""

    def __init__(self, value: str | None) -> None:
        label = (value or "").partition(":")[0]
        usable = value is not None and is_digest(value) and label in hashlib.algorithms_available
        self._value = value or ""
        self._digest = hashlib.new(label) if usable else None

    def update(self, data: bytes) -> None:
        if self._digest is not None:
            self._digest.update(data)

    def problems(self, code: str, what: str) -> list[Problem]:
        if self._digest is None:
            return []
        raw = self._digest.digest()
        told = self._value.partition(":")[2]
        if told in (raw.hex(), base64.b32encode(raw).decode().rstrip("=")):
            return []
        return [(code, f"{what} does not have the digest its record states")]


def _digester(fields: dict[str, str], which: str) -> _Digest:
    return _Digest(fields.get(f"warc-{which}-digest"))


def _first(reader: RecordReader, name: str) -> str | None:
    return next((value for key, value in reader.fields if key.lower() == name), None)


def _next_member(descriptor: int, start: int, size: int) -> int:
    """Where the next member of our form begins; the end of the file if none does."""
    overlap = len(MEMBER_HEAD) - 1
    while start < size:
        piece = os.pread(descriptor, 1024 * 1024, start)
        found = piece.find(MEMBER_HEAD)
        if found >= 0:
            return start + found
        if len(piece) <= overlap:
            break
        start += len(piece) - overlap
    return size
