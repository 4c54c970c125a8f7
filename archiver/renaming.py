"""Finding a pinned account whose handle leads nowhere, or to somebody else.

Its id stays. The platform is asked for it, and where that cannot be done, one
of its own posts: a post names its author as he is called now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from connectors.base import Connector
from connectors.errors import (
    AccountNotFound,
    AccountUnavailable,
    AnswerUnusable,
    HandleTaken,
)
from connectors.model import AccountRef, PostRef, Profile
from storage.catalogue import Catalogue, accounts, posts

POSTS_ASKED = 3
"""So many of its newest posts are asked who their author is."""


def profile_now(connector: Connector, account: AccountRef, catalogue: Catalogue) -> Profile:
    """A pinned account's profile, also when it is called otherwise by now.

    Raises:
        AccountNotFound, HandleTaken: Its handle leads nowhere or to another id,
            and nothing tells what the pinned account is called now.
        connectors.errors.ConnectorError: It cannot be read.
    """
    lost: AccountNotFound | HandleTaken
    try:
        profile = connector.profile(account)
        if account.native_id is None or profile.native_id == account.native_id:
            return profile
        lost = HandleTaken(
            f"@{account.handle} now answers with id {profile.native_id},"
            f" pinned is {account.native_id}",
            hint="Find the account's new handle, then run `jejak accounts check`.",
            evidence=profile.evidence,
        )
        lost.holder = profile
    except AccountNotFound as error:
        if account.native_id is None:
            raise
        lost = error
    try:
        found = _by_id(connector, account, catalogue)
    except (AccountUnavailable, AnswerUnusable) as error:
        lost.evidence += error.evidence
        raise lost from None
    return replace(found, evidence=(*lost.evidence, *found.evidence))


def _by_id(connector: Connector, account: AccountRef, catalogue: Catalogue) -> Profile:
    with catalogue.reading() as conn:
        last = accounts.last_profile(conn, account.key)
        kept = posts.newest_own(conn, account.key, limit=POSTS_ASKED)
    known = replace(account, locator=account.locator or (last.locator if last else None))
    try:
        return connector.profile_by_id(known)
    except AccountNotFound:
        raise
    except (AccountUnavailable, AnswerUnusable) as error:
        codes = [post.partition(":")[2] for post in kept]
        found = _by_posts(connector, known, codes)
        if found is None:
            raise
        return replace(found, evidence=(*error.evidence, *found.evidence))


def _by_posts(connector: Connector, account: AccountRef, codes: Sequence[str]) -> Profile | None:
    """The account as an author of its kept posts; ``None`` if none tells a new handle."""
    for code in codes:
        try:
            seen = connector.look(PostRef(account.platform, code, account))
        except AnswerUnusable:
            continue
        authors = seen.post.authors if seen.post else ()
        named = next((a.handle for a in authors if a.native_id == account.native_id), None)
        if named is None:
            continue
        if named.casefold() == account.handle.casefold():
            return None
        found = connector.profile(replace(account, handle=named))
        return found if found.native_id == account.native_id else None
    return None
