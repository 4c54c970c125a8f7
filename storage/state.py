"""What is neither seen nor decided: the state of identities' logins.

Not rebuilt by reindex, which leaves it alone. It never holds a cookie, only
where the 0600 file with the cookies is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection


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
    raise NotImplementedError


def succeeded(
    conn: Connection, identity: str, at: datetime, *, username: str | None = None
) -> None:
    """The platform accepted the session."""
    raise NotImplementedError


def refused(
    conn: Connection, identity: str, at: datetime, *, error: str, challenge: bool = False
) -> None:
    """The platform did not accept the session, or wants a person."""
    raise NotImplementedError


def login(conn: Connection, identity: str) -> Login | None:
    """One identity's session; ``None`` when it was never imported."""
    raise NotImplementedError


def logins(conn: Connection) -> tuple[Login, ...]:
    """All sessions, by identity."""
    raise NotImplementedError
