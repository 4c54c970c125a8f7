"""Bits of a gzip member that no checksum covers.

A CRC protects what comes out of a member, not the bits an inflater passes
over: name and time in its head, the rest of a byte before a stored block or
after the last code. This archive writes them all in one way, so another value
means damage.

*Source:* RFC 1951 (3.2.3, 3.2.4), RFC 1952 (2.3).
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from storage.conformance_fields import Problem
from storage.gzip_member import BLOCK_HEAD_BYTES, MEMBER_HEAD, TRAILER_BYTES

_LARGEST_DEFLATED: Final = 8 * 1024 * 1024


def member_problems(descriptor: int, offset: int, length: int) -> Iterator[Problem]:
    """Problems of one member that inflates well."""
    if os.pread(descriptor, len(MEMBER_HEAD), offset) != MEMBER_HEAD:
        yield "W005", "the gzip member's head is not the one this archive writes (house)"
        return
    end = offset + length - TRAILER_BYTES
    position = _after_stored_blocks(descriptor, offset + len(MEMBER_HEAD), end)
    if position is None:
        yield "W006", "bits before a stored block are set (house)"
    elif position < end and end - position <= _LARGEST_DEFLATED:
        data = os.pread(descriptor, end - position + TRAILER_BYTES, position)
        whole = position == offset + len(MEMBER_HEAD)
        if whole and _padding_is_set(data):
            yield "W006", "bits after the last code are set (house)"


def _after_stored_blocks(descriptor: int, position: int, end: int) -> int | None:
    """Where the stored blocks at the front end; ``None`` if one has padding bits set."""
    while position < end:
        head = os.pread(descriptor, BLOCK_HEAD_BYTES, position)
        if head[0] & 0b110:
            return position
        if head[0] & 0b11111000:
            return None
        (size,) = struct.unpack_from("<H", head, 1)
        position += BLOCK_HEAD_BYTES + size
        if head[0] & 1:
            return position
    return position


def _padding_is_set(data: bytes) -> bool:
    """Whether the highest set bit of the last byte has no meaning.

    Args:
        data: The deflate stream and the member's trailer.
    """
    stream, trailer = data[:-TRAILER_BYTES], data[-TRAILER_BYTES:]
    last = stream[-1]
    if last == 0:
        return False
    without = bytes([last ^ (1 << (last.bit_length() - 1))])
    inflater = zlib.decompressobj(-15)
    try:
        content = inflater.decompress(stream[:-1] + without)
    except zlib.error:
        return False
    return inflater.eof and struct.pack("<I", zlib.crc32(content)) == trailer[:4]
