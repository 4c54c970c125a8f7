"""Walking the comments under one post: page by page, then reply by reply."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from connectors.errors import AnswerUnusable, LimitExceeded
from connectors.instagram.asking import asked, case_in, malformed, problem_of, records
from connectors.instagram.client import Answered, Client
from connectors.instagram.comments import CommentList, comment_list, reply_list
from connectors.instagram.reading import Unreadable
from connectors.model import Comment, CommentPage, PageEnd, Post, PostKind, Problem, RecordId

_MOST_PAGES = 400
"""So many answers are the most that one post costs; the rest is told as cut."""


def comments(client: Client, post: Post) -> Iterator[CommentPage]:
    """The comments under a post with their replies.

    Nothing is asked for a post without comments, with its comments switched
    off, or for a story.
    """
    kinds = (PostKind.STORY, PostKind.HIGHLIGHT)
    silent = post.metrics.comments == 0 or post.extra.get("comments_disabled") is True
    if silent or post.kind in kinds:
        yield CommentPage((), PageEnd.END, evidence=post.evidence)
        return
    if post.ref.native_id is None:
        raise ValueError(f"{post.id} has no numeric id; look at it first")
    yield from _Walk(client, post, post.ref.native_id).pages()


@dataclass(slots=True)
class _Walk:
    """How far the comments of one post have been read."""

    client: Client
    post: Post
    native_id: str
    seen: set[str] = field(default_factory=set)
    asked: int = 0
    missing: bool = False
    """Whether replies were announced and did not come."""

    def pages(self) -> Iterator[CommentPage]:
        """All pages; only the last says how the comments end."""
        answered, further = self._first()
        cursors: set[str] = set()
        while True:
            self.asked += 1
            found, evidence = self._list(answered)
            fresh = self._fresh(found)
            end, reason = _end(found, repeats=found.entries > 0 and not fresh)
            if end is PageEnd.MORE and found.cursor in cursors:
                end, reason = PageEnd.SILENT, "repeated_page"
            if end is PageEnd.MORE and self.asked >= _MOST_PAGES:
                end, reason = PageEnd.SILENT, "page_limit"
            unfolded = found.unfolded if fresh else ()
            last = not unfolded
            yield self._page(fresh, end, reason, found.problems, evidence, last=last)
            for number, parent in enumerate(unfolded, 1):
                last = number == len(unfolded)
                yield from self._thread(parent, end, reason, last=last)
            if end is not PageEnd.MORE or found.cursor is None:
                return
            cursors.add(found.cursor)
            answered = further(found.cursor)

    def _first(self) -> tuple[Answered, Callable[[str], Answered]]:
        client, code, native_id = self.client, self.post.ref.code, self.native_id
        count = self.post.metrics.comments
        try:
            first = asked(lambda: client.comments(code, native_id, count), logged_in=True)
            found, _ = self._list(first)
        except LimitExceeded:
            raise
        except AnswerUnusable:
            if count is None or count > 12:
                raise
            # The older query is refused now and then; the other way stays.
            return self._mobile(None), self._mobile
        web: Any = first.value
        if found.cursor and hasattr(web, "freeze"):

            def further(cursor: str) -> Answered:
                return asked(lambda: client.next_page(web, cursor), logged_in=True)

            return first, further
        return first, self._mobile

    def _mobile(self, min_id: str | None) -> Answered:
        ask = self.client.comments_after
        return asked(lambda: ask(self.native_id, min_id), logged_in=True)

    def _thread(
        self, parent: str, end: PageEnd, reason: str | None, *, last: bool
    ) -> Iterator[CommentPage]:
        """The replies to one comment.

        Args:
            end: How the list of comments goes on, said by the last page.
            last: Whether no further thread follows before it goes on.
        """
        cursor, cursors = "", {""}
        while True:
            self.asked += 1
            try:
                found, evidence = self._replies(parent, cursor)
            except LimitExceeded:
                raise
            except AnswerUnusable as error:
                self.missing = True
                problems = (problem_of(error, self.post.id),)
                yield self._page((), end, reason, problems, error.evidence, last=last)
                return
            fresh = self._fresh(found)
            onward = found.cursor if found.has_next else None
            stops = found.has_next is not False and (
                onward is None
                or onward in cursors
                or found.entries == 0
                or self.asked >= _MOST_PAGES
            )
            self.missing = self.missing or stops
            done = stops or onward is None
            yield self._page(fresh, end, reason, found.problems, evidence, last=last and done)
            if done or onward is None:
                return
            cursors.add(onward)
            cursor = onward

    def _page(
        self,
        fresh: tuple[Comment, ...],
        end: PageEnd,
        reason: str | None,
        problems: tuple[Problem, ...],
        evidence: tuple[RecordId, ...],
        *,
        last: bool,
    ) -> CommentPage:
        if not last:
            end, reason = PageEnd.MORE, None
        elif end is PageEnd.END and self.missing:
            end, reason = PageEnd.SILENT, "replies_missing"
        return CommentPage(fresh, end, reason, problems, evidence)

    def _fresh(self, found: CommentList) -> tuple[Comment, ...]:
        """The comments that no earlier page held."""
        new = {c.comment_id: c for c in found.comments if c.comment_id not in self.seen}
        self.seen.update(new)
        return tuple(new.values())

    def _list(self, answered: Answered) -> tuple[CommentList, tuple[RecordId, ...]]:
        evidence = records(answered)[-1:]
        value = case_in(answered, logged_in=True).value
        try:
            return comment_list(value, evidence, self.post.id), evidence
        except Unreadable as error:
            raise malformed(str(error), evidence) from error

    def _replies(self, parent: str, cursor: str) -> tuple[CommentList, tuple[RecordId, ...]]:
        ask = self.client.replies
        answered = asked(lambda: ask(self.native_id, parent, cursor), logged_in=True)
        evidence = records(answered)[-1:]
        value = case_in(answered, logged_in=True).value
        try:
            return reply_list(value, evidence, self.post.id, parent), evidence
        except Unreadable as error:
            raise malformed(str(error), evidence) from error


def _end(found: CommentList, *, repeats: bool) -> tuple[PageEnd, str | None]:
    if repeats:
        return PageEnd.SILENT, "repeated_page"
    if found.has_next is None:
        return PageEnd.SILENT, "no_page_info"
    if not found.has_next:
        return PageEnd.END, None
    if found.entries == 0:
        return PageEnd.SILENT, "empty_page"
    if found.cursor is None:
        return PageEnd.SILENT, "no_cursor"
    return PageEnd.MORE, None
