"""Accounts and the dated series of their profiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, Select, func, select

from storage import schema
from storage.catalogue.places import STARTED, Places


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


@dataclass(frozen=True, slots=True)
class AccountLook:
    """What one capture met when it asked for the account.

    Attributes:
        at: When it began, UTC text.
        handle: The handle it asked for.
        reason: Why it was not complete.
        profile: As it was shown; ``None`` when none was.
        avatar: SHA-256 of the picture that came whole; ``None`` when none did.
        evidence: The records of the profile, or of what came in its place.
        document: The ``capture/1`` record.
    """

    capture: str
    at: str
    handle: str
    identity: str | None
    outcome: str
    reason: str | None
    profile: ProfileRow | None
    avatar: str | None
    evidence: tuple[str, ...]
    document: str


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
    """The account's own newest profile; a stranger's under its handle is passed over.

    The newest is that of the run that the ledger began last: clocks may jump.
    """
    p, c, e = schema.account_profiles.c, schema.captures.c, schema.events.c
    begun = (e.run == c.run) & (e.type == STARTED)
    wanted = (
        select(*(p[field.name] for field in fields(ProfileRow)))
        .join(schema.captures, c.document == p.document)
        .join(schema.events, begun, isouter=True)
        .where(p.account == key, p.native_id == key.partition(":")[2])
        .order_by(e.seq.desc().nulls_last(), p.at.desc(), p.document.desc())
    )
    row = conn.execute(wanted.limit(1)).one_or_none()
    return None if row is None else ProfileRow(*row)


def own_handles(conn: Connection, key: str) -> frozenset[str]:
    """All handles under which an account was met, in lower case."""
    p = schema.account_profiles.c
    own = (p.account == key, p.native_id == key.partition(":")[2])
    return frozenset(h.casefold() for h in conn.scalars(select(p.handle).where(*own).distinct()))


def renamed_in(conn: Connection, runs: Sequence[str]) -> Mapping[tuple[str, str], str]:
    """Accounts that runs asked for by one handle and met under another.

    Returns:
        Key and handle asked for to the handle met, by each account's newest
        capture in these runs.
    """
    c, p = schema.captures.c, schema.account_profiles.c
    met = (p.capture == c.capture) & (p.account == c.account)
    wanted = select(c.account, c.handle, p.handle, p.native_id)
    rows = conn.execute(
        wanted.join(schema.account_profiles, met)
        .where(c.run.in_(runs))
        .order_by(c.started_at, c.document)
    )
    own = {row[0]: (row[1], row[2]) for row in rows if row[0].partition(":")[2] == row[3]}
    pairs = ((key, asked, found) for key, (asked, found) in own.items())
    return {(k, asked): found for k, asked, found in pairs if asked.lower() != found.lower()}


def looks(conn: Connection, key: str) -> tuple[AccountLook, ...]:
    """All captures of an account, in the order in which their runs began."""
    c = schema.captures.c
    names = ("run", "capture", "handle", "identity", "outcome", "reason", "document")
    wanted = select(*(c[name] for name in names), c.started_at).where(c.account == key)
    rows = conn.execute(wanted).all()
    places = Places(conn, (row.run for row in rows))
    shown = {row.capture: row for row in profiles(conn, key)}
    pictures, cited = _avatars(conn, key), _cited(conn, key)
    found = []
    for row in rows:
        profile = shown.get(row.capture)
        part = "profile" if profile else "problem"
        evidence = cited.get((row.document, part), ())
        told = (row.handle, row.identity, row.outcome, row.reason, profile)
        look = AccountLook(
            row.capture,
            row.started_at,
            *told,
            avatar=pictures.get(row.document),
            evidence=tuple(dict.fromkeys(evidence)),
            document=row.document,
        )
        found.append((places.of(row.run, row.started_at), look))
    found.sort(key=lambda one: (one[0], one[1].at, one[1].document))
    return tuple(look for _, look in found)


def _avatars(conn: Connection, key: str) -> Mapping[str, str]:
    """SHA-256 of the whole profile picture in each ``capture/1`` that has one."""
    m = schema.media.c
    own = (m.account == key, m.post.is_(None), m.role == "avatar", m.ordinal == 0)
    wanted = select(m.document, m.sha256).where(*own, m.complete, m.sha256.is_not(None))
    return {row[0]: row[1] for row in conn.execute(wanted)}


def _cited(conn: Connection, key: str) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """The records that captures cite for a profile, and for what went wrong."""
    e, c, p = schema.evidence.c, schema.captures.c, schema.account_profiles.c
    mine = select(c.document).where(c.account == key)
    shown = select(p.document).where(p.account == key)
    of_profile = e.part == "profile"
    of_problem = e.part.startswith("problem:") & e.document.not_in(shown)
    wanted = select(e.document, e.part, e.record).where(
        e.document.in_(mine), of_profile | of_problem
    )
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for document, part, record in conn.execute(wanted.order_by(e.document, e.part, e.ordinal)):
        name = document, part.partition(":")[0]
        found[name] = (*found.get(name, ()), record)
    return found
