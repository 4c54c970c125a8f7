"""Large bodies on their way into a segment.

A body above 1 MiB is written to a file without a name while it is hashed, in
the very form it will have in the segment (stored deflate blocks). Storing it
is then one copy inside the kernel; a duplicate is dropped and never enters
the WARC. Memory stays at a few slabs, whatever the size.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from connectors.base import SinkFailed
from storage.gzip_member import (
    BLOCK_BYTES,
    BLOCK_HEAD_BYTES,
    crc32,
    stored_blocks,
    stored_bytes,
)
from storage.hashing_thread import HashingThread

SLAB_BYTES: Final = 16 * BLOCK_BYTES
_FIRST_BYTES: Final = 4096
_SLABS_IN_FLIGHT: Final = 3
_KEPT_BYTES: Final = 64 * 1024 * 1024


class SpoolFolder:
    """Nameless files in one folder, used again, and two hashing threads.

    Overwriting pages that are already there is several times cheaper than
    having the file system find new ones, so a file is kept for the next body.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._idle: list[int] = []
        self._lock = Lock()
        self._slabs: list[memoryview] = []
        self.hashers = (HashingThread("block-digest"), HashingThread("payload-digest"))

    def take(self) -> int:
        """A descriptor for one body."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
        self._directory.mkdir(parents=True, exist_ok=True)
        path = self._directory / f"spool-{uuid.uuid4()}.part"
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            path.unlink(missing_ok=True)
        except OSError as error:
            raise SinkFailed(
                f"cannot create a spool file in {self._directory}: {error.strerror}; "
                "free space or mend the folder, then capture again"
            ) from error
        return descriptor

    def give_back(self, descriptor: int) -> None:
        """The body of ``descriptor`` is stored or dropped."""
        with self._lock:
            if len(self._idle) < 4:
                if os.fstat(descriptor).st_size > _KEPT_BYTES:
                    os.ftruncate(descriptor, _KEPT_BYTES)
                self._idle.append(descriptor)
                return
        os.close(descriptor)

    def take_slab(self) -> memoryview:
        """Memory for `SLAB_BYTES` of a body, used again: fresh pages cost more than copying."""
        with self._lock:
            return self._slabs.pop() if self._slabs else memoryview(bytearray(SLAB_BYTES))

    def give_back_slab(self, slab: memoryview) -> None:
        """Nobody reads the slab any more."""
        with self._lock:
            if len(self._slabs) <= _SLABS_IN_FLIGHT:
                self._slabs.append(slab)

    def close(self) -> None:
        """Let go of files and threads."""
        for hasher in self.hashers:
            hasher.close()
        with self._lock:
            while self._idle:
                os.close(self._idle.pop())


@dataclass(frozen=True, slots=True)
class SpooledBody:
    """A whole body in stored-block form.

    Attributes:
        size_bytes: Of the body.
        crc: CRC-32 of the body.
        payload_sha256 / block_sha256: Hex digests of the body, and of ``head``
            followed by the body.
        head: What the block digest begins with.
        first: The body's first bytes.
    """

    descriptor: int
    size_bytes: int
    crc: int
    payload_sha256: str
    block_sha256: str
    head: bytes
    first: bytes

    @property
    def stored_bytes(self) -> int:
        """Length of the body in stored-block form."""
        return stored_bytes(self.size_bytes)

    def read(self, start: int, size_bytes: int) -> bytes:
        """Body bytes from ``start``; shorter at the end."""
        pieces: list[bytes] = []
        end = min(start + size_bytes, self.size_bytes)
        while start < end:
            inside = start % BLOCK_BYTES
            count = min(BLOCK_BYTES - inside, end - start)
            pieces.append(os.pread(self.descriptor, count, self._place(start)))
            start += count
        return b"".join(pieces)

    def pieces(self) -> Iterator[bytes]:
        """The body, slab by slab."""
        for start in range(0, self.size_bytes, SLAB_BYTES):
            yield self.read(start, SLAB_BYTES)

    def overwrite(self, start: int, data: bytes) -> None:
        """Replace bytes in place; the digests of this value no longer hold."""
        view = memoryview(data)
        while view:
            count = min(BLOCK_BYTES - start % BLOCK_BYTES, len(view))
            os.pwrite(self.descriptor, view[:count], self._place(start))
            start += count
            view = view[count:]

    def rehashed(self, head: bytes) -> SpooledBody:
        """The same body after `overwrite`, or behind another head."""
        block, payload, crc = hashlib.sha256(head), hashlib.sha256(), 0
        for piece in self.pieces():
            block.update(piece)
            payload.update(piece)
            crc = crc32(piece, crc)
        return SpooledBody(
            self.descriptor,
            self.size_bytes,
            crc,
            payload.hexdigest(),
            block.hexdigest(),
            head,
            self.read(0, len(self.first)),
        )

    @staticmethod
    def _place(start: int) -> int:
        return start + BLOCK_HEAD_BYTES * (start // BLOCK_BYTES + 1)


class SpoolWriter:
    """Receives one body: hashes it in two threads while it is written."""

    def __init__(self, folder: SpoolFolder, head: bytes) -> None:
        self._folder = folder
        self._descriptor = folder.take()
        self._head = head
        block, payload = folder.hashers
        self._digests = (block.digest(head), payload.digest(b""))
        self._crc = 0
        self._size_bytes = 0
        self._written_bytes = 0
        self._first = b""
        self._slab = folder.take_slab()
        self._filled_bytes = 0
        self._hashing: deque[memoryview] = deque()

    def write(self, data: bytes | memoryview) -> None:
        """The next bytes of the body.

        Raises:
            SinkFailed: The spool cannot be written.
        """
        rest = memoryview(data)
        while rest:
            count = min(SLAB_BYTES - self._filled_bytes, len(rest))
            end = self._filled_bytes + count
            self._slab[self._filled_bytes : end] = rest[:count]
            self._filled_bytes = end
            rest = rest[count:]
            if end == SLAB_BYTES:
                self._flush()
                self._slab = self._next_slab()

    def finish(self) -> SpooledBody:
        """The body is whole; wait for its digests."""
        if self._filled_bytes:
            self._flush()
        self._let_go()
        block, payload = self._digests
        return SpooledBody(
            self._descriptor,
            self._size_bytes,
            self._crc,
            payload.hexdigest(),
            block.hexdigest(),
            self._head,
            self._first,
        )

    def drop(self) -> None:
        """Forget the body."""
        self._let_go()
        self._folder.give_back(self._descriptor)

    def _flush(self) -> None:
        """Hash and write what is in the slab."""
        piece = self._slab[: self._filled_bytes]
        for digest in self._digests:
            digest.update(piece)
        self._hashing.append(self._slab)
        self._filled_bytes = 0
        self._crc = crc32(piece, self._crc)
        self._size_bytes += len(piece)
        self._first = self._first or bytes(piece[:_FIRST_BYTES])
        self._write_parts(list(stored_blocks(piece)))

    def _next_slab(self) -> memoryview:
        if len(self._hashing) < _SLABS_IN_FLIGHT:
            return self._folder.take_slab()
        return self._hashed_slab()

    def _hashed_slab(self) -> memoryview:
        """The slab that was given to the hashing threads first, once they are done."""
        for digest in self._digests:
            digest.wait()
        return self._hashing.popleft()

    def _let_go(self) -> None:
        if not self._hashing or self._hashing[-1] is not self._slab:
            self._folder.give_back_slab(self._slab)
        while self._hashing:
            self._folder.give_back_slab(self._hashed_slab())

    def _write_parts(self, parts: list[bytes | memoryview]) -> None:
        wanted = sum(len(part) for part in parts)
        try:
            written = os.pwritev(self._descriptor, parts, self._written_bytes)
        except OSError as error:
            raise SinkFailed(
                f"cannot write the spool file: {error.strerror}; "
                "free space on the archive's disk, then capture again"
            ) from error
        if written != wanted:
            raise SinkFailed(
                "the archive's disk is full (a body was only partly spooled); "
                "free space, then capture again"
            )
        self._written_bytes += written
