"""Whether a post stands under an account. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from archiver.versions.changes import Content
from connectors.model import AccountRef, Author


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
