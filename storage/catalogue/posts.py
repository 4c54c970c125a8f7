"""Finding posts, and everything known of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class PostFilter:
    """Which posts are wanted; every condition given must hold.

    Attributes:
        account: ``platform:numeric-id``.
        kind / state: As in `PostRow`.
        since / until: Aware; published at or after / before.
        search: Text that stands anywhere in the caption, case ignored.
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
        state: ``present``.
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
    caption: str | None
    published_at: str | None
    permalink: str | None
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
    """What a capture must know of a post it meets again."""

    content_digest: str
    state: str
    media_complete: bool


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One distinct content of a post.

    Attributes:
        number: 1 for the first content seen.
        captured_at / last_captured_at: First and last ``post/1`` with it.
        documents: Those ``post/1`` records, oldest first.
        evidence: Records they were read from.
        extra: Further facts a person can see.
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
    documents: tuple[str, ...]
    media: tuple[MediaRow, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ObservationRow:
    """What one capture saw of one post.

    Attributes:
        at: When the newest record that shows it was asked for, UTC text.
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


def find(conn: Connection, wanted: PostFilter = PostFilter()) -> Iterator[PostRow]:
    """Posts newest first, read in batches; those without a date come last."""
    raise NotImplementedError


def get(conn: Connection, post_id: str) -> PostRow | None:
    """One post by its id; ``None`` when the catalogue does not have it."""
    raise NotImplementedError


def versions(conn: Connection, post_id: str) -> tuple[VersionRow, ...]:
    """All contents of a post, oldest first."""
    raise NotImplementedError


def observations(conn: Connection, post_id: str) -> tuple[ObservationRow, ...]:
    """Every time a listing or visit showed the post, oldest first."""
    raise NotImplementedError


def known(conn: Connection, account: str) -> Mapping[str, KnownPost]:
    """The account's posts by id."""
    raise NotImplementedError
