"""Accounts and the dated series of their profiles."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, Select, func, select

from storage import schema


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
        posts: How many posts are kept, shared ones included.
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


_R = schema.post_accounts.c
_WANTED: Select[Any] = select(
    *schema.accounts.c,
    select(func.count())
    .select_from(schema.post_accounts.join(schema.posts, _R.post == schema.posts.c.id))
    .where(_R.account == schema.accounts.c.key)
    .scalar_subquery(),
)


def every(conn: Connection) -> tuple[AccountRow, ...]:
    """All accounts, by key."""
    return tuple(AccountRow(*row) for row in conn.execute(_WANTED.order_by(schema.accounts.c.key)))


def get(conn: Connection, key: str) -> AccountRow | None:
    """One account; ``None`` when the catalogue does not have it."""
    row = conn.execute(_WANTED.where(schema.accounts.c.key == key)).one_or_none()
    return None if row is None else AccountRow(*row)


def profiles(conn: Connection, key: str) -> tuple[ProfileRow, ...]:
    """The account's profiles, oldest first; a stranger's that answered under
    its handle is among them, with another ``native_id``."""
    p = schema.account_profiles.c
    wanted = select(*(p[field.name] for field in fields(ProfileRow))).where(p.account == key)
    return tuple(ProfileRow(*row) for row in conn.execute(wanted.order_by(p.at, p.document)))


def last_profile(conn: Connection, key: str) -> ProfileRow | None:
    """The account's own newest profile; a stranger's under its handle is passed over."""
    p = schema.account_profiles.c
    own = (p.account == key, p.native_id == key.partition(":")[2])
    wanted = select(*(p[field.name] for field in fields(ProfileRow))).where(*own)
    row = conn.execute(wanted.order_by(p.at.desc(), p.document.desc()).limit(1)).one_or_none()
    return None if row is None else ProfileRow(*row)
