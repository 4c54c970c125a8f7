"""From ``post/1`` and ``capture/1`` documents to rows: pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.model import RecordId
from storage.catalogue.capture_parts import capture_parts
from storage.catalogue.document_rows import (
    Row,
    document_fields,
    evidence_rows,
    json_text,
    medium_row,
)
from storage.catalogue.fields import Fields


@dataclass(frozen=True, slots=True)
class PostRows:
    """What one ``post/1`` document says, ready to be written."""

    version: Row
    media: tuple[Row, ...]
    evidence: tuple[Row, ...]
    problems: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class CaptureRows:
    """What one ``capture/1`` document says, ready to be written."""

    capture: Row
    profile: Row | None
    media: tuple[Row, ...]
    observations: tuple[Row, ...]
    evidence: tuple[Row, ...]
    problems: tuple[Row, ...]
    listings: tuple[Row, ...]
    highlights: tuple[Row, ...]
    covers: tuple[Row, ...]
    checks: tuple[Row, ...]


def post_rows(record_id: RecordId, document: Mapping[str, object]) -> PostRows:
    """Read a ``post/1`` document.

    Version number and chosen media are those of a post's only document;
    `storage.catalogue.derive` corrects them when there are more.

    Raises:
        DocumentError: It is not one.
    """
    post = document_fields(document, "post/1")
    account, post_id, capture = post.text("account"), post.text("id"), post.text("capture")
    version: Row = {
        "document": record_id,
        "post": post_id,
        "account": account,
        "number": 1,
        "published_at": post.time_or_none("published_at"),
        "expires_at": post.time("expires_at") if post.has("expires_at") else None,
        "captured_at": post.time("captured_at"),
        "capture": capture,
        "pinned": post.flag("pinned"),
        "extra": json_text(post.nested("extra").value),
        "content": json_text(post.nested("content").value) if post.has("content") else None,
        "authors": json_text([_author(author) for author in post.each("authors")]),
        **{
            name: post.text(name)
            for name in ("platform", "code", "run", "route", "engine", "kind", "content_digest")
        },
        **{name: post.text_or_none(name) for name in ("native_id", "caption", "permalink")},
        **_metrics(post.nested("metrics")),
    }
    media = tuple(
        {
            "document": record_id,
            "ordinal": ordinal,
            "account": account,
            "post": post_id,
            "chosen": True,
            **medium_row(medium),
        }
        for ordinal, medium in enumerate(post.each("media"))
    )
    problems, cited = _problems(record_id, capture, post, "problems", "problem")
    return PostRows(
        version,
        media,
        (*evidence_rows(record_id, "post", post.texts("evidence")), *cited),
        problems,
    )


def capture_rows(record_id: RecordId, document: Mapping[str, object]) -> CaptureRows:
    """Read a ``capture/1`` document.

    Raises:
        DocumentError: It is not one.
    """
    fields = document_fields(document, "capture/1")
    listing = fields.nested("listing")
    capture = _capture(record_id, fields, listing)
    profile, avatar, shown = _profile(record_id, capture, fields.nested_or_none("profile"))
    observations, sightings = _observations(record_id, capture, fields)
    problems, cited = _problems(record_id, str(capture["capture"]), fields, "problems", "problem")
    failed, cited_failed = _problems(record_id, str(capture["capture"]), fields, "failed", "failed")
    capture |= {
        "seen": len(observations),
        "new": len(fields.texts("new")),
        "new_stories": sum(":story:" in post_id for post_id in fields.texts("new")),
        "edited": len(fields.texts("edited")),
        "failed": len(failed),
        "problems": len(problems),
    }
    listed = evidence_rows(record_id, "listing", listing.texts("evidence"))
    parts = capture_parts(record_id, capture, fields)
    return CaptureRows(
        capture=capture,
        profile=profile,
        media=(*avatar, *parts.media),
        observations=observations,
        evidence=(*shown, *listed, *sightings, *cited, *cited_failed, *parts.evidence),
        problems=(*problems, *failed),
        listings=parts.listings,
        highlights=parts.highlights,
        covers=parts.covers,
        checks=parts.checks,
    )


def _capture(record_id: RecordId, fields: Fields, listing: Fields) -> Row:
    return {
        "document": record_id,
        **{
            name: fields.text(name)
            for name in ("capture", "run", "account", "handle", "route", "engine", "outcome")
        },
        "identity": fields.text_or_none("identity"),
        "reason": fields.text_or_none("reason"),
        "started_at": fields.time("started_at"),
        "ended_at": fields.time("ended_at"),
        "declared_posts": fields.integer_or_none("declared_posts"),
        "pages": listing.integer("pages"),
        "listing_end": listing.text("end"),
        "listing_reason": listing.text_or_none("reason"),
        "listed": listing.integer("listed"),
        "requests": fields.integer("requests"),
        "bytes": fields.integer("bytes"),
        "joined": len(fields.texts("joined")) if fields.has("joined") else 0,
        "connected": listing.has("connected") and listing.flag("connected"),
        "oldest": listing.time("oldest") if listing.has("oldest") else None,
        "since": fields.text("since") if fields.has("since") else None,
        "blocked": fields.has("blocked") and fields.flag("blocked"),
        "canary": fields.text("canary") if fields.has("canary") else None,
        **_harvest(fields),
    }


def _harvest(fields: Fields) -> Row:
    if not fields.has("harvest"):
        return dict.fromkeys(
            (
                *("harvest_state", "harvest_begun_at", "harvest_oldest"),
                *("harvest_listed", "harvest_cursor"),
            )
        )
    harvest = fields.nested("harvest")
    return {
        "harvest_state": harvest.text("state"),
        "harvest_begun_at": harvest.time("begun_at"),
        "harvest_oldest": harvest.time_or_none("oldest"),
        "harvest_listed": harvest.integer_or_none("listed"),
        "harvest_cursor": harvest.text_or_none("cursor"),
    }


def _profile(
    record_id: RecordId, capture: Row, fields: Fields | None
) -> tuple[Row | None, tuple[Row, ...], tuple[Row, ...]]:
    """The profile's row, its avatar's (if any), and its evidence."""
    if fields is None:
        return None, (), ()
    counts = ("followers", "following", "declared_posts")
    row: Row = {
        "document": record_id,
        "account": capture["account"],
        "capture": capture["capture"],
        "at": capture["started_at"],
        "native_id": fields.text("native_id"),
        "handle": fields.text("handle"),
        **{n: fields.text_or_none(n) for n in ("name", "biography", "external_url", "locator")},
        **{n: fields.flag_or_none(n) for n in ("is_private", "is_verified")},
        **{n: fields.integer_or_none(n) for n in counts},
    }
    avatar = fields.nested_or_none("avatar")
    media: tuple[Row, ...] = ()
    if avatar is not None:
        place: Row = {"document": record_id, "ordinal": 0, "account": capture["account"]}
        media = ({**place, "post": None, "chosen": True, **medium_row(avatar)},)
    return row, media, tuple(evidence_rows(record_id, "profile", fields.texts("evidence")))


def _observations(
    record_id: RecordId, capture: Row, fields: Fields
) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """One row a post, also when a listing shows it twice; the first counts."""
    rows: dict[str, Row] = {}
    cited: list[Row] = []
    for seen in fields.each("seen"):
        post_id = seen.text("id")
        row: Row = {
            "document": record_id,
            "post": post_id,
            "capture": capture["capture"],
            "at": capture["started_at"],
            "pinned": seen.flag("pinned"),
            **_metrics(seen.nested("metrics")),
        }
        evidence = evidence_rows(record_id, f"seen:{post_id}", seen.texts("evidence"))
        if post_id not in rows:
            rows[post_id] = row
            cited += evidence
    return tuple(rows.values()), tuple(cited)


def _problems(
    record_id: RecordId, capture: str, fields: Fields, name: str, part: str
) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    rows: list[Row] = []
    cited: list[Row] = []
    for ordinal, problem in enumerate(fields.each(name)):
        rows.append(
            {
                "document": record_id,
                "part": part,
                "ordinal": ordinal,
                "capture": capture,
                "code": problem.text("code"),
                "detail": problem.text("detail"),
                "post_id": problem.text_or_none("post_id"),
                "media_id": problem.text_or_none("media_id"),
            }
        )
        cited += evidence_rows(record_id, f"{part}:{ordinal}", problem.texts("evidence"))
    return tuple(rows), tuple(cited)


def _metrics(fields: Fields) -> Row:
    names = ("likes", "comments", "plays", "shares", "saves")
    return {name: fields.integer_or_none(name) for name in names}


def _author(author: Fields) -> Row:
    return {
        "account": author.text_or_none("account"),
        "handle": author.text("handle"),
        "role": author.text("role"),
    }
