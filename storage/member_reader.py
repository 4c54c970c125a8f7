"""Reading one WARC record out of its gzip member, strictly and in bounded memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from isal import isal_zlib

from storage.http_message import MAX_HEAD_BYTES, head_bytes
from storage.warc_record import RECORD_END, Fields, Member

READ_BYTES: Final = 262_144
MAX_HEADER_BYTES: Final = 262_144


class BadRecord(Exception):
    """The bytes at an offset are no whole record in one gzip member.

    Attributes:
        offset: Where the member begins.
        reason: A stable English code: ``cut``, ``not_gzip``, ``damaged``,
            ``no_header``, ``no_length``, ``short_block``, ``no_end``,
            ``more_than_one``.
    """

    def __init__(self, offset: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.reason = reason


class _Inflated:
    """The uncompressed bytes of one member; CRC and length are checked."""

    def __init__(self, descriptor: int, offset: int) -> None:
        self._descriptor = descriptor
        self._offset = offset
        self.length = 0

    def pieces(self) -> Iterator[bytes]:
        inflater = isal_zlib.decompressobj(31)
        position = self._offset
        data = b""
        while not inflater.eof:
            if not data:
                data = os.pread(self._descriptor, READ_BYTES, position)
                if not data:
                    raise BadRecord(self._offset, "cut", "the file ends inside a gzip member")
                if position == self._offset and data[:2] != b"\x1f\x8b"[: len(data)]:
                    raise BadRecord(self._offset, "not_gzip", "no gzip member begins here")
                position += len(data)
            try:
                piece = inflater.decompress(data, READ_BYTES)
            except isal_zlib.error as error:  # type: ignore[misc]  # its stub is no class
                raise BadRecord(self._offset, "damaged", f"damaged gzip member: {error}") from None
            data = inflater.unconsumed_tail
            if piece:
                yield piece
        self.length = position - len(inflater.unused_data) - self._offset


class RecordReader:
    """One record, opened at the offset of its member.

    Attributes:
        header: The WARC header's bytes, blank line included.
        fields: Its named fields; undecodable bytes are replaced.
        block_bytes: Content-Length.
    """

    def __init__(self, descriptor: int, offset: int) -> None:
        self.offset = offset
        self._inflated = _Inflated(descriptor, offset)
        self._pieces = self._inflated.pieces()
        self._buffer = self._read_header()
        self.fields = parse_fields(self.header)
        length = next((v for k, v in self.fields if k.lower() == "content-length"), "")
        if not (length.isascii() and length.isdigit() and len(length) <= 18):
            raise BadRecord(offset, "no_length", "the record has no usable Content-Length")
        self.block_bytes = int(length)
        self._left = self.block_bytes
        self._head: bytes | None = None

    def _read_header(self) -> bytes:
        buffer = b""
        while (end := buffer.find(RECORD_END)) < 0:
            piece = next(self._pieces, None)
            if piece is None or len(buffer) > MAX_HEADER_BYTES:
                raise BadRecord(self.offset, "no_header", "no WARC header stands here")
            buffer += piece
        self.header = buffer[: end + 4]
        return buffer[end + 4 :]

    def head(self) -> bytes:
        """The HTTP head at the front of the block; empty if there is none."""
        if self._head is not None:
            return self._head
        if not is_http(self.fields):
            self._head = b""
            return self._head
        wanted = min(self._left, MAX_HEAD_BYTES)
        while not (found := head_bytes(self._buffer[:wanted])) and len(self._buffer) < wanted:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._buffer += piece
        self._head = self._buffer[:found]
        return self._head

    def block(self) -> Iterator[bytes]:
        """The rest of the block, in pieces; the whole block on the first call."""
        while self._left:
            if not self._buffer:
                piece = next(self._pieces, None)
                if piece is None:
                    raise BadRecord(
                        self.offset, "short_block", "the block is shorter than Content-Length"
                    )
                self._buffer = piece
            piece, self._buffer = self._buffer[: self._left], self._buffer[self._left :]
            self._left -= len(piece)
            yield piece

    def finish(self) -> Member:
        """Read to the end of the member and check that the record ends there.

        Raises:
            BadRecord: The member holds less or more than one record, or is damaged.
        """
        head = self.head()
        for _ in self.block():
            pass
        rest = self._buffer
        for piece in self._pieces:
            rest += piece
            if len(rest) > len(RECORD_END):
                break
        if rest != RECORD_END:
            more = rest.startswith(RECORD_END)
            raise BadRecord(
                self.offset,
                "more_than_one" if more else "no_end",
                "the member goes on after its record"
                if more
                else "two line ends are missing after the block",
            )
        return self._member(head)

    def peek(self) -> Member:
        """The record without reading its block; ``length`` is 0 (not known)."""
        return self._member(self.head())

    def _member(self, head: bytes) -> Member:
        return Member(
            offset=self.offset,
            length=self._inflated.length,
            fields=self.fields,
            head=head,
            block_bytes=self.block_bytes,
            header_bytes=len(self.header),
        )


def parse_fields(header: bytes) -> Fields:
    """The named fields of a WARC header; lines without a colon are left out."""
    fields: list[tuple[str, str]] = []
    for line in header.decode("utf-8", "replace").split("\r\n")[1:]:
        name, colon, value = line.partition(":")
        if colon:
            fields.append((name.strip(), value.strip()))
    return tuple(fields)


def is_http(fields: Fields) -> bool:
    """Whether the block is an HTTP message."""
    value = next((v for k, v in fields if k.lower() == "content-type"), "")
    return value.lower().startswith("application/http")
