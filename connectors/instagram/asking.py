"""Asking one question, and what the recorded answer makes of it.

Every question of the route goes through `asked`: it is put once more when the
platform or the line failed in passing, and refusals become errors.
"""

from __future__ import annotations

from collections.abc import Callable

from connectors.errors import AccountUnavailable, AnswerUnusable, MalformedAnswer, NetworkFailure
from connectors.instagram.client import Answered
from connectors.instagram.meaning import Case, ServerTrouble, case_of, refusal, unexplained
from connectors.model import Problem, RecordId

_DECISIVE = frozenset({"PrivateProfileNotFollowedException", "LoginRequiredException"})


def asked(question: Callable[[], Answered], *, logged_in: bool, page: bool = False) -> Answered:
    """Ask, and ask once more when the platform or the line failed in passing.

    Args:
        question: Asks the client.
        logged_in: Whether the request carries a session.
        page: Whether HTML is due.

    Raises:
        ConnectorError: The answer is a refusal or unusable.
    """
    for attempt in (1, 2):
        answered = question()
        case = case_of(answered.last, logged_in=logged_in, page=page) if answered.last else None
        problem = refusal(case, answered.error)
        if attempt == 1 and isinstance(problem, ServerTrouble | NetworkFailure):
            continue
        if problem is not None:
            raise problem from answered.error
        if answered.error is not None and type(answered.error).__name__ in _DECISIVE:
            raise unexplained(answered.error, case) from answered.error
        return answered
    raise AssertionError("unreachable")


def case_in(answered: Answered, *, logged_in: bool = False) -> Case:
    """The answer that decides, opened.

    Raises:
        NetworkFailure: Nothing was exchanged.
    """
    if answered.last is None:
        raise NetworkFailure(
            "nothing was exchanged", hint="Check the network and the [network] settings."
        ) from answered.error
    return case_of(answered.last, logged_in=logged_in)


def records(answered: Answered) -> tuple[RecordId, ...]:
    """The records of all exchanges that a question took."""
    return tuple(entry.record_id for entry in answered.entries)


def malformed(detail: str, evidence: tuple[RecordId, ...]) -> MalformedAnswer:
    """An answer came whose shape nobody knows."""
    return MalformedAnswer(
        detail, hint="The answer is in the archive; run again later.", evidence=evidence
    )


def no_account(answered: Answered, detail: str) -> AccountUnavailable:
    """No profile came back, and nobody said why."""
    return AccountUnavailable(
        detail,
        hint="Look at the account in a browser: it may be gone, renamed or restricted.",
        evidence=records(answered),
    )


def problem_of(error: AnswerUnusable, post_id: str | None = None) -> Problem:
    """An unusable answer as a finding, where the rest can still be read."""
    return Problem(error.code, str(error), error.evidence, post_id)
