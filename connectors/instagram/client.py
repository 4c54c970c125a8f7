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

_NOTHING_YET: dict[str, Any] = {"edges": [], "page_info": {"has_next_page": True}}
_MIDWAY = {
    "data": {
        "xdt_api__v1__feed__user_timeline_graphql_connection": _NOTHING_YET,
        "xdt_api__v1__clips__user__connection_v2": _NOTHING_YET,
    }
}
"""Stands for the pages before the one at which a listing is entered."""

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


class _Loader(instaloader.Instaloader):
    """instaloader's front with a context of ours: it makes none of its own."""

    def __init__(self, context: Any) -> None:
        self.context = context


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
        self._loader = _Loader(self._context)
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

    def _ask(self, call: Callable[[], Any], *, may_ask_nothing: bool = False) -> Answered:
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
        if error is None and not answered.entries and not may_ask_nothing:
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

    def timeline_midway(self, profile: Any) -> Answered:
        """A timeline to be entered further down; asks for no page of it."""
        return self._midway(profile.get_posts)

    def reels(self, profile: Any) -> Answered:
        """The first page of the reels tab; the value asks for further ones.

        Its own iteration would ask for each reel; `next_page` does not.
        """
        return self._ask(profile.get_reels)

    def reels_midway(self, profile: Any) -> Answered:
        """The reels tab to be entered further down; asks for no page of it."""
        return self._midway(profile.get_reels)

    def _midway(self, call: Callable[[], Any]) -> Answered:
        self._context.midway = _MIDWAY
        try:
            return self._ask(call, may_ask_nothing=True)
        finally:
            self._context.midway = None

    def next_page(self, timeline: Any, cursor: str | None) -> Answered:
        """A further page of a listing; its first without a cursor."""
        return self._ask(lambda: timeline._query(cursor))

    def single(self, code: str) -> Answered:
        """One post by its shortcode."""
        return self._ask(lambda: instaloader.Post.from_shortcode(self._context, code))

    # -- stories ----------------------------------------------------------------

    def tray(self, native_id: str) -> Answered:
        """The stories of one account, from the web query."""
        return self._ask(lambda: list(self._loader.get_stories([int(native_id)])))

    def tray_at_best(self, native_id: str, handle: str) -> Answered:
        """The stories of one account, from the mobile interface."""
        user = {"id": native_id, "username": handle}
        story = instaloader.Story(self._context, {"user": user, "items": []})
        return self._ask(story._fetch_iphone_struct)

    def highlights(self, native_id: str) -> Answered:
        """Titles and covers of the highlights of one account."""
        return self._ask(lambda: list(self._loader.get_highlights(int(native_id))))

    def highlight(self, native_id: str) -> Answered:
        """The stories in one highlight, from the web query."""
        return self._ask(instaloader.Highlight(self._context, {"id": native_id})._fetch_items)

    def highlight_at_best(self, native_id: str) -> Answered:
        """The stories in one highlight, from the mobile interface."""
        highlight = instaloader.Highlight(self._context, {"id": native_id})
        return self._ask(highlight._fetch_iphone_struct)

    def media_info(self, native_id: str) -> Answered:
        """One post or story by its number, from the mobile interface."""
        code = instaloader.Post.mediaid_to_shortcode(int(native_id))
        post = instaloader.Post(self._context, {"shortcode": code, "id": native_id})
        return self._ask(lambda: post._iphone_struct)

    # -- comments ---------------------------------------------------------------

    def comments(self, code: str, native_id: str, count: int | None) -> Answered:
        """The first comments; instaloader chooses the way by their number.

        Args:
            count: As the post told it; ``None`` takes the way of many.
        """
        told = 1 << 20 if count is None else count
        node = {
            "shortcode": code,
            "id": native_id,
            "edge_media_to_parent_comment": {"count": told, "edges": []},
        }
        return self._ask(instaloader.Post(self._context, node).get_comments)

    def comments_after(self, native_id: str, min_id: str | None) -> Answered:
        """A page of comments from the mobile interface."""
        path = f"api/v1/media/{native_id}/comments/"
        params = {"can_support_threading": "true", "permalink_enabled": "false"}
        if min_id is not None:
            params["min_id"] = min_id
        return self._ask(lambda: self._context.get_iphone_json(path, params))

    def replies(self, native_id: str, comment_id: str, max_id: str) -> Answered:
        """A page of replies to one comment, from the mobile interface."""
        path = f"api/v1/media/{native_id}/comments/{comment_id}/child_comments/"
        return self._ask(lambda: self._context.get_iphone_json(path, {"max_id": max_id}))

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
