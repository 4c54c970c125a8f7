"""What a check found: a value in a report, never an exception."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        code: A stable number, such as ``L003``; its meaning never changes.
        where: File and line or offset, for example ``2026-11.jsonl:14``.
        detail: One sentence for a person, without secrets.
    """

    code: str
    where: str
    detail: str
