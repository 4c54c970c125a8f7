"""Gzip members as this archive writes them: one member per WARC record.

Two kinds. A *deflate* member compresses small text. A *stored* member keeps
its bytes as they are, in stored deflate blocks of 65,535 bytes, so that media
play and seek straight from the segment: where a byte stands is arithmetic.

Both begin with the same ten bytes (no name, no time), so a changed header bit
is noticed.

*Source:* RFC 1951 (3.2.4, stored blocks), RFC 1952 (member format).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Final

from isal import isal_zlib

MEMBER_HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
BLOCK_BYTES: Final = 65_535
BLOCK_HEAD_BYTES: Final = 5
TRAILER_BYTES: Final = 8

_BLOCK_HEAD = struct.Struct("<BHH")
_TRAILER = struct.Struct("<II")
_FULL_HEAD: Final = _BLOCK_HEAD.pack(0, BLOCK_BYTES, 0)


def crc32(data: bytes | bytearray | memoryview, value: int = 0) -> int:
    """CRC-32 of ``data``, continued from ``value``."""
    result: int = isal_zlib.crc32(data, value)
    return result


def crc32_joined(first: int, second: int, second_bytes: int) -> int:
    """CRC-32 of two pieces from the CRC-32 of each."""
    result: int = isal_zlib.crc32_combine(first, second, second_bytes)
    return result


def block_head(size_bytes: int, *, final: bool = False) -> bytes:
    """The five bytes before a stored block of ``size_bytes``."""
    return _BLOCK_HEAD.pack(final, size_bytes, size_bytes ^ 0xFFFF)


def stored_blocks(data: bytes | bytearray | memoryview) -> Iterator[bytes | memoryview]:
    """``data`` as stored blocks, none of them final: head, bytes, head, bytes …"""
    view = memoryview(data)
    for start in range(0, len(view), BLOCK_BYTES):
        piece = view[start : start + BLOCK_BYTES]
        yield _FULL_HEAD if len(piece) == BLOCK_BYTES else block_head(len(piece))
        yield piece


def stored_bytes(size_bytes: int) -> int:
    """How many bytes `stored_blocks` yields for ``size_bytes`` of data."""
    return size_bytes + BLOCK_HEAD_BYTES * -(-size_bytes // BLOCK_BYTES)


def stored_end(last: bytes, crc: int, size_bytes: int) -> bytes:
    """The final stored block (``last``) and the member's trailer.

    Args:
        last: At most 65,535 bytes.
        crc: CRC-32 of the whole uncompressed member, ``last`` included.
        size_bytes: Its whole uncompressed length.
    """
    return block_head(len(last), final=True) + last + _TRAILER.pack(crc, size_bytes & 0xFFFFFFFF)


def deflate_member(parts: Iterable[bytes]) -> bytes:
    """One compressed member holding ``parts`` one after the other."""
    # One call for all: joining small text costs less than feeding it in parts.
    member: bytes = isal_zlib.compress(b"".join(parts), 2, 31)
    return member
