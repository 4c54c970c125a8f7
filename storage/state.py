"""What is neither seen nor decided: logins, and how far harvests and sweeps are.

Not rebuilt by reindex, which leaves it alone. It never holds a cookie, only
where the 0600 file with the cookies is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from storage import schema
from storage.catalogue.upsert import put
from storage.timestamps import stamp

_LOGINS = schema.state_logins


@dataclass(frozen=True, slots=True)
class Login:
    """One identity's session.

    Attributes:
        username: Whose session it was when it was last tested.
        cookies_file: Path of the cookies file.
        last_error: A code from `connectors.errors`, or ``None`` when the last
            use went well.
    """

    identity: str
    platform: str
    username: str | None
    cookies_file: str
    imported_at: str
    last_success_at: str | None = None
    last_challenge_at: str | None = None
    last_error: str | None = None


def imported(
    conn: Connection,
    identity: str,
    *,
    platform: str,
    username: str | None,
    cookies_file: str,
    at: datetime,
) -> None:
    """A browser session was taken over; forgets the session before it."""
    row = Login(identity, platform, username, cookies_file, stamp(at))
    put(conn, schema.state_logins, asdict(row))


def succeeded(
    conn: Connection, identity: str, at: datetime, *, username: str | None = None
) -> None:
    """The platform accepted the session.

    Raises:
        KeyError: The identity was never imported.
    """
    known = {} if username is None else {"username": username}
    _update(conn, identity, {"last_success_at": stamp(at), "last_error": None, **known})


def refused(
    conn: Connection, identity: str, at: datetime, *, error: str, challenge: bool = False
) -> None:
    """The platform did not accept the session, or wants a person.

    Args:
        error: A code such as ``session_expired``; never a message with values.
        challenge: Whether the platform asked for a person.

    Raises:
        KeyError: The identity was never imported.
    """
    when = {"last_challenge_at": stamp(at)} if challenge else {}
    _update(conn, identity, {"last_error": error, **when})


def login(conn: Connection, identity: str) -> Login | None:
    """One identity's session; ``None`` when it was never imported."""
    row = conn.execute(select(_LOGINS).where(_LOGINS.c.identity == identity)).one_or_none()
    return None if row is None else Login(*row)


def logins(conn: Connection) -> tuple[Login, ...]:
    """All sessions, by identity."""
    return tuple(Login(*row) for row in conn.execute(select(_LOGINS).order_by(_LOGINS.c.identity)))


def _update(conn: Connection, identity: str, values: Mapping[str, object]) -> None:
    statement = update(_LOGINS).where(_LOGINS.c.identity == identity).values(dict(values))
    if conn.execute(statement).rowcount == 0:
        raise KeyError(f"identity {identity!r} has no imported session; run `jejak login` first")


@dataclass(frozen=True, slots=True)
class Harvest:
    """How far the reading of an account's past has come.

    Losing this costs listing requests, never a post.

    Attributes:
        section: Which listing.
        cursor: Where the next page begins; ``None`` begins at the newest.
        anchor: Start of the last capture that connected, UTC text of fixed
            width: what was published before it is kept, or lies beyond `cursor`.
        begun_at: When this harvest began.
        oldest: Oldest publication it has come to.
    """

    account: str
    section: str
    cursor: str | None
    anchor: str
    begun_at: str
    oldest: str | None
    updated_at: str


def harvest(conn: Connection, account: str, section: str) -> Harvest | None:
    """Where the harvest stands; ``None`` when none is under way, or it is not known."""
    h = schema.state_harvests
    wanted = select(h).where(h.c.account == account, h.c.section == section)
    row = conn.execute(wanted).one_or_none()
    return None if row is None else Harvest(*row)


def harvested(conn: Connection, reached: Harvest) -> None:
    """A page's posts are all acknowledged: the next time begins after it."""
    put(conn, schema.state_harvests, asdict(reached))


def harvest_ended(conn: Connection, account: str, section: str) -> None:
    """Nothing of the past is left to read."""
    h = schema.state_harvests
    conn.execute(delete(h).where(h.c.account == account, h.c.section == section))


@dataclass(frozen=True, slots=True)
class Sweep:
    """How far the walk around an account's listing has come.

    Losing this costs listing requests, never a post.

    Attributes:
        section: Which listing.
        cursor: Where the next page begins; ``None`` begins at the newest.
        oldest: Oldest publication it has come to, UTC text of fixed width.
        begun_at: When this walk began.
        ended_at: When the last walk came to the listing's end.
    """

    account: str
    section: str
    cursor: str | None
    oldest: str | None
    begun_at: str
    updated_at: str
    ended_at: str | None


def sweep(conn: Connection, account: str, section: str) -> Sweep | None:
    """Where the sweep stands; ``None`` when none has begun, or it is not known."""
    s = schema.state_sweeps
    wanted = select(s).where(s.c.account == account, s.c.section == section)
    row = conn.execute(wanted).one_or_none()
    return None if row is None else Sweep(*row)


def swept(conn: Connection, reached: Sweep) -> None:
    """A page was compared with what is kept: the next time begins after it."""
    put(conn, schema.state_sweeps, asdict(reached))
