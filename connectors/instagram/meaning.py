"""What an answer of Instagram means when it is no answer to the question.

The recorded answer is judged first. The library's exception comes second,
because one class of it can mean deleted, throttled and broken at once.
Pure: no library is imported here; exceptions are known by name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from connectors.errors import (
    AccountNotFound,
    AccountPrivate,
    AccountUnavailable,
    AnswerUnusable,
    Blocked,
    Challenge,
    ConnectorError,
    Forbidden,
    LibraryChanged,
    LoginWall,
    MalformedAnswer,
    NetworkFailure,
    RateLimited,
    SessionExpired,
    WrongObject,
)
from connectors.instagram.reading import dig, items, text
from connectors.tap.journal import JournalEntry
from connectors.tap.retry_after import retry_after_s


class ServerTrouble(AnswerUnusable):
    """A passing failure inside the platform; asking once more may help."""


LIBRARY_EXCEPTIONS: Mapping[str, type[ConnectorError]] = {
    "InstaloaderException": LibraryChanged,
    "QueryReturnedBadRequestException": AnswerUnusable,
    "QueryReturnedForbiddenException": Forbidden,
    "ProfileNotExistsException": AccountUnavailable,
    "ProfileHasNoPicsException": LibraryChanged,
    "PrivateProfileNotFollowedException": AccountPrivate,
    "LoginRequiredException": LoginWall,
    "LoginException": SessionExpired,
    "TwoFactorAuthRequiredException": Challenge,
    "InvalidArgumentException": LibraryChanged,
    "BadResponseException": MalformedAnswer,
    "BadCredentialsException": SessionExpired,
    "ConnectionException": NetworkFailure,
    "PostChangedException": WrongObject,
    "QueryReturnedNotFoundException": AnswerUnusable,
    "TooManyRequestsException": RateLimited,
    "IPhoneSupportDisabledException": LibraryChanged,
    "AbortDownloadException": Blocked,
    # What the library lets through when a shape surprises it.
    "JSONDecodeError": MalformedAnswer,
    "RequestException": NetworkFailure,
    "HTTPError": NetworkFailure,
    "LookupError": MalformedAnswer,
    "TypeError": MalformedAnswer,
    "AttributeError": MalformedAnswer,
    "ValueError": MalformedAnswer,
    "AssertionError": MalformedAnswer,
    "RecursionError": MalformedAnswer,
}
"""Every exception of the library, and what it means when no answer tells more.

*Source:* ``instaloader.exceptions`` 4.16; a test fails when it grows.
"""

HINTS: Mapping[type[ConnectorError], str] = {
    RateLimited: "Wait some hours before this identity or address asks again.",
    LoginWall: "Give the account an identity in the configuration, or try from another network.",
    SessionExpired: "Log in with a browser and run `jejak login instagram` with its cookies.",
    Challenge: "Open Instagram in the browser of this identity and answer what it asks.",
    Forbidden: "Try again later; if it stays, check the identity in a browser.",
    NetworkFailure: "Check the network and the [network] settings, then run again.",
    AccountNotFound: "Look the account up in a browser: it may have another handle now.",
    AccountPrivate: "Ask the body to make the account public.",
    LibraryChanged: "Update jejak; the pinned library and these tables no longer agree.",
}

_LOGIN = "/accounts/login"
_PERSON = ("/challenge", "/checkpoint", "/accounts/suspended")
_CHALLENGES = frozenset({"feedback_required", "checkpoint_required", "challenge_required"})
GONE_CODE, _RATE_CODE = 4630001, 1675004
_SIGNED_OUT = re.compile(r"(?mi)^sessionid=(?:\"\"|deleted)?(?:;|$)")


@dataclass(frozen=True, slots=True)
class Case:
    """One recorded answer, opened for judging.

    Attributes:
        value: The decoded JSON, or ``None`` if the answer is none.
        logged_in: Whether the request was made with a session.
        page: Whether HTML was due.
    """

    entry: JournalEntry
    value: object
    logged_in: bool
    page: bool

    @property
    def status(self) -> int:
        """HTTP status; 0 if no answer came."""
        return self.entry.status or 0

    @property
    def message(self) -> str:
        """The platform's own message, or an empty string."""
        return text(dig(self.value, "message")) or ""

    @property
    def location(self) -> str:
        """The path a redirect leads to, or an empty string."""
        return urlsplit(self.entry.headers.get("location", "")).path

    @property
    def codes(self) -> frozenset[object]:
        """The codes of GraphQL errors."""
        return frozenset(_hashable(dig(e, "code")) for e in items(dig(self.value, "errors")))


def case_of(entry: JournalEntry, *, logged_in: bool, page: bool = False) -> Case:
    """Open a recorded answer."""
    value: object = None
    if entry.body is not None and (not page or "json" in (entry.mime or "")):
        try:
            value = json.loads(entry.body)
        except (ValueError, RecursionError):
            value = None
    return Case(entry, value, logged_in, page)


def deciding(entries: Sequence[JournalEntry]) -> JournalEntry | None:
    """The exchange that decides what became of a question.

    The last one, unless an earlier one led to a login or a challenge: the
    library follows redirects within the host and would hide it.
    """
    for entry in entries:
        if 300 <= (entry.status or 0) < 400:
            location = urlsplit(entry.headers.get("location", "")).path
            if location.startswith((_LOGIN, *_PERSON)):
                return entry
    return entries[-1] if entries else None


Rule = tuple[Callable[[Case], bool], Callable[[Case], type[ConnectorError]], str]


def _session_or(other: type[ConnectorError]) -> Callable[[Case], type[ConnectorError]]:
    return lambda case: SessionExpired if case.logged_in else other


def _always(kind: type[ConnectorError]) -> Callable[[Case], type[ConnectorError]]:
    return lambda case: kind


RULES: tuple[Rule, ...] = (
    (lambda c: c.status == 0, _always(NetworkFailure), "no answer came"),
    (lambda c: c.entry.truncated is not None, _always(NetworkFailure), "the answer was cut off"),
    (lambda c: _signs_out(c), _always(SessionExpired), "the session was ended"),
    (
        lambda c: 300 <= c.status < 400 and c.location.startswith(_LOGIN),
        _session_or(LoginWall),
        "redirected to the login page",
    ),
    (
        lambda c: 300 <= c.status < 400 and c.location.startswith(_PERSON),
        _always(Challenge),
        "redirected to a challenge",
    ),
    (lambda c: 300 <= c.status < 400, _always(MalformedAnswer), "redirected elsewhere"),
    (lambda c: "wait a few minutes" in c.message, _always(RateLimited), "told to wait"),
    (lambda c: c.status == 429, _always(RateLimited), "too many requests"),
    (lambda c: _RATE_CODE in c.codes, _always(RateLimited), "rate limit exceeded"),
    (lambda c: c.message in _CHALLENGES, _always(Challenge), "the platform wants a person"),
    (
        lambda c: c.message == "login_required" or dig(c.value, "require_login") is True,
        _session_or(LoginWall),
        "a login is demanded",
    ),
    (lambda c: c.status in (401, 403), _always(Forbidden), "refused without explanation"),
    (lambda c: c.status >= 500, _always(ServerTrouble), "the platform failed"),
    (lambda c: _is_login_page(c), _session_or(LoginWall), "the login page was answered"),
    (lambda c: c.status == 404 and c.page, _always(AccountNotFound), "no such account"),
    (lambda c: c.status != 200, _always(AnswerUnusable), "an error was answered"),
    (lambda c: _lost_login(c), _always(SessionExpired), "the start page is a stranger's"),
    (lambda c: c.page, _always(ConnectorError), ""),
    (lambda c: c.value is None, _always(MalformedAnswer), "the answer is not whole JSON"),
    (lambda c: _is_execution_error(c), _always(ServerTrouble), "the query failed inside"),
    (lambda c: dig(c.value, "status") == "fail", _always(AnswerUnusable), "the query was refused"),
)
"""What an answer says by itself, in this order; the first that fits counts.

An empty explanation means: nothing is wrong with it.
"""


def refusal(case: Case | None, error: Exception | None) -> ConnectorError | None:
    """Why a question was not answered.

    Args:
        case: The last recorded answer; ``None`` if nothing was exchanged.
        error: What the library raised, if it did.

    Returns:
        The error to raise; ``None`` when a usable answer came, whatever the
        library made of it: then the parser decides.
    """
    if case is None:
        return None if error is None else _from_library(error)
    for fits, kind, why in RULES:
        if fits(case):
            return _explain(kind(case), why, case) if why else None
    return None


def unexplained(error: Exception, case: Case | None) -> ConnectorError:
    """What a library's exception means when the answer shows no reason."""
    evidence = (case.entry.record_id,) if case else ()
    return _from_library(error, evidence)


def _from_library(error: Exception, evidence: tuple[object, ...] = ()) -> ConnectorError:
    for kind in type(error).__mro__:
        if kind.__name__ in LIBRARY_EXCEPTIONS:
            ours = LIBRARY_EXCEPTIONS[kind.__name__]
            break
    else:
        ours = LibraryChanged
    message = f"the library gave up ({type(error).__name__})"
    return ours(message, hint=_hint(ours), evidence=evidence)  # type: ignore[arg-type]


def _explain(kind: type[ConnectorError], why: str, case: Case) -> ConnectorError:
    said = f": {case.message[:120]}" if case.message else ""
    where = urlsplit(case.entry.url)
    message = f"{where.hostname}{where.path}: {why} ({case.status or 'no status'}){said}"
    evidence = (case.entry.record_id,)
    if issubclass(kind, Blocked):
        wait_s = retry_after_s(case.entry)
        return kind(message, retry_after_s=wait_s, hint=_hint(kind), evidence=evidence)
    return kind(message, hint=_hint(kind), evidence=evidence)


def _hint(kind: type[ConnectorError]) -> str:
    for parent in kind.__mro__:
        if parent in HINTS:
            return HINTS[parent]
    return "The answer is in the archive; run again later."


def _is_login_page(case: Case) -> bool:
    """Its title tells; a page that says that something is missing may link to it."""
    body = case.entry.body or b""
    linked = case.status == 200 and (b'"loginPage"' in body or b"/accounts/login/ajax" in body)
    return case.value is None and (b"<title>Login" in body[:65536] or linked)


def _signs_out(case: Case) -> bool:
    """Whether a session is taken away with the answer, whatever the answer says.

    From then on a stranger is spoken to, who is shown less.
    """
    return case.logged_in and bool(_SIGNED_OUT.search(case.entry.headers.get("set-cookie", "")))


def _lost_login(case: Case) -> bool:
    """A start page for strangers, though the request carried a session."""
    body = case.entry.body or b""
    is_start = urlsplit(case.entry.url).path == "/"
    return is_start and case.logged_in and b'"LSD"' in body and b"DTSGInitialData" not in body


def _is_execution_error(case: Case) -> bool:
    messages = {text(dig(e, "message")) for e in items(dig(case.value, "errors"))}
    return "execution error" in messages and GONE_CODE not in case.codes


def _hashable(value: object) -> object:
    return value if isinstance(value, int | str) else None
