"""Reading a segment as the catalogue wants it: places and documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from storage.records import RecordRow
from storage.warc_reader import BadRecord, members, payload_stream, row_of


class SegmentDamaged(Exception):
    """A segment cannot be read further.

    Attributes:
        offset: Where reading ended.
    """

    def __init__(self, message: str, *, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def read_segment(path: Path) -> Iterator[tuple[RecordRow, bytes | None]]:
    """Each record's row in file order; for metadata records with a schema of
    ours also the document's bytes.

    Raises:
        SegmentDamaged: At the first place that is no whole record.
    """
    segment = path.name.removesuffix(".open")
    try:
        for member in members(path):
            row = row_of(member, segment)
            body = None
            if row.schema is not None:
                body = b"".join(payload_stream(path, row.offset))
            yield row, body
    except BadRecord as error:
        raise SegmentDamaged(str(error), offset=error.offset) from error
