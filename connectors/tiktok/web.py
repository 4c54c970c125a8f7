"""The route ``web``: TikTok as an anonymous visitor of its web client sees it.

Comments are not read: yt-dlp has no reader for them, and the listing names
their count only. Replays of live broadcasts are not read either: the web
client shows none (its live page ends with the broadcast), so no post here is
of the kind ``live``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from connectors.base import Connector, ExchangeSink, Gate, Identity, Network
from connectors.errors import (
    AccountUnavailable,
    AnswerUnusable,
    Challenge,
    ConnectorError,
    LoginWall,
    NetworkFailure,
    WrongObject,
)
from connectors.model import (
    AccountRef,
    CommentPage,
    Media,
    MediaRecord,
    MediaRole,
    Page,
    Post,
    PostRef,
    Presence,
    Problem,
    Profile,
    Section,
    Sighting,
)
from connectors.tap.answered_at import answered_at
from connectors.tiktok import answers, fields, files, meaning, parse
from connectors.tiktok.answers import Answer
from connectors.tiktok.client import Client
from connectors.tiktok.listing import Extent, Walk, cursor_of
from connectors.tiktok.visit import Visit

HOME = "https://www.tiktok.com/"
WALLS_IN_A_ROW = 3
"""One post can want a login for itself; after so many, the visitor is walled."""


def build(
    *, sink: ExchangeSink, network: Network, identity: Identity | None, gate: Gate
) -> Connector:
    """Open the route.

    Args:
        sink: Gets every exchange before it is parsed.
        network: Proxy, certificates and limits of every connection.
        identity: A browser session's cookies, or ``None`` for a new visitor.
        gate: Asked before each request.
    """
    return TikTokWeb(Client(sink=sink, network=network, identity=identity, gate=gate))


class TikTokWeb:
    """A `connectors.base.Connector`; used by one thread at a time."""

    platform = "tiktok"
    route = "web"
    sections: tuple[Section, ...] = (Section.POSTS,)
    reads_comments = False
    listing_suffices = False
    """The post's page sets the cookie film hosts want back, names all
    subtitles, and belongs to the evidence."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.engine = client.engine
        self._listed: set[str] = set()
        self._visited: set[str] = set()
        self._locators: dict[str, str] = {}
        self._extents: dict[str, Extent] = {}
        self._walls = 0

    def profile(self, account: AccountRef) -> Profile:
        """Read ``/@handle``; keeps its secUid as the profile's ``locator``."""
        visit = self._client.visit(f"{HOME}@{account.handle}", account.handle)
        refused = meaning.refusal(visit)
        if refused is not None:
            raise refused
        if visit.is_login_page:
            raise meaning.login_wall(f"@{account.handle}", visit)
        status = visit.last.status if visit.last else None
        answer = answers.user_page(visit.body)
        wrong = meaning.of_form(answer, visit, f"@{account.handle}")
        if status != 200:
            if isinstance(wrong, Challenge):
                raise wrong
            if status == 404:
                raise _unavailable(10221, account, visit)
            said = f"@{account.handle} was answered with {status}"
            raise meaning.make(AccountUnavailable, said, visit)
        if wrong is not None:
            raise wrong
        info = fields.mapping(answer.detail, "userInfo")
        found = parse.profile(info, evidence=visit.evidence)
        if found is None:
            raise _unavailable(answer.status, account, visit)
        if found.locator:
            self._locators[found.handle.lower()] = found.locator
            self._extents[found.locator] = Extent(found.declared_posts, parse.born_ms(info))
        return found

    def list_posts(
        self, account: AccountRef, section: Section = Section.POSTS, *, after: str | None = None
    ) -> Iterator[Page]:
        """Walk the listing by secUid, which survives a change of handle.

        A cursor is the Unix time in milliseconds before which a page was asked
        for; it holds for any later night and any device.
        """
        if section not in self.sections:
            raise ValueError(f"tiktok.web does not list {section}")
        after_ms = None if after is None else cursor_of(after, int(time.time() * 1000))
        locator = account.locator or self._locators.get(account.handle.lower())
        if locator is None:
            locator = self.profile(account).locator
        if locator is None:
            raise AccountUnavailable(
                f"@{account.handle}: its page names no secUid, so it cannot be listed",
                hint="Try again later; if it stays, the platform has changed its page.",
            )
        extent = self._extents.get(locator, Extent())
        walk = Walk(self._client, account, locator, self._listed.add, after_ms, extent)
        yield from walk.pages()

    def look(self, post: PostRef) -> Sighting:
        """Read ``/@handle/video/ID``; photo posts answer there, too."""
        visit = self._client.visit(_address(post), post.code)
        self._visited.add(post.code)
        return replace(self._seen(post, visit), answered_at=answered_at(visit.last))

    def _seen(self, post: PostRef, visit: Visit) -> Sighting:
        if visit.is_login_page:
            return self._walled(post, visit)
        self._walls = 0
        refused = meaning.refusal(visit)
        if refused is not None:
            raise refused
        status = visit.last.status if visit.last else None
        if status != 200:
            return Sighting(Presence.UNKNOWN, f"http_{status}", evidence=visit.evidence)
        return self._judge(post, visit)

    def _judge(self, post: PostRef, visit: Visit) -> Sighting:
        answer = answers.video_page(visit.body)
        if answer.form is answers.Form.CHALLENGE:
            wall = meaning.of_form(answer, visit, "the post's page")
            assert wall is not None
            raise wall
        if answer.form is not answers.Form.DATA:
            code = f"page_{answer.form.value}"
            return Sighting(Presence.UNKNOWN, code, evidence=visit.evidence)
        item = answers.item(answer)
        if answer.status or not item:
            listed = post.code in self._listed
            asked = not item and _is_of(post, visit, answer)
            presence, reason = meaning.of_video_status(answer, is_listed=listed, is_asked=asked)
            return Sighting(presence, reason, evidence=visit.evidence)
        wrong = _wrong_object(post, item, visit)
        if wrong is not None:
            return Sighting(
                Presence.UNKNOWN, "wrong_object", problems=(wrong,), evidence=visit.evidence
            )
        found = parse.post(item, post.owner, from_page=True, evidence=visit.evidence)
        if found is None or found.kind is None:
            aged = bool(fields.flag(item, "isContentClassified"))
            presence = Presence.RESTRICTED if aged else Presence.UNKNOWN
            reason = "age_restricted" if aged else "item_without_media"
            return Sighting(presence, reason, evidence=visit.evidence)
        return Sighting(Presence.PRESENT, "present", found, _without_content(found), visit.evidence)

    def comments(self, post: Post) -> Iterator[CommentPage]:
        """Never asked: yt-dlp does not read TikTok's comments."""
        raise ValueError("tiktok.web does not read comments")

    def _walled(self, post: PostRef, visit: Visit) -> Sighting:
        self._walls += 1
        if self._walls >= WALLS_IN_A_ROW:
            raise meaning.make(LoginWall, "TikTok wants a login for every post", visit)
        return Sighting(Presence.UNKNOWN, "login_wall", evidence=visit.evidence)

    def fetch_media(self, post: Post) -> Iterator[MediaRecord]:
        """Drain a post's files; its page is read first if it was not yet."""
        current, may_look_again = post, True
        if post.ref.code not in self._visited or not self._client.has_chain_cookie:
            current = self._refreshed(post)
        for media in post.media:
            record = files.fetch(self._client, _same(current, media), _address(post.ref), post.id)
            if record.problem and record.problem.code == "http_403" and may_look_again:
                # Expired, or the cookie is missing: the page gives both anew.
                current, may_look_again = self._refreshed(post), False
                fresh = _same(current, media)
                record = files.fetch(self._client, fresh, _address(post.ref), post.id)
            yield record

    def _refreshed(self, post: Post) -> Post:
        """The post as its page shows it now; as listed if the page does not.

        Raises:
            WrongObject: The page shows another post, so nothing under this
                address can be trusted to be the one that was listed.
        """
        try:
            sighting = self.look(post.ref)
        except (AnswerUnusable, NetworkFailure):
            return post
        if sighting.reason == WrongObject.code:
            raise WrongObject(
                "; ".join(problem.detail for problem in sighting.problems),
                hint="The next run tries again; look at the recorded page if it stays.",
                evidence=sighting.evidence,
            )
        return sighting.post or post

    def fetch(self, media: Media) -> MediaRecord:
        """Drain an avatar."""
        return files.fetch(self._client, media, HOME, None)

    def whoami(self) -> str | None:
        """``None``: the web client does not say whose session it is."""
        return None

    def cookies(self) -> Mapping[str, str]:
        """The visitor's cookies as they are now."""
        return self._client.cookies()

    def close(self) -> None:
        """Close connections."""
        self._client.close()


def _address(post: PostRef) -> str:
    """The post's page; the ``/video/`` form also carries photo posts."""
    return f"{HOME}@{post.owner.handle or '_'}/video/{post.code}"


def _is_of(post: PostRef, visit: Visit, answer: Answer) -> bool:
    """Whether a page is the post's own, by the addresses it came under and names."""
    told = (visit.last.url if visit.last else "", answer.canonical)
    paths = [urlsplit(url).path.rstrip("/").rpartition("/")[2] for url in told if url]
    return bool(paths) and set(paths) == {post.code}


def _same(post: Post, media: Media) -> Media:
    """The same item with its newest address."""
    return next((known for known in post.media if known.media_id == media.media_id), media)


def _wrong_object(post: PostRef, item: Mapping[str, object], visit: Visit) -> Problem | None:
    """Why an answered item is not the post that was asked for, if so."""
    told = parse.item_id(item)
    author = parse.author_id(item)
    if told != post.code:
        detail = f"asked for {post.code}, answered with {told or 'an item without id'}"
    elif author and post.owner.native_id and author != post.owner.native_id:
        detail = f"the post belongs to account {author}, not {post.owner.native_id}"
    else:
        return None
    return Problem(WrongObject.code, detail, visit.evidence, post_id=post.id)


def _without_content(post: Post) -> tuple[Problem, ...]:
    """What is wrong with a post whose page offers nothing that can be played."""
    if any(media.role is MediaRole.CONTENT for media in post.media):
        return ()
    detail = "the post's page names no film or picture that can be fetched"
    return (Problem("no_playable_media", detail, post.evidence, post_id=post.id),)


def _unavailable(status: int | None, account: AccountRef, visit: Visit) -> ConnectorError:
    """The error of a profile page that shows no account."""
    reason = f"its page shows no account (status {status})"
    kind, said = meaning.USER_STATUS.get(status or 0, (AccountUnavailable, reason))
    return meaning.make(kind, f"@{account.handle}: {said}", visit)
