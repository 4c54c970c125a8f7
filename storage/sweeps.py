"""How far the sweep of each listing is; lost, it begins anew and costs requests only."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, select

from storage import schema
from storage.catalogue.upsert import put


@dataclass(frozen=True, slots=True)
class Sweep:
    """Where the next night goes on in one listing.

    Attributes:
        section: Which listing.
        cursor: Where the next page begins; ``None`` when the round has ended.
        oldest: Publication of the last post before `cursor`, UTC text of fixed width.
        begun_at / ended_at: Of this round, and of the last one that ended.
    """

    account: str
    section: str
    cursor: str | None
    oldest: str | None
    begun_at: str
    updated_at: str
    ended_at: str | None


def sweep(conn: Connection, account: str, section: str) -> Sweep | None:
    """Where the sweep stands; ``None`` when none was begun, or it is not known."""
    s = schema.state_sweeps
    wanted = select(s).where(s.c.account == account, s.c.section == section)
    row = conn.execute(wanted).one_or_none()
    return None if row is None else Sweep(*row)


def swept(conn: Connection, reached: Sweep) -> None:
    """The posts before its cursor were all compared with what is kept."""
    put(conn, schema.state_sweeps, asdict(reached))
