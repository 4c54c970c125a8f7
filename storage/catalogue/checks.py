"""Checks of posts that a capture expected and did not see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check, as its ``capture/1`` tells it."""

    post: str
    at: str
    found: str
    verdict: str
    cursor: str | None


def open_cases(conn: Connection, account: str) -> Mapping[str, tuple[CheckRow, ...]]:
    """Checks later than the last sighting, oldest first, by post."""
    return {}
