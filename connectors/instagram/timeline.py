"""Listing an account's posts and reels, from the head or from a place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from connectors.errors import AccountPrivate, HandleTaken
from connectors.instagram import parse
from connectors.instagram.accounts import Accounts, Opened, profile_of
from connectors.instagram.asking import asked, case_in, records
from connectors.instagram.client import Answered, Client
from connectors.instagram.meaning import unexplained
from connectors.instagram.pages import Part, enter, walk
from connectors.instagram.places import place
from connectors.instagram.profile import user_of_page
from connectors.instagram.reading import dig, items
from connectors.model import AccountRef, Page

REELS = "xdt_api__v1__clips__user__connection_v2"


def posts(
    client: Client, accounts: Accounts, account: AccountRef, after: str | None
) -> Iterator[Page]:
    """Pages of complete posts, as a visitor with a session sees them.

    Args:
        account: With its numeric id: the handle may have another owner.
        after: A `Page.cursor` of an earlier page, or ``None`` for the head.
    """
    known = accounts.known(account.handle, account.native_id or "")
    if after is None:
        first = asked(lambda: client.timeline(known), logged_in=True)
        yield from _from_head(client, first, account, _part)
        return
    timeline = asked(lambda: client.timeline_midway(known), logged_in=True)
    yield from _from_place(client, timeline, account, after, _part)


def reels(
    client: Client, accounts: Accounts, account: AccountRef, after: str | None
) -> Iterator[Page]:
    """Pages of the reels tab: outlines, each to be looked at before it is kept.

    Args:
        account: With its numeric id.
        after: A `Page.cursor` of an earlier page, or ``None`` for the head.
    """
    known = accounts.known(account.handle, account.native_id or "")
    if after is None:
        first = asked(lambda: client.reels(known), logged_in=True)
        yield from _from_head(client, first, account, _reels_part)
        return
    timeline = asked(lambda: client.reels_midway(known), logged_in=True)
    yield from _from_place(client, timeline, account, after, _reels_part)


def public_posts(
    client: Client, accounts: Accounts, account: AccountRef, after: str | None
) -> Iterator[Page]:
    """Pages of stubs, as a stranger sees them.

    The profile page is read in any case: it knows by what id the further
    pages are asked for.

    Args:
        after: A `Page.cursor` of an earlier page, or ``None`` for the head.
    """
    opened = accounts.opened(account.handle)
    _check_owner(opened, account)
    timeline: Any = None

    def ask(cursor: str | None) -> Part:
        nonlocal timeline
        if timeline is None:
            known = client.stranger(account.handle, account.native_id or "")
            timeline = client.timeline_after(known, opened.data)
        answered = asked(lambda: client.next_page(timeline, cursor), logged_in=False)
        return replace(_part(answered), whole=False)

    if after is None:
        connection = parse.page_connection(opened.data)
        first = Part(connection, opened.evidence, whole=False)
        yield from walk(first, ask, account)
        return
    entered = place(after)
    yield from walk(enter(ask, entered), ask, account, entered=entered)


Reader = Callable[[Answered], Part]


def _from_head(
    client: Client, first: Answered, account: AccountRef, part: Reader
) -> Iterator[Page]:
    timeline = first.value

    def ask(cursor: str) -> Part:
        if timeline is None and first.error:
            raise unexplained(first.error, case_in(first, logged_in=True))
        return part(asked(lambda: client.next_page(timeline, cursor), logged_in=True))

    yield from walk(part(first), ask, account)


def _from_place(
    client: Client, midway: Answered, account: AccountRef, after: str, part: Reader
) -> Iterator[Page]:
    timeline, entered = midway.value, place(after)
    if timeline is None and midway.error:
        case = case_in(midway, logged_in=True) if midway.last else None
        raise unexplained(midway.error, case)

    def ask(cursor: str | None) -> Part:
        return part(asked(lambda: client.next_page(timeline, cursor), logged_in=True))

    yield from walk(enter(ask, entered), ask, account, entered=entered)


def _part(answered: Answered) -> Part:
    return Part(parse.connection_of(case_in(answered).value), records(answered)[-1:])


def _reels_part(answered: Answered) -> Part:
    connection = dig(case_in(answered).value, "data", REELS)
    if isinstance(connection, Mapping) and isinstance(connection.get("edges"), list):
        edges = [{"node": _outline(edge)} for edge in items(connection["edges"])]
        connection = {**connection, "edges": edges}
    return Part(connection, records(answered)[-1:])


def _outline(edge: object) -> object:
    """One reel. Of a shared one the tab names the owner and not the sharers;
    whose it is, is therefore left to a look at the reel itself."""
    media = dig(edge, "node", "media")
    if isinstance(media, Mapping) and "coauthor_producers" not in media:
        return {name: value for name, value in media.items() if name not in ("user", "owner")}
    return media


def _check_owner(opened: Opened, account: AccountRef) -> None:
    found = profile_of(user_of_page(opened.data), opened.evidence)
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
