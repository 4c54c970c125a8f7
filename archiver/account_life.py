"""The life of an account: how it stands now, and what changed when. Pure."""

from __future__ import annotations

from archiver.verdicts import AccountState
from connectors.model import Profile
from storage.catalogue.accounts import ProfileRow


def account_state(profile: Profile | None, before: ProfileRow | None) -> AccountState:
    """How an account stands while its posts are checked.

    Only `AccountState.PUBLIC` lets a missing post count as absent, and it needs
    the platform's own word that the account is not private.

    Args:
        profile: As this capture read it; ``None`` if it could not.
        before: The last own profile that an earlier capture kept
            (`storage.catalogue.accounts.last_profile`); ``None`` if there is none.
    """
    if profile is None:
        return AccountState.UNSURE
    if profile.is_private:
        return AccountState.PRIVATE
    if before is not None and before.native_id != profile.native_id:
        return AccountState.UNSURE
    if before is not None and before.handle.casefold() != profile.handle.casefold():
        return AccountState.RENAMED
    return AccountState.PUBLIC if profile.is_private is False else AccountState.UNSURE
