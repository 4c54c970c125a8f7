"""The life of an account: how it stands now, and what changed when. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from archiver.absence.verdicts import AccountState
from connectors.model import Profile
from storage.catalogue.accounts import AccountLook, ProfileRow


def account_state(
    profile: Profile | None, before: ProfileRow | None, handles: Collection[str] = ()
) -> AccountState:
    """How an account stands while its posts are checked.

    Only `AccountState.PUBLIC` lets a missing post count as absent, and it needs
    the platform's own word that the account is not private.

    Args:
        profile: As this capture read it; ``None`` if it could not.
        before: The last own profile that an earlier capture kept
            (`storage.catalogue.accounts.last_profile`); ``None`` if there is none.
        handles: All under which earlier captures met it, in lower case: going back
            to one of them is no news.
    """
    if profile is None:
        return AccountState.UNSURE
    if profile.is_private:
        return AccountState.PRIVATE
    if before is not None and before.native_id != profile.native_id:
        return AccountState.UNSURE
    handle = profile.handle.casefold()
    if before is not None and before.handle.casefold() != handle and handle not in handles:
        return AccountState.RENAMED
    return AccountState.PUBLIC if profile.is_private is False else AccountState.UNSURE


class What(StrEnum):
    """What of an account can change."""

    HANDLE = "handle"
    NAME = "name"
    BIOGRAPHY = "biography"
    LINK = "link"
    AVATAR = "avatar"
    VERIFICATION = "verification"
    VISIBILITY = "visibility"
    PRESENCE = "presence"


PUBLIC, PRIVATE = "public", "private"
SHOWN, GONE = "shown", "gone"
_GONE = ("account_not_found", "handle_taken")
_PRIVATE = "account_private"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was otherwise when it was last seen.

    Attributes:
        before / after: An avatar's are SHA-256 digests of the picture; ``None``
            where there was nothing, or where no earlier capture tells.
        last_seen: When it was last seen as before, UTC text; ``None`` if never.
        at: When it was first seen as after; it happened in between.
        reason: The capture's code behind it, if there is one.
        evidence_before / evidence: Records that show the one and the other.
        capture: The one that met the change.
    """

    what: What
    before: str | None
    after: str | None
    last_seen: str | None
    at: str
    reason: str | None
    evidence_before: tuple[str, ...]
    evidence: tuple[str, ...]
    capture: str

    def row(self) -> dict[str, object]:
        """As a JSON value."""
        return asdict(self) | {"what": self.what.value}


@dataclass(frozen=True, slots=True)
class Counts:
    """Public counts of an account as one capture saw them; ``None`` where not told."""

    at: str
    followers: int | None
    following: int | None
    declared_posts: int | None
    capture: str
    evidence: tuple[str, ...]

    def told(self) -> tuple[int | None, ...]:
        """The counts alone."""
        return self.followers, self.following, self.declared_posts


@dataclass(frozen=True, slots=True)
class Condition:
    """How an account stood when it last answered.

    Attributes:
        word: ``public``, ``private``, ``gone``, or ``unknown``.
        since / last_seen: First and last of the unbroken row of such answers.
        reason: The capture's code behind ``gone`` and ``private``, if any.
    """

    word: str
    since: str | None = None
    last_seen: str | None = None
    reason: str | None = None

    def row(self) -> dict[str, object]:
        """As a JSON value."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Told:
    """One fact as one capture told it."""

    value: str | None
    look: AccountLook
    reason: str | None = None


def changes(looks: Sequence[AccountLook], native_id: str | None) -> tuple[Change, ...]:
    """What changed between captures, oldest first.

    What a capture does not tell (a block, an answer without the field) changes
    nothing: the next that tells is compared with the last that told.

    Args:
        looks: All captures of the account in their order.
        native_id: Its pinned number; a stranger under its handle tells nothing.
    """
    last: dict[tuple[What, bool], _Told] = {}
    found: list[Change] = []
    for look in looks:
        for what, told in _facts(look, native_id):
            # Visitors with a session are shown a larger picture, of other bytes.
            kind = what, what is What.AVATAR and look.identity is not None
            before = last.get(kind)
            last[kind] = told
            differs = before is not None and (before.value, before.reason) != (
                told.value,
                told.reason,
            )
            if differs or (before is None and told.value == GONE):
                found.append(_change(what, before, told))
    return tuple(found)


def _change(what: What, before: _Told | None, told: _Told) -> Change:
    return Change(
        what,
        before.value if before else None,
        told.value,
        before.look.at if before else None,
        told.look.at,
        told.reason,
        before.look.evidence if before else (),
        told.look.evidence,
        told.look.capture,
    )


def _facts(look: AccountLook, native_id: str | None) -> Iterator[tuple[What, _Told]]:
    """What a capture tells of the account; nothing of what it does not know."""
    profile = look.profile
    if profile is None or profile.native_id != native_id:
        if look.reason in _GONE:
            yield What.PRESENCE, _Told(GONE, look, look.reason)
        elif look.reason == _PRIVATE:
            yield What.PRESENCE, _Told(SHOWN, look)
            yield What.VISIBILITY, _Told(PRIVATE, look)
        return
    yield What.PRESENCE, _Told(SHOWN, look)
    yield What.HANDLE, _Told(profile.handle, look)
    if profile.name is not None:
        yield What.NAME, _Told(profile.name, look)
    if profile.biography is not None:
        yield What.BIOGRAPHY, _Told(profile.biography, look)
        # Platforms say null when there is no link, beside a biography.
        yield What.LINK, _Told(profile.external_url, look)
    if look.avatar is not None:
        yield What.AVATAR, _Told(look.avatar, look)
    if profile.is_verified is not None:
        yield What.VERIFICATION, _Told("verified" if profile.is_verified else "not verified", look)
    if profile.is_private is not None:
        yield What.VISIBILITY, _Told(PRIVATE if profile.is_private else PUBLIC, look)


def counts(looks: Sequence[AccountLook], native_id: str | None) -> tuple[Counts, ...]:
    """The counts of each capture that read the account's profile, in their order."""
    own = (one for one in looks if one.profile and one.profile.native_id == native_id)
    return tuple(
        Counts(
            look.at,
            look.profile.followers,
            look.profile.following,
            look.profile.declared_posts,
            look.capture,
            look.evidence,
        )
        for look in own
        if look.profile
    )


def condition(looks: Sequence[AccountLook], native_id: str | None) -> Condition:
    """How the account stood when it last answered."""
    now = Condition("unknown")
    for look in looks:
        told = dict(_facts(look, native_id))
        if What.PRESENCE not in told:
            continue
        presence, visibility = told[What.PRESENCE], told.get(What.VISIBILITY)
        gone = presence.value == GONE
        word = GONE if gone else (visibility.value if visibility else None) or "unknown"
        if (word, presence.reason) != (now.word, now.reason) or now.since is None:
            now = Condition(word, look.at, look.at, presence.reason)
        else:
            now = Condition(word, now.since, look.at, presence.reason)
    return now
