"""The seam. Read this file to write a connector.

A connector reads one platform by one route through that platform's client
library. Every exchange of the library crosses a tap (`connectors.tap`) and
reaches an `ExchangeSink` **before** the connector parses it. The connector
knows record ids; it never knows files, databases or WARC.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from connectors.model import (
    AccountRef,
    CommentPage,
    Media,
    MediaRecord,
    Page,
    Post,
    PostRef,
    Profile,
    RecordId,
    Section,
    Sighting,
)


class SinkFailed(BaseException):
    """The archive could not store an exchange (full disk, I/O error).

    A `BaseException` on purpose: client libraries retry on every `Exception`
    that looks like network trouble, and a full disk is not network trouble.
    """


class Truncation(StrEnum):
    """Why a body is shorter than it should be.

    Source: WARC 1.1, WARC-Truncated.
    """

    LENGTH = "length"
    TIME = "time"
    DISCONNECT = "disconnect"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True, slots=True)
class ExchangeStart:
    """What is known when a request is about to be sent.

    Attributes:
        url: The whole target address; behind a proxy, the tunnelled one.
        started_at: Aware UTC; the one WARC-Date of all records of the event.
    """

    method: str
    url: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Wire:
    """How the bytes travelled.

    Attributes:
        ip: The origin's address as text (RFC 5952 for IPv6); ``None`` behind
            a proxy, where none may be claimed.
        protocols: WARC-Protocol values, such as ``("h2", "tls/1.3")``.
        cipher: The TLS cipher suite's IANA name, if known.
    """

    ip: str | None
    protocols: tuple[str, ...] = ()
    cipher: str | None = None


class Exchange(Protocol):
    """One request and its answer while they cross the wire.

    The order is ``sent* [wire] [head body*] finish``. All of it may come from
    another thread than `ExchangeSink.begin`, but never from two at once.
    Every method may raise `SinkFailed`.
    """

    @property
    def record_id(self) -> RecordId:
        """The id the response record will have (the request's if no answer)."""

    def sent(self, data: bytes) -> None:
        """Request bytes exactly as they were put on the wire, in order."""

    def wire(self, wire: Wire) -> None:
        """Tell how the bytes travel; at most once, before `finish`."""

    def head(self, raw: bytes) -> None:
        """The final response head, byte-exact, with its closing blank line.

        HTTP/2 and HTTP/3 heads are given in HTTP/1.1 form
        (``HTTP/1.1 200 \\r\\n…``); the true protocol is in `Wire`.
        """

    def body(self, data: bytes | memoryview) -> None:
        """Body bytes as received: content- and transfer-codings untouched."""

    def finish(self, truncated: Truncation | None = None) -> None:
        """The exchange is over and is now stored; later calls do nothing.

        Args:
            truncated: Why the body is short, or ``None`` when it is whole.
        """


class ExchangeSink(Protocol):
    """Where exchanges go. Safe to call from several threads."""

    def begin(self, start: ExchangeStart) -> Exchange:
        """Open one exchange; the caller must `Exchange.finish` it."""


@dataclass(frozen=True, slots=True)
class SecretRules:
    """Where a platform's traffic holds values someone could act with.

    Names are lower case. Patterns work on decoded bytes; each must have one
    group named ``secret``, and only that group's bytes are replaced.

    Attributes:
        request_headers / response_headers: Lines whose value is secret
            (``cookie`` and ``set-cookie`` lose only their cookies' values).
        query_fields / form_fields: Parameters of addresses and form bodies.
        body_patterns: Secrets inside HTML and JSON bodies.
        private_patterns: Personal data of the visitor inside bodies (where he
            sits). Removed in their place only, never searched for elsewhere:
            the visitor's city is also the city whose posts are kept.
        public_cookies: Cookies whose value is no secret in itself (a user id,
            a language); hidden in headers, but not searched for elsewhere.
    """

    request_headers: frozenset[str] = frozenset({"cookie", "authorization", "proxy-authorization"})
    response_headers: frozenset[str] = frozenset({"set-cookie"})
    query_fields: frozenset[str] = frozenset()
    form_fields: frozenset[str] = frozenset()
    body_patterns: tuple[re.Pattern[bytes], ...] = ()
    private_patterns: tuple[re.Pattern[bytes], ...] = ()
    public_cookies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Platform:
    """What people write or hand over when they mean something on a platform.

    Attributes:
        name: As it stands in keys, ids and the configuration.
        domain: Its addresses and cookies belong to this name or one below it.
        handle: Fits a whole handle that can exist there; such a handle may
            stand in an address.
        post: Fits what stands behind ``name:`` in a post's id.
        post_paths: Each fits the path of a post's address as people paste it;
            its group ``code`` is the post's.
        story_paths: As ``post_paths``, for stories: what stands behind
            ``story:`` in their ids.
        collection_paths: Fit addresses of whole collections of stories.
        session_cookies: Without all of them a browser session is none.
        has_comments: Whether comments can be read there at all.
    """

    name: str
    domain: str
    handle: re.Pattern[str]
    post: re.Pattern[str]
    post_paths: tuple[re.Pattern[str], ...]
    session_cookies: tuple[str, ...]
    has_comments: bool = False
    story_paths: tuple[re.Pattern[str], ...] = ()
    collection_paths: tuple[re.Pattern[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer may cost before it is cut, recorded and flagged."""

    body_bytes: int = 4 * 1024**3
    text_bytes: int = 64 * 1024**2
    """Largest decoded HTML or JSON answer."""
    ratio: float = 200.0
    """Largest decoded / encoded size, checked beyond 1 MiB decoded."""
    json_depth: int = 200
    redirects: int = 5
    connect_s: float = 20.0
    read_s: float = 60.0
    stall_bytes: int = 16 * 1024
    """Fewer bytes than this within `stall_s` is a stalled connection."""
    stall_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Network:
    """How to reach the platforms; applies to every connection of a library.

    Attributes:
        proxy: ``http://host:port`` or ``None``. Environment variables are
            never consulted.
        ca_file: A PEM bundle to trust instead of the built-in one.
        contact: Who to write to about this traffic; recorded in warcinfo.
        connect_to: For tests of the direct path only, never from
            configuration: ``"host:port" -> "127.0.0.1:port"``.
    """

    proxy: str | None = None
    ca_file: str | None = None
    contact: str | None = None
    limits: Limits = Limits()
    connect_to: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Identity:
    """A logged-in visitor. ``cookies`` is secret; never print this value."""

    name: str
    platform: str
    cookies: Mapping[str, str] = field(repr=False)
    username: str | None = None


Gate = Callable[[str], None]
"""Asked before each request with its URL. May sleep; may raise `WaitRequired`
or `Blocked` to stop the capture. Given to every connector."""


class Connector(Protocol):
    """Reads one platform by one route. Recorded first, then parsed.

    A connector is used by one thread at a time. All methods may raise
    `connectors.errors.ConnectorError`; `SinkFailed` passes through.
    """

    platform: str
    route: str
    engine: str
    """Library and version, for example ``instaloader 4.16``."""
    listing_suffices: bool
    """Whether a completely listed post holds all that is kept. If not, `look`
    is called for each new post before its media are fetched."""
    sections: tuple[Section, ...]
    """The listings this visitor can read, `Section.POSTS` first."""
    reads_comments: bool
    """Whether `comments` can be asked with this route and visitor."""

    def profile(self, account: AccountRef) -> Profile:
        """The account as shown now. Does not check the pinned id."""

    def profile_by_id(self, account: AccountRef) -> Profile:
        """The account that has a pinned account's ``native_id``, whatever it is
        called now: asked when its handle leads nowhere or to somebody else.

        Raises:
            AccountNotFound: The platform says that no account has the id.
            AccountUnavailable: This visitor cannot ask by id, or did not get an
                answer that names it; that says nothing about the account.
        """

    def list_posts(
        self, account: AccountRef, section: Section = Section.POSTS, *, after: str | None = None
    ) -> Iterator[Page]:
        """Pages newest first, one recorded request or more each. Lazy: the
        caller stops by not asking for the next page.

        Args:
            section: One of `sections`; ``ValueError`` for another.
            after: A `Page.cursor` of the same account and section, from this
                night or an earlier one; ``None`` begins at the newest.

        Raises:
            CursorRefused: The platform no longer takes ``after``; begin anew.
        """

    def comments(self, post: Post) -> Iterator[CommentPage]:
        """The comments under a complete post, as far as the platform shows
        them. Only asked when `reads_comments`; ``ValueError`` otherwise."""

    def look(self, post: PostRef) -> Sighting:
        """Visit the post's own address. A 404 is an answer, not an error."""

    def fetch_media(self, post: Post) -> Iterator[MediaRecord]:
        """Drain each media item of a complete post into the sink, in order.
        Yields exactly one `MediaRecord` per item of ``post.media``."""

    def fetch(self, media: Media) -> MediaRecord:
        """Drain one media item that belongs to no post (an avatar)."""

    def whoami(self) -> str | None:
        """The username the session belongs to; ``None`` when anonymous.
        Raises `SessionExpired` when a session is no longer accepted."""

    def cookies(self) -> Mapping[str, str]:
        """The session's cookies as they are now (they rotate)."""

    def close(self) -> None:
        """Release connections. The connector is not used afterwards."""
