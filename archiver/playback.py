"""Media out of the archive: from record id to checked bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from archiver.errors import FINDINGS, JejakError, UsageProblem
from archiver.i18n import N_
from connectors.coding import CodingError
from storage.catalogue.media import original
from storage.catalogue.posts import MediaRow
from storage.payload import TooLarge
from storage.segment_name import segment_path
from storage.warc_reader import BadRecord, payload_stream


class Damaged(JejakError):
    """Stored bytes are not what was recorded."""

    exit_code = FINDINGS


def media_bytes(archive: Path, conn: Connection, media: MediaRow) -> Iterator[bytes]:
    """The decoded bytes of one media item, piece by piece.

    Raises:
        UsageProblem: No answer was recorded for it.
        Damaged: Its record or segment is missing or cannot be read, or, after
            the last piece, its SHA-256 is another than was recorded.
    """
    if media.record is None:
        raise UsageProblem(
            N_("No bytes were recorded for {media}."),
            hint=N_("The next run fetches it again if the platform still shows the post."),
            media=media.media_id,
        )
    row = original(conn, media.record)
    if row is None:
        raise _damaged(media, "its record is not in the catalogue")
    sha256 = hashlib.sha256()
    try:
        for piece in payload_stream(segment_path(archive / "segments", row.segment), row.offset):
            sha256.update(piece)
            yield piece
    except (BadRecord, CodingError, TooLarge, OSError) as error:
        raise _damaged(media, f"{row.segment}: {error}") from None
    if media.sha256 is not None and "sha256:" + sha256.hexdigest() != media.sha256:
        raise _damaged(media, f"{row.segment} at {row.offset}: SHA-256 differs")


def _damaged(media: MediaRow, detail: str) -> Damaged:
    return Damaged(
        N_("{media} cannot be taken out whole: {detail}."),
        hint=N_("Run `jejak verify --full`; take the file from another copy of the archive."),
        media=media.media_id,
        detail=detail,
    )
