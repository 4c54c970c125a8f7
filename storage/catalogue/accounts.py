"""Accounts and the dated series of their profiles."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account as it is known now.

    Attributes:
        key: ``platform:numeric-id``, or ``platform:@handle`` if never reached.
        handle / name: As last shown.
        pinned_at: When its numeric id was accepted, or ``None``.
        handle_taken_at: When its handle last answered with another id.
        first_seen / last_seen: Of its profile; ``None`` if never shown.
        last_capture / last_outcome: The newest capture's end and outcome.
        posts: How many posts are kept.
    """

    key: str
    platform: str
    native_id: str | None
    handle: str | None
    name: str | None
    pinned_at: str | None
    handle_taken_at: str | None
    first_seen: str | None
    last_seen: str | None
    last_capture: str | None
    last_outcome: str | None
    posts: int


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """An account's profile as one capture saw it."""

    capture: str
    at: str
    native_id: str
    handle: str
    name: str | None
    biography: str | None
    external_url: str | None
    is_private: bool | None
    is_verified: bool | None
    followers: int | None
    following: int | None
    declared_posts: int | None
    locator: str | None


def every(conn: Connection) -> tuple[AccountRow, ...]:
    """All accounts, by key."""
    raise NotImplementedError


def get(conn: Connection, key: str) -> AccountRow | None:
    """One account; ``None`` when the catalogue does not have it."""
    raise NotImplementedError


def profiles(conn: Connection, key: str) -> tuple[ProfileRow, ...]:
    """The account's profiles, oldest first."""
    raise NotImplementedError
