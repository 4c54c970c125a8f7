"""The route ``web``: Instagram as its web site shows it, read by instaloader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from connectors.base import ExchangeSink, Gate, Identity, Network
from connectors.errors import (
    AddressRefused,
    LimitExceeded,
    NetworkFailure,
    RateLimited,
    SessionExpired,
)
from connectors.instagram import parse, sightings, stories, threads, timeline
from connectors.instagram.accounts import Accounts, checked
from connectors.instagram.asking import asked, case_in, records
from connectors.instagram.client import ENGINE, HOSTS, Client, RequestCount
from connectors.instagram.files import is_passing, media_record
from connectors.instagram.meaning import refusal
from connectors.instagram.reading import dig, text
from connectors.model import (
    AccountRef,
    CommentPage,
    Media,
    MediaRecord,
    Page,
    Post,
    PostRef,
    Problem,
    Profile,
    Section,
    Sighting,
)
from connectors.tap.requests_tap import Tap


class InstagramWeb:
    """Reads Instagram as a stranger, or with an identity's browser session.

    Logged in, a listing gives complete posts, 12 a request, and there are
    reels, stories, highlights and comments. A stranger sees posts only, and
    his listing gives stubs: each post then costs one `look`.

    Args:
        sink: Where exchanges go.
        network: How to reach the platform.
        identity: The visitor; ``None`` for a stranger.
        gate: Asked before each request.

    Raises:
        SessionExpired: The identity's cookies are no whole session.
    """

    platform = parse.PLATFORM
    route = "web"
    listing_suffices = True
    engine = ENGINE

    def __init__(
        self, *, sink: ExchangeSink, network: Network, identity: Identity | None, gate: Gate
    ) -> None:
        count = RequestCount(gate)
        self._client = Client(Tap(sink, network, count, HOSTS), count, network, identity)
        self._accounts = Accounts(self._client)
        # The reels query is answered with nothing when no session asks.
        self.sections: tuple[Section, ...] = (Section.POSTS,)
        if self._client.logged_in:
            self.sections += (Section.REELS, Section.STORIES, Section.HIGHLIGHTS)
        self.reads_comments = self._client.logged_in

    def profile(self, account: AccountRef) -> Profile:
        """The account as shown now. Does not check the pinned id."""
        return self._accounts.read(account)

    def profile_by_id(self, account: AccountRef) -> Profile:
        """The account of a number, whatever it is called; needs a session."""
        return self._accounts.read_by_id(account)

    def list_posts(
        self, account: AccountRef, section: Section = Section.POSTS, *, after: str | None = None
    ) -> Iterator[Page]:
        """Pages newest first, one recorded request or more each."""
        if section not in self.sections or (section is Section.STORIES and after is not None):
            raise ValueError(f"this visitor of instagram.web lists no {section} from {after!r}")
        checked(account.handle)
        if account.native_id is None:
            account = replace(account, native_id=self.profile(account).native_id)
        client, accounts = self._client, self._accounts
        match section:
            case Section.REELS:
                yield from timeline.reels(client, accounts, account, after)
            case Section.STORIES:
                yield from stories.stories(client, account)
            case Section.HIGHLIGHTS:
                yield from stories.highlights(client, account, after)
            case _ if client.logged_in:
                yield from timeline.posts(client, accounts, account, after)
            case _:
                yield from timeline.public_posts(client, accounts, account, after)

    def look(self, post: PostRef) -> Sighting:
        """Visit the post's own address. A 404 is an answer, not an error."""
        return sightings.look(self._client, post)

    def comments(self, post: Post) -> Iterator[CommentPage]:
        """The comments under a complete post with their replies."""
        if not self.reads_comments:
            raise ValueError("a stranger cannot read comments on Instagram")
        return threads.comments(self._client, post)

    # -- media ----------------------------------------------------------------

    def fetch_media(self, post: Post) -> Iterator[MediaRecord]:
        """Drain each media item into the sink, in order."""
        for media in post.media:
            yield self._fetch(media, post.id)

    def fetch(self, media: Media) -> MediaRecord:
        """Drain one media item that belongs to no post (an avatar)."""
        return self._fetch(media, None)

    def _fetch(self, media: Media, post_id: str | None) -> MediaRecord:
        found = self._fetch_once(media, post_id)
        if found.problem and is_passing(found.problem):
            found = self._fetch_once(media, post_id)
        return found

    def _fetch_once(self, media: Media, post_id: str | None) -> MediaRecord:
        try:
            answered = self._client.drain(media.url)
        except (AddressRefused, LimitExceeded, NetworkFailure) as error:
            record = error.evidence[-1] if error.evidence else None
            problem = Problem(error.code, str(error), error.evidence, post_id, media.media_id)
            return MediaRecord(media, record, problem)
        if answered.last and answered.last.status == 429:
            raise refusal(case_in(answered), answered.error) or RateLimited("too many requests")
        return media_record(media, answered.last, answered.value or b"", post_id)

    # -- the session ------------------------------------------------------------

    def whoami(self) -> str | None:
        """The username the session belongs to; ``None`` when anonymous."""
        if not self._client.logged_in:
            return None
        answered = asked(self._client.login_check, logged_in=True)
        username = text(dig(case_in(answered, logged_in=True).value, "data", "user", "username"))
        if username is None:
            raise SessionExpired(
                "Instagram does not know this session any more",
                hint="Log in with a browser and run `jejak login instagram` with its cookies.",
                evidence=records(answered),
            )
        return username

    def cookies(self) -> Mapping[str, str]:
        """The session's cookies as they are now (they rotate)."""
        return self._client.cookies()

    def close(self) -> None:
        """Release connections."""
        self._client.close()
