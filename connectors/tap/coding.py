"""From body bytes as received to the entity: de-chunking, then decoding.

Both work on pieces of any size, as they come off the wire, and with bounded
memory: a bomb is never unfolded further than one step beyond its limit.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any, Protocol, cast

import brotli

STEP_BYTES = 256 * 1024
"""Decoded bytes are handed over in pieces of at most about this size."""

MAX_LINE_BYTES = 64 * 1024


class CodingError(Exception):
    """A body is not in the coding its head names."""


class Dechunker:
    """Takes the chunked transfer-coding off a body.

    Attributes:
        done: Whether the closing blank line after the last chunk was seen.

    Source: RFC 9112, section 7.1.
    """

    __slots__ = ("_left", "_line", "_state", "done")

    def __init__(self) -> None:
        self._state = "size"
        self._left = 0
        self._line = b""
        self.done = False

    def feed(self, data: bytes | memoryview) -> Iterator[memoryview]:
        """Give the entity bytes of one more piece.

        Raises:
            CodingError: The framing is broken.
        """
        view = memoryview(data)
        at, size = 0, len(view)
        while at < size and not self.done:
            if self._state == "data":
                taken = min(self._left, size - at)
                yield view[at : at + taken]
                at += taken
                self._left -= taken
                if not self._left:
                    self._state = "data-end"
                continue
            # Lines are short: look nearby before copying more.
            end = bytes(view[at : at + 64]).find(b"\n")
            if end < 0:
                end = bytes(view[at : at + MAX_LINE_BYTES]).find(b"\n")
            if end < 0:
                self._line += bytes(view[at:])
                if len(self._line) > MAX_LINE_BYTES:
                    raise CodingError("a chunk-size line is too long")
                return
            line, self._line = self._line + bytes(view[at : at + end + 1]), b""
            at += end + 1
            self._line_ended(line)

    def _line_ended(self, line: bytes) -> None:
        if self._state == "data-end":
            self._state = "size"
        elif self._state == "trailer":
            self.done = line in (b"\r\n", b"\n")
        else:
            try:
                self._left = int(line.partition(b";")[0], 16)
            except ValueError as problem:
                raise CodingError("a chunk size is not a number") from problem
            if self._left < 0:
                raise CodingError("a chunk size is negative")
            self._state = "data" if self._left else "trailer"


class _Stage(Protocol):
    """Takes one content-coding off, in bounded pieces."""

    def __call__(self, data: bytes | memoryview) -> Iterator[bytes]: ...


def _zlib_stage(window_bits: int) -> _Stage:
    machine = zlib.decompressobj(window_bits)

    def stage(data: bytes | memoryview) -> Iterator[bytes]:
        nonlocal machine
        rest: bytes | memoryview = data
        while rest:
            if machine.eof:
                # gzip allows several members, and zero padding after the last.
                rest = bytes(rest).lstrip(b"\0") if window_bits > 15 else b""
                if not rest:
                    return
                machine = zlib.decompressobj(window_bits)
            piece = machine.decompress(rest, STEP_BYTES)
            rest = machine.unused_data if machine.eof else machine.unconsumed_tail
            if piece:
                yield piece

    return stage


def _deflate_stage() -> _Stage:
    # "deflate" means zlib, but some servers send it bare.
    # Source: RFC 9110, section 8.4.1.2.
    chosen: _Stage | None = None

    def stage(data: bytes | memoryview) -> Iterator[bytes]:
        nonlocal chosen
        if chosen is None and len(data):
            chosen = _zlib_stage(15 if data[0] & 0x0F == 8 else -15)
        if chosen is not None:
            yield from chosen(data)

    return stage


def _brotli_stage() -> _Stage:
    machine = brotli.Decompressor()

    def stage(data: bytes | memoryview) -> Iterator[bytes]:
        piece = machine.process(bytes(data), output_buffer_limit=STEP_BYTES)
        # Having taken all input does not mean having given all output.
        while piece or not machine.can_accept_more_data():
            if piece:
                yield piece
            piece = machine.process(b"", output_buffer_limit=STEP_BYTES)

    return stage


def _zstd_stage() -> _Stage:
    new = cast("Callable[[], Any]", _zstd_decompressor())
    machine = new()

    def stage(data: bytes | memoryview) -> Iterator[bytes]:
        nonlocal machine
        rest = bytes(data)
        while rest or not (machine.needs_input or machine.eof):
            if machine.eof:
                machine = new()
            piece = machine.decompress(rest, STEP_BYTES)
            rest = machine.unused_data if machine.eof else b""
            if piece:
                yield piece

    return stage


def _zstd_decompressor() -> Callable[[], Any] | None:
    for name in ("compression.zstd", "backports.zstd"):
        try:
            module = __import__(name, fromlist=["ZstdDecompressor"])
        except ImportError:
            continue
        return cast("Callable[[], Any]", module.ZstdDecompressor)
    return None


def accept_encoding() -> str:
    """What may be asked of a server: the codings that can be taken off here."""
    return "gzip, deflate, br, zstd" if _zstd_decompressor() else "gzip, deflate, br"


def _stage_for(coding: str) -> _Stage:
    match coding:
        case "gzip" | "x-gzip":
            return _zlib_stage(31)
        case "deflate":
            return _deflate_stage()
        case "br":
            return _brotli_stage()
        case "zstd" if _zstd_decompressor():
            return _zstd_stage()
    raise CodingError(f"the content-coding {coding[:40]!r} is unknown")


class Decoder:
    """Takes the content-codings off an entity.

    Args:
        content_encoding: The header's value; empty or ``identity`` for none.

    Raises:
        CodingError: A coding is unknown.
    """

    __slots__ = ("_stages",)

    def __init__(self, content_encoding: str) -> None:
        names = [name.strip().lower() for name in content_encoding.split(",")]
        self._stages = [_stage_for(name) for name in names if name not in ("", "identity")][::-1]

    @property
    def works(self) -> bool:
        """Whether there is anything to take off."""
        return bool(self._stages)

    def feed(self, data: bytes | memoryview) -> Iterator[bytes | memoryview]:
        """Give the decoded bytes of one more piece, in bounded pieces.

        Raises:
            CodingError: The body is not in the coding its head names.
        """
        try:
            yield from self._through(0, data)
        except (zlib.error, brotli.error, EOFError, ValueError) as problem:
            raise CodingError(f"the body cannot be decoded: {problem}") from problem

    def _through(self, depth: int, data: bytes | memoryview) -> Iterator[bytes | memoryview]:
        if depth == len(self._stages):
            yield data
            return
        for piece in self._stages[depth](data):
            yield from self._through(depth + 1, piece)
