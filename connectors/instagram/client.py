"""The questions jejak asks Instagram, asked by instaloader.

The only room with `connectors.instagram.binding` that knows instaloader. Each
question gives back what the library made of it *and* the recorded answers;
judging them is `connectors.instagram.meaning`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import instaloader
import requests
import urllib3
from instaloader.exceptions import AbortDownloadException, InstaloaderException

from connectors.base import Identity, Network
from connectors.errors import LibraryChanged, LimitExceeded, SessionExpired
from connectors.instagram.binding import UPDATE, make_context
from connectors.instagram.files import first_decoded
from connectors.instagram.meaning import deciding
from connectors.instagram.platform import INSTAGRAM
from connectors.tap.interrupt import translated
from connectors.tap.journal import JournalEntry
from connectors.tap.requests_tap import Tap

ENGINE = f"instaloader {instaloader.__version__}"
HOSTS = ("www.instagram.com", "i.instagram.com", "*.cdninstagram.com", "*.fbcdn.net")

LIBRARY_ERRORS = (
    InstaloaderException,
    AbortDownloadException,
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    LookupError,
    TypeError,
    AttributeError,
    ValueError,
    AssertionError,
    RecursionError,
)
"""What instaloader raises, and what escapes from it when a shape surprises it."""

_SNIFFED_BYTES = 4096
_MOST_REQUESTS = 8
"""No question takes more; instaloader follows same-host redirects endlessly."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one question.

    Attributes:
        value: What the library returned; ``None`` if it raised.
        entries: The exchanges it took, in order.
        error: What the library raised, or ``None``.
    """

    value: Any
    entries: tuple[JournalEntry, ...]
    error: Exception | None

    @property
    def last(self) -> JournalEntry | None:
        """The exchange that decides."""
        return deciding(self.entries)


class RequestCount:
    """Counts the requests of one question, between tap and gate."""

    def __init__(self, gate: Callable[[str], None]) -> None:
        self._gate = gate
        self.asked = 0

    def __call__(self, url: str) -> None:
        """Admit one more request.

        Raises:
            LimitExceeded: The question takes too many.
        """
        self.asked += 1
        if self.asked > _MOST_REQUESTS:
            raise LimitExceeded(
                "instaloader was redirected again and again",
                limit="redirects",
                hint="Look at the recorded answers; the platform may want a login.",
            )
        self._gate(url)


class Client:
    """One instaloader context on one tap, anonymous or with a session.

    Args:
        tap: Records everything; its gate must be ``count``.
        count: Started anew for each question.
        identity: Whose browser session to use; ``None`` for a stranger.

    Raises:
        SessionExpired: The identity's cookies cannot be a whole session.
    """

    def __init__(
        self, tap: Tap, count: RequestCount, network: Network, identity: Identity | None
    ) -> None:
        self._tap = tap
        self._count = count
        self._context = make_context(tap.session_class, network)
        self.logged_in = identity is not None
        if identity is not None:
            missing = [name for name in INSTAGRAM.session_cookies if not identity.cookies.get(name)]
            if missing:
                raise SessionExpired(
                    f"the session of {identity.name} lacks the cookies {', '.join(missing)}",
                    hint="Export the cookies of a browser that is logged in to Instagram.",
                )
            self._context.load_session(identity.username or identity.name, dict(identity.cookies))
        self._media = tap.session_class()
        self._media.headers["User-Agent"] = self._context.user_agent
        # Media hosts neither get a cookie nor leave one.
        self._media.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def _ask(self, call: Callable[[], Any]) -> Answered:
        journal = self._tap.journal
        mark = journal.mark()
        journal.forget(mark)
        self._count.asked = 0
        value, error = None, None
        with translated():
            try:
                value = call()
            except LIBRARY_ERRORS as problem:
                error = problem
        answered = Answered(value, journal.since(mark), error)
        if error is None and not answered.entries:
            raise LibraryChanged(
                "instaloader answered without an exchange that was recorded",
                hint="Nothing unrecorded is archived. Update jejak.",
            )
        return answered

    # -- accounts -------------------------------------------------------------

    def stranger(self, handle: str, native_id: str) -> Any:
        """A library profile for later questions, without asking anything."""
        return instaloader.Profile(self._context, {"id": native_id, "username": handle})

    def profile_page(self, handle: str) -> Answered:
        """The public profile page, which is always fetched without cookies."""
        return self._ask(lambda: instaloader.Profile.from_username(self._context, handle))

    def details(self, profile: Any) -> Answered:
        """All facts of a profile: one query."""
        return self._ask(profile._obtain_metadata)

    def profile_by_id(self, native_id: str) -> Answered:
        """A profile by its numeric id (needs a session)."""
        self._context.profile_id_cache.clear()
        return self._ask(lambda: instaloader.Profile.from_id(self._context, int(native_id)))

    def web_profile(self, handle: str) -> Answered:
        """A profile by its handle, from the older interface."""
        path, params = "api/v1/users/web_profile_info/", {"username": handle}
        return self._ask(lambda: self._context.get_json(path, params=params))

    def login_check(self) -> Answered:
        """Whose session this is."""
        return self._ask(lambda: instaloader.Profile.own_profile(self._context))

    # -- posts ----------------------------------------------------------------

    def timeline(self, profile: Any) -> Answered:
        """The first page of a timeline; the value asks for further ones."""
        return self._ask(profile.get_posts)

    def timeline_after(self, profile: Any, page: tuple[Mapping[str, object], ...]) -> Any:
        """A timeline that starts on a profile page which is already recorded."""
        self._context.kept_page = [dict(data) for data in page]
        try:
            return profile.get_posts()
        except LIBRARY_ERRORS as problem:
            raise LibraryChanged(
                "instaloader no longer reads a page that jejak reads", hint=UPDATE
            ) from problem
        finally:
            self._context.kept_page = None

    def next_page(self, timeline: Any, cursor: str) -> Answered:
        """A further page of a timeline."""
        return self._ask(lambda: timeline._query(cursor))

    def single(self, code: str) -> Answered:
        """One post by its shortcode."""
        return self._ask(lambda: instaloader.Post.from_shortcode(self._context, code))

    # -- media and session ------------------------------------------------------

    def drain(self, url: str) -> Answered:
        """Let one media file flow into the sink; memory stays constant.

        Returns:
            The first decoded bytes as value.
        """
        return self._ask(lambda: self._first_bytes(url))

    def _first_bytes(self, url: str) -> bytes:
        headers = {"Accept-Encoding": "identity"}
        with self._media.get(url, stream=True, headers=headers) as response:
            drained = self._tap.drain(response, keep_bytes=_SNIFFED_BYTES)
        return first_decoded(drained.first, response.headers.get("Content-Encoding", ""))

    def cookies(self) -> Mapping[str, str]:
        """The session's cookies as they are now."""
        return {c.name: c.value for c in self._context._session.cookies if c.value}

    def close(self) -> None:
        """Release the connections."""
        self._tap.close()
