"""Visiting one post or story at its own address, and what that concludes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from connectors.errors import AnswerUnusable, NetworkFailure
from connectors.instagram import parse
from connectors.instagram.absence import story_verdict, verdict
from connectors.instagram.asking import case_in, problem_of, records
from connectors.instagram.client import Answered, Client
from connectors.instagram.meaning import Case, ServerTrouble, refusal
from connectors.instagram.reading import Unreadable, dig
from connectors.instagram.story_parse import story
from connectors.model import Highlight, Post, PostKind, PostRef, Presence, Problem, Sighting
from connectors.tap.answered_at import answered_at

STORY = "story:"
"""How the code of a story begins; behind it stands its number."""

_KEPT = Highlight("", "")
"""Some highlight; which one, a story's own address does not tell."""


def look(client: Client, ref: PostRef) -> Sighting:
    """Visit the post's own address. A 404 is an answer, not an error."""
    if not ref.code.startswith(STORY):
        return _visit(client, lambda: client.single(ref.code), verdict, ref, _post)
    pk = ref.code.removeprefix(STORY)
    if not client.logged_in or not pk.isdecimal():
        # Stories are shown to visitors with a session only; nothing is asked.
        return Sighting(Presence.UNKNOWN, "login_needed")
    return _visit(
        client, lambda: client.media_info(pk), lambda case: story_verdict(case, pk), ref, _story
    )


def _visit(
    client: Client,
    question: Callable[[], Answered],
    judge: Callable[[Case], tuple[Presence, str] | None],
    ref: PostRef,
    read: Callable[[PostRef, Answered, Case], Post],
) -> Sighting:
    for attempt in (1, 2):
        told: datetime | None = None
        try:
            answered = question()
            case = case_in(answered, logged_in=client.logged_in)
            told = answered_at(case.entry)
            if said := judge(case):
                return Sighting(*said, evidence=records(answered)[-1:], answered_at=told)
            problem = refusal(case, answered.error)
            if problem is None:
                return _sighting(ref, answered, case, read)
            raise problem
        except (ServerTrouble, NetworkFailure) as error:
            if attempt == 1:
                continue
            if isinstance(error, NetworkFailure):
                raise
            return _unknown(error, told)
        except AnswerUnusable as error:
            return _unknown(error, told)
    raise AssertionError("unreachable")


def _unknown(error: AnswerUnusable, told: datetime | None) -> Sighting:
    problems = (problem_of(error),)
    return Sighting(Presence.UNKNOWN, error.code, None, problems, error.evidence, told)


def _sighting(
    ref: PostRef,
    answered: Answered,
    case: Case,
    read: Callable[[PostRef, Answered, Case], Post],
) -> Sighting:
    evidence, told = records(answered)[-1:], answered_at(case.entry)
    try:
        post = read(ref, answered, case)
        if post.ref.code != ref.code:
            raise Unreadable("wrong_object", f"{post.ref.code} was answered for {ref.code}")
    except Unreadable as error:
        problem = Problem(error.code, str(error), evidence, ref.id)
        return Sighting(Presence.UNKNOWN, error.code, None, (problem,), evidence, told)
    problems: tuple[Problem, ...] = ()
    if not post.is_complete:
        detail = "the post's own answer lacks its date, its caption or a media address"
        problems = (Problem("incomplete_item", detail, evidence, ref.id),)
    return Sighting(Presence.PRESENT, "present", post, problems, evidence, told)


def _post(ref: PostRef, answered: Answered, case: Case) -> Post:
    return parse.post(_only(case), ref.owner, records(answered)[-1:])


def _story(ref: PostRef, answered: Answered, case: Case) -> Post:
    """A story past its day that is still shown is kept in a highlight."""
    evidence = records(answered)[-1:]
    found = story(_only(case), ref.owner, evidence)
    now = answered_at(case.entry)
    if found.kind is PostKind.STORY and now and found.expires_at and found.expires_at <= now:
        return story(_only(case), ref.owner, evidence, highlight=_KEPT)
    return found


def _only(case: Case) -> object:
    found = parse.single(case.value)
    if not found or (dig(found[0], "pk") is None and dig(found[0], "code") is None):
        raise Unreadable("malformed_answer", "the answer holds no post")
    return found[0]
