"""What follows from several documents or events together.

Each function reads stored rows and writes the derived ones, so its result
depends on what is stored and never on the order in which it came.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, func, select, update

from storage import schema
from storage.catalogue import merging
from storage.catalogue.upsert import batches, put
from storage.timestamps import fixed

_V, _M, _O = schema.versions.c, schema.media.c, schema.observations.c
_DOCUMENTS = (
    select(
        *(_V[name] for name in ("document", "number", "platform", "account", "code", "kind")),
        *(_V[name] for name in ("native_id", "caption", "published_at", "permalink")),
        *(_V[name] for name in ("captured_at", "content_digest", "expires_at")),
    )
    .where(_V.post == bindparam("post"))
    .order_by(_V.captured_at, _V.document)
)
_ITEMS = (
    select(
        *(_M[name] for name in ("document", "ordinal", "chosen", "complete")),
        *(_M[name] for name in ("role", "position", "media_id", "language")),
    )
    .where(_M.post == bindparam("post"))
    .order_by(_M.ordinal)
)
_OBSERVED = select(func.min(_O.at), func.max(_O.at)).where(_O.post == bindparam("post"))
_RENUMBER = (
    update(schema.versions).where(_V.document == bindparam("d")).values(number=bindparam("n"))
)
_CHOOSE = (
    update(schema.media)
    .where(_M.document == bindparam("d"), _M.ordinal == bindparam("o"))
    .values(chosen=bindparam("c"))
)


def segment(conn: Connection, name: str) -> None:
    """Size and digest of a closed segment, from its newest closing event."""
    e = schema.events.c
    wanted = select(e.at, e.detail).where(e.segment == name, e.type == "segment closed")
    found = conn.execute(wanted.order_by(e.seq.desc()).limit(1)).one_or_none()
    if found is None:
        return
    detail = json.loads(found.detail)
    size, sha256 = detail.get("size_bytes"), detail.get("sha256")
    row = {
        "name": name,
        "size_bytes": size if type(size) is int else None,
        "sha256": sha256 if isinstance(sha256, str) else None,
        "closed_at": found.at,
    }
    put(conn, schema.segments, row)


def capture_times(conn: Connection, document: str) -> None:
    """When a capture's observations and profile were shown: the time of the
    newest record that shows it, or the capture's start if none is cited."""
    e, r = schema.evidence.c, schema.records.c
    cited = select(e.part, r.date).join(schema.records, r.record_id == e.record)
    newest: dict[str, str] = {}
    for part, date in conn.execute(cited.where(e.document == document)):
        try:
            at = fixed(date)
        except ValueError:
            continue  # a WARC-Date of lower precision proves no moment
        newest[part] = max(at, newest.get(part, ""))
    o, p = schema.observations, schema.account_profiles
    rows = [
        {"d": document, "p": part.removeprefix("seen:"), "a": at}
        for part, at in newest.items()
        if part.startswith("seen:")
    ]
    if rows:
        one = (o.c.document == bindparam("d")) & (o.c.post == bindparam("p"))
        conn.execute(update(o).where(one).values(at=bindparam("a")), rows)
    if "profile" in newest:
        conn.execute(update(p).where(p.c.document == document).values(at=newest["profile"]))


def post(conn: Connection, post_id: str) -> None:
    """Version numbers, which media stand for each version, and the post."""
    documents = conn.execute(_DOCUMENTS, {"post": post_id}).all()
    if not documents:
        return
    items = conn.execute(_ITEMS, {"post": post_id}).all()
    numbers = merging.numbers([row.content_digest for row in documents])
    groups = merging.groups([row.document for row in documents], numbers)
    chosen = [merging.chosen(group, items) for group in groups]
    _correct(conn, documents, numbers, items, {key for group in chosen for key in group})
    complete = {(row.document, row.ordinal) for row in items if row.complete}
    first, last = conn.execute(_OBSERVED, {"post": post_id}).one()
    times = [row.captured_at for row in documents] + [at for at in (first, last) if at]
    newest = documents[-1]
    row = {
        "id": post_id,
        "platform": newest.platform,
        "account": documents[0].account,
        "code": newest.code,
        "native_id": _latest(row.native_id for row in documents),
        "kind": newest.kind,
        "state": "present",  # of those that were missed, see `storage.catalogue.states`
        "state_reason": None,
        "state_since": min(times),
        "caption": newest.caption,
        "published_at": _latest(row.published_at for row in documents),
        "permalink": _latest(row.permalink for row in documents),
        "expires_at": _latest(row.expires_at for row in documents),
        "first_seen": min(times),
        "last_seen": max(times),
        "versions": numbers[-1],
        "content_digest": newest.content_digest,
        "media_complete": all(key in complete for key in chosen[-1]),
        "document": newest.document,
    }
    put(conn, schema.posts, row)


def _correct(
    conn: Connection,
    documents: Sequence[Row[Any]],
    numbers: Sequence[int],
    items: Sequence[Row[Any]],
    chosen: set[tuple[str, int]],
) -> None:
    """Write the version numbers and choices that differ from what is stored."""
    renumbered = [
        {"d": row.document, "n": number}
        for row, number in zip(documents, numbers, strict=True)
        if row.number != number
    ]
    if renumbered:
        conn.execute(_RENUMBER, renumbered)
    flipped = [
        {"d": row.document, "o": row.ordinal, "c": not row.chosen}
        for row in items
        if row.chosen != ((row.document, row.ordinal) in chosen)
    ]
    if flipped:
        conn.execute(_CHOOSE, flipped)


def _latest(values: Iterable[str | None]) -> str | None:
    """The newest value that was told."""
    return next((value for value in reversed(list(values)) if value), None)


def seen_times(conn: Connection, post_ids: Sequence[str]) -> None:
    """First and last seen of posts about which nothing else changed."""
    p = schema.posts
    since = case((p.c.state == "present", bindparam("f")), else_=p.c.state_since)
    for batch in batches(post_ids):
        rows = [{"i": i, "f": f, "l": last} for i, (f, last) in _times(conn, batch).items()]
        if rows:
            conn.execute(
                update(p)
                .where(p.c.id == bindparam("i"))
                .values(first_seen=bindparam("f"), last_seen=bindparam("l"), state_since=since),
                rows,
            )


def _times(conn: Connection, post_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Earliest and latest moment at which a record or document shows each."""
    found: dict[str, tuple[str, str]] = {}
    v, o = schema.versions.c, schema.observations.c
    for post, at in ((v.post, v.captured_at), (o.post, o.at)):
        wanted = select(post, func.min(at), func.max(at)).where(post.in_(post_ids)).group_by(post)
        for post_id, first, last in conn.execute(wanted):
            known = found.get(post_id, (first, last))
            found[post_id] = (min(first, known[0]), max(last, known[1]))
    return found


def account(conn: Connection, key: str) -> None:
    """One account, from its profiles, captures and events."""
    platform, _, name = key.partition(":")
    native_id = None if name.startswith("@") else name
    p, c, e = schema.account_profiles.c, schema.captures.c, schema.events.c
    # A capture that met a stranger under the handle keeps the stranger's
    # profile as a fact; it says nothing about this account.
    own = select(p.at, p.handle, p.name).where(p.account == key, p.native_id == native_id)
    profiles = conn.execute(own.order_by(p.at, p.document)).all()
    captures = conn.execute(
        select(c.handle, c.ended_at, c.outcome)
        .where(c.account == key)
        .order_by(c.ended_at.desc(), c.document.desc())
        .limit(1)
    ).one_or_none()
    events = conn.execute(
        select(e.type, e.at, e.detail).where(e.account == key).order_by(e.seq)
    ).all()
    pinned = [row for row in events if row.type == "account pinned"]
    taken = [row.at for row in events if row.type == "account handle taken"]
    told = json.loads(pinned[-1].detail) if pinned else {}
    row = {
        "key": key,
        "platform": platform,
        "native_id": native_id,
        "handle": _first([r.handle for r in profiles[-1:]], [told.get("handle")], captures),
        "name": profiles[-1].name if profiles else _text(told.get("name")),
        "pinned_at": pinned[0].at if pinned else None,
        "handle_taken_at": taken[-1] if taken else None,
        "first_seen": profiles[0].at if profiles else None,
        "last_seen": profiles[-1].at if profiles else None,
        "last_capture": captures.ended_at if captures else None,
        "last_outcome": captures.outcome if captures else None,
    }
    put(conn, schema.accounts, row)


def _first(shown: Iterable[object], pinned: Iterable[object], capture: object) -> str | None:
    asked = getattr(capture, "handle", None)
    return next((h for h in (*shown, *pinned, asked) if isinstance(h, str) and h), None)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def run(conn: Connection, run_id: str) -> None:
    """One run, from its events and the sums over its captures."""
    e, c = schema.events.c, schema.captures.c
    events = conn.execute(
        select(e.type, e.at, e.agent).where(e.run == run_id).order_by(e.seq)
    ).all()
    started = [row for row in events if row.type == "run started"]
    ends = [row for row in events if row.type in ("run ended", "run interrupted")]
    names = ("requests", "bytes", "new", "edited", "problems")
    sums = conn.execute(
        select(
            func.count().label("captures"),
            *(
                func.count().filter(c.outcome == outcome).label(outcome)
                for outcome in ("complete", "partial", "failed")
            ),
            *(func.coalesce(func.sum(c[name]), 0).label(name) for name in names),
            func.min(c.started_at).label("first"),
        ).where(c.run == run_id)
    ).one()
    state = "running" if started else "unrecorded"
    if ends:
        state = ends[-1].type.removeprefix("run ")
    counts = {n: int(sums._mapping[n]) for n in ("captures", "complete", "partial", "failed")}
    row = {
        "run": run_id,
        "started_at": started[0].at if started else sums.first,
        "ended_at": ends[-1].at if ends else None,
        "state": state,
        "agent": started[0].agent if started else None,
        **counts,
        **{name: int(sums._mapping[name]) for name in names},
    }
    put(conn, schema.runs, row)
