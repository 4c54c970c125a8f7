"""Whether a ledger is whole, and setting aside a line that was torn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from storage.findings import Finding
from storage.ledger import LedgerEvent


def verify(directory: Path, *, expected: LedgerEvent | None = None) -> Iterator[Finding]:
    """Check every byte of every part; yields nothing when all is well.

    Args:
        expected: The newest event known elsewhere (the catalogue's
            `storage.catalogue.events.last`); shows a ledger cut at its end.
    """
    raise NotImplementedError


def heal(directory: Path, quarantine: Path) -> Path | None:
    """Move a torn last line into quarantine, so that appending can go on.

    Returns:
        The quarantine file that now holds the bytes, or ``None`` when there
        was nothing to heal. The caller records it: ``quarantine`` event.
    """
    raise NotImplementedError
