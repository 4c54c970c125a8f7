"""Words that the rooms of storage share: what one stored record is.

A `RecordRow` is one WARC record as the catalogue's one table of places knows
it. It is a pure function of the record's bytes and of where they stand, so
live capture, recovery and reindex give the same row.
"""

from __future__ import annotations

from dataclasses import dataclass

from connectors.model import RecordId


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One WARC record and its place.

    Attributes:
        segment: File name of the closed segment, without ``.open``.
        offset / length: Of the gzip member in that file, bytes.
        type: WARC-Type.
        date: WARC-Date exactly as written.
        http_status / mime: Of a response or revisit; ``None`` otherwise.
        identified: Media type told from the bytes
            (WARC-Identified-Payload-Type), if told.
        block_digest / payload_digest: ``sha256:`` hex as written in the
            record; ``None`` where the record has none (payload digest of
            transfer-coded responses, requests, metadata).
        payload_bytes: Stored payload length; a revisit's is 0.
        concurrent_to / refers_to: Record ids, or ``None``.
        truncated: WARC-Truncated value, or ``None``.
        schema: For our metadata records ``post/1``, ``capture/1`` or
            ``redaction/1``; ``None`` otherwise.
    """

    record_id: RecordId
    segment: str
    offset: int
    length: int
    type: str
    target_uri: str | None
    date: str
    http_status: int | None = None
    mime: str | None = None
    identified: str | None = None
    block_digest: str | None = None
    payload_digest: str | None = None
    payload_bytes: int = 0
    concurrent_to: RecordId | None = None
    refers_to: RecordId | None = None
    truncated: str | None = None
    schema: str | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of one answer once it is stored.

    Attributes:
        record_id: The response or revisit record.
        sha256: ``sha256:`` hex of the decoded entity (content- and
            transfer-coding removed), also for revisits; ``None`` if it could
            not be decoded within the limits.
        size_bytes: Length of the decoded entity.
        identified: Media type told from its first bytes (``image/jpeg``,
            ``video/mp4``, ``text/html``, ``application/json`` …) or ``None``.
        truncated: WARC-Truncated value, or ``None``.
        source: The record that holds the bytes: itself, or the one a revisit
            refers to.
        ends_early: Whether the file's own structure says that bytes are
            missing at its end, see `storage.media_end`.
    """

    record_id: RecordId
    http_status: int | None
    sha256: str | None
    size_bytes: int
    identified: str | None
    truncated: str | None
    source: RecordId
    target_uri: str
    date: str
    ends_early: bool = False
