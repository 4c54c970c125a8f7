"""The two documents a capture leaves: ``post/1`` and ``capture/1``. Pure.

Their JSON Schemas stand in ``docs/schemas``; everything the catalogue knows
of posts and captures can be rebuilt from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeVar, cast

from archiver.completeness import ListingEnd, Outcome
from archiver.versions.changes import Content, content_of, digest_of
from connectors.model import Author, Media, Metrics, Post, Problem, Profile, RecordId, Section
from storage.records import Stored

Document = dict[str, object]

T = TypeVar("T")

_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Origin:
    """What all documents of one capture have in common.

    Attributes:
        capture / run: UUIDs as text.
        account: ``platform:numeric-id``.
        route: ``platform.route``, for example ``instagram.web``.
        identity: Name in the configuration; ``None`` when anonymous.
    """

    capture: str
    run: str
    account: str
    handle: str
    route: str
    engine: str
    identity: str | None
    started_at: datetime


@dataclass(frozen=True, slots=True)
class KeptMedia:
    """One media item and what storage has of it.

    Attributes:
        stored: ``None`` when no answer was recorded.
        problem: Why its bytes are not the item, if so.
    """

    media: Media
    stored: Stored | None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class SeenPost:
    """One listed post: its counts are an observation, also when unchanged."""

    id: str
    pinned: bool
    metrics: Metrics
    evidence: tuple[RecordId, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """What was seen of an account's listing."""

    pages: int = 0
    end: ListingEnd = ListingEnd.NONE
    reason: str | None = None
    listed: int = 0
    evidence: tuple[RecordId, ...] = ()
    oldest: datetime | None = None
    connected: bool = False


@dataclass(frozen=True, slots=True)
class FurtherListing:
    """A further section, or a part of the past.

    Attributes:
        from_cursor / cursor: Where it began, and where the next page begins.
    """

    section: Section
    listing: Listing
    from_cursor: str | None = None
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class SeenHighlight:
    """One collection with its cover and the ids of its items."""

    native_id: str
    title: str
    cover: KeptMedia | None
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HarvestPart:
    """How far the reading of the past had come when a capture ended.

    Attributes:
        ended: The listing was followed to its end.
        listed: Posts it listed, once it has ended.
        cursor: Where the next night goes on.
    """

    ended: bool
    begun_at: datetime
    oldest: datetime | None
    listed: int | None
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What a capture did, for its ``capture/1``."""

    outcome: Outcome
    reason: str | None
    profile: Profile | None
    avatar: KeptMedia | None
    listing: Listing
    seen: tuple[SeenPost, ...]
    new: tuple[str, ...]
    edited: tuple[str, ...]
    failed: tuple[Problem, ...]
    problems: tuple[Problem, ...]
    requests: int
    bytes_received: int
    listings: tuple[FurtherListing, ...] = ()
    highlights: tuple[SeenHighlight, ...] = ()
    harvest: HarvestPart | None = None
    since: date | None = None
    joined: tuple[str, ...] = ()
    covers: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[Document, ...] = ()
    """See `archiver.absence.check_documents`."""
    canary: str | None = None
    """``passed``, ``failed``, or ``None`` when the platform has none."""
    blocked: bool = False
    """Whether the visitor met a block."""


def time_text(moment: datetime) -> str:
    """RFC 3339 in UTC with ``Z``, microseconds only when there are any."""
    moment = moment.astimezone(UTC)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{moment.microsecond:06d}Z" if moment.microsecond else text + "Z"


def storable(value: T) -> T:
    """The same value with lone surrogates replaced by U+FFFD.

    Hostile or broken JSON can carry half a character. It is no Unicode and no
    database takes it; the exact bytes stay in the response record.
    """
    if isinstance(value, str):
        return cast(T, _SURROGATES.sub("\ufffd", value))
    if isinstance(value, Mapping):
        return cast(T, {storable(key): storable(item) for key, item in value.items()})
    if isinstance(value, (list, tuple)):
        return cast(T, [storable(item) for item in value])
    return value


def post_document(
    origin: Origin,
    post: Post,
    media: Sequence[KeptMedia],
    at: datetime,
    content: Content | None = None,
) -> Document:
    """One version of one post.

    Args:
        post: Complete, with a kind.
        media: One entry per item of ``post.media``, in its order.
        at: When its media had been read.
        content: As it is now known, together with what earlier answers told; what
            the post tells by itself when absent.
    """
    if post.kind is None:
        raise ValueError(f"{post.id} has no kind")
    content = content or content_of(post)
    return {
        "schema": "jejak:post/1",
        "id": post.id,
        "platform": post.ref.platform,
        "code": post.ref.code,
        "native_id": post.ref.native_id,
        "account": origin.account,
        "capture": origin.capture,
        "run": origin.run,
        "route": origin.route,
        "engine": origin.engine,
        "captured_at": time_text(at),
        "kind": content["kind"],
        "caption": storable(post.caption),
        "published_at": time_text(post.published_at) if post.published_at else None,
        "permalink": post.permalink,
        "metrics": metrics_document(post.metrics),
        "pinned": post.pinned,
        "authors": [_author_document(post.ref.platform, author) for author in post.authors],
        "expires_at": time_text(post.expires_at) if post.expires_at else None,
        "extra": storable(dict(post.extra)),
        "content_digest": digest_of(content),
        "content": storable(content),
        "media": [media_document(item) for item in media],
        "evidence": list(post.evidence),
        "problems": [problem_document(k.problem) for k in media if k.problem is not None],
    }


def capture_document(origin: Origin, tally: Tally, ended_at: datetime) -> Document:
    """One capture of one account, also when it failed."""
    listing = tally.listing
    return {
        "schema": "jejak:capture/1",
        "capture": origin.capture,
        "run": origin.run,
        "account": origin.account,
        "handle": origin.handle,
        "route": origin.route,
        "engine": origin.engine,
        "identity": origin.identity,
        "started_at": time_text(origin.started_at),
        "ended_at": time_text(ended_at),
        "outcome": tally.outcome.value,
        "reason": tally.reason,
        "profile": _profile_document(tally.profile, tally.avatar),
        "declared_posts": tally.profile.declared_posts if tally.profile else None,
        "listing": _listing_document(listing),
        "listings": [_further(further) for further in tally.listings],
        "highlights": [_highlight_document(shown) for shown in tally.highlights],
        "harvest": _harvest_document(tally.harvest),
        "since": tally.since.isoformat() if tally.since else None,
        "seen": [_seen_document(post) for post in tally.seen],
        "new": list(tally.new),
        "edited": list(tally.edited),
        "joined": list(tally.joined),
        "covers": [{"id": post, "cover": storable(key)} for post, key in tally.covers.items()],
        "checks": list(tally.checks),
        "canary": tally.canary,
        "blocked": tally.blocked,
        "failed": _problems(tally.failed),
        "requests": tally.requests,
        "bytes": tally.bytes_received,
        "problems": _problems(tally.problems),
    }


def _listing_document(listing: Listing) -> Document:
    return {
        "pages": listing.pages,
        "end": listing.end.value,
        "reason": listing.reason,
        "listed": listing.listed,
        "oldest": time_text(listing.oldest) if listing.oldest else None,
        "connected": listing.connected,
        "evidence": list(listing.evidence),
    }


def _further(further: FurtherListing) -> Document:
    return {
        "section": further.section.value,
        "from_cursor": further.from_cursor,
        "cursor": further.cursor,
        **_listing_document(further.listing),
    }


def _highlight_document(shown: SeenHighlight) -> Document:
    return {
        "native_id": shown.native_id,
        "title": storable(shown.title),
        "cover": media_document(shown.cover) if shown.cover else None,
        "items": list(shown.items),
    }


def _harvest_document(harvest: HarvestPart | None) -> Document | None:
    if harvest is None:
        return None
    return {
        "state": "ended" if harvest.ended else "under_way",
        "begun_at": time_text(harvest.begun_at),
        "oldest": time_text(harvest.oldest) if harvest.oldest else None,
        "listed": harvest.listed,
        "cursor": harvest.cursor,
    }


def media_document(kept: KeptMedia) -> Document:
    """One media item with its record; the type is told from its bytes."""
    media, stored = kept.media, kept.stored
    return {
        "media_id": media.media_id,
        "kind": media.kind.value,
        "role": media.role.value,
        "position": media.position,
        "url": media.url,
        "width": media.width,
        "height": media.height,
        "duration_s": media.duration_s,
        "language": media.language,
        "mime": stored.identified if stored else None,
        "size_bytes": stored.size_bytes if stored else None,
        "sha256": stored.sha256 if stored else None,
        "record": stored.record_id if stored else None,
        "complete": stored is not None and kept.problem is None,
    }


def _author_document(platform: str, author: Author) -> Document:
    return {
        "account": f"{platform}:{author.native_id}" if author.native_id else None,
        "handle": author.handle,
        "role": author.role.value,
    }


def metrics_document(metrics: Metrics) -> Mapping[str, int | None]:
    """Public counts; ``None`` where hidden or not told."""
    return {
        "likes": metrics.likes,
        "comments": metrics.comments,
        "plays": metrics.plays,
        "shares": metrics.shares,
        "saves": metrics.saves,
    }


def problem_document(problem: Problem) -> Document:
    """A finding about an answer."""
    return {
        "code": problem.code,
        "detail": storable(problem.detail),
        "evidence": list(problem.evidence),
        "post_id": problem.post_id,
        "media_id": problem.media_id,
    }


def _problems(problems: Iterable[Problem]) -> list[Document]:
    return [problem_document(problem) for problem in problems]


def _seen_document(post: SeenPost) -> Document:
    return {
        "id": post.id,
        "pinned": post.pinned,
        "metrics": metrics_document(post.metrics),
        "evidence": list(post.evidence),
    }


def _profile_document(profile: Profile | None, avatar: KeptMedia | None) -> Document | None:
    if profile is None:
        return None
    return {
        "native_id": profile.native_id,
        "handle": profile.handle,
        "name": storable(profile.name),
        "biography": storable(profile.biography),
        "external_url": storable(profile.external_url),
        "is_private": profile.is_private,
        "is_verified": profile.is_verified,
        "followers": profile.followers,
        "following": profile.following,
        "declared_posts": profile.declared_posts,
        "locator": profile.locator,
        "avatar": media_document(avatar) if avatar else None,
        "evidence": list(profile.evidence),
    }
