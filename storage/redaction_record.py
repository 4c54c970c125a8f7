"""The declaration of what was removed from an exchange: ``redaction/1``.

It names places, counts and byte ranges; never a value, and never a digest of
one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from storage.redaction import Span

SCHEMA: Final = "redaction/1"
MAX_RANGES: Final = 100
"""Most byte ranges listed for one place; the count is always whole."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed from one part of one record.

    Attributes:
        record: The record concerned.
        part: ``target-uri``, ``head`` or ``body``.
        start: Where the part begins in the record's block, bytes.
        spans: Positions in the part.
    """

    record: str
    part: str
    start: int
    spans: tuple[Span, ...]


def redaction_document(
    removed: Sequence[Removed], *, renamed_lines: Iterable[str], received_bytes: int
) -> dict[str, object]:
    """The JSON document.

    Args:
        renamed_lines: Header lines kept under another name because a coded
            body was decoded.
        received_bytes: Length of that body as it was received.
    """
    lines = list(renamed_lines)
    decoded = {"original_lines": lines, "received_bytes": received_bytes} if lines else None
    return {
        "schema": f"jejak:{SCHEMA}",
        "marker": "REDACTED, repeated and cut to the length of what it replaces",
        "removed": [entry for part in removed for entry in _entries(part)],
        "decoded": decoded,
    }


def _entries(part: Removed) -> list[dict[str, object]]:
    labels: dict[str, list[Span]] = {}
    for span in part.spans:
        labels.setdefault(span.label, []).append(span)
    return [
        {
            "record": part.record,
            "part": part.part,
            "what": label,
            "count": len(spans),
            "ranges": [[part.start + s.start, s.end - s.start] for s in spans[:MAX_RANGES]],
        }
        for label, spans in labels.items()
    ]
