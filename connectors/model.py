"""What a platform can say, as frozen values.

Nothing here knows a database, a WARC file or a client library. A connector
builds these values from recorded bytes; the archive stores them.

Times are aware UTC. ``None`` always means "not told by the platform", never
"zero" or "empty".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

RecordId = NewType("RecordId", str)
"""A WARC-Record-ID without the angle brackets: ``urn:uuid:…``."""


class PostKind(StrEnum):
    """What sort of publication a post is."""

    PHOTO = "photo"
    CAROUSEL = "carousel"
    REEL = "reel"
    VIDEO = "video"
    PHOTO_MODE = "photo-mode"
    STORY = "story"
    """Shown for a day; its id is ``instagram:story:PK`` for good."""
    HIGHLIGHT = "highlight"
    """A story that its owner keeps on the profile; the id stays the story's."""
    LIVE = "live"
    """The replay of a live broadcast."""


class Section(StrEnum):
    """One listing of an account. Platforms keep several side by side."""

    POSTS = "posts"
    REELS = "reels"
    """Films that need not stand among the posts."""
    STORIES = "stories"
    HIGHLIGHTS = "highlights"


class MediaKind(StrEnum):
    """What sort of bytes a media item holds."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    SUBTITLE = "subtitle"


class MediaRole(StrEnum):
    """Which part a media item plays in its post or profile."""

    CONTENT = "content"
    COVER = "cover"
    SOUND = "sound"
    SUBTITLE = "subtitle"
    AVATAR = "avatar"


class Presence(StrEnum):
    """What one visit to a post's own address may conclude."""

    PRESENT = "present"
    GONE = "gone"
    RESTRICTED = "restricted"
    UNKNOWN = "unknown"


class PageEnd(StrEnum):
    """What a page of a listing says about the pages after it."""

    MORE = "more"
    """The platform announced a further page."""
    END = "end"
    """The platform said, in so many words, that nothing follows."""
    SILENT = "silent"
    """The listing stopped without the platform saying that it is finished."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something an answer got wrong; a finding, not an exception.

    Attributes:
        code: A stable English word list, for example ``not_a_picture``.
        detail: One sentence for a person, without secrets.
        evidence: The records that show it; empty if no answer came.
        post_id: The post concerned, or ``None``.
        media_id: The media item concerned, or ``None``.
    """

    code: str
    detail: str
    evidence: tuple[RecordId, ...] = ()
    post_id: str | None = None
    media_id: str | None = None


@dataclass(frozen=True, slots=True)
class AccountRef:
    """How an account is addressed.

    Attributes:
        platform: ``instagram`` or ``tiktok``.
        handle: The public name, without ``@``; it may change.
        native_id: The platform's numeric id once pinned, else ``None``.
        locator: A second stable key some platforms need (TikTok ``secUid``).
    """

    platform: str
    handle: str
    native_id: str | None = None
    locator: str | None = None

    @property
    def key(self) -> str:
        """``platform:numeric-id``, or ``platform:@handle`` before pinning."""
        return f"{self.platform}:{self.native_id or '@' + self.handle}"


@dataclass(frozen=True, slots=True)
class Media:
    """One image, video, audio or subtitle of a post (or an avatar).

    Attributes:
        media_id: The platform's own id, stable between listings.
        position: Slide number from 0; covers and subtitles share their slide's.
        url: Where to fetch it now; signed addresses expire.
        language: For subtitles, the platform's language code.
    """

    media_id: str
    kind: MediaKind
    role: MediaRole
    position: int
    url: str
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Metrics:
    """Public counts at one moment; ``None`` where hidden or not told."""

    likes: int | None = None
    comments: int | None = None
    plays: int | None = None
    shares: int | None = None
    saves: int | None = None


class AuthorRole(StrEnum):
    """How an account stands to a post."""

    OWNER = "owner"
    COAUTHOR = "coauthor"


@dataclass(frozen=True, slots=True)
class Author:
    """One of the accounts under which a post is published.

    Attributes:
        native_id: The platform's numeric id; ``None`` when only a name is told.
    """

    handle: str
    role: AuthorRole
    native_id: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """An account as its platform shows it now."""

    platform: str
    native_id: str
    handle: str
    name: str | None = None
    biography: str | None = None
    external_url: str | None = None
    is_private: bool | None = None
    is_verified: bool | None = None
    followers: int | None = None
    following: int | None = None
    declared_posts: int | None = None
    avatar: Media | None = None
    locator: str | None = None
    evidence: tuple[RecordId, ...] = ()

    @property
    def key(self) -> str:
        """``platform:numeric-id``."""
        return f"{self.platform}:{self.native_id}"


@dataclass(frozen=True, slots=True)
class PostRef:
    """How one post is addressed.

    Attributes:
        code: What stands in its address: Instagram shortcode, TikTok id.
        native_id: The platform's numeric id, if known.
    """

    platform: str
    code: str
    owner: AccountRef
    native_id: str | None = None

    @property
    def id(self) -> str:
        """The catalogue id: ``instagram:CODE`` or ``tiktok:ID``."""
        return f"{self.platform}:{self.code}"


@dataclass(frozen=True, slots=True)
class Post:
    """One publication as an answer described it.

    Attributes:
        is_complete: False when a listing gave only a stub; the post's own
            address (`Connector.look`) must then be read before it is stored.
        pinned: Whether the owner pinned it (it then stands out of order).
        authors: Owner first, then co-authors; empty when nobody is named, and
            the account it was found under is then its only author.
        expires_at: When the platform stops showing it (stories).
        extra: Further facts a person can see, JSON values only; the names are
            the same on every platform (docs/adding-a-connector.md lists them).
        evidence: The records this was read from.
    """

    ref: PostRef
    kind: PostKind | None = None
    caption: str | None = None
    published_at: datetime | None = None
    permalink: str | None = None
    media: tuple[Media, ...] = ()
    metrics: Metrics = Metrics()
    pinned: bool = False
    is_complete: bool = True
    authors: tuple[Author, ...] = ()
    expires_at: datetime | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    evidence: tuple[RecordId, ...] = ()

    @property
    def id(self) -> str:
        """The catalogue id."""
        return self.ref.id


@dataclass(frozen=True, slots=True)
class Highlight:
    """A titled collection of stories on a profile.

    Attributes:
        native_id: The platform's id of the collection, digits.
        cover: The picture it is shown by; fetched like an avatar.
    """

    native_id: str
    title: str
    cover: Media | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an account's listing, newest first.

    Attributes:
        posts: What it lists, pinned posts included, in the platform's order.
        problems: Items that could not be read; they never end the listing.
        end: Whether more follows; see `PageEnd`.
        reason: Why, when ``end`` is ``SILENT`` (``empty_page``,
            ``repeated_page``, ``no_page_info``, ``empty_answer`` …).
        cursor: Where the page after this one begins, to be given to
            `Connector.list_posts` as ``after`` in this or a later night;
            ``None`` when nothing follows or a listing cannot be entered midway.
        highlight: The collection this page shows (`Section.HIGHLIGHTS`: one
            page each).
    """

    posts: tuple[Post, ...]
    end: PageEnd
    reason: str | None = None
    problems: tuple[Problem, ...] = ()
    evidence: tuple[RecordId, ...] = ()
    cursor: str | None = None
    highlight: Highlight | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one visit to a post's own address showed.

    Attributes:
        reason: A stable English code (``present``, ``item_missing``,
            ``login_wall``, ``status_10204`` …).
        post: The post when it was there and could be read.
        answered_at: The platform's own clock when it answered (``Date``);
            ``None`` if it did not say. An answer out of a cache tells an old one.
        problems: What was wrong with it, such as another post's id.
    """

    presence: Presence
    reason: str
    post: Post | None = None
    problems: tuple[Problem, ...] = ()
    evidence: tuple[RecordId, ...] = ()
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MediaRecord:
    """What became of one media item: the record that holds its answer.

    Attributes:
        record: The response (or revisit) record; ``None`` if no answer came.
        problem: Why the bytes cannot be trusted to be the item, if so.
    """

    media: Media
    record: RecordId | None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment under a post, as its platform shows it.

    The author is a citizen: whoever stores this replaces the author and the
    names in the text by pseudonyms first.

    Attributes:
        comment_id: The platform's own id.
        author_id / author_handle: Who wrote it; ``None`` when not told.
        parent_id: The comment it answers, or ``None``.
    """

    comment_id: str
    text: str
    author_id: str | None = None
    author_handle: str | None = None
    written_at: datetime | None = None
    likes: int | None = None
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class CommentPage:
    """One page of the comments under a post.

    Attributes:
        end / reason: As in `Page`.
    """

    comments: tuple[Comment, ...]
    end: PageEnd
    reason: str | None = None
    problems: tuple[Problem, ...] = ()
    evidence: tuple[RecordId, ...] = ()
