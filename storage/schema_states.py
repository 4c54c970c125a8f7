"""Tables about posts that a listing no longer shows: checks, tombstones, sweeps."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table

from storage.columns import flag, key, maybe, metadata, text

checks = Table(
    "checks",
    metadata,
    key("document"),
    key("post"),
    text("account"),
    text("capture"),
    text("run"),
    text("at"),
    text("found"),
    text("reason"),
    text("verdict"),
    flag("covered"),
    maybe("answered_at"),
    maybe("control_post"),
    maybe("control_at"),
    maybe("control_reason"),
    maybe("cursor"),
    text("conditions"),
    Index(None, "post"),
    Index(None, "account"),
    sqlite_with_rowid=False,
)
"""One post that one capture expected and did not see in a listing."""

tombstones = Table(
    "tombstones",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    text("post"),
    text("account"),
    maybe("run"),
    text("at"),
    text("agent"),
    *(text(n) for n in ("absent_after", "absent_by", "confirmed_at")),
    text("steps"),
    *(maybe(n) for n in ("confirmed_by_person", "confirmed_by_person_at", "confirmed_reason")),
    *(maybe(n) for n in ("disputed_at", "disputed_by", "disputed_reason")),
    *(maybe(n) for n in ("cause", "cause_source", "cause_at", "cause_by")),
    maybe("returned_at"),
    Index(None, "post"),
    Index(None, "account"),
)
"""Confirmed withdrawals; ``number`` is the ledger event's."""

state_sweeps = Table(
    "state_sweeps",
    metadata,
    key("account"),
    key("section"),
    maybe("cursor"),
    maybe("oldest"),
    text("begun_at"),
    text("updated_at"),
    maybe("ended_at"),
)
"""Where the sweep of a listing goes on; ``ended_at`` of the last one that ended."""
