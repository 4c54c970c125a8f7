"""Reading segments: members, rows, payloads, ranges."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from connectors.base import Limits
from connectors.model import RecordId
from storage.gzip_member import (
    BLOCK_BYTES,
    BLOCK_HEAD_BYTES,
    MEMBER_HEAD,
    block_head,
    stored_bytes,
)
from storage.http_message import codings, media_type, status
from storage.member_reader import BadRecord, RecordReader, is_http
from storage.payload import decoded
from storage.records import RecordRow
from storage.warc_record import SCHEMA_PREFIX, Member, unbracketed

__all__ = [
    "BadRecord",
    "members",
    "open_record",
    "payload_range",
    "payload_stream",
    "resolve",
    "row_of",
]

Place = tuple[Path, int]
"""A segment file and the offset of a member in it."""

_HTTP_ANSWERS: Final = frozenset({"response", "revisit"})


def row_of(member: Member, segment: str) -> RecordRow:
    """The catalogue's row of a record: the same live, in recovery, in reindex.

    Args:
        segment: File name of the closed segment, without ``.open``.
    """
    fields: dict[str, str] = {}
    for name, value in member.fields:
        fields.setdefault(name.lower(), value)
    kind = fields.get("warc-type", "")
    answered = kind in _HTTP_ANSWERS
    concurrent = fields.get("warc-concurrent-to")
    refers = fields.get("warc-refers-to")
    return RecordRow(
        record_id=unbracketed(fields.get("warc-record-id", "")),
        segment=segment,
        offset=member.offset,
        length=member.length,
        type=kind,
        target_uri=fields.get("warc-target-uri"),
        date=fields.get("warc-date", ""),
        http_status=status(member.head) if answered else None,
        mime=media_type(member.head) if answered else None,
        identified=fields.get("warc-identified-payload-type"),
        block_digest=fields.get("warc-block-digest"),
        payload_digest=fields.get("warc-payload-digest"),
        payload_bytes=0 if kind == "revisit" else member.block_bytes - len(member.head),
        concurrent_to=unbracketed(concurrent) if concurrent else None,
        refers_to=unbracketed(refers) if refers else None,
        truncated=fields.get("warc-truncated"),
        schema=_schema(fields.get("content-type", "")) if kind == "metadata" else None,
    )


def _schema(content_type: str) -> str | None:
    _, found, name = content_type.partition(f'profile="{SCHEMA_PREFIX}')
    return name.rstrip('"') if found else None


def members(path: Path, start: int = 0) -> Iterator[Member]:
    """Every member of a segment in order, each read whole and checked.

    Raises:
        BadRecord: At the first place that is no whole record; what was
            yielded before it is good.
    """
    with _opened(path) as descriptor:
        size = os.fstat(descriptor).st_size
        while start < size:
            member = RecordReader(descriptor, start).finish()
            yield member
            start += member.length


@contextmanager
def open_record(path: Path, offset: int) -> Iterator[RecordReader]:
    """One record at its place.

    Raises:
        BadRecord: No record begins there.
    """
    with _opened(path) as descriptor:
        yield RecordReader(descriptor, offset)


def payload_stream(
    path: Path, offset: int, *, raw: bool = False, limits: Limits | None = None
) -> Iterator[bytes]:
    """The payload of a record in pieces, never the whole of it at once.

    Args:
        raw: As it travelled; otherwise with its codings undone.
        limits: Bounds for the decoded size; the defaults if not given.

    Raises:
        BadRecord: The record is damaged.
        connectors.coding.CodingError: The body is not what its codings say.
        storage.payload.TooLarge: It goes beyond the limits.
    """
    bounds = limits or Limits()
    with open_record(path, offset) as record:
        head = record.head()
        body = _without(len(head), record.block())
        yield from decoded(
            body,
            () if raw or not is_http(record.fields) else codings(head),
            max_bytes=bounds.body_bytes,
            max_ratio=bounds.ratio,
        )
        record.finish()


def _without(count: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        if count < len(piece):
            yield piece[count:] if count else piece
        count = max(0, count - len(piece))


def payload_range(path: Path, offset: int, start: int, size_bytes: int) -> Iterator[bytes]:
    """Payload bytes ``start`` to ``start + size_bytes`` as they travelled.

    On stored members the place is arithmetic and only the range is read (and
    its CRC is therefore not checked); others are read from the beginning.

    Args:
        start: From 0; beyond the payload nothing comes.

    Raises:
        BadRecord: The record is damaged.
    """
    with _opened(path) as descriptor:
        record = RecordReader(descriptor, offset)
        member = record.peek()
        prefix = member.header_bytes + len(member.head)
        size = member.block_bytes - len(member.head)
        first = offset + len(MEMBER_HEAD) + stored_bytes(prefix)
        end = min(start + size_bytes, size)
        if start >= end:
            return
        if not _is_stored(descriptor, offset, prefix, first, size):
            yield from _slice(_without(len(member.head), record.block()), start, end)
            return
        while start < end:
            count = min(BLOCK_BYTES - start % BLOCK_BYTES, end - start)
            place = first + start + BLOCK_HEAD_BYTES * (start // BLOCK_BYTES + 1)
            piece = os.pread(descriptor, count, place)
            if len(piece) != count:
                raise BadRecord(offset, "cut", "the file ends inside a payload")
            yield piece
            start += count


def _is_stored(descriptor: int, offset: int, prefix: int, first: int, size: int) -> bool:
    """Whether the member has our layout: its header's and its body's first block say so."""
    expected = block_head(min(prefix, BLOCK_BYTES))
    at_start = os.pread(descriptor, BLOCK_HEAD_BYTES, offset + len(MEMBER_HEAD))
    at_body = os.pread(descriptor, BLOCK_HEAD_BYTES, first)
    return at_start == expected and at_body == block_head(min(size, BLOCK_BYTES))


def _slice(pieces: Iterator[bytes], start: int, end: int) -> Iterator[bytes]:
    position = 0
    for piece in pieces:
        low, high = max(start - position, 0), min(end - position, len(piece))
        if low < high:
            yield piece[low:high]
        position += len(piece)
        if position >= end:
            return


def resolve(place: Place, lookup: Callable[[RecordId], Place | None]) -> Place | None:
    """Where the payload of a record stands: its own place, or a revisit's original.

    Args:
        lookup: The place of a record id, or ``None`` if it is not known.

    Returns:
        ``None`` if a revisit's original cannot be found.
    """
    with open_record(*place) as record:
        member = record.peek()
    if member.field("WARC-Type") != "revisit":
        return place
    refers = member.field("WARC-Refers-To")
    return lookup(unbracketed(refers)) if refers else None


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
