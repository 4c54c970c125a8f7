"""Highlights: titled collections of stories, as a dated series."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, select

from storage import schema


@dataclass(frozen=True, slots=True)
class HighlightRow:
    """One collection as one capture saw it.

    Attributes:
        items: Ids of its stories, in its order.
        cover_id / cover_record / cover_sha256: Its cover, or ``None``.
        cover: Every column of the cover's media row; empty without one.
    """

    native_id: str
    capture: str
    at: str
    title: str
    items: tuple[str, ...]
    cover_id: str | None
    cover_record: str | None
    cover_sha256: str | None
    cover: Mapping[str, object]


def of_account(conn: Connection, account: str) -> tuple[HighlightRow, ...]:
    """Every sighting of an account's highlights, oldest first."""
    h, m = schema.highlights.c, schema.media.c
    media: list[Any] = [column.label(f"m_{column.name}") for column in schema.media.columns]
    told: list[Any] = [h.native_id, h.capture, h.at, h.title, h["items"]]
    wanted = (
        select(*told, *media)
        .outerjoin(schema.media, and_(m.document == h.document, m.ordinal == h.cover_ordinal))
        .where(h.account == account)
        .order_by(h.at, h.document, h.position)
    )
    found = []
    for row in conn.execute(wanted):
        shown = {k[2:]: v for k, v in row._mapping.items() if k.startswith("m_")}
        there = shown["media_id"] is not None
        found.append(
            HighlightRow(
                native_id=row.native_id,
                capture=row.capture,
                at=row.at,
                title=row.title,
                items=tuple(json.loads(row._mapping["items"])),
                cover_id=shown["media_id"],
                cover_record=shown["record"],
                cover_sha256=shown["sha256"],
                cover=shown if there else {},
            )
        )
    return tuple(found)


def newest(conn: Connection, account: str) -> Mapping[str, HighlightRow]:
    """The newest sighting of each of an account's highlights."""
    return {row.native_id: row for row in of_account(conn, account)}
