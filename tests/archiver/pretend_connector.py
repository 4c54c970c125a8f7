"""The connector of the pretend platform: what it says stands in real records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from connectors.base import ExchangeSink, ExchangeStart, Gate, Identity
from connectors.errors import AccountNotFound, AccountUnavailable, ConnectorError, CursorRefused
from connectors.model import (
    AccountRef,
    CommentPage,
    Media,
    MediaRecord,
    Page,
    PageEnd,
    Post,
    PostRef,
    Presence,
    Profile,
    RecordId,
    Section,
    Sighting,
)

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb0043") + b"\x01" * 400


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
        self, site: Any, sink: ExchangeSink, gate: Gate, identity: Identity | None
    ) -> None:
        self._site, self._sink, self._gate, self._identity = site, sink, gate, identity
        self.sections = site.sections
        self.reads_comments = site.has_remarks

    def _serve(self, url: str, status: int, mime: str, body: bytes) -> RecordId:
        self._gate(url)
        exchange = self._sink.begin(ExchangeStart("GET", url, datetime.now(UTC)))
        exchange.sent(b"GET / HTTP/1.1\r\nHost: example\r\n\r\n")
        lines = [f"HTTP/1.1 {status} OK", f"Content-Type: {mime}", f"Content-Length: {len(body)}"]
        if self._site.is_dated:
            lines.append(f"Date: {format_datetime(self._site.clock(), usegmt=True)}")
        exchange.head("\r\n".join([*lines, "", ""]).encode())
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
        holder = self._site.led_to.get(account.handle, self._site.native_id)
        if holder is None:
            raise AccountNotFound("there is no such account", evidence=(evidence,))
        if holder != self._site.native_id:
            return Profile("instagram", holder, account.handle, evidence=(evidence,))
        return self._profile(evidence)

    def profile_by_id(self, account: AccountRef) -> Profile:
        """The account, when it has the number asked for."""
        evidence = self._ask("by id")
        if not self._site.knows_ids:
            raise AccountUnavailable("strangers cannot ask by number", evidence=(evidence,))
        if account.native_id != self._site.native_id:
            raise AccountNotFound("no account has the number", evidence=(evidence,))
        return self._profile(evidence)

    def _profile(self, evidence: RecordId) -> Profile:
        site = self._site
        shown = [post for post in site.posts if post.ref.code not in site.hidden]
        declared = len(shown) if site.declared == -1 else site.declared
        return Profile(
            "instagram",
            site.native_id,
            site.handle,
            name="Pemkot",
            is_private=site.is_private,
            is_verified=True,
            followers=7,
            declared_posts=declared,
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
