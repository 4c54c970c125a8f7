"""A pretend platform behind a real recorder and a real catalogue."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from archiver.config import load
from archiver.log import open_log
from archiver.world import World
from connectors.base import ExchangeSink, ExchangeStart, Gate, Identity, Network, SecretRules
from connectors.errors import ConnectorError, CursorRefused
from connectors.model import (
    AccountRef,
    Comment,
    CommentPage,
    Highlight,
    Media,
    MediaKind,
    MediaRecord,
    MediaRole,
    Metrics,
    Page,
    PageEnd,
    Post,
    PostKind,
    PostRef,
    Presence,
    Profile,
    RecordId,
    Section,
    Sighting,
)
from tools.nights import Nights
from tools.schemas import Schemas

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb0043") + b"\x01" * 400
START = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


@dataclass
class Platform:
    """What a pretend platform shows; tests change it between runs."""

    handle: str = "pemkot"
    native_id: str = "1001"
    posts: list[Post] = field(default_factory=list)
    page_size: int = 3
    declared: int | None = -1
    """-1 declares what is there."""
    ends: PageEnd = PageEnd.END
    ends_reason: str | None = None
    stubs: bool = False
    raises: dict[str, BaseException] = field(default_factory=dict)
    """By what is asked: ``profile``, ``list``, ``look``, ``whoami`` or a media id."""
    bodies: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    """Media id to status, type and bytes; a JPEG otherwise."""
    forgets: set[str] = field(default_factory=set)
    """Media ids of which the connector yields nothing."""
    sections: tuple[Section, ...] = (Section.POSTS,)
    reels: list[Post] = field(default_factory=list)
    stories: list[Post] = field(default_factory=list)
    highlights: list[tuple[Highlight, list[Post]]] = field(default_factory=list)
    remarks: dict[str, list[Comment]] = field(default_factory=dict)
    """Comments by post code; a post without an entry has none."""
    has_remarks: bool = False
    cursors: bool = False
    """Whether a listing can be entered midway."""
    refuses: set[str] = field(default_factory=set)
    """Cursors that are no longer taken; ``*`` refuses all."""
    hidden: set[str] = field(default_factory=set)
    """Codes of posts that no listing shows and that are there."""
    answers: dict[str, tuple[Presence, str]] = field(default_factory=dict)
    """What the own address of a post says, by code, whatever the listings show."""
    looked: list[str] = field(default_factory=list)
    """Codes of posts whose own address was asked."""
    is_private: bool | None = False
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    """The platform's own."""
    asked: list[str] = field(default_factory=list)
    during: Callable[[str], None] = lambda what: None

    def publish(self, code: str, caption: str = "", *, slides: int = 1, **more: object) -> Post:
        """Put up a post on top."""
        owner = AccountRef("instagram", self.handle, self.native_id)
        media = tuple(
            Media(
                f"{code}-{n}",
                MediaKind.IMAGE,
                MediaRole.CONTENT,
                n,
                f"https://media.example/{code}-{n}.jpg",
            )
            for n in range(slides)
        )
        post = Post(
            PostRef("instagram", code, owner, code),
            PostKind.PHOTO,
            caption,
            START - timedelta(days=10),
            f"https://www.instagram.com/p/{code}/",
            media,
            Metrics(likes=3),
            **more,  # type: ignore[arg-type]
        )
        self.posts.insert(0, post)
        return post

    def change(self, code: str, **changes: object) -> None:
        """Edit a post."""
        self.posts = [
            replace(p, **changes) if p.ref.code == code else p  # type: ignore[arg-type]
            for p in self.posts
        ]

    def connect(
        self,
        platform: str,
        route: str,
        *,
        sink: ExchangeSink,
        network: Network,
        identity: Identity | None,
        gate: Gate,
    ) -> FakeConnector:
        """As `connectors.connect`."""
        return FakeConnector(self, sink, gate, identity)


def _cursor(post: Post) -> str:
    return f"{post.ref.code}@{post.published_at}"


def _after(shown: list[Post], cursor: str) -> int:
    """Where a page after a cursor begins; a cursor holds when its post is gone."""
    code, _, moment = cursor.partition("@")
    codes = [post.ref.code for post in shown]
    if code in codes:
        return codes.index(code) + 1
    return sum(post.published_at >= datetime.fromisoformat(moment) for post in shown)


class FakeConnector:
    """A real `Connector`: what it says stands in real records."""

    platform = "instagram"
    route = "web"
    engine = "pretend 1"
    listing_suffices = True

    def __init__(
        self, site: Platform, sink: ExchangeSink, gate: Gate, identity: Identity | None
    ) -> None:
        self._site, self._sink, self._gate, self._identity = site, sink, gate, identity
        self.sections = site.sections
        self.reads_comments = site.has_remarks

    def _serve(self, url: str, status: int, mime: str, body: bytes) -> RecordId:
        self._gate(url)
        exchange = self._sink.begin(ExchangeStart("GET", url, datetime.now(UTC)))
        exchange.sent(b"GET / HTTP/1.1\r\nHost: example\r\n\r\n")
        head = (
            f"HTTP/1.1 {status} OK\r\nContent-Type: {mime}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        exchange.head(head.encode())
        exchange.body(body)
        exchange.finish()
        return exchange.record_id

    def _ask(self, what: str) -> RecordId:
        self._site.asked.append(what)
        self._site.during(what)
        if what in self._site.raises:
            error = self._site.raises[what]
            if isinstance(error, ConnectorError):
                self._serve(f"https://example/{what}", 429, "text/html", b"<html>")
            raise error
        body = json.dumps({"asked": what}).encode()
        return self._serve(f"https://example/{what}", 200, "application/json", body)

    def profile(self, account: AccountRef) -> Profile:
        """The account."""
        evidence = self._ask("profile")
        site = self._site
        shown = [post for post in site.posts if post.ref.code not in site.hidden]
        declared = len(shown) if site.declared == -1 else site.declared
        return Profile(
            "instagram",
            site.native_id,
            site.handle,
            name="Pemkot",
            is_verified=True,
            followers=7,
            declared_posts=declared,
            is_private=site.is_private,
            evidence=(evidence,),
        )

    def list_posts(
        self, account: AccountRef, section: Section = Section.POSTS, *, after: str | None = None
    ) -> Iterator[Page]:
        """Pages of one section; a cursor is the code of the last post before it."""
        site, size = self._site, self._site.page_size
        if section is Section.HIGHLIGHTS:
            yield from self._collections()
            return
        shown = {Section.POSTS: site.posts, Section.REELS: site.reels}.get(section, site.stories)
        what = "list" if section is Section.POSTS else section.value
        if after is not None and ("*" in site.refuses or after in site.refuses):
            raise CursorRefused("unknown place", evidence=(self._ask("refused"),))
        shown = [post for post in shown if post.ref.code not in site.hidden]
        start = 0 if after is None else _after(shown, after)
        while True:
            evidence = (self._ask(what),)
            chunk = shown[start : start + size]
            start += size
            last = start >= len(shown)
            cursor = _cursor(chunk[-1]) if site.cursors and not last else None
            posts = tuple(self._listed(post, evidence) for post in chunk)
            end = site.ends if last else PageEnd.MORE
            yield Page(posts, end, site.ends_reason if last else None, (), evidence, cursor)
            if last:
                return

    def _collections(self) -> Iterator[Page]:
        found = self._site.highlights
        for number, (highlight, stories) in enumerate(found):
            evidence = (self._ask("highlights"),)
            shown = tuple(replace(post, evidence=evidence) for post in stories)
            end = PageEnd.END if number == len(found) - 1 else PageEnd.MORE
            yield Page(shown, end, evidence=evidence, highlight=highlight)
        if not found:
            yield Page((), PageEnd.END, evidence=(self._ask("highlights"),))

    def _listed(self, post: Post, evidence: tuple[RecordId, ...]) -> Post:
        if self._site.stubs:
            return replace(post, media=(), kind=None, is_complete=False, evidence=evidence)
        return replace(post, evidence=evidence)

    def comments(self, post: Post) -> Iterator[CommentPage]:
        """All comments on one page."""
        evidence = (self._ask("comments"),)
        yield CommentPage(
            tuple(self._site.remarks.get(post.ref.code, ())), PageEnd.END, evidence=evidence
        )

    def look(self, post: PostRef) -> Sighting:
        """The post's own address."""
        site = self._site
        site.looked.append(post.code)
        evidence, now = (self._ask("look"),), site.clock()
        if post.code in site.answers:
            presence, reason = site.answers[post.code]
            return Sighting(presence, reason, evidence=evidence, answered_at=now)
        kept = (story for _, stories in site.highlights for story in stories)
        for found in (*site.posts, *site.reels, *site.stories, *kept):
            if found.ref.code == post.code:
                whole = replace(found, evidence=evidence)
                return Sighting(
                    Presence.PRESENT, "present", whole, evidence=evidence, answered_at=now
                )
        return Sighting(Presence.GONE, "item_missing", evidence=evidence, answered_at=now)

    def fetch_media(self, post: Post) -> Iterator[MediaRecord]:
        """All media of a post."""
        for media in post.media:
            if media.media_id not in self._site.forgets:
                yield self.fetch(media)

    def fetch(self, media: Media) -> MediaRecord:
        """One media item."""
        self._site.asked.append(media.media_id)
        self._site.during(media.media_id)
        if media.media_id in self._site.raises:
            raise self._site.raises[media.media_id]
        body = JPEG + media.media_id.encode() + b"\xff\xd9"
        answer = self._site.bodies.get(media.media_id, (200, "image/jpeg", body))
        return MediaRecord(media, self._serve(media.url, *answer))

    def whoami(self) -> str | None:
        """Whose session it is."""
        self._ask("whoami")
        return "humas" if self._identity else None

    def cookies(self) -> Mapping[str, str]:
        """The session's cookies."""
        return dict(self._identity.cookies) if self._identity else {}

    def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def platform() -> Platform:
    """A platform with four posts over two pages."""
    site = Platform()
    for number in range(4):
        site.publish(f"P{number}", f"kabar {number}", slides=1 + number % 2)
    return site


CONFIG = """
language = "en"
[archive]
min_free_gb = 0
[network]
pause_s = 0
[[accounts]]
platform = "instagram"
handle = "pemkot"
id = "1001"
"""


@pytest.fixture
def build_world(tmp_path: Path, platform: Platform) -> Callable[..., World]:
    """Builds a `World` over the pretend platform, from a configuration text.

    ``catalogue`` is the address of a catalogue; the embedded one without it.
    """

    def build(config_text: str = CONFIG, *, catalogue: str | None = None, **more: object) -> World:
        if catalogue is not None and catalogue not in config_text:
            line = f'[archive]\ncatalogue = "{catalogue}"\n'
            assert "[archive]\n" in config_text
            config_text = config_text.replace("[archive]\n", line, 1)
        (tmp_path / "config.toml").write_text(config_text)
        (tmp_path / "archive").mkdir(exist_ok=True)
        config = load(tmp_path / "config.toml")
        given: dict[str, object] = {
            "config": config,
            "log": open_log(config.archive),
            "connect": platform.connect,
            "rules": lambda platform: SecretRules(),
            "now": lambda: datetime.now(UTC),
            "stop": threading.Event(),
        }
        return World(**(given | more))  # type: ignore[arg-type]

    return build


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue_address(request: pytest.FixtureRequest) -> str | None:
    """Where the catalogue is; what uses it runs once on each database."""
    if request.param == "sqlite":
        return None
    return str(request.getfixturevalue("new_postgres_catalogue")())


@pytest.fixture
def make_world(
    build_world: Callable[..., World], catalogue_address: str | None
) -> Callable[..., World]:
    """As `build_world`, once on each database."""
    return partial(build_world, catalogue=catalogue_address)


@pytest.fixture
def schemas() -> Schemas:
    """See `Schemas`."""
    return Schemas(Path(__file__).parents[2] / "docs" / "schemas")


@pytest.fixture
def make_nights(build_world: Callable[..., World], platform: Platform) -> Callable[..., Nights]:
    """Builds `Nights` over an old account: a post an hour, the newest before the first night.

    The posts are ``A000`` (the oldest) to the newest; five on a page.
    """

    def make(count: int = 12, *, quota: int = 100, more: str = "") -> Nights:
        platform.posts.clear()
        platform.cursors, platform.page_size = True, 5
        for number in range(count):
            at = START - timedelta(hours=count - number)
            platform.publish(f"A{number:03d}", f"kabar {number}")
            platform.posts[0] = replace(platform.posts[0], published_at=at)
        text = CONFIG.replace("[[acc", f"[schedule]\nsweep_requests_per_night = {quota}\n[[acc")
        return Nights(build_world(text + more), platform, START)

    return make
