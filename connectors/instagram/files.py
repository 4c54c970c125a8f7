"""What came when a media file was asked for: is it the thing? Pure."""

from __future__ import annotations

import zlib

from connectors.model import Media, MediaKind, MediaRecord, Problem
from connectors.tap.journal import JournalEntry

_STILL_BRANDS = (b"heic", b"heix", b"mif1", b"avif", b"heim", b"hevc")


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
    if media.kind is MediaKind.VIDEO and not is_film(first):
        return "not_a_film", f"the answer ({entry.mime or 'no type'}) is not a film"
    if media.kind is MediaKind.IMAGE and not is_picture(first):
        return "not_a_picture", f"the answer ({entry.mime or 'no type'}) is not a picture"
    return None


def is_picture(first: bytes) -> bool:
    """Whether bytes begin like JPEG, PNG, GIF, WebP, HEIC or AVIF."""
    return (
        first.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8"))
        or (first[:4] == b"RIFF" and first[8:12] == b"WEBP")
        or (first[4:8] == b"ftyp" and first[8:12] in _STILL_BRANDS)
    )


def is_film(first: bytes) -> bool:
    """Whether bytes begin like MP4 or WebM."""
    if first.startswith(b"\x1a\x45\xdf\xa3"):
        return True
    return first[4:8] == b"ftyp" and first[8:12] not in _STILL_BRANDS


def first_decoded(first: bytes, coding: str) -> bytes:
    """The first bytes of a body without its content coding.

    Media hosts are asked for identity; one that codes anyway is understood
    when it uses gzip. Never more than 512 bytes, whatever they unfold to.
    """
    if coding.strip().lower() not in ("gzip", "x-gzip"):
        return first[:512]
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(first, 512)
    except zlib.error:
        return b""
