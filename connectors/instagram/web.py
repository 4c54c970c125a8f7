"""The route ``web``: Instagram as its web site shows it, read by instaloader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from connectors.base import ExchangeSink, Gate, Identity, Network
from connectors.errors import (
    AccountNotFound,
    AccountPrivate,
    AccountUnavailable,
    AddressRefused,
    AnswerUnusable,
    Forbidden,
    HandleTaken,
    LimitExceeded,
    LoginWall,
    MalformedAnswer,
    NetworkFailure,
    RateLimited,
    SessionExpired,
    WrongObject,
)
from connectors.instagram import parse
from connectors.instagram.client import ENGINE, HOSTS, Answered, Client, RequestCount
from connectors.instagram.files import is_passing, media_record
from connectors.instagram.meaning import (
    Case,
    ServerTrouble,
    case_of,
    refusal,
    unexplained,
    verdict,
)
from connectors.instagram.pages import Part, walk
from connectors.instagram.profile import is_detailed, profile, user_of, user_of_page
from connectors.instagram.reading import Unreadable, dig, text
from connectors.model import (
    AccountRef,
    CommentPage,
    Media,
    MediaRecord,
    Page,
    Post,
    PostRef,
    Presence,
    Problem,
    Profile,
    RecordId,
    Section,
    Sighting,
)
from connectors.tap.requests_tap import Tap

_HANDLE = re.compile(r"[A-Za-z0-9._]{1,30}")
_DECISIVE = frozenset({"PrivateProfileNotFollowedException", "LoginRequiredException"})

PageData = tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class _Opened:
    """A profile page that was read and whose posts nobody has asked for yet."""

    data: PageData
    evidence: tuple[RecordId, ...]


class InstagramWeb:
    """Reads Instagram as a stranger, or with an identity's browser session.

    Logged in, a listing gives complete posts, 12 a request. A stranger's
    listing gives stubs: each post then costs one `look`.

    Args:
        sink: Where exchanges go.
        network: How to reach the platform.
        identity: The visitor; ``None`` for a stranger.
        gate: Asked before each request.

    Raises:
        SessionExpired: The identity's cookies are no whole session.
    """

    platform = parse.PLATFORM
    route = "web"
    listing_suffices = True
    sections: tuple[Section, ...] = (Section.POSTS,)
    reads_comments = False
    engine = ENGINE

    def __init__(
        self, *, sink: ExchangeSink, network: Network, identity: Identity | None, gate: Gate
    ) -> None:
        count = RequestCount(gate)
        self._client = Client(Tap(sink, network, count, HOSTS), count, network, identity)
        self._opened: dict[str, _Opened] = {}
        self._profiles: dict[str, Any] = {}
        """The library's own profiles, by handle: they keep what was asked."""

    # -- profiles -------------------------------------------------------------

    def profile(self, account: AccountRef) -> Profile:
        """The account as shown now. Does not check the pinned id."""
        handle = _checked(account.handle)
        try:
            user, evidence = self._profile_page(handle)
        except (LoginWall, Forbidden, AccountUnavailable) as error:
            # The page is fetched without cookies; with a session there are
            # other ways, unless the platform said that there is no account.
            if not self._client.logged_in or isinstance(error, AccountNotFound):
                raise
            return self._profile_without_page(account)
        found = _profile_of(user, evidence)
        if not self._client.logged_in and is_detailed(found):
            return found
        known = self._library_profile(found.handle, found.native_id)
        try:
            more = self._judged(lambda: self._client.details(known))
        except (LoginWall, Forbidden, AnswerUnusable):
            if self._client.logged_in:
                raise
            return found
        detail = user_of(_case(more, logged_in=self._client.logged_in).value)
        if not detail:
            raise _no_account(more, "the profile query knows no such account")
        told = {name: value for name, value in detail.items() if value is not None}
        merged = _profile_of({**user, **told}, evidence + _ids(more))
        if merged.native_id != found.native_id:
            raise WrongObject(
                f"account {found.native_id} was answered as {merged.native_id}",
                hint="The answers are in the archive; run again later.",
                evidence=merged.evidence,
            )
        return merged

    def _profile_page(self, handle: str) -> tuple[Mapping[str, object], tuple[RecordId, ...]]:
        answered = self._judged(lambda: self._client.profile_page(handle), page=True)
        last = answered.last
        data = parse.embedded(last.body or b"") if last else ()
        user = user_of_page(data)
        if not user.get("pk"):
            raise _no_account(answered, "the profile page carries no profile")
        self._opened[handle.lower()] = _Opened(data, _ids(answered))
        return user, _ids(answered)

    def _profile_without_page(self, account: AccountRef) -> Profile:
        if account.native_id:
            native_id = account.native_id
            answered = self._judged(lambda: self._client.profile_by_id(native_id))
        else:
            answered = self._judged(lambda: self._client.web_profile(account.handle))
        user = user_of(_case(answered, logged_in=True).value)
        if not user:
            raise _no_account(answered, "the profile query knows no such account")
        return _profile_of(user, _ids(answered))

    def _library_profile(self, handle: str, native_id: str) -> Any:
        known = self._profiles.get(handle.lower())
        if known is None or str(known.userid) != native_id:
            known = self._client.stranger(handle, native_id)
            self._profiles[handle.lower()] = known
        return known

    # -- posts ----------------------------------------------------------------

    def list_posts(
        self, account: AccountRef, section: Section = Section.POSTS, *, after: str | None = None
    ) -> Iterator[Page]:
        """Pages newest first, one recorded request or more each."""
        if section not in self.sections or after is not None:
            raise ValueError(f"instagram.web does not list {section} from {after!r}")
        handle = _checked(account.handle)
        if account.native_id is None:
            account = replace(account, native_id=self.profile(account).native_id)
        if self._client.logged_in:
            yield from self._list_logged_in(account)
            return
        opened = self._opened.pop(handle.lower(), None)
        if opened is None:
            self._profile_page(handle)
            opened = self._opened.pop(handle.lower())
        yield from self._list_anonymous(account, opened)

    def _list_logged_in(self, account: AccountRef) -> Iterator[Page]:
        known = self._library_profile(account.handle, account.native_id or "")
        answered = self._judged(lambda: self._client.timeline(known))
        timeline = answered.value

        def after(cursor: str) -> Part:
            if timeline is None and answered.error:
                raise unexplained(answered.error, _case(answered, logged_in=True))
            return _part(self._judged(lambda: self._client.next_page(timeline, cursor)))

        yield from walk(_part(answered), after, account)

    def _list_anonymous(self, account: AccountRef, opened: _Opened) -> Iterator[Page]:
        user = user_of_page(opened.data)
        found = _profile_of(user, opened.evidence)
        if found.native_id != account.native_id:
            raise HandleTaken(
                f"{account.handle} now belongs to account {found.native_id}",
                hint="Look the body's account up again; a stranger's posts are never captured.",
                evidence=opened.evidence,
            )
        if found.is_private:
            raise AccountPrivate(
                f"{account.handle} is private",
                hint="Ask the body to make the account public.",
                evidence=opened.evidence,
            )
        connection = parse.page_connection(opened.data)
        timeline: Any = None

        def after(cursor: str) -> Part:
            nonlocal timeline
            if timeline is None:
                known = self._client.stranger(account.handle, account.native_id or "")
                timeline = self._client.timeline_after(known, opened.data)
            answered = self._judged(lambda: self._client.next_page(timeline, cursor))
            return replace(_part(answered), whole=False)

        yield from walk(Part(connection, opened.evidence, whole=False), after, account)

    def look(self, post: PostRef) -> Sighting:
        """Visit the post's own address. A 404 is an answer, not an error."""
        logged_in = self._client.logged_in
        for attempt in (1, 2):
            try:
                answered = self._client.single(post.code)
                case = _case(answered, logged_in=logged_in)
                if said := verdict(case):
                    return Sighting(*said, evidence=_ids(answered)[-1:])
                problem = refusal(case, answered.error)
                if problem is None:
                    return _sighting(post, answered, case)
                raise problem
            except (ServerTrouble, NetworkFailure) as error:
                if attempt == 1:
                    continue
                if isinstance(error, NetworkFailure):
                    raise
                return _unknown(error)
            except AnswerUnusable as error:
                return _unknown(error)
        raise AssertionError("unreachable")

    def comments(self, post: Post) -> Iterator[CommentPage]:
        """The comments under a post."""
        raise ValueError("instagram.web does not read comments")

    # -- media ----------------------------------------------------------------

    def fetch_media(self, post: Post) -> Iterator[MediaRecord]:
        """Drain each media item into the sink, in order."""
        for media in post.media:
            yield self._fetch(media, post.id)

    def fetch(self, media: Media) -> MediaRecord:
        """Drain one media item that belongs to no post (an avatar)."""
        return self._fetch(media, None)

    def _fetch(self, media: Media, post_id: str | None) -> MediaRecord:
        found = self._fetch_once(media, post_id)
        if found.problem and is_passing(found.problem):
            found = self._fetch_once(media, post_id)
        return found

    def _fetch_once(self, media: Media, post_id: str | None) -> MediaRecord:
        try:
            answered = self._client.drain(media.url)
        except (AddressRefused, LimitExceeded, NetworkFailure) as error:
            record = error.evidence[-1] if error.evidence else None
            problem = Problem(error.code, str(error), error.evidence, post_id, media.media_id)
            return MediaRecord(media, record, problem)
        if answered.last and answered.last.status == 429:
            raise refusal(_case(answered), answered.error) or RateLimited("too many requests")
        return media_record(media, answered.last, answered.value or b"", post_id)

    # -- the session ------------------------------------------------------------

    def whoami(self) -> str | None:
        """The username the session belongs to; ``None`` when anonymous."""
        if not self._client.logged_in:
            return None
        answered = self._judged(self._client.login_check)
        username = text(dig(_case(answered, logged_in=True).value, "data", "user", "username"))
        if username is None:
            raise SessionExpired(
                "Instagram does not know this session any more",
                hint="Log in with a browser and run `jejak login instagram` with its cookies.",
                evidence=_ids(answered),
            )
        return username

    def cookies(self) -> Mapping[str, str]:
        """The session's cookies as they are now (they rotate)."""
        return self._client.cookies()

    def close(self) -> None:
        """Release connections."""
        self._client.close()

    # -- judging --------------------------------------------------------------

    def _judged(self, question: Callable[[], Answered], *, page: bool = False) -> Answered:
        """Ask, and ask once more when the platform or the line failed in passing.

        Raises:
            ConnectorError: The answer is a refusal or unusable.
        """
        logged_in = self._client.logged_in and not page
        for attempt in (1, 2):
            answered = question()
            case = None
            if answered.last:
                case = case_of(answered.last, logged_in=logged_in, page=page)
            problem = refusal(case, answered.error)
            if attempt == 1 and isinstance(problem, ServerTrouble | NetworkFailure):
                continue
            if problem is not None:
                raise problem from answered.error
            if answered.error is not None and type(answered.error).__name__ in _DECISIVE:
                raise unexplained(answered.error, case) from answered.error
            return answered
        raise AssertionError("unreachable")


def _checked(handle: str) -> str:
    if not _HANDLE.fullmatch(handle) or handle.strip(".") == "":
        raise AccountNotFound(
            f"{handle[:60]!r} cannot be an Instagram handle",
            hint="Write the name as it stands in the address, without @ and slashes.",
        )
    return handle


def _ids(answered: Answered) -> tuple[RecordId, ...]:
    return tuple(entry.record_id for entry in answered.entries)


def _case(answered: Answered, *, logged_in: bool = False) -> Case:
    if answered.last is None:
        raise NetworkFailure(
            "nothing was exchanged", hint="Check the network and the [network] settings."
        ) from answered.error
    return case_of(answered.last, logged_in=logged_in)


def _part(answered: Answered) -> Part:
    return Part(parse.connection_of(_case(answered).value), _ids(answered)[-1:])


def _profile_of(user: Mapping[str, object], evidence: tuple[RecordId, ...]) -> Profile:
    try:
        return profile(user, evidence)
    except Unreadable as error:
        raise MalformedAnswer(
            str(error), hint="The answer is in the archive; run again later.", evidence=evidence
        ) from error


def _no_account(answered: Answered, detail: str) -> AccountUnavailable:
    return AccountUnavailable(
        detail,
        hint="Look at the account in a browser: it may be gone, renamed or restricted.",
        evidence=_ids(answered),
    )


def _unknown(error: AnswerUnusable) -> Sighting:
    problem = Problem(error.code, str(error), error.evidence)
    return Sighting(Presence.UNKNOWN, error.code, None, (problem,), error.evidence)


def _sighting(ref: PostRef, answered: Answered, case: Case) -> Sighting:
    evidence = _ids(answered)[-1:]
    found = parse.single(case.value)
    try:
        if not found:
            raise Unreadable("malformed_answer", "the answer holds no post")
        post = parse.post(found[0], ref.owner, evidence)
        if post.ref.code != ref.code:
            raise Unreadable("wrong_object", f"{post.ref.code} was answered for {ref.code}")
    except Unreadable as error:
        problem = Problem(error.code, str(error), evidence, ref.id)
        return Sighting(Presence.UNKNOWN, error.code, None, (problem,), evidence)
    problems: tuple[Problem, ...] = ()
    if not post.is_complete:
        detail = "the post's own answer lacks its date, its caption or a media address"
        problems = (Problem("incomplete_item", detail, evidence, ref.id),)
    return Sighting(Presence.PRESENT, "present", post, problems, evidence)
