"""The connector of the moody platform: what it says stands in real records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from connectors.base import ExchangeSink, ExchangeStart, Gate
from connectors.errors import (
    AccountNotFound,
    AccountPrivate,
    AccountUnavailable,
    Blocked,
    Challenge,
    CursorRefused,
    Forbidden,
    LoginWall,
    MalformedAnswer,
    NetworkFailure,
    RateLimited,
    WrongObject,
)
from connectors.model import (
    AccountRef,
    Author,
    AuthorRole,
    CommentPage,
    Media,
    MediaRecord,
    Page,
    PageEnd,
    Post,
    PostKind,
    PostRef,
    Presence,
    Problem,
    Profile,
    RecordId,
    Section,
    Sighting,
)

BLOCKS: tuple[type[Blocked], ...] = (RateLimited, LoginWall, Challenge, Forbidden)
ODD = (
    (Presence.UNKNOWN, "malformed_answer"),
    (Presence.RESTRICTED, "private_post"),
    (Presence.UNKNOWN, "login_wall"),
    (Presence.RESTRICTED, "age_restricted"),
    (Presence.UNKNOWN, "account_missing"),
    (Presence.UNKNOWN, "page_of_no_known_kind"),
)
CANARY_HANDLE, CANARY_ID = "kanari", "9001"
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb0043") + b"\x01" * 40


class MoodyConnector:
    """A real `connectors.base.Connector` over a `MoodyPlatform`."""

    platform = "instagram"
    route = "web"
    engine = "moody 1"
    listing_suffices = True
    reads_comments = False

    def __init__(self, site: Any, sink: ExchangeSink, gate: Gate) -> None:
        self._site, self._sink, self._gate = site, sink, gate
        self.sections = site.sections

    # -- requests ---------------------------------------------------------------

    def _answer(
        self, url: str, status: int, mime: str, body: bytes, made: datetime | None = None
    ) -> RecordId:
        self._gate(url)
        exchange = self._sink.begin(ExchangeStart("GET", url, datetime.now().astimezone()))
        exchange.sent(b"GET / HTTP/1.1\r\nHost: example\r\n\r\n")
        lines = f"Content-Type: {mime}\r\nContent-Length: {len(body)}"
        if "no_clock" not in self._site.troubles:
            made = made or datetime.now(UTC)
            lines += f"\r\nDate: {format_datetime(made, usegmt=True)}"
        exchange.head(f"HTTP/1.1 {status} OK\r\n{lines}\r\n\r\n".encode())
        exchange.body(body)
        exchange.finish()
        return exchange.record_id

    def _ask(self, what: str) -> RecordId:
        return self._told(what, None)[0]

    def _told(self, what: str, trouble: str | None) -> tuple[RecordId, Any]:
        """The record of an answer, and the view that it is made of."""
        site = self._site
        site.request()
        if self._is_now("network"):
            raise NetworkFailure("the connection was reset")
        if (kind := self._is_now("block")) is not None:
            site.refused = True
            evidence = (self._answer(f"https://example/{what}", 429, "text/html", b"<html>"),)
            raise BLOCKS[kind % len(BLOCKS)]("not now", evidence=evidence)
        body = json.dumps({"asked": what, "request": site.requests}).encode()
        view = site.cached(trouble)
        url = f"https://example/{what}"
        return self._answer(url, 200, "application/json", body, view.at), view

    def _is_now(self, trouble: str) -> int | None:
        """The number of a trouble that has begun by this request."""
        site = self._site
        lasting, once = site.troubles.get(trouble), site.troubles.get(f"{trouble}_once")
        if lasting is not None and site.requests > lasting:
            return int(lasting)
        return int(once) if once is not None and site.requests == once + 1 else None

    # -- the account --------------------------------------------------------------

    def profile(self, account: AccountRef) -> Profile:
        """The account as its handle leads to it."""
        record, view = self._told("profile", "stale_listing")
        evidence, site = (record,), self._site
        if account.handle == CANARY_HANDLE:
            return Profile(
                "instagram", CANARY_ID, CANARY_HANDLE, is_private=False, evidence=evidence
            )
        if account.handle == view.handle:
            return self._profile(evidence, view)
        holder = site.former.get(account.handle)
        if holder is None:
            raise AccountNotFound("there is no such account", evidence=evidence)
        return Profile("instagram", holder, account.handle, is_private=False, evidence=evidence)

    def profile_by_id(self, account: AccountRef) -> Profile:
        """The account by its number."""
        record, view = self._told("by-id", "stale_listing")
        if not self._site.knows_ids:
            raise AccountUnavailable("strangers cannot ask by number", evidence=(record,))
        return self._profile((record,), view)

    def _profile(self, evidence: tuple[RecordId, ...], view: Any) -> Profile:
        site = self._site
        if view.gone:
            raise AccountNotFound("there is no such account", evidence=evidence)
        if view.private and site.page_size % 2:
            raise AccountPrivate("the account is private", evidence=evidence)
        declared = len([1 for _, sections in view.posts.values() if Section.POSTS in sections])
        if (lie := site.troubles.get("early_end")) is not None and lie % 2:
            declared = min(declared, len(view.listed(Section.POSTS)[: self._short(lie)]))
        return Profile(
            "instagram",
            "1001",
            view.handle,
            name="Pemkot",
            is_private=view.private,
            declared_posts=declared,
            evidence=evidence,
        )

    # -- listings ----------------------------------------------------------------

    def _short(self, number: int) -> int:
        return int((1 + number % 3) * self._site.page_size)

    def list_posts(
        self, account: AccountRef, section: Section = Section.POSTS, *, after: str | None = None
    ) -> Iterator[Page]:
        """Pages of one section, as far as troubles let them through."""
        site = self._site
        if account.handle == CANARY_HANDLE:
            yield Page((), PageEnd.END, evidence=(self._ask("list"),))
            return
        if after is not None and site.troubles.get("cursor") is not None:
            raise CursorRefused("unknown place", evidence=(self._ask("refused"),))
        number, passed = 0, after
        while True:
            record, view = self._told(section.value, "stale_listing")
            shown = [_signed(post, view.handle) for post in view.listed(section)]
            start = 0 if passed is None else _after(shown, passed)
            number += 1
            page = self._page(shown, start, number, (record,))
            yield page
            if page.end is not PageEnd.MORE or page.cursor is None:
                return
            passed = page.cursor

    def _page(
        self, shown: list[Post], start: int, number: int, evidence: tuple[RecordId, ...]
    ) -> Page:
        site = self._site
        if (bad := site.troubles.get("malformed")) is not None and number == 1 + bad % 3:
            raise MalformedAnswer("cut in the middle", evidence=evidence)
        chunk = shown[start : start + site.page_size]
        last = start + site.page_size >= len(shown)
        cursor = None if last else _cursor(chunk[-1])
        codes = [post.ref.code for post in shown]
        hole, torn = site.nth(codes, "hole"), site.nth(codes, "unreadable")
        problems = tuple(
            Problem("item_unreadable", "an item of no known shape", evidence)
            for post in chunk
            if post.ref.code == torn
        )
        posts = tuple(
            replace(post, evidence=evidence) for post in chunk if post.ref.code not in (hole, torn)
        )
        site.tonight += [post.ref.code for post in posts]
        end, reason = (PageEnd.END if last else PageEnd.MORE), None
        if (cut := site.troubles.get("early_end")) is not None and self._cuts(start, cut):
            end = PageEnd.END
        if (cut := site.troubles.get("silent")) is not None and self._cuts(start, cut):
            end, reason = PageEnd.SILENT, "empty_page"
        cursor = cursor if end is PageEnd.MORE else None
        return Page(posts, end, reason, problems, evidence, cursor)

    def _cuts(self, start: int, number: int) -> bool:
        return start + self._site.page_size >= self._short(number)

    # -- posts' own addresses -------------------------------------------------------

    def look(self, post: PostRef) -> Sighting:
        """The post's own address."""
        site = self._site
        record, view = self._told("look", "stale_addresses")
        evidence = (record,)
        if post.owner.handle == CANARY_HANDLE:
            return self._canary(post, evidence)
        clock = None if "no_clock" in site.troubles else view.at
        if site.nth(sorted(site.items), "wrong_object") == post.code:
            return self._other(post, evidence, clock)
        answer = self._odd_answer(post.code)
        if answer is not None:
            return Sighting(*answer, evidence=evidence, answered_at=clock)
        found = None if view.private or view.gone else view.posts.get(post.code)
        newest = site.tonight[: site.troubles.get("newest_gone", 0)]
        if found is None or "dead_addresses" in site.troubles or post.code in newest:
            return Sighting(Presence.GONE, "item_missing", evidence=evidence, answered_at=clock)
        whole = replace(_signed(found[0], view.handle), evidence=evidence)
        return Sighting(Presence.PRESENT, "present", whole, evidence=evidence, answered_at=clock)

    def _odd_answer(self, code: str) -> tuple[Presence, str] | None:
        site = self._site
        if (number := site.troubles.get("odd_answers")) is not None:
            return ODD[number % len(ODD)]
        if "odd_answer" in site.troubles and code not in site.tonight:
            return ODD[site.troubles["odd_answer"] % len(ODD)]
        return None

    def _other(
        self, post: PostRef, evidence: tuple[RecordId, ...], clock: datetime | None
    ) -> Sighting:
        if self._site.troubles["wrong_object"] % 2:
            raise WrongObject("another post answers", evidence=evidence)
        problem = Problem("wrong_object", "another post answers", evidence, post.id)
        return Sighting(
            Presence.UNKNOWN,
            "wrong_object",
            problems=(problem,),
            evidence=evidence,
            answered_at=clock,
        )

    def _canary(self, post: PostRef, evidence: tuple[RecordId, ...]) -> Sighting:
        now = datetime.now().astimezone()
        if "canary" in self._site.troubles:
            presence = (Presence.GONE, Presence.UNKNOWN)[self._site.troubles["canary"] % 2]
            return Sighting(presence, "item_missing", evidence=evidence, answered_at=now)
        media = _picture(post.code)
        whole = Post(post, PostKind.PHOTO, "tetap di sini", now, None, (media,), evidence=evidence)
        return Sighting(Presence.PRESENT, "present", whole, evidence=evidence, answered_at=now)

    # -- the rest of the seam ---------------------------------------------------------

    def comments(self, post: Post) -> Iterator[CommentPage]:
        """There are none."""
        raise ValueError("this route reads no comments")

    def fetch_media(self, post: Post) -> Iterator[MediaRecord]:
        """All media of a post."""
        for media in post.media:
            yield self.fetch(media)

    def fetch(self, media: Media) -> MediaRecord:
        """One media item."""
        site = self._site
        site.request()
        failing = "media" in site.troubles
        status, mime = (500, "text/html") if failing else (200, "image/jpeg")
        body = b"<html>" if failing else JPEG + media.media_id.encode() + b"\xff\xd9"
        return MediaRecord(media, self._answer(media.url, status, mime, body))

    def whoami(self) -> str | None:
        """Nobody: the visitor is anonymous."""
        return None

    def cookies(self) -> Mapping[str, str]:
        """None."""
        return {}

    def close(self) -> None:
        """Nothing is held."""


def _picture(code: str) -> Media:
    from connectors.model import MediaKind, MediaRole

    url = f"https://media.example/{code}.jpg"
    return Media(code, MediaKind.IMAGE, MediaRole.CONTENT, 0, url)


def _signed(post: Post, handle: str) -> Post:
    """A post names its author as he is called now."""
    return replace(post, authors=(Author(handle, AuthorRole.OWNER, "1001"),))


def _cursor(post: Post) -> str:
    return f"{post.ref.code}@{post.published_at}"


def _after(shown: list[Post], cursor: str) -> int:
    """Where a page after a cursor begins; a cursor holds when its post is gone."""
    code, _, moment = cursor.partition("@")
    codes = [post.ref.code for post in shown]
    if code in codes:
        return codes.index(code) + 1
    at = datetime.fromisoformat(moment)
    return sum(post.pinned or (post.published_at or at) >= at for post in shown)
