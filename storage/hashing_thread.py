"""Hashing beside the work: sha256 in a thread of its own.

A hash of a big piece runs without Python's global lock, so a thread of its
own is a core of its own. A plain queue is used instead of an executor because
its hand-over costs a tenth, and there are two for every megabyte.
"""

from __future__ import annotations

import hashlib
from queue import SimpleQueue
from threading import Thread
from typing import Final

_Job = tuple["hashlib._Hash", memoryview, "SimpleQueue[None]"]


class HashingThread:
    """Hashes pieces one after the other, for any number of digests."""

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: Final = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def digest(self, start: bytes) -> BackgroundDigest:
        """A sha256 that begins with ``start`` and goes on in this thread."""
        return BackgroundDigest(hashlib.sha256(start), self._jobs)

    def close(self) -> None:
        """Finish what was given and end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            digest, piece, done = job
            digest.update(piece)
            done.put(None)


class BackgroundDigest:
    """One running sha256; see `HashingThread.digest`."""

    def __init__(self, digest: hashlib._Hash, jobs: SimpleQueue[_Job | None]) -> None:
        self._digest = digest
        self._jobs = jobs
        self._done: SimpleQueue[None] = SimpleQueue()

    def update(self, piece: memoryview) -> None:
        """Hash ``piece`` later; its bytes must stay until `wait` returned for it."""
        self._jobs.put((self._digest, piece, self._done))

    def wait(self) -> None:
        """Wait until one more piece, in the order given, is hashed."""
        self._done.get()

    def hexdigest(self) -> str:
        """The digest of all pieces, once each was waited for."""
        return self._digest.hexdigest()
