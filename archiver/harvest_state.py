"""How far the reading of an account's past is, as its captures tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from archiver.harvest_forecast import NIGHTS, forecast, percentage
from storage.catalogue import accounts, captures
from storage.catalogue.captures import CaptureRow

LOOKED_AT = 60
"""So many captures are looked at for the last one that read something."""


@dataclass(frozen=True, slots=True)
class HarvestState:
    """A harvest under way.

    Attributes:
        capture: The last one that read something of the account.
        kept / declared: Posts in the archive, and on the profile.
        ends: When it will be over at the pace of the last nights.
    """

    capture: str
    kept: int
    declared: int | None
    ends: date | None

    @property
    def percentage(self) -> int | None:
        """How much is kept of what is declared."""
        return percentage(self.kept, self.declared)

    def row(self) -> dict[str, object]:
        """As a JSON value."""
        return {
            "kept": self.kept,
            "declared": self.declared,
            "percentage": self.percentage,
            "ends": self.ends.isoformat() if self.ends else None,
        }


def harvest_state(conn: Connection, account: str) -> HarvestState | None:
    """How far the past of an account is read; ``None`` when nothing is under way.

    Args:
        account: Its key.
    """
    row = accounts.get(conn, account)
    rows = captures.of_account(conn, account, limit=LOOKED_AT)
    return state_of(rows, row.posts if row else 0)


def state_of(rows: Sequence[CaptureRow], kept: int) -> HarvestState | None:
    """The same from values. Pure.

    Args:
        rows: The account's captures, newest first.
        kept: Its posts in the archive.
    """
    last = next((c for c in rows if c.has_read), None)
    if last is None or last.harvest_state != "under_way":
        return None
    declared = next((c.declared_posts for c in rows if c.declared_posts is not None), None)
    pace = [c.new + c.joined for c in rows[:NIGHTS] if c.harvest_state]
    day = datetime.fromisoformat(rows[0].started_at).date()
    return HarvestState(last.capture, kept, declared, forecast(pace, kept, declared, day))
