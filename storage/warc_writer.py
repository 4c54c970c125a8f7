"""First signatures of the segment writer; the bodies follow on this branch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class ClosedSegment:
    """A finished, read-only segment."""

    name: str
    size_bytes: int
    sha256: str


class SegmentWriter:
    """Owns one append-only segment at a time."""

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        started_at: datetime,
        host: str,
        info: Mapping[str, str],
        serial_start: int = 1,
        max_bytes: int = 1_000_000_000,
    ) -> Self:
        """``directory`` is ``<archive>/segments``; the month folder is made here."""
        raise NotImplementedError

    def sync(self) -> None:
        """One fdatasync."""
        raise NotImplementedError

    def roll_if_full(self) -> ClosedSegment | None:
        """Close the segment and begin the next if it has reached ``max_bytes``."""
        raise NotImplementedError

    def close(self) -> tuple[ClosedSegment, ...]:
        """Close; every segment this writer closed, in order, rolled ones included."""
        raise NotImplementedError
