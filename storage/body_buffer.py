"""A body while it arrives: small ones in memory, larger ones in a spool."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from storage.spool import SpooledBody, SpoolFolder, SpoolWriter

MEMORY_BYTES: Final = 1024 * 1024
"""Bodies up to this size stay in memory."""

Body = bytes | SpooledBody


class BodyBuffer:
    """Collects one body. Not safe to use from two threads at once."""

    def __init__(self, folder: SpoolFolder, head: bytes = b"") -> None:
        """
        Args:
            head: What the block digest of a spooled body begins with.
        """
        self._folder = folder
        self._head = head
        self._pieces: list[bytes] = []
        self._spool: SpoolWriter | None = None
        self.size_bytes = 0

    def write(self, data: bytes | memoryview) -> None:
        """The next bytes of the body.

        Raises:
            SinkFailed: The spool cannot be written.
        """
        self.size_bytes += len(data)
        if self._spool is not None:
            self._spool.write(data)
            return
        self._pieces.append(bytes(data))
        if self.size_bytes > MEMORY_BYTES:
            self._spool = SpoolWriter(self._folder, self._head)
            pieces, self._pieces = self._pieces, []
            for piece in pieces:
                self._spool.write(piece)

    def finish(self) -> Body:
        """The whole body."""
        if self._spool is None:
            return b"".join(self._pieces)
        return self._spool.finish()

    def drop(self) -> None:
        """Forget the body; only before `finish`."""
        self._pieces = []
        if self._spool is not None:
            self._spool.drop()


def body_pieces(body: Body) -> Iterator[bytes]:
    """The bytes of a body, in bounded pieces if it is spooled."""
    if isinstance(body, SpooledBody):
        yield from body.pieces()
    elif body:
        yield body


def reader_of(body: Body) -> Callable[[int, int], bytes]:
    """Gives bytes of a body from a position, so many; fewer at its end."""
    if isinstance(body, SpooledBody):
        return body.read
    return lambda start, size_bytes: body[start : start + size_bytes]


def body_bytes(body: Body) -> int:
    """Length of a body."""
    return body.size_bytes if isinstance(body, SpooledBody) else len(body)


def release(body: Body, folder: SpoolFolder) -> None:
    """The body is stored or no longer wanted."""
    if isinstance(body, SpooledBody):
        folder.give_back(body.descriptor)
