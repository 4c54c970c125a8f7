"""Which body and unit an account speaks for, and since when.

A row is what one ``account assigned`` event says; until when it holds follows
from the others of its account: the one that begins next ends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select, update

from storage import schema
from storage.catalogue.fields import clean
from storage.catalogue.upsert import insert_new
from storage.ledger import LedgerEvent

ASSIGNED = "account assigned"


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """One assignment.

    Attributes:
        seq: The ledger event that says so.
        valid_from: Its first day in the office's time zone (``YYYY-MM-DD``);
            ``None`` when it holds since ever.
        valid_to: The first day on which it holds no more; ``None`` while it
            does. Equal to ``valid_from`` when a later event replaced it whole.
        reference: The decree or letter behind it.
        at / agent: When and by whom it was entered.
    """

    seq: int
    account: str
    body: str
    unit: str | None
    valid_from: str | None
    valid_to: str | None
    reference: str | None
    reason: str | None
    at: str
    agent: str


_A = schema.assignments.c
_ENDS = (
    update(schema.assignments).where(_A.seq == bindparam("s")).values(valid_to=bindparam("until"))
)


def take(conn: Connection, event: LedgerEvent) -> None:
    """Keep what an event says of an account's body; other events are left alone."""
    account, body = event.objects.get("account"), event.detail.get("body")
    if event.type != ASSIGNED or not account or not isinstance(body, str):
        return
    told = {name: _told(event, name) for name in ("unit", "valid_from", "reference", "reason")}
    row = {
        "seq": event.seq,
        "account": account,
        "body": clean(body),
        **told,
        "valid_to": None,
        "at": event.at,
        "agent": event.agent,
    }
    insert_new(conn, schema.assignments, [row])
    rows = every(conn, account)
    after = [*(row.valid_from for row in rows[1:]), None]
    ends = [
        {"s": row.seq, "until": end}
        for row, end in zip(rows, after, strict=True)
        if row.valid_to != end
    ]
    if ends:
        conn.execute(_ENDS, ends)


def every(conn: Connection, account: str | None = None) -> tuple[AssignmentRow, ...]:
    """Assignments by account and first day; of one account, or of all."""
    wanted = select(*(_A[field.name] for field in fields(AssignmentRow)))
    if account is not None:
        wanted = wanted.where(_A.account == account)
    rows = [AssignmentRow(*row) for row in conn.execute(wanted)]
    return tuple(sorted(rows, key=lambda row: (row.account, row.valid_from or "", row.seq)))


def body_at(
    assignments: Sequence[AssignmentRow], moment: datetime, zone: ZoneInfo
) -> AssignmentRow | None:
    """The body an account spoke for at a moment. Pure.

    Args:
        assignments: All of one account.
        moment: Aware.
        zone: The office's: a day of a decree begins there.

    Returns:
        ``None`` before the first assignment, or when there is none.
    """
    return on_day(assignments, moment.astimezone(zone).date())


def on_day(assignments: Sequence[AssignmentRow], day: date) -> AssignmentRow | None:
    """As `body_at`, for a day of the office."""
    begun = [row for row in assignments if (row.valid_from or "") <= day.isoformat()]
    return max(begun, key=lambda row: (row.valid_from or "", row.seq), default=None)


def _told(event: LedgerEvent, name: str) -> str | None:
    value = event.detail.get(name)
    return clean(value) if isinstance(value, str) and value else None
