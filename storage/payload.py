"""Undoing transfer and content codings, within limits.

The input is hostile by assumption: output is given in bounded pieces, and a
body that grows beyond the limits ends in `TooLarge`, never in full memory.

*Source:* RFC 9112 (7.1, chunked), RFC 9110 (8.4, content codings).
"""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Final, Protocol

import brotli

PIECE_BYTES: Final = 262_144
RATIO_FLOOR_BYTES: Final = 1024 * 1024
"""The ratio is judged only beyond this many decoded bytes."""


class Undecodable(Exception):
    """The body is not what its coding lines say, or the coding is unknown."""


class TooLarge(Exception):
    """The decoded body goes beyond a limit."""


class _Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]:
        """Decoded pieces, each bounded."""


class _Chunked:
    """Takes the chunk framing off; trailers are dropped."""

    def __init__(self) -> None:
        self._pending = b""
        self._left = 0
        self._state = "size"

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._pending += data
        while self._pending and self._state != "end":
            if self._state == "data":
                piece = self._pending[: self._left]
                self._pending = self._pending[len(piece) :]
                self._left -= len(piece)
                self._state = "data" if self._left else "gap"
                yield piece
                continue
            line, found, rest = self._pending.partition(b"\n")
            if not found:
                if len(line) > 4096:
                    raise Undecodable("a chunk size line without an end")
                return
            self._pending = rest
            self._next_state(line.strip())

    def _next_state(self, line: bytes) -> None:
        if self._state == "gap":
            if line:
                raise Undecodable("no line end after a chunk")
            self._state = "size"
            return
        digits = line.split(b";")[0].strip()
        if not 0 < len(digits) <= 16 or digits.strip(b"0123456789abcdefABCDEF"):
            raise Undecodable("a chunk size that is no hexadecimal number")
        self._left = int(digits, 16)
        self._state = "data" if self._left else "end"


class _Zlib:
    """gzip (also of several members) and deflate (zlib-wrapped or bare)."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._inflater = zlib.decompressobj(31 if gzip else 15)
        self._started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._inflater.eof:
                if not self._gzip or not data.strip(b"\x00"):
                    return
                self._inflater = zlib.decompressobj(31)
            piece = self._inflate(data)
            data = self._inflater.unconsumed_tail or self._inflater.unused_data
            if piece:
                yield piece

    def _inflate(self, data: bytes) -> bytes:
        try:
            piece = self._inflater.decompress(data, PIECE_BYTES)
        except zlib.error as error:
            if self._gzip or self._started:
                raise Undecodable(str(error)) from None
            self._inflater = zlib.decompressobj(-15)
            self._started = True
            return self._inflate(data)
        self._started = True
        return piece


class _Brotli:
    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            piece = self._decoder.process(data, output_buffer_limit=PIECE_BYTES)
            while piece:
                yield piece
                if self._decoder.can_accept_more_data():
                    return
                piece = self._decoder.process(b"", output_buffer_limit=PIECE_BYTES)
        except brotli.error as error:
            raise Undecodable(str(error)) from None


class _Zstandard:
    def __init__(self) -> None:
        self._decoder = _zstd_decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            piece = self._decoder.decompress(data, PIECE_BYTES)
            while piece or not self._decoder.needs_input:
                yield piece
                if self._decoder.eof:
                    return
                piece = self._decoder.decompress(b"", PIECE_BYTES)
        except Exception as error:  # noqa: BLE001  the two libraries share no error class
            raise Undecodable(str(error)) from None


def _zstd_decompressor() -> Any:
    """Python 3.14 brings Zstandard; before that, ``backports.zstd`` if it is there."""
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return importlib.import_module(name).ZstdDecompressor()
        except ImportError:
            continue
    raise Undecodable("zstd cannot be decoded by this Python")


def _decoder(coding: str) -> _Decoder:
    if coding == "chunked":
        return _Chunked()
    if coding in ("gzip", "x-gzip"):
        return _Zlib(gzip=True)
    if coding == "deflate":
        return _Zlib(gzip=False)
    if coding == "br":
        return _Brotli()
    if coding == "zstd":
        return _Zstandard()
    raise Undecodable(f"unknown coding {coding!r}")


def _through(decoder: _Decoder, pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield from decoder.feed(piece)


def decoded(
    pieces: Iterable[bytes],
    codings: tuple[str, ...],
    *,
    max_bytes: int,
    max_ratio: float,
) -> Iterator[bytes]:
    """The entity of a body, piece by piece. A cut body gives what is there.

    Args:
        pieces: The body as received.
        codings: As `storage.http_message.codings` names them.
        max_bytes: Most decoded bytes; not applied to a body without codings.
        max_ratio: Most decoded bytes per received byte, beyond 1 MiB.

    Raises:
        Undecodable: What was yielded before it is good.
        TooLarge: What was yielded before it is within the limits.
    """
    if not codings:
        yield from pieces
        return
    taken = given = 0

    def counted() -> Iterator[bytes]:
        nonlocal taken
        for piece in pieces:
            taken += len(piece)
            yield bytes(piece)

    flow: Iterable[bytes] = counted()
    for coding in codings:
        flow = _through(_decoder(coding), flow)
    for piece in flow:
        given += len(piece)
        if given > max_bytes:
            raise TooLarge(f"more than {max_bytes} bytes when decoded")
        if given > RATIO_FLOOR_BYTES and given > max_ratio * taken:
            raise TooLarge(f"grows more than {max_ratio:g} times when decoded")
        yield piece
