"""A pretend platform that remembers the truth, whatever it answers.

Owners publish, edit, take down and put back; the platform has troubles that
make its answers wrong in the ways platforms are wrong. What was really on view
and when is kept beside it, so that what the archive concludes can be held to it.

No trouble makes one post of a healthy account vanish from its listing *and*
from its own address: a visitor cannot tell that from a withdrawal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from connectors.base import ExchangeSink, Gate, Identity, Network
from connectors.model import (
    AccountRef,
    Media,
    MediaKind,
    MediaRole,
    Metrics,
    Post,
    PostKind,
    PostRef,
    Section,
)

NUMBER, CANARY = "1001", "9001"
FIRST_HANDLE = "pemkot"
DAY = timedelta(days=1)

TROUBLES = (
    "block",
    "block_once",
    "network",
    "network_once",
    "silent",
    "early_end",
    "unreadable",
    "hole",
    "dead_addresses",
    "odd_answer",
    "odd_answers",
    "newest_gone",
    "canary",
    "stale_listing",
    "stale_addresses",
    "no_clock",
    "wrong_object",
    "malformed",
    "cursor",
    "media",
)
"""What may be wrong with a platform; each takes a number that says where."""
TOGETHER = (
    ("early_end", "dead_addresses"),
    ("hole", "dead_addresses"),
    ("hole", "odd_answer"),
    ("early_end", "odd_answer"),
    ("early_end", "newest_gone"),
    ("hole", "newest_gone", "block"),
    ("stale_listing", "stale_addresses"),
    ("stale_listing",),
    ("early_end", "no_clock"),
    ("unreadable", "dead_addresses"),
    ("silent", "dead_addresses"),
    ("early_end", "dead_addresses", "canary"),
    ("canary",),
    ("block",),
    ("block_once",),
)
"""What hides posts from a visitor seldom comes alone."""


@dataclass(frozen=True)
class View:
    """What the platform shows at one moment."""

    at: datetime
    handle: str
    private: bool
    gone: bool
    posts: Mapping[str, tuple[Post, frozenset[Section]]]
    """By code, newest first, with the listings in which each stands."""

    def listed(self, section: Section) -> list[Post]:
        """The posts of a listing, pinned ones first."""
        if self.private or self.gone:
            return []
        found = [post for post, sections in self.posts.values() if section in sections]
        return sorted(found, key=lambda post: not post.pinned)


@dataclass
class Item:
    """One publication, and when its owner or the platform let it be seen."""

    post: Post
    sections: frozenset[Section]
    acts: list[tuple[datetime, bool]]
    """Moments from which it was shown, or not; the account may hide it as well."""

    @property
    def shown(self) -> bool:
        """Whether it stands there now, as far as it depends on itself."""
        return self.acts[-1][1]

    def was_shown(self, moment: datetime) -> bool:
        """Whether it stood there then."""
        return next((on for at, on in reversed(self.acts) if at <= moment), False)

    def taken_down(self, after: datetime, by: datetime) -> bool:
        """Whether it was taken from view after a moment and by another."""
        return any(not on and after < at <= by for at, on in self.acts)


@dataclass
class MoodyPlatform:
    """One town hall's account, and a canary, on a platform with troubles.

    Attributes:
        troubles: Name of each present trouble, and its number.
        during: Acts of owners in the middle of a capture, by number of the request.
        dies: Number of the request at which the visitor's program dies.
        refused: The visitor was blocked since this was last cleared.
    """

    page_size: int = 3
    sections: tuple[Section, ...] = (Section.POSTS,)
    knows_ids: bool = True
    handle: str = FIRST_HANDLE
    former: dict[str, str | None] = field(default_factory=dict)
    private: bool = False
    gone: bool = False
    items: dict[str, Item] = field(default_factory=dict)
    troubles: dict[str, int] = field(default_factory=dict)
    during: dict[int, Callable[[], None]] = field(default_factory=dict)
    dies: int | None = None
    die: Callable[[], None] = lambda: None
    requests: int = 0
    refused: bool = False
    tonight: list[str] = field(default_factory=list)
    """Codes of posts that listings have shown in this capture."""
    _past: list[View] = field(default_factory=list)
    _serial: int = 0

    # -- what owners do ------------------------------------------------------------

    def publish(self, kind: PostKind = PostKind.PHOTO, *, slides: int = 1) -> Post:
        """Put up a post on top."""
        self._serial += 1
        story = kind is PostKind.STORY
        now, number = now_(), self._serial
        code = f"story:{number}" if story else f"P{number}"
        owner = AccountRef("instagram", self.handle, NUMBER)
        post = Post(
            PostRef("instagram", code, owner, str(number)),
            kind,
            None if story else f"kabar {number}",
            now,
            f"https://www.instagram.com/p/{code}/",
            _pictures(code, slides),
            Metrics(likes=number),
            expires_at=now + DAY if story else None,
        )
        self.items[code] = Item(post, _stands_in(kind, number), [(now, True)])
        return post

    def change(self, code: str, **changes: object) -> None:
        """Edit a post."""
        item = self.items[code]
        item.post = replace(item.post, **changes)  # type: ignore[arg-type]

    def slides(self, code: str, count: int) -> None:
        """Give a post other pictures."""
        self.change(code, media=_pictures(code, count))

    def show(self, code: str, shown: bool) -> None:
        """Take a post down, or put it back."""
        item = self.items[code]
        if item.shown is not shown:
            item.acts.append((now_(), shown))

    def rename(self, handle: str, former: str | None) -> None:
        """Take another handle; the old one leads to nobody, or to a stranger."""
        self.former[self.handle] = former
        self.former.pop(handle, None)
        self.handle = handle

    # -- the truth -------------------------------------------------------------------

    def codes(self, *, shown: bool) -> list[str]:
        """Of posts that stand there now, or do not."""
        return [code for code, item in self.items.items() if item.shown is shown]

    def on_view(self, code: str) -> bool:
        """Whether anybody can see a post now."""
        return not (self.private or self.gone) and code in self.view().posts

    def view(self) -> View:
        """What there is to see now."""
        now = now_()
        shown = {
            code: (item.post, item.sections)
            for code, item in reversed(self.items.items())
            if item.shown and (item.post.expires_at is None or item.post.expires_at > now)
        }
        return View(now, self.handle, self.private, self.gone, shown)

    def remember(self) -> None:
        """Keep what is shown now for answers out of a cache."""
        self._past.append(self.view())

    def cached(self, trouble: str | None) -> View:
        """What an answer is made of: the present, or with a trouble some hours ago."""
        hours = self.troubles.get(trouble) if trouble else None
        now = now_()
        if hours is not None:
            asked = now - timedelta(hours=1 + 12 * hours)
            if old := next((view for view in reversed(self._past) if view.at <= asked), None):
                return old
        return self.view()

    # -- the seam --------------------------------------------------------------------

    def request(self) -> None:
        """One more request came: what had to happen in the middle happens now."""
        self.requests += 1
        if act := self.during.pop(self.requests, None):
            act()
        if self.dies == self.requests:
            self.die()

    def begins(self) -> None:
        """A capture is about to begin."""
        self.requests, self.refused = 0, False
        self.tonight.clear()

    def connect(
        self,
        platform: str,
        route: str,
        *,
        sink: ExchangeSink,
        network: Network,
        identity: Identity | None,
        gate: Gate,
    ) -> object:
        """As `connectors.connect`; the connector is in a file of its own."""
        return self.opens(self, sink, gate)

    opens: Callable[[MoodyPlatform, ExchangeSink, Gate], object] = field(
        default=lambda *_: None, repr=False
    )

    def nth(self, codes: list[str], trouble: str) -> str | None:
        """The post that a trouble is about, if it is there."""
        place = self.troubles.get(trouble)
        return codes[place % len(codes)] if place is not None and codes else None


def now_() -> datetime:
    """The platform's clock."""
    return datetime.now(UTC)


def _pictures(code: str, count: int) -> tuple[Media, ...]:
    return tuple(
        Media(
            f"{code}-{n}",
            MediaKind.IMAGE,
            MediaRole.CONTENT,
            n,
            f"https://media.example/{code}-{n}.jpg",
        )
        for n in range(count)
    )


def _stands_in(kind: PostKind, number: int) -> frozenset[Section]:
    if kind is PostKind.STORY:
        return frozenset({Section.STORIES})
    if kind is not PostKind.REEL:
        return frozenset({Section.POSTS})
    # A film need not stand among the posts.
    both = {Section.REELS, Section.POSTS} if number % 2 else {Section.REELS}
    return frozenset(both)


def pages(posts: list[Post], size: int) -> Iterator[tuple[list[Post], bool]]:
    """A listing in pages, each with whether it is the last."""
    for start in range(0, max(len(posts), 1), size):
        yield posts[start : start + size], start + size >= len(posts)
