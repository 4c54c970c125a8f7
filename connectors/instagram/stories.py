"""Listing the stories an account shows now, and those it keeps as highlights."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from connectors.errors import AnswerUnusable, CursorRefused
from connectors.instagram.asking import asked, case_in, malformed, problem_of, records
from connectors.instagram.client import Answered, Client
from connectors.instagram.reading import Unreadable, dig
from connectors.instagram.reel import Told, best_of, collection_of, together, tray_of
from connectors.instagram.story_parse import highlight as parsed_highlight
from connectors.model import AccountRef, Highlight, Page, PageEnd, Problem, RecordId

Question = tuple[Callable[[], Answered], Callable[[object], Sequence[object]]]
"""Asks the client, and finds the stories in what it answers."""


def stories(client: Client, account: AccountRef) -> Iterator[Page]:
    """The one page of stories on show, newest first.

    Args:
        account: With its numeric id.

    Raises:
        ConnectorError: Neither the web query nor the mobile interface
            answered; an account without stories is a page without posts.
    """
    native_id = account.native_id or ""
    told, problems = _told(
        web=(lambda: client.tray(native_id), lambda value: tray_of(value, native_id)),
        mobile=(
            lambda: client.tray_at_best(native_id, account.handle),
            lambda value: best_of(value, native_id),
        ),
    )
    posts, unread = together(told, account)
    evidence = _evidence(told)
    yield Page(posts[::-1], PageEnd.END, None, (*problems, *unread), evidence)


def highlights(client: Client, account: AccountRef, after: str | None) -> Iterator[Page]:
    """One page per highlight, in the order of the profile.

    Args:
        account: With its numeric id.
        after: The id of the highlight to begin with; ``None`` for the first.

    Raises:
        CursorRefused: There is no such highlight any more.
        ConnectorError: The list of highlights was refused.
    """
    found, problems, evidence = _listed(client, account)
    if after is not None:
        names = [one.native_id for one in found]
        if after not in names:
            raise CursorRefused(
                f"highlight {after} is not on the profile any more",
                hint="The highlights are read from the first one again.",
                evidence=evidence,
            )
        found = found[names.index(after) :]
    if not found:
        reason = "items_unreadable" if problems else None
        end = PageEnd.SILENT if problems else PageEnd.END
        yield Page((), end, reason, problems, evidence)
        return
    missed = bool(problems)
    for number, highlight in enumerate(found, 1):
        page = _page(client, account, highlight)
        missed = missed or page.reason is not None
        page = replace(page, evidence=(*evidence, *page.evidence))
        if number == 1:
            page = replace(page, problems=(*problems, *page.problems))
        if number < len(found):
            onward = found[number].native_id
            yield replace(page, end=PageEnd.MORE, reason=None, cursor=onward)
        elif missed:
            yield replace(page, end=PageEnd.SILENT, reason="highlight_unread")
        else:
            yield page


def _listed(
    client: Client, account: AccountRef
) -> tuple[list[Highlight], tuple[Problem, ...], tuple[RecordId, ...]]:
    native_id = account.native_id or ""
    answered = asked(lambda: client.highlights(native_id), logged_in=True)
    evidence = records(answered)[-1:]
    value = case_in(answered, logged_in=True).value
    edges = dig(value, "data", "user", "edge_highlight_reels", "edges")
    if not isinstance(edges, list):
        raise malformed("the answer holds no list of highlights", evidence)
    found: dict[str, Highlight] = {}
    problems = []
    for edge in edges:
        try:
            one = parsed_highlight(dig(edge, "node"))
            found.setdefault(one.native_id, one)
        except Unreadable as error:
            problems.append(Problem(error.code, str(error), evidence))
    return list(found.values()), tuple(problems), evidence


def _page(client: Client, account: AccountRef, highlight: Highlight) -> Page:
    """One highlight; that it could not be read is told, and ends nothing."""
    native_id = highlight.native_id
    try:
        told, problems = _told(
            web=(
                lambda: client.highlight(native_id),
                lambda value: collection_of(value, native_id),
            ),
            mobile=(
                lambda: client.highlight_at_best(native_id),
                lambda value: best_of(value, f"highlight:{native_id}"),
            ),
        )
    except AnswerUnusable as error:
        problem = problem_of(error)
        end, reason = PageEnd.SILENT, "highlight_unread"
        return Page((), end, reason, (problem,), error.evidence, highlight=highlight)
    posts, unread = together(told, account, highlight)
    problems = (*problems, *unread)
    return Page(posts, PageEnd.END, None, problems, _evidence(told), highlight=highlight)


def _told(*, web: Question, mobile: Question) -> tuple[list[Told], tuple[Problem, ...]]:
    """Both answers, the better one first; a refused one becomes a problem.

    The mobile interface is not asked when the web query says that there is
    nothing to see.
    """
    problems: tuple[Problem, ...] = ()
    told: list[Told] = []
    try:
        told.append(_answer(*web))
        if not told[0].items:
            return told, ()
    except AnswerUnusable as error:
        problems = (problem_of(error),)
    try:
        best = _answer(*mobile)
        if told and told[0].items and not best.items:
            raise malformed("the mobile interface shows none of the stories", best.evidence)
        told.insert(0, best)
    except AnswerUnusable as error:
        if not told:
            raise
        problems = (problem_of(error),)
    return told, problems


def _answer(question: Callable[[], Answered], find: Callable[[object], Sequence[object]]) -> Told:
    answered = asked(question, logged_in=True)
    evidence = records(answered)[-1:]
    try:
        return Told(find(case_in(answered, logged_in=True).value), evidence)
    except Unreadable as error:
        raise malformed(str(error), evidence) from error


def _evidence(told: Sequence[Told]) -> tuple[RecordId, ...]:
    return tuple(record for one in reversed(told) for record in one.evidence)
