"""Walking an account's listing, page by page, until it says that it ends.

The library's own walk ends without a word on ``{}``, on an error code and on
a repeated page, and may go on for hundreds of empty ones. This one notices.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from connectors.errors import AnswerUnusable, NetworkFailure
from connectors.model import AccountRef, Page, PageEnd, Post, Problem, RecordId
from connectors.tiktok import answers, fields, meaning, parse
from connectors.tiktok.answers import Answer, Form
from connectors.tiktok.visit import Visit

FIRST_POSSIBLE_MS = 1_472_706_000_000
"""1 September 2016: the platform did not exist before."""
WEEK_MS = 7 * 86_400_000
EMPTY_PAGES = 60
"""Empty pages in a row, each going a week back, before the walk is given up."""


class Lists(Protocol):
    """What the walk needs of the client."""

    def item_list(self, sec_uid: str, cursor_ms: int) -> Visit:
        """Ask for one page of a listing."""

    def forget_device(self) -> None:
        """Pretend to be another device: a bad device id gets one page again and again."""


@dataclass(slots=True)
class Walk:
    """One walk through one account's listing.

    Attributes:
        on_listed: Told each id the platform shows.
    """

    client: Lists
    account: AccountRef
    sec_uid: str
    on_listed: Callable[[str], None]
    clock: Callable[[], float] = time.time
    _seen: set[str] = field(default_factory=set)
    _empty: int = 0
    _retried: bool = False

    def pages(self) -> Iterator[Page]:
        """The pages, newest first; the last one says how the listing ended."""
        cursor_ms = int(self.clock() * 1000)
        carried: tuple[RecordId, ...] = ()
        while True:
            visit = self.client.item_list(self.sec_uid, cursor_ms)
            answer = _answer(visit)
            evidence = (*carried, *visit.evidence)
            items = list(fields.objects(answer.detail, "itemList"))
            if items and self._is_repeated(items):
                if not self._retried:
                    self._retried, carried = True, evidence
                    self.client.forget_device()
                    continue
                yield Page((), PageEnd.SILENT, "repeated_page", evidence=evidence)
                return
            next_ms = _next_cursor(items, cursor_ms)
            end, reason = self._end(answer, items, next_ms)
            if not items and end is PageEnd.MORE:
                # Nothing within the week before the cursor; the next page counts.
                carried, cursor_ms = evidence, next_ms
                continue
            yield self._page(answer, end, reason, visit.evidence, evidence)
            if end is not PageEnd.MORE:
                return
            carried, cursor_ms, self._retried = (), next_ms, False

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
        if self._empty >= EMPTY_PAGES:
            return PageEnd.SILENT, "empty_pages"
        if next_ms < FIRST_POSSIBLE_MS:
            return PageEnd.SILENT, "endless"
        return PageEnd.MORE, None

    def _page(
        self,
        answer: Answer,
        end: PageEnd,
        reason: str | None,
        own: tuple[RecordId, ...],
        evidence: tuple[RecordId, ...],
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
        return Page(tuple(posts), end, reason, tuple(problems), evidence)

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


def _answer(visit: Visit) -> Answer:
    """The listing's answer.

    Raises:
        ConnectorError: It is a block, or cannot be read.
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
    return answer


def _next_cursor(items: list[Mapping[str, Any]], cursor_ms: int) -> int:
    """Where the next page begins: at the last item's second, or a week back.

    *Source:* yt-dlp's walk; the platform looks back about a week from a cursor.
    """
    posted = fields.moment(items[-1], "createTime") if items else None
    next_ms = int(posted.timestamp()) * 1000 if posted else cursor_ms
    return next_ms if next_ms < cursor_ms else cursor_ms - WEEK_MS
