"""From a body as it travelled to the entity: transfer- and content-codings, undone.

Pure, and the one place for it: the taps undo codings while an answer crosses,
so that it can be judged; storage undoes them again over recorded bytes, to
search and to play them back. Both must come to the same entity.

The input is hostile by assumption. Everything works on pieces of any size and
gives its output in bounded steps, so that whoever counts can stop a bomb one
step beyond his limit.

Source: RFC 9112, section 7.1 (chunked); RFC 9110, section 8.4 (content codings).
"""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import brotli

STEP_BYTES = 256 * 1024
"""Decoded bytes are handed over in pieces of at most about this size."""

MAX_LINE_BYTES = 64 * 1024
"""Longest line of the chunk framing."""

RATIO_FROM_BYTES = 1024**2
"""A ratio says nothing about small answers; it counts beyond this much."""

_HEX = frozenset(b"0123456789abcdefABCDEF")
_MAX_SIZE_DIGITS = 16


class CodingError(Exception):
    """A body is not in the coding its head names, or the coding is unknown."""


class Stage(Protocol):
    """Takes one coding off."""

    def feed(self, data: bytes | memoryview) -> Iterator[bytes | memoryview]:
        """Give the bytes of one more piece, in bounded pieces.

        Raises:
            CodingError: The body is not in this coding.
        """


class Dechunker:
    """Takes the chunked transfer-coding off a body; trailers are dropped.

    Attributes:
        done: Whether the closing blank line after the last chunk was seen.
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
                    raise CodingError("a line of the chunk framing is too long")
                return
            line, self._line = self._line + bytes(view[at : at + end + 1]), b""
            at += end + 1
            self._line_ended(line.strip())

    def _line_ended(self, line: bytes) -> None:
        if self._state == "data-end":
            if line:
                raise CodingError("no line end after a chunk")
            self._state = "size"
        elif self._state == "trailer":
            self.done = not line
        else:
            digits = line.partition(b";")[0].strip()
            if not 0 < len(digits) <= _MAX_SIZE_DIGITS or not _HEX.issuperset(digits):
                raise CodingError("a chunk size is not a hexadecimal number")
            self._left = int(digits, 16)
            self._state = "data" if self._left else "trailer"


class _Gzip:
    def __init__(self) -> None:
        self._machine = zlib.decompressobj(31)

    def feed(self, data: bytes | memoryview) -> Iterator[bytes]:
        rest: bytes | memoryview = data
        while rest:
            if self._machine.eof:
                # gzip allows several members, and zero padding after the last.
                rest = bytes(rest).lstrip(b"\0")
                if not rest:
                    return
                self._machine = zlib.decompressobj(31)
            piece, rest = _inflated(self._machine, rest)
            if piece:
                yield piece


class _Deflate:
    """ "deflate" means zlib's format, but some servers send it bare.

    Source: RFC 9110, section 8.4.1.2; RFC 1950, section 2.2 (the two bytes
    that tell them apart).
    """

    def __init__(self) -> None:
        self._first = b""
        self._machine: Any = None

    def feed(self, data: bytes | memoryview) -> Iterator[bytes]:
        rest: bytes | memoryview = data
        if self._machine is None:
            rest = self._first = self._first + bytes(data)
            if len(rest) < 2:
                return
            is_zlib = rest[0] & 0x0F == 8 and int.from_bytes(rest[:2], "big") % 31 == 0
            self._machine = zlib.decompressobj(15 if is_zlib else -15)
        while rest and not self._machine.eof:
            piece, rest = _inflated(self._machine, rest)
            if piece:
                yield piece


def _inflated(machine: Any, data: bytes | memoryview) -> tuple[bytes, bytes]:
    """One bounded step: what came out, and what is still to be put in."""
    try:
        piece: bytes = machine.decompress(data, STEP_BYTES)
    except zlib.error as problem:
        raise CodingError(f"the body cannot be decoded: {problem}") from problem
    return piece, machine.unused_data if machine.eof else machine.unconsumed_tail


class _Brotli:
    def __init__(self) -> None:
        self._machine = brotli.Decompressor()

    def feed(self, data: bytes | memoryview) -> Iterator[bytes]:
        rest = bytes(data)
        try:
            piece = self._machine.process(rest, output_buffer_limit=STEP_BYTES)
            # Having taken all input does not mean having given all output.
            while piece or not self._machine.can_accept_more_data():
                if piece:
                    yield piece
                piece = self._machine.process(b"", output_buffer_limit=STEP_BYTES)
        except brotli.error as problem:
            raise CodingError(f"the body cannot be decoded: {problem}") from problem


class _Zstandard:
    def __init__(self) -> None:
        self._library = _zstd()
        if self._library is None:
            raise CodingError("this Python cannot decode zstd; install backports.zstd")
        self._machine = self._library.ZstdDecompressor()

    def feed(self, data: bytes | memoryview) -> Iterator[bytes]:
        rest = bytes(data)
        while rest or not (self._machine.needs_input or self._machine.eof):
            if self._machine.eof:
                self._machine = self._library.ZstdDecompressor()
            try:
                piece = self._machine.decompress(rest, STEP_BYTES)
            except self._library.ZstdError as problem:
                raise CodingError(f"the body cannot be decoded: {problem}") from problem
            rest = self._machine.unused_data if self._machine.eof else b""
            if piece:
                yield piece


def _zstd() -> Any:
    """Python 3.14's own module, or its backport, or ``None``."""
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


def accept_encoding() -> str:
    """What may be asked of a server: the codings that can be taken off here."""
    return "gzip, deflate, br, zstd" if _zstd() else "gzip, deflate, br"


def stage_for(coding: str) -> Stage:
    """What takes a coding off.

    Args:
        coding: Its name, lower case; ``chunked`` is one.

    Raises:
        CodingError: The coding is unknown.
    """
    match coding:
        case "chunked":
            return Dechunker()
        case "gzip" | "x-gzip":
            return _Gzip()
        case "deflate":
            return _Deflate()
        case "br":
            return _Brotli()
        case "zstd":
            return _Zstandard()
    raise CodingError(f"the coding {coding[:40]!r} is unknown")


def names(value: str) -> list[str]:
    """The codings of a header's value in the order they were applied.

    Returns:
        Lower-case names without parameters; ``identity`` is none.
    """
    found = [part.partition(";")[0].strip().lower() for part in value.split(",")]
    return [name for name in found if name not in ("", "identity")]


class Decoder:
    """Takes several codings off, one after the other.

    Args:
        codings: Names in the order of undoing; empty for a plain body, whose
            pieces are given back as they are.

    Raises:
        CodingError: A coding is unknown.
    """

    __slots__ = ("_stages",)

    def __init__(self, codings: Sequence[str]) -> None:
        self._stages = [stage_for(name) for name in codings]

    @property
    def works(self) -> bool:
        """Whether there is anything to take off."""
        return bool(self._stages)

    def feed(self, data: bytes | memoryview) -> Iterator[bytes | memoryview]:
        """Give the decoded bytes of one more piece, in bounded pieces.

        Raises:
            CodingError: The body is not in the coding its head names.
        """
        return self._through(0, data)

    def _through(self, depth: int, data: bytes | memoryview) -> Iterator[bytes | memoryview]:
        if depth == len(self._stages):
            yield data
            return
        for piece in self._stages[depth].feed(data):
            yield from self._through(depth + 1, piece)


def unfolds_too_far(encoded_bytes: int, decoded_bytes: int, most: float) -> bool:
    """Whether a body grows more than is honest when its codings come off.

    Args:
        most: Largest decoded / encoded size; see `connectors.base.Limits`.
    """
    return decoded_bytes > RATIO_FROM_BYTES and decoded_bytes > most * max(encoded_bytes, 1)
