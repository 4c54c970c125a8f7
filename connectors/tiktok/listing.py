"""Walking an account's listing, page by page, until it says that it ends.

The library's own walk ends without a word on ``{}``, on an error code and on
a repeated page, and may go on for hundreds of empty ones. This one notices.

A page is asked for by a moment: it holds the posts before it, and is empty
when there is none within about a week. Stepping further than a week could
pass over posts, so a pause is crossed week by week, never by a jump:

- 8 empty weeks are enough when the profile's declared count is reached;
- 60 when nothing was declared, so that an endless listing costs no more;
- otherwise on to the account's birthday, or the platform's: about 50 requests
  for a year of silence, each a `Page` of its own with its cursor, so that the
  caller can stop anywhere and go on in another night.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from connectors.errors import AnswerUnusable, CursorRefused, NetworkFailure
from connectors.model import AccountRef, Page, PageEnd, Post, Problem, RecordId
from connectors.tiktok import answers, fields, meaning, parse
from connectors.tiktok.answers import Answer, Form
from connectors.tiktok.visit import Visit

FIRST_POSSIBLE_MS = 1_472_706_000_000
"""1 September 2016: the platform did not exist before."""
DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
EMPTY_PAGES = 60
"""Empty pages in a row, each going a week back, before the walk is given up."""
EMPTY_PAGES_WHEN_ALL_LISTED = 8


class Lists(Protocol):
    """What the walk needs of the client."""

    def item_list(self, sec_uid: str, cursor_ms: int) -> Visit:
        """Ask for one page of a listing."""

    def forget_device(self) -> None:
        """Pretend to be another device: a bad device id gets one page again and again."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a listing may reach, as the profile page told it.

    Attributes:
        declared: How many posts the profile declares; ``None`` if not told.
        born_ms: When the account was opened, Unix time in milliseconds.
    """

    declared: int | None = None
    born_ms: int | None = None


def cursor_of(text: str, now_ms: int) -> int:
    """The moment that a `Page.cursor` of an earlier night names.

    Args:
        text: Unix time in milliseconds.
        now_ms: Up to a day beyond it is taken: clocks differ.

    Raises:
        CursorRefused: It is no moment at which this platform listed anything.
    """
    known = re.fullmatch(r"[0-9]{12,14}", text)
    if known is None or not FIRST_POSSIBLE_MS <= int(text) <= now_ms + DAY_MS:
        raise CursorRefused(
            f"{text[:40]!r} is no place in a TikTok listing",
            hint="Begin the listing anew; it will be read from its newest post.",
        )
    return int(text)


@dataclass(slots=True)
class Walk:
    """One walk through one account's listing.

    Attributes:
        on_listed: Told each id the platform shows.
        after_ms: Where an earlier walk stopped; ``None`` begins at the newest.
    """

    client: Lists
    account: AccountRef
    sec_uid: str
    on_listed: Callable[[str], None]
    after_ms: int | None = None
    extent: Extent = Extent()
    clock: Callable[[], float] = time.time
    _seen: set[str] = field(default_factory=set)
    _empty: int = 0
    _retried: bool = False

    def pages(self) -> Iterator[Page]:
        """The pages, newest first; the last one says how the listing ended."""
        entered = self.after_ms is not None
        cursor_ms = int(self.clock() * 1000) if self.after_ms is None else self.after_ms
        carried: tuple[RecordId, ...] = ()
        while True:
            visit = self.client.item_list(self.sec_uid, cursor_ms)
            answer = _answer(visit, self.account)
            evidence = (*carried, *visit.evidence)
            items = list(fields.objects(answer.detail, "itemList"))
            if items and (self._is_repeated(items) or (entered and _all_newer(items, cursor_ms))):
                if not self._retried:
                    self._retried, carried = True, evidence
                    self.client.forget_device()
                    continue
                yield Page((), PageEnd.SILENT, "repeated_page", evidence=evidence)
                return
            next_ms = _next_cursor(items, cursor_ms)
            end, reason = self._end(answer, items, next_ms)
            yield self._page(answer, end, reason, visit.evidence, evidence, next_ms)
            if end is not PageEnd.MORE:
                return
            carried, cursor_ms, self._retried, entered = (), next_ms, False, True

    def _is_repeated(self, items: list[Mapping[str, Any]]) -> bool:
        ids = {parse.item_id(item) for item in items} - {None}
        return bool(ids) and ids <= self._seen

    def _end(
        self, answer: Answer, items: list[Mapping[str, Any]], next_ms: int
    ) -> tuple[PageEnd, str | None]:
        """What this page says about the ones after it."""
        self._empty = 0 if items else self._empty + 1
        more = fields.flag(answer.detail, "hasMorePrevious")
        if answer.form is Form.EMPTY:
            return PageEnd.SILENT, "empty_body"
        if not answer.detail:
            return PageEnd.SILENT, "empty_answer"
        if answer.status:
            return PageEnd.SILENT, f"status_{answer.status}"
        if more is None:
            return PageEnd.SILENT, "no_page_info"
        if not more:
            listed = isinstance(answer.detail.get("itemList"), list)
            return (PageEnd.END, None) if listed else (PageEnd.SILENT, "no_items")
        if self._empty >= self._patience():
            return PageEnd.SILENT, "empty_pages"
        if next_ms < max(FIRST_POSSIBLE_MS, (self.extent.born_ms or 0) - WEEK_MS):
            return PageEnd.SILENT, "endless"
        return PageEnd.MORE, None

    def _patience(self) -> float:
        """How many empty pages in a row are borne.

        A walk entered midway does not know how many posts were listed before;
        whoever enters there is owed the rest.
        """
        if self.after_ms is not None:
            return float("inf")
        if self.extent.declared is None:
            return EMPTY_PAGES
        is_short = len(self._seen) < self.extent.declared
        return float("inf") if is_short else EMPTY_PAGES_WHEN_ALL_LISTED

    def _page(
        self,
        answer: Answer,
        end: PageEnd,
        reason: str | None,
        own: tuple[RecordId, ...],
        evidence: tuple[RecordId, ...],
        next_ms: int,
    ) -> Page:
        posts: list[Post] = []
        problems: list[Problem] = []
        entries = fields.walk(answer.detail, "itemList")
        for entry in entries if isinstance(entries, list) else ():
            found = self._read(entry, own)
            if isinstance(found, Problem):
                problems.append(found)
            elif found.ref.code not in self._seen:
                self._seen.add(found.ref.code)
                self.on_listed(found.ref.code)
                posts.append(found)
        cursor = str(next_ms) if end is PageEnd.MORE else None
        return Page(tuple(posts), end, reason, tuple(problems), evidence, cursor)

    def _read(self, entry: object, evidence: tuple[RecordId, ...]) -> Post | Problem:
        item = fields.mapping(entry)
        post = parse.post(item, self.account, from_page=False, evidence=evidence)
        if post is None:
            return Problem("malformed_item", "a listed item has no usable id", evidence)
        author, own = parse.author_id(item), self.account.native_id
        if author and own and author != own:
            detail = f"the listing shows a post of account {author}"
            return Problem("wrong_owner", detail, evidence, post_id=post.id)
        return post


def _answer(visit: Visit, account: AccountRef) -> Answer:
    """The listing's answer.

    Raises:
        ConnectorError: It is a block, cannot be read, or says that there is no
            such account or a private one: neither is an account without posts.
    """
    refused = meaning.refusal(visit)
    if refused is not None:
        raise refused
    status = visit.last.status if visit.last else None
    if visit.is_login_page:
        raise meaning.login_wall("the listing", visit)
    if status is not None and status >= 500:
        raise meaning.make(NetworkFailure, f"TikTok's server failed ({status})", visit)
    if status != 200:
        raise meaning.make(AnswerUnusable, f"the listing was answered with {status}", visit)
    answer = answers.listing(visit.body)
    wrong = meaning.of_form(answer, visit, "the listing")
    if wrong is not None and answer.form is not Form.EMPTY:
        raise wrong
    if answer.status is not None and answer.status in meaning.USER_STATUS:
        kind, said = meaning.USER_STATUS[answer.status]
        raise meaning.make(kind, f"@{account.handle}: {said} (status {answer.status})", visit)
    return answer


def _next_cursor(items: list[Mapping[str, Any]], cursor_ms: int) -> int:
    """Where the next page begins: at the last dated post's second, or a week back.

    Pinned posts stand out of their order and do not count: a page may hold
    nothing else.

    *Source:* yt-dlp's walk; the platform looks back about a week from a cursor.
    """
    dates = (_moment_ms(item) for item in reversed(items) if not parse.is_pinned(item))
    last_ms = next((date for date in dates if date is not None), cursor_ms)
    return last_ms if last_ms < cursor_ms else cursor_ms - WEEK_MS


def _all_newer(items: list[Mapping[str, Any]], cursor_ms: int) -> bool:
    """Whether a page holds only posts from after the moment it was asked for."""
    dates = [_moment_ms(item) for item in items]
    return all(date is not None and date > cursor_ms for date in dates)


def _moment_ms(item: Mapping[str, Any]) -> int | None:
    posted = fields.moment(item, "createTime")
    return int(posted.timestamp()) * 1000 if posted else None
