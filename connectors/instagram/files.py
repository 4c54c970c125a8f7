"""What came when a media file was asked for: is it the thing? Pure."""

from __future__ import annotations

from connectors.coding import CodingError, Decoder, names
from connectors.media_type import SNIFF_BYTES, misfit, sniff
from connectors.model import Media, MediaRecord, Problem
from connectors.tap.journal import JournalEntry


def media_record(
    media: Media, entry: JournalEntry | None, first: bytes, post_id: str | None
) -> MediaRecord:
    """Judge one recorded media answer.

    Args:
        media: What was asked for.
        entry: The exchange; ``None`` if nothing was exchanged.
        first: The first decoded bytes of the body.
        post_id: For the problem, if there is one.
    """
    trouble = _trouble(media, entry, first)
    record = entry.record_id if entry and entry.status is not None else None
    if trouble is None:
        return MediaRecord(media, record)
    code, detail = trouble
    evidence = (entry.record_id,) if entry else ()
    return MediaRecord(media, record, Problem(code, detail, evidence, post_id, media.media_id))


def is_passing(problem: Problem) -> bool:
    """Whether asking once more may help."""
    return problem.code in ("no_answer", "cut", "network_failure") or problem.code.startswith(
        "http_5"
    )


def _trouble(media: Media, entry: JournalEntry | None, first: bytes) -> tuple[str, str] | None:
    if entry is None or entry.status is None:
        return "no_answer", "the media host did not answer"
    if entry.status != 200:
        return f"http_{entry.status}", f"the media host answered {entry.status}"
    if entry.limit:
        return "limit_exceeded", f"the answer went beyond the limit {entry.limit}"
    if entry.truncated:
        return "cut", "the answer ended before it was whole"
    if not first:
        return "empty", "the answer has no bytes"
    return misfit(media.kind, sniff(first))


def first_decoded(first: bytes, coding: str) -> bytes:
    """The first bytes of a body without its content coding.

    Media hosts are asked for identity; one that codes anyway is understood.

    Returns:
        Up to `SNIFF_BYTES`, whatever they unfold to; empty if undecodable.
    """
    try:
        pieces = Decoder(names(coding)[::-1]).feed(first)
        return bytes(next(pieces, b"")[:SNIFF_BYTES])
    except CodingError:
        return b""
