"""One pass over a decoded body: its digest, its type, and the secrets in it.

Memory is bounded: text is searched in windows that overlap, so that a secret
across a border is seen whole in one of them. Images, audio and video are
hashed and not searched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from connectors.coding import CodingError
from connectors.media_type import SNIFF_BYTES, is_media, sniff
from storage.payload import TooLarge
from storage.redaction import Redactor, Span, merged

WINDOW_BYTES: Final = 2 * 1024 * 1024
OVERLAP_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class EntityScan:
    """What one decoded body is.

    Attributes:
        sha256: Hex of the entity; of what could be decoded if ``failure``.
        identified: Media type told from the first bytes.
        spans: Secrets, in entity positions.
        failure: ``undecodable`` or ``too_large``, or ``None``.
    """

    sha256: str
    size_bytes: int
    identified: str | None
    spans: tuple[Span, ...]
    failure: str | None


def scan(pieces: Callable[[], Iterable[bytes]], redactor: Redactor) -> EntityScan:
    """Read a body once; twice if a secret was learned beyond its first window.

    Args:
        pieces: Gives the decoded body from its start, each time it is called.
    """
    known_before = redactor.known.generation
    first = _pass(pieces(), redactor)
    if first.size_bytes > WINDOW_BYTES and redactor.known.generation != known_before:
        return _pass(pieces(), redactor)
    return first


def _pass(pieces: Iterable[bytes], redactor: Redactor) -> EntityScan:
    digest = hashlib.sha256()
    identified: str | None = None
    spans: list[Span] = []
    window, window_start, size = b"", 0, 0
    started = searching = False
    failure: str | None = None
    waiting: list[bytes] = []
    waiting_bytes = 0
    try:
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            if started and not searching:
                continue
            waiting.append(piece)
            waiting_bytes += len(piece)
            if not started and waiting_bytes >= SNIFF_BYTES:
                identified = sniff(b"".join(waiting))
                started, searching = True, not is_media(identified)
                waiting = waiting if searching else []
            if searching and waiting_bytes >= WINDOW_BYTES:
                window = b"".join([window, *waiting])
                spans += _moved(redactor.text(window), window_start)
                kept = min(OVERLAP_BYTES, len(window))
                window_start += len(window) - kept
                window, waiting, waiting_bytes = window[-kept:], [], 0
    except CodingError:
        failure = "undecodable"
    except TooLarge:
        failure = "too_large"
    rest = b"".join([window, *waiting])
    if not started:
        identified = sniff(rest)
        searching = not is_media(identified)
    if searching:
        spans += _moved(redactor.text(rest), window_start)
    return EntityScan(digest.hexdigest(), size, identified, merged(spans), failure)


def _moved(spans: Iterable[Span], by: int) -> list[Span]:
    return [Span(span.start + by, span.end + by, span.label) for span in spans]
