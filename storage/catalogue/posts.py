"""Finding posts; what each looked like before is in `storage.catalogue.history`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from storage import schema, search
from storage.catalogue.upsert import batches
from storage.timestamps import stamp

_BATCH = 200
_ROLES = {"content": 0, "cover": 1, "sound": 2, "subtitle": 3, "avatar": 4}
"""Order of media at one position."""

_P = schema.posts.c
_KNOWN = select(
    *(_P.id, _P.content_digest, _P.state, _P.media_complete, _P.kind),
    *(_P.first_seen, _P.published_at, _P.expires_at),
).select_from(schema.posts)

FAILED_GONE = "failed_post_gone"
"""Code of the problem that says: a post that could not be kept is gone."""


@dataclass(frozen=True, slots=True)
class PostFilter:
    """Which posts are wanted; every condition given must hold.

    Attributes:
        account: ``platform:numeric-id``; one of the accounts it stands under.
        kind / state: As in `PostRow`.
        since / until: Aware; published at or after the one, before the other.
        search: Words as `storage.search.query` reads them, in any version.
        limit: At most so many.
    """

    account: str | None = None
    kind: str | None = None
    state: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    search: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class MediaRow:
    """One media item of a version.

    Attributes:
        record: The response or revisit record, or ``None`` if no answer came.
        complete: False when the bytes are cut, missing or not the item.
        document: The ``post/1`` record that says so.
    """

    media_id: str
    kind: str
    role: str
    position: int
    url: str
    width: int | None
    height: int | None
    duration_s: float | None
    language: str | None
    mime: str | None
    size_bytes: int | None
    sha256: str | None
    record: str | None
    complete: bool
    document: str


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post as it is known now.

    Attributes:
        state: ``present``, ``unavailable``, ``deleted``, ``returned`` or ``expired``.
        state_reason: A code; of ``unavailable`` and ``expired`` only.
        state_since: Since when, UTC text of fixed width; of ``present`` the first
            sighting, of ``deleted`` the first absence.
        expires_at: When a story goes; UTC text or ``None``.
        published_at / first_seen / last_seen: UTC text of fixed width.
        versions: How many distinct contents are kept.
        media_complete: Whether every media item of the newest version is kept.
        media: Of the newest version, in order.
        evidence: Records the newest version was read from.
        document: The newest ``post/1`` record.
    """

    id: str
    platform: str
    account: str
    code: str
    native_id: str | None
    kind: str
    state: str
    state_reason: str | None
    state_since: str
    caption: str | None
    published_at: str | None
    permalink: str | None
    expires_at: str | None
    first_seen: str
    last_seen: str
    versions: int
    content_digest: str
    media_complete: bool
    document: str
    media: tuple[MediaRow, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownPost:
    """What a capture must know of a post it meets again.

    Attributes:
        first_seen / published_at / expires_at: UTC text of fixed width.
    """

    content_digest: str
    state: str
    media_complete: bool
    kind: str
    first_seen: str
    published_at: str | None = None
    expires_at: str | None = None


def find(conn: Connection, wanted: PostFilter | None = None) -> Iterator[PostRow]:
    """Posts newest first, read in batches; those without a date come last."""
    wanted = wanted or PostFilter()
    p = schema.posts.c
    statement = select(schema.posts).order_by(p.published_at.desc().nulls_last(), p.id.desc())
    if wanted.account is not None:
        r = schema.post_accounts.c
        under = select(r.post).where(r.account == wanted.account)
        # What the search finds stands under the account already: no list of all its posts.
        own = under.where(r.post == p.id).exists() if wanted.search else p.id.in_(under)
        statement = statement.where(own)
    if wanted.kind is not None:
        statement = statement.where(p.kind == wanted.kind)
    if wanted.state is not None:
        statement = statement.where(p.state == wanted.state)
    if wanted.since is not None:
        statement = statement.where(p.published_at >= stamp(wanted.since))
    if wanted.until is not None:
        statement = statement.where(p.published_at < stamp(wanted.until))
    if wanted.search:
        statement = search.newest_first(
            conn,
            statement,
            search.parse(wanted.search),
            filters=tuple(filter(None, (wanted.account, wanted.kind, wanted.state))),
            since=wanted.since,
            until=wanted.until,
            limit=wanted.limit,
        )
    if wanted.limit is not None:
        statement = statement.limit(wanted.limit)
    result = conn.execute(statement.execution_options(yield_per=_BATCH))
    for rows in result.partitions():
        yield from _filled(conn, rows)


def get(conn: Connection, post_id: str) -> PostRow | None:
    """One post by its id; ``None`` when the catalogue does not have it."""
    rows = conn.execute(select(schema.posts).where(schema.posts.c.id == post_id)).all()
    return next(iter(_filled(conn, rows)), None)


def newest_own(conn: Connection, account: str, *, limit: int) -> tuple[str, ...]:
    """Ids of the newest posts kept of an account itself, stories left out."""
    own = (_P.account == account, _P.kind.not_in(("story", "highlight")))
    order = (_P.published_at.desc().nulls_last(), _P.id.desc())
    return tuple(conn.scalars(select(_P.id).where(*own).order_by(*order).limit(limit)))


def came_since(conn: Connection, account: str, moment: str) -> int:
    """How many posts a listing of the account may count more than at a moment:
    those kept since for the first time, and those that returned.

    Args:
        moment: UTC text of fixed width.
    """
    r, t = schema.post_accounts.c, schema.tombstones.c
    under = select(r.post).where(r.account == account)
    back = select(t.post).where(t.returned_at > moment)
    came = (_P.first_seen > moment) | _P.id.in_(back)
    wanted = select(func.count()).select_from(schema.posts)
    listed = _P.kind.not_in(("story", "highlight"))
    return conn.scalar(wanted.where(_P.id.in_(under), listed, came)) or 0


def known(conn: Connection, account: str) -> Mapping[str, KnownPost]:
    """The posts that stand under an account, its own and shared ones, by id."""
    r = schema.post_accounts.c
    wanted = _KNOWN.join(schema.post_accounts, r.post == _P.id)
    return {row[0]: KnownPost(*row[1:]) for row in conn.execute(wanted.where(r.account == account))}


def known_by_id(conn: Connection, post_ids: Iterable[str]) -> Mapping[str, KnownPost]:
    """Those of these posts that are kept, under whatever account."""
    found: dict[str, KnownPost] = {}
    for batch in batches(post_ids):
        rows = conn.execute(_KNOWN.where(_P.id.in_(batch)))
        found.update((row[0], KnownPost(*row[1:])) for row in rows)
    return found


def content(conn: Connection, post_id: str) -> Mapping[str, object]:
    """What the newest version's content digest is of; empty when not told."""
    p, v = schema.posts.c, schema.versions.c
    wanted = select(v.content).join(schema.posts, p.document == v.document)
    found = conn.scalar(wanted.where(p.id == post_id))
    return json.loads(found) if found else {}


def cover_keys(conn: Connection, post_id: str) -> frozenset[str]:
    """Keys under which the cover of a post was found to be the kept picture."""
    c, v, p = schema.post_covers.c, schema.versions.c, schema.posts.c
    begun = (
        select(func.min(v.captured_at))
        .join(schema.posts, (p.id == v.post) & (p.versions == v.number))
        .where(v.post == post_id)
    )
    since = select(schema.captures.c.document).where(
        schema.captures.c.ended_at >= begun.scalar_subquery()
    )
    wanted = select(c.cover).where(c.post == post_id, c.document.in_(since))
    return frozenset(conn.scalars(wanted))


def never_kept(conn: Connection, account: str, *, limit: int) -> tuple[str, ...]:
    """Posts that a capture of the account listed, failed to keep, and that no
    later visit found gone; oldest failure first."""
    f, c, p = schema.problems.c, schema.captures.c, schema.posts.c
    gone = select(f.post_id).where(f.code == FAILED_GONE, f.post_id.is_not(None))
    wanted = (
        select(f.post_id)
        .join(schema.captures, c.document == f.document)
        .where(c.account == account, f.part == "failed", f.post_id.is_not(None))
        .where(f.post_id.not_in(select(p.id)), f.post_id.not_in(gone))
        .group_by(f.post_id)
        .order_by(func.min(c.started_at), f.post_id)
        .limit(limit)
    )
    return tuple(conn.scalars(wanted))


def shown_since(conn: Connection, account: str, moment: str) -> frozenset[str]:
    """Ids of posts that the account's listings showed since a moment, those
    that were not kept included; stories are no part of a listing of posts.

    Args:
        moment: UTC text of fixed width.
    """
    o, c, v = schema.observations.c, schema.captures.c, schema.versions.c
    seen = (
        select(o.post)
        .join(schema.captures, c.document == o.document)
        .where(c.account == account, c.started_at >= moment)
    )
    # A capture that was killed left posts and no observation of them.
    kept = select(v.post).where(v.account == account, v.captured_at >= moment)
    found = set(conn.scalars(seen)) | set(conn.scalars(kept))
    return frozenset(post for post in found if ":story:" not in post)


def _filled(conn: Connection, rows: Sequence[Row[Any]]) -> Iterator[PostRow]:
    """Add media and evidence to a batch of posts."""
    media = media_of(conn, [row.id for row in rows])
    cited = evidence_of(conn, [row.document for row in rows], "post")
    for row in rows:
        yield PostRow(
            **row._mapping,
            media=media.get((row.id, row.versions), ()),
            evidence=cited.get(row.document, ()),
        )


def media_of(
    conn: Connection, post_ids: Sequence[str]
) -> Mapping[tuple[str, int], tuple[MediaRow, ...]]:
    """The media that stand for each version, by post id and version number."""
    m, v = schema.media, schema.versions
    names = [field.name for field in fields(MediaRow)]
    wanted = (
        select(m.c.post, v.c.number, m.c.ordinal, *(m.c[name] for name in names))
        .join(v, v.c.document == m.c.document)
        .where(m.c.post.in_(post_ids), m.c.chosen)
    )
    found: dict[tuple[str, int], list[tuple[tuple[int, int, int], MediaRow]]] = {}
    for row in conn.execute(wanted):
        item = MediaRow(*row[3:])
        order = (item.position, _ROLES.get(item.role, len(_ROLES)), row.ordinal)
        found.setdefault((row.post, row.number), []).append((order, item))
    return {
        key: tuple(item for _, item in sorted(items, key=lambda pair: pair[0]))
        for key, items in found.items()
    }


def evidence_of(
    conn: Connection, documents: Sequence[str], part: str
) -> Mapping[str, tuple[str, ...]]:
    """The records that one part of each document cites, in its order."""
    e = schema.evidence.c
    wanted = select(e.document, e.record).where(e.document.in_(documents), e.part == part)
    found: dict[str, list[str]] = {}
    for document, record in conn.execute(wanted.order_by(e.document, e.ordinal)):
        found.setdefault(document, []).append(record)
    return {document: tuple(cited) for document, cited in found.items()}
