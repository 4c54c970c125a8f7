"""What a conformance check found; a value in a report, not an exception."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """One thing in a segment that is not as it should be.

    Attributes:
        code: Stable number, for example ``W021``; its meaning never changes.
        file: File name.
        offset: Of the gzip member concerned, or ``None`` for the whole file.
        record: Record id, if the record has one.
        detail: One sentence; text from the file is shown escaped.
    """

    code: str
    file: str
    offset: int | None
    record: str | None
    detail: str

    @property
    def where(self) -> str:
        """File and offset, as other reports write places."""
        return self.file if self.offset is None else f"{self.file}:{self.offset}"
