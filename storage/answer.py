"""Making an answer fit to be stored: scanned, and free of secrets.

A plain body keeps its length, secrets give way to markers. A coded body that
holds a secret cannot be changed in place: it is decoded, redacted and stored
plain; the coding lines of its head stay, under names that no client obeys
(see docs/decisions/0004-redaction.md).
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from connectors.base import Limits
from connectors.coding import CodingError
from connectors.media_type import is_media, sniff
from storage.body_buffer import Body, BodyBuffer, body_bytes, body_pieces, release
from storage.entity_scan import EntityScan, scan
from storage.http_message import codings, header_lines
from storage.payload import TooLarge, decoded
from storage.redaction import Redactor, Span, marker, merged, redacted
from storage.spool import SpooledBody, SpoolFolder

ORIGINAL_PREFIX: Final = b"X-Jejak-Original-"
_FRAMING: Final = frozenset({"content-encoding", "transfer-encoding", "content-length"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A response as it will be stored.

    Attributes:
        head / body: Without secrets.
        entity: Of the stored, decoded body.
        coded: Whether the stored body still carries a coding.
        head_spans / body_spans: What was removed; positions in ``head`` and
            in ``body``.
        renamed_lines: Header lines kept under another name because the body
            was decoded; empty if it was not.
        truncated: Set when decoding stopped early and the rest is lost.
    """

    head: bytes
    body: Body
    entity: EntityScan
    coded: bool
    head_spans: tuple[Span, ...] = ()
    body_spans: tuple[Span, ...] = ()
    renamed_lines: tuple[str, ...] = ()
    truncated: str | None = None


def prepare(
    head: bytes, body: Body, redactor: Redactor, limits: Limits, folder: SpoolFolder
) -> Answer:
    """Scan and redact one answer.

    Takes ``body`` over: the answer holds it, or another in its place.

    Raises:
        SinkFailed: A spool cannot be written.
    """
    redactor.response_head(head)  # learns what Set-Cookie brings before the body is searched
    undo = codings(head) if body_bytes(body) else ()
    if undo:
        answer = _coded(head, body, undo, redactor, limits, folder)
    else:
        answer = _plain(head, body, redactor)
    spans = redactor.response_head(answer.head)
    spans = merged((*spans, *redactor.anywhere(answer.head)))
    clean = redacted(answer.head, spans)
    stored = answer.body
    if isinstance(stored, SpooledBody) and (answer.body_spans or stored.head != clean):
        stored = stored.rehashed(clean)
    return replace(answer, head=clean, body=stored, head_spans=spans)


def _plain(head: bytes, body: Body, redactor: Redactor) -> Answer:
    if isinstance(body, SpooledBody) and is_media(kind := sniff(body.first)):
        entity = EntityScan(body.payload_sha256, body.size_bytes, kind, (), None)
        return Answer(head, body, entity, coded=False)
    entity = scan(lambda: body_pieces(body), redactor)
    if not entity.spans:
        return Answer(head, body, entity, coded=False)
    stored = _overwritten(body, entity.spans)
    return Answer(head, stored, _rehashed(entity, stored), coded=False, body_spans=entity.spans)


def _coded(
    head: bytes,
    body: Body,
    undo: tuple[str, ...],
    redactor: Redactor,
    limits: Limits,
    folder: SpoolFolder,
) -> Answer:
    # Chunks do not grow when taken off; only compression can be a bomb.
    max_bytes = limits.body_bytes if set(undo) == {"chunked"} else limits.text_bytes

    def entity_pieces() -> Iterable[bytes]:
        return decoded(body_pieces(body), undo, max_bytes=max_bytes, max_ratio=limits.ratio)

    entity = scan(entity_pieces, redactor)
    if entity.spans:
        return _recoded(head, body, entity, entity_pieces, folder)
    if entity.failure == "undecodable":
        raw = scan(lambda: body_pieces(body), redactor)
        return Answer(head, _overwritten(body, raw.spans), entity, coded=True, body_spans=raw.spans)
    return Answer(head, body, entity, coded=True)


def _recoded(
    head: bytes,
    body: Body,
    entity: EntityScan,
    entity_pieces: Callable[[], Iterable[bytes]],
    folder: SpoolFolder,
) -> Answer:
    plain = BodyBuffer(folder)
    # What was decoded before a failure is kept; `truncated` says that there was more.
    with contextlib.suppress(CodingError, TooLarge):
        for piece in entity_pieces():
            plain.write(piece)
    stored = _overwritten(plain.finish(), entity.spans)
    release(body, folder)
    renamed, lines = _with_renamed_framing(head, body_bytes(stored))
    reasons = {None: None, "too_large": "length", "undecodable": "unspecified"}
    return Answer(
        renamed,
        stored,
        replace(_rehashed(entity, stored), failure=None),
        coded=False,
        body_spans=entity.spans,
        renamed_lines=lines,
        truncated=reasons[entity.failure],
    )


def _overwritten(body: Body, spans: tuple[Span, ...]) -> Body:
    if not isinstance(body, SpooledBody):
        return redacted(body, spans)
    for span in spans:
        body.overwrite(span.start, marker(span.end - span.start))
    return body


def _rehashed(entity: EntityScan, body: Body) -> EntityScan:
    digest = hashlib.sha256()
    for piece in body_pieces(body):
        digest.update(piece)
    return replace(entity, sha256=digest.hexdigest(), size_bytes=body_bytes(body))


def _with_renamed_framing(head: bytes, size_bytes: int) -> tuple[bytes, tuple[str, ...]]:
    """The head of a body that is no longer coded, and the lines put aside."""
    pieces: list[bytes] = []
    renamed: list[str] = []
    position = 0
    for line in header_lines(head):
        if line.name not in _FRAMING:
            continue
        whole = head[line.start : line.end]
        pieces += [head[position : line.start], ORIGINAL_PREFIX, whole]
        if line.name == "content-length":
            end = whole[len(whole.rstrip(b"\r\n")) :]
            pieces.append(b"Content-Length: %d" % size_bytes + end)
        renamed.append(whole.rstrip(b"\r\n").decode("latin-1"))
        position = line.end
    pieces.append(head[position:])
    return b"".join(pieces), tuple(renamed)
