"""Reading an account: the public page first, then what a session adds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.errors import (
    AccountNotFound,
    AccountUnavailable,
    AnswerUnusable,
    Forbidden,
    LoginWall,
    MalformedAnswer,
    WrongObject,
)
from connectors.instagram import parse
from connectors.instagram.asking import asked, case_in, malformed, no_account, records
from connectors.instagram.client import Client
from connectors.instagram.profile import is_detailed, profile, user_of, user_of_page
from connectors.instagram.reading import Unreadable, dig
from connectors.model import AccountRef, Profile, RecordId

_HANDLE = re.compile(r"[A-Za-z0-9._]{1,30}")

PageData = tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A profile page that was read and whose posts nobody has asked for yet."""

    data: PageData
    evidence: tuple[RecordId, ...]


class Accounts:
    """What one visitor has learnt of accounts, so that nothing is asked twice."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._opened: dict[str, Opened] = {}
        self._known: dict[str, Any] = {}
        """The library's own profiles, by handle: they keep what was asked."""

    def read(self, account: AccountRef) -> Profile:
        """The account as shown now. Does not check the pinned id.

        Raises:
            ConnectorError: It cannot be read; see `connectors.errors`.
        """
        handle = checked(account.handle)
        logged_in = self._client.logged_in
        try:
            user, evidence = self._page(handle)
        except (LoginWall, Forbidden, AccountUnavailable) as error:
            # The page is fetched without cookies; with a session there are
            # other ways, unless the platform said that there is no account.
            if not logged_in or isinstance(error, AccountNotFound):
                raise
            return self._without_page(account)
        found = profile_of(user, evidence)
        if not logged_in and is_detailed(found):
            return found
        known = self.known(found.handle, found.native_id)
        try:
            more = asked(lambda: self._client.details(known), logged_in=logged_in)
        except (LoginWall, Forbidden, AnswerUnusable):
            if logged_in:
                raise
            return found
        detail = user_of(case_in(more, logged_in=logged_in).value)
        if not detail:
            raise no_account(more, "the profile query knows no such account")
        told = {name: value for name, value in detail.items() if value is not None}
        return _only(found.native_id, profile_of({**user, **told}, evidence + records(more)))

    def read_by_id(self, account: AccountRef) -> Profile:
        """The account that has a number now.

        *Source:* instaloader 4.16: the query by number answers sessions only.

        Raises:
            AccountNotFound: No account has it.
            AccountUnavailable: A stranger asks.
        """
        native_id = account.native_id
        if native_id is None:
            raise ValueError(f"@{account.handle} has no number to ask by")
        if not self._client.logged_in:
            raise AccountUnavailable(
                "Instagram answers strangers no question by an account's number",
                hint="Give the account an identity: it follows an account to its new handle.",
            )
        answered = asked(lambda: self._client.profile_by_id(native_id), logged_in=True)
        value = case_in(answered, logged_in=True).value
        user = user_of(value)
        if not user and dig(value, "errors") is None and _is_null(dig(value, "data")):
            raise AccountNotFound(
                f"no account has the number {native_id}",
                hint="Look the account up in a browser: it may be closed.",
                evidence=records(answered),
            )
        if not user:
            raise no_account(answered, "the query by number was answered without an account")
        return _only(native_id, profile_of(user, records(answered)))

    def opened(self, handle: str) -> Opened:
        """The profile page as it was just read, or read it now; used up by this."""
        found = self._opened.pop(handle.lower(), None)
        if found is None:
            self._page(handle)
            found = self._opened.pop(handle.lower())
        return found

    def known(self, handle: str, native_id: str) -> Any:
        """The library's own profile of an account, without asking anything."""
        found = self._known.get(handle.lower())
        if found is None or str(found.userid) != native_id:
            found = self._client.stranger(handle, native_id)
            self._known[handle.lower()] = found
        return found

    def _page(self, handle: str) -> tuple[Mapping[str, object], tuple[RecordId, ...]]:
        answered = asked(lambda: self._client.profile_page(handle), logged_in=False, page=True)
        last = answered.last
        data = parse.embedded(last.body or b"") if last else ()
        user = user_of_page(data)
        if not user.get("pk"):
            raise no_account(answered, "the profile page carries no profile")
        self._opened[handle.lower()] = Opened(data, records(answered))
        return user, records(answered)

    def _without_page(self, account: AccountRef) -> Profile:
        if account.native_id:
            native_id = account.native_id
            answered = asked(lambda: self._client.profile_by_id(native_id), logged_in=True)
        else:
            answered = asked(lambda: self._client.web_profile(account.handle), logged_in=True)
        user = user_of(case_in(answered, logged_in=True).value)
        if not user:
            raise no_account(answered, "the profile query knows no such account")
        return profile_of(user, records(answered))


def _is_null(data: object) -> bool:
    return isinstance(data, Mapping) and "user" in data and data["user"] is None


def _only(native_id: str, found: Profile) -> Profile:
    """An account, if it is the one that was asked for.

    Raises:
        WrongObject: It is not.
    """
    if found.native_id != native_id:
        raise WrongObject(
            f"account {native_id} was answered as {found.native_id}",
            hint="The answers are in the archive; run again later.",
            evidence=found.evidence,
        )
    return found


def checked(handle: str) -> str:
    """A handle that can exist.

    Raises:
        AccountNotFound: It cannot; nothing is asked then.
    """
    if not _HANDLE.fullmatch(handle) or handle.strip(".") == "":
        raise AccountNotFound(
            f"{handle[:60]!r} cannot be an Instagram handle",
            hint="Write the name as it stands in the address, without @ and slashes.",
        )
    return handle


def profile_of(user: Mapping[str, object], evidence: tuple[RecordId, ...]) -> Profile:
    """An account from what was answered.

    Raises:
        MalformedAnswer: It has no id or no handle.
    """
    try:
        return profile(user, evidence)
    except Unreadable as error:
        unreadable: MalformedAnswer = malformed(str(error), evidence)
        raise unreadable from error
