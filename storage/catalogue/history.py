"""One post over time: its versions, and what each capture saw of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage import schema
from storage.catalogue.places import Places
from storage.catalogue.posts import MediaRow, evidence_of, media_of


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One distinct content of a post.

    Attributes:
        number: 1 for the first content seen.
        captured_at / last_captured_at: First and last ``post/1`` with it.
        documents: Those ``post/1`` records, oldest first.
        evidence: Records they were read from.
        extra: Further facts a person can see.
        authors: ``account`` (or null), ``handle`` and ``role`` of each, owner first.
        content: What ``content_digest`` is of; empty when its document does not tell.
        order: Number of the ledger event that began the run it was first kept in.
    """

    number: int
    captured_at: str
    last_captured_at: str
    kind: str
    caption: str | None
    published_at: str | None
    permalink: str | None
    content_digest: str
    media_complete: bool
    extra: Mapping[str, object]
    authors: tuple[Mapping[str, str | None], ...]
    documents: tuple[str, ...]
    media: tuple[MediaRow, ...]
    evidence: tuple[str, ...]
    content: Mapping[str, object]
    order: int


@dataclass(frozen=True, slots=True)
class ObservationRow:
    """What one capture saw of one post.

    Attributes:
        at: When the newest record that shows it was asked for, UTC text.
        document: The ``capture/1`` that tells of it.
        order: As of a version.
    """

    capture: str
    at: str
    pinned: bool
    likes: int | None
    comments: int | None
    plays: int | None
    shares: int | None
    saves: int | None
    evidence: tuple[str, ...]
    document: str
    order: int


def versions(conn: Connection, post_id: str) -> tuple[VersionRow, ...]:
    """All contents of a post, oldest first."""
    v = schema.versions.c
    documents = conn.execute(
        select(schema.versions).where(v.post == post_id).order_by(v.captured_at, v.document)
    ).all()
    media = media_of(conn, [post_id])
    cited = evidence_of(conn, [row.document for row in documents], "post")
    places = Places(conn, (row.run for row in documents))
    found = []
    for number in sorted({row.number for row in documents}):
        group = [row for row in documents if row.number == number]
        newest, items = group[-1], media.get((post_id, number), ())
        found.append(
            VersionRow(
                number=number,
                captured_at=group[0].captured_at,
                last_captured_at=newest.captured_at,
                kind=newest.kind,
                caption=newest.caption,
                published_at=newest.published_at,
                permalink=newest.permalink,
                content_digest=newest.content_digest,
                media_complete=all(item.complete for item in items),
                extra=json.loads(newest.extra),
                authors=tuple(json.loads(newest.authors)),
                documents=tuple(row.document for row in group),
                media=items,
                evidence=tuple(r for row in group for r in cited.get(row.document, ())),
                content=json.loads(newest.content) if newest.content else {},
                order=places.of(group[0].run, group[0].captured_at)[0],
            )
        )
    return tuple(found)


def observations(conn: Connection, post_id: str) -> tuple[ObservationRow, ...]:
    """Every time a listing or visit showed the post, oldest first."""
    o, c = schema.observations.c, schema.captures.c
    wanted = select(schema.observations, c.run).join(schema.captures, c.document == o.document)
    rows = conn.execute(wanted.where(o.post == post_id).order_by(o.at, o.document)).all()
    places = Places(conn, (row.run for row in rows))
    cited = evidence_of(conn, [row.document for row in rows], f"seen:{post_id}")
    return tuple(
        ObservationRow(
            capture=row.capture,
            at=row.at,
            pinned=row.pinned,
            likes=row.likes,
            comments=row.comments,
            plays=row.plays,
            shares=row.shares,
            saves=row.saves,
            evidence=cited.get(row.document, ()),
            document=row.document,
            order=places.of(row.run, row.at)[0],
        )
        for row in rows
    )
