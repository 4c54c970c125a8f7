"""How an account stands, and whether a post stands under it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from archiver.changes import Content
from archiver.verdicts import AccountState
from connectors.model import AccountRef, Author, Profile


def account_state(profile: Profile | None, handle_before: str) -> AccountState:
    """How the account of a capture stands.

    Args:
        handle_before: As its profile was last shown before this capture.
    """
    if profile is None or profile.is_private is None:
        return AccountState.UNSURE
    if profile.is_private:
        return AccountState.PRIVATE
    same = profile.handle.lower() == handle_before.lower()
    return AccountState.PUBLIC if same else AccountState.RENAMED


def names(authors: Sequence[Author], account: AccountRef) -> bool:
    """Whether the account is among a post's authors; true when nobody is named."""
    return not authors or any(
        author.native_id == account.native_id
        if author.native_id
        else author.handle.lower() == account.handle.lower()
        for author in authors
    )


def stands_under(content: Content, account: AccountRef) -> bool:
    """Whether a post's newest content names the account, or nobody."""
    owner, shared = content.get("owner"), content.get("coauthors")
    others = shared if isinstance(shared, list) else []
    mine = (account.native_id, "@" + account.handle.lower())
    return owner is None or owner in mine or any(one in mine for one in others)
