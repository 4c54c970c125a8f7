"""One record draft becomes one gzip member in a file."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from typing import Final

from storage.gzip_member import (
    MEMBER_HEAD,
    crc32,
    crc32_joined,
    deflate_member,
    stored_blocks,
    stored_end,
)
from storage.http_message import MAX_HEAD_BYTES, head_bytes
from storage.member_reader import is_http
from storage.spool import SpooledBody
from storage.warc_record import RECORD_END, Draft, Fields, Member, warc_header

_NO_COPY_RANGE: Final = frozenset(
    {errno.EXDEV, errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM}
)
_VECTOR_PIECES: Final = 512
"""Well below what one system call takes (1,024)."""

Pieces = tuple[bytes | memoryview, ...]


@dataclass(frozen=True, slots=True)
class MemberParts:
    """A member about to be written.

    Attributes:
        front: Pieces before the spooled body, or the whole member.
        spooled: A body to be copied from its spool, if any.
        back: Bytes after it.
    """

    front: Pieces
    spooled: SpooledBody | None
    back: bytes
    fields: Fields
    head: bytes
    block_bytes: int
    header_bytes: int

    def member(self, offset: int, length: int) -> Member:
        """What a reader will find at ``offset``."""
        return Member(offset, length, self.fields, self.head, self.block_bytes, self.header_bytes)


def member_parts(draft: Draft) -> MemberParts:
    """Lay a record out as a member; nothing is written yet."""
    header = warc_header(draft.fields)
    body = draft.body
    if isinstance(body, SpooledBody):
        prefix = header + draft.head
        crc = crc32_joined(crc32(prefix), body.crc, body.size_bytes)
        size = len(prefix) + body.size_bytes
        front: Pieces = (MEMBER_HEAD, *stored_blocks(prefix))
        back, spooled, first, body_bytes = _end(crc, size), body, body.first, body.size_bytes
    else:
        front = _whole_member(header, draft.head, body, draft.compress)
        back, spooled, first, body_bytes = b"", None, body, len(body)
    return MemberParts(
        front=front,
        spooled=spooled,
        back=back,
        fields=draft.fields,
        head=_http_head(draft, first),
        block_bytes=len(draft.head) + body_bytes,
        header_bytes=len(header),
    )


def _whole_member(header: bytes, head: bytes, body: bytes, compress: bool) -> Pieces:
    if compress:
        return (deflate_member((header, head, body, RECORD_END)),)
    prefix = header + head
    crc = crc32(body, crc32(prefix))
    blocks = (*stored_blocks(prefix), *stored_blocks(body))
    return (MEMBER_HEAD, *blocks, _end(crc, len(prefix) + len(body)))


def _end(crc: int, size_bytes: int) -> bytes:
    return stored_end(RECORD_END, crc32(RECORD_END, crc), size_bytes + len(RECORD_END))


def _http_head(draft: Draft, first: bytes) -> bytes:
    """The head a reader will find, also when the given one has no blank line."""
    if not is_http(draft.fields):
        return b""
    if draft.head and head_bytes(draft.head) == len(draft.head):
        return draft.head
    block = draft.head + first[:MAX_HEAD_BYTES]
    return block[: head_bytes(block)]


def write_member(descriptor: int, offset: int, parts: MemberParts) -> int:
    """Write a member at ``offset``, the end of the file.

    Returns:
        Its length.

    Raises:
        OSError: It is not, or not wholly, written.
    """
    position = _write_pieces(descriptor, parts.front, offset)
    if parts.spooled is not None:
        position = _copy(descriptor, parts.spooled, position)
        position = _write(descriptor, parts.back, position)
    return position - offset


def _write_pieces(descriptor: int, pieces: Pieces, offset: int) -> int:
    """Write many pieces without joining them: a copy of a picture costs as much as its digest."""
    for start in range(0, len(pieces), _VECTOR_PIECES):
        some = pieces[start : start + _VECTOR_PIECES]
        count = os.pwritev(descriptor, some, offset)
        offset += count
        for piece in some:
            if count < len(piece):
                offset = _write(descriptor, piece[count:], offset)
            count = max(0, count - len(piece))
    return offset


def _write(descriptor: int, data: bytes | memoryview, offset: int) -> int:
    view = memoryview(data)
    while view:
        # A short write is followed by one that says why.
        count = os.pwrite(descriptor, view, offset)
        offset += count
        view = view[count:]
    return offset


def _copy(descriptor: int, body: SpooledBody, offset: int) -> int:
    """Copy a spooled body inside the kernel, or by hand where it cannot."""
    source = 0
    while source < body.stored_bytes:
        left = body.stored_bytes - source
        try:
            count = os.copy_file_range(body.descriptor, descriptor, left, source, offset)
        except OSError as error:
            if error.errno not in _NO_COPY_RANGE:
                raise
            piece = os.pread(body.descriptor, min(left, 1024 * 1024), source)
            count = _write(descriptor, piece, offset) - offset
        if count == 0:
            raise OSError(errno.EIO, "the spool file is shorter than it should be")
        source += count
        offset += count
    return offset
