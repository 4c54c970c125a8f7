"""Why a platform could not be read, and what may be concluded from it.

::

    ConnectorError
    ├── Blocked                 the platform refuses this visitor: stop, ask nobody again now
    │   ├── RateLimited         429, "Please wait a few minutes" (retry_after_s)
    │   ├── LoginWall           redirected to the login page, or login demanded
    │   ├── Challenge           captcha, checkpoint, feedback_required, WAF page not passed
    │   └── Forbidden           401 or 403 without more explanation
    ├── SessionExpired          the identity's browser session is no longer accepted
    ├── WaitRequired            the library wanted to sleep (retry_after_s); the caller decides
    ├── AccountUnavailable      no profile came back; why is in `reason`
    │   ├── AccountNotFound     the platform says there is no such account
    │   ├── AccountPrivate      it exists and is private
    │   └── HandleTaken         the handle answers with another numeric id
    ├── AnswerUnusable          an answer came and is recorded, and cannot be used
    │   ├── MalformedAnswer     HTML, cut JSON, or a shape nobody knows
    │   ├── WrongObject         another post, account or kind than was asked for
    │   ├── CursorRefused       a place in a listing from an earlier night is no longer known
    │   └── LimitExceeded       body size, decompression ratio, JSON depth, redirects, time (limit)
    ├── AddressRefused          an address outside the platform, or in a private network
    ├── NetworkFailure          DNS, TLS, refused, reset, timed out: nothing can be concluded
    └── LibraryChanged          the client library behaved in a way the tables do not know

No error here means that a post was deleted. Absence is a `Sighting`.
"""

from __future__ import annotations

from connectors.model import Profile, RecordId


class ConnectorError(Exception):
    """A platform could not be read.

    Attributes:
        code: A stable English code for JSON, logs and capture records.
        hint: What to do next, one sentence.
        evidence: The records that show it; empty when nothing was answered.
    """

    code = "connector_error"

    def __init__(
        self, message: str, *, hint: str = "", evidence: tuple[RecordId, ...] = ()
    ) -> None:
        super().__init__(message)
        self.hint = hint
        self.evidence = evidence


class Blocked(ConnectorError):
    """The platform refuses this visitor; a block says nothing about posts."""

    code = "blocked"

    def __init__(
        self,
        message: str,
        *,
        retry_after_s: float | None = None,
        hint: str = "",
        evidence: tuple[RecordId, ...] = (),
    ) -> None:
        super().__init__(message, hint=hint, evidence=evidence)
        self.retry_after_s = retry_after_s


class RateLimited(Blocked):
    """Too many requests for this visitor."""

    code = "rate_limited"


class LoginWall(Blocked):
    """The answer was the platform's login page."""

    code = "login_wall"


class Challenge(Blocked):
    """The platform wants a person: captcha, checkpoint, feedback."""

    code = "challenge"


class Forbidden(Blocked):
    """401 or 403 without more explanation."""

    code = "forbidden"


class SessionExpired(ConnectorError):
    """The identity's browser session is no longer accepted."""

    code = "session_expired"


class WaitRequired(ConnectorError):
    """The library wanted to sleep before its next request."""

    code = "wait_required"

    def __init__(
        self,
        message: str,
        *,
        retry_after_s: float,
        hint: str = "",
        evidence: tuple[RecordId, ...] = (),
    ) -> None:
        super().__init__(message, hint=hint, evidence=evidence)
        self.retry_after_s = retry_after_s


class AccountUnavailable(ConnectorError):
    """No usable profile came back, for a reason that is not known."""

    code = "account_unavailable"


class AccountNotFound(AccountUnavailable):
    """The platform says there is no such account."""

    code = "account_not_found"


class AccountPrivate(AccountUnavailable):
    """The account exists and is private."""

    code = "account_private"


class HandleTaken(AccountUnavailable):
    """The handle now answers with another numeric id; it is not captured.

    Attributes:
        holder: Who has the handle now, where his profile was read.
    """

    code = "handle_taken"
    holder: Profile | None = None


class AnswerUnusable(ConnectorError):
    """An answer came, is recorded, and cannot be used."""

    code = "answer_unusable"


class MalformedAnswer(AnswerUnusable):
    """HTML where JSON was due, cut JSON, or a shape nobody knows."""

    code = "malformed_answer"


class WrongObject(AnswerUnusable):
    """Another post, account or kind of thing than was asked for."""

    code = "wrong_object"


class CursorRefused(AnswerUnusable):
    """The platform no longer knows a place in a listing; begin it anew."""

    code = "cursor_refused"


class LimitExceeded(AnswerUnusable):
    """An answer went beyond a limit; what came before it is recorded.

    Attributes:
        limit: Which one: ``body_bytes``, ``ratio``, ``json_depth``,
            ``redirects``, ``stalled``.
    """

    code = "limit_exceeded"

    def __init__(
        self,
        message: str,
        *,
        limit: str,
        hint: str = "",
        evidence: tuple[RecordId, ...] = (),
    ) -> None:
        super().__init__(message, hint=hint, evidence=evidence)
        self.limit = limit


class AddressRefused(ConnectorError):
    """An address outside the platform, or in a private network."""

    code = "address_refused"


class NetworkFailure(ConnectorError):
    """DNS, TLS, refused, reset or timed out: nothing can be concluded."""

    code = "network_failure"


class LibraryChanged(ConnectorError):
    """The client library behaved in a way the tables do not know."""

    code = "library_changed"
