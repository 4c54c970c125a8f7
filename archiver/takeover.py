"""Taking over a browser session: whose it is comes first, then it is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import connectors
from archiver.books import Books
from archiver.errors import NotCaptured
from archiver.i18n import N_
from archiver.lookup import look_up
from archiver.person import person
from archiver.sessions import write_session
from archiver.world import World
from connectors.base import Connector, Identity
from storage import state

NUMBER_COOKIES = {"instagram": "ds_user_id"}
"""Cookies whose value is the visitor's own number, which is no secret."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose session it is, as far as anybody tells.

    Attributes:
        username: What the platform says; ``None`` where it does not say.
        native_id: The number in the session's cookies, if there is one.
        names: Of the cookies; never a value.
    """

    username: str | None
    native_id: str | None
    names: tuple[str, ...]


def take_over(world: World, visitor: Identity, agree: Callable[[Owner], bool]) -> Owner | None:
    """Ask the platform whose session it is, and keep it when that is agreed to.

    Args:
        agree: Shown whose it is; False keeps nothing.

    Returns:
        Whose it is, or ``None`` when it was not agreed to.

    Raises:
        NotCaptured: The platform does not accept the session.
    """
    needed = connectors.platform(visitor.platform).session_cookies

    def ask(connector: Connector) -> Identity:
        username = connector.whoami()
        cookies = dict(connector.cookies()) or dict(visitor.cookies)
        if username is None and not all(cookies.get(name) for name in needed):
            raise NotCaptured(
                N_("The platform does not accept this session."),
                hint=N_("Log in with the browser again, then export its cookies anew."),
            )
        return Identity(visitor.name, visitor.platform, cookies, username)

    agreed: list[Owner] = []

    def then(books: Books, accepted: Identity) -> None:
        owner = _owner(accepted)
        if agree(owner):
            _keep(world, books, accepted)
            agreed.append(owner)

    scope = f"{visitor.platform}:@{visitor.name}"
    look_up(world, platform=visitor.platform, scope=scope, identity=visitor, ask=ask, then=then)
    return agreed[0] if agreed else None


def _owner(accepted: Identity) -> Owner:
    number = accepted.cookies.get(NUMBER_COOKIES.get(accepted.platform, ""))
    told = number if number and number.isdecimal() else None
    return Owner(accepted.username, told, tuple(sorted(accepted.cookies)))


def _keep(world: World, books: Books, accepted: Identity) -> None:
    file = world.config.identity_file(accepted.platform, accepted.name)
    name, now = f"{accepted.platform}-{accepted.name}", world.now()
    write_session(file, accepted, now)
    books.note("login", {"identity": name}, by=f"person {person()}")
    with books.catalogue.writing() as conn:
        state.imported(
            conn,
            name,
            platform=accepted.platform,
            username=accepted.username,
            cookies_file=str(file),
            at=now,
        )
        state.succeeded(conn, name, now)
