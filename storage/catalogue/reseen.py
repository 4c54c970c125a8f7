"""When an account's posts were last looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Subquery, case, func, select

from storage import schema
from storage.catalogue.checks import UNAVAILABLE
from storage.catalogue.states import DELETED, RETURNED

_P, _R, _K = schema.posts.c, schema.post_accounts.c, schema.checks.c
PASSING = ("story", "highlight")
"""Kinds that no listing of posts shows."""
UNVISITED = "unvisited"
"""What a check found that did not look."""


@dataclass(frozen=True, slots=True)
class Reseen:
    """How an account's posts stand, those aside that no listing shows.

    Attributes:
        posts: Kept and, as far as is known, not withdrawn.
        unavailable / deleted / returned: How many are in that state.
        oldest_post / oldest_look: The one of ``posts`` that was not looked at for
            longest, and when it last was; UTC text.
        lately: For each moment that was asked: how many of ``posts`` were looked
            at since.
    """

    posts: int
    unavailable: int
    deleted: int
    returned: int
    oldest_post: str | None
    oldest_look: str | None
    lately: tuple[int, ...]


def reseen(conn: Connection, account: str, since: Sequence[str] = ()) -> Reseen:
    """When the posts under an account were last seen, or visited by a check.

    Args:
        since: Moments, UTC text of fixed width.
    """
    looks = _looks(account)
    at = looks.c.looked
    shown = looks.c.state != DELETED
    lately = [func.sum(case((shown & (at >= moment), 1), else_=0)) for moment in since]
    states = [
        func.sum(case((looks.c.state == s, 1), else_=0)) for s in (UNAVAILABLE, DELETED, RETURNED)
    ]
    counted = func.sum(case((shown, 1), else_=0))
    total, *told = conn.execute(select(counted, *states, *lately)).one()
    oldest: Select[Any] = select(looks.c.id, at).where(shown).order_by(at, looks.c.id).limit(1)
    found = conn.execute(oldest).one_or_none()
    unavailable, deleted, returned, *counts = (int(n or 0) for n in told)
    return Reseen(
        int(total or 0),
        unavailable,
        deleted,
        returned,
        found[0] if found else None,
        found[1] if found else None,
        tuple(counts),
    )


def _looks(account: str) -> Subquery:
    """Each post with its state and the moment of its last look."""
    visited = (
        select(_K.post, func.max(_K.at).label("at"))
        .where(_K.found != UNVISITED, _K.account == account)
        .group_by(_K.post)
        .subquery()
    )
    looked = case((visited.c.at > _P.last_seen, visited.c.at), else_=_P.last_seen)
    joined = schema.posts.join(schema.post_accounts, _R.post == _P.id).outerjoin(
        visited, visited.c.post == _P.id
    )
    return (
        select(_P.id, _P.state, looked.label("looked"))
        .select_from(joined)
        .where(_R.account == account, _P.kind.not_in(PASSING), _P.state != "expired")
        .subquery()
    )
