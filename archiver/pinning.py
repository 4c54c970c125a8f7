"""Making an account ours: its numeric id is looked up, shown, agreed to, pinned."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from archiver.accounts import with_changes, write_config
from archiver.books import Books
from archiver.config import Config, account_ref
from archiver.enrolment import Enrolment, Obstacle, enrol, obstacle
from archiver.errors import UsageProblem
from archiver.i18n import N_
from archiver.lookup import look_up
from archiver.sections import AccountSection
from archiver.sessions import read_session
from archiver.world import World
from connectors.base import Connector
from connectors.model import Profile

Agree = Callable[[Profile], bool]


def pin_new(
    world: World, account: AccountSection, agree: Agree, *, expected: str | None = None
) -> Profile | None:
    """Look an account up and add it to the configuration.

    Args:
        account: As it will stand in the file, without id.
        agree: Shown the profile; False leaves everything as it is.
        expected: The number a person says it has; another is refused. A handle
            that another number had before is only taken in with it.

    Returns:
        The profile, or ``None`` when it was not agreed to.

    Raises:
        NotCaptured: The account could not be read.
        UsageProblem: It is there already, or has another number.
    """
    for other in world.config.accounts:
        if other.name.lower() == account.name.lower() and not other.retired:
            _refuse(
                Obstacle(
                    "known",
                    N_("{key} is already there as {name}."),
                    N_("Look it up again with `jejak accounts check {name}`."),
                    {"key": account.name, "name": other.name},
                )
            )
    agreed: list[Profile] = []

    def then(books: Books, profile: Profile) -> None:
        problem = obstacle(world.config, account, profile, expected)
        if problem is not None:
            _refuse(problem)
        if agree(profile):
            enrol(world.config, books, [Enrolment(account, profile)])
            agreed.append(profile)

    _profile(world, account, then)
    return agreed[0] if agreed else None


def change_account(config: Config, account: AccountSection, **changes: object) -> None:
    """Set keys of an account in the configuration (``active``, ``retired``)."""
    text = config.file.read_text("utf-8")
    write_config(config.file, with_changes(text, [(account, changes)]))


def _refuse(problem: Obstacle) -> NoReturn:
    raise UsageProblem(problem.msgid, hint=problem.hint, **problem.values)


def _profile(
    world: World, account: AccountSection, then: Callable[[Books, Profile], None]
) -> Profile:
    identity = None
    if account.identity is not None:
        file = world.config.identity_file(account.platform, account.identity)
        identity = read_session(file).identity

    def ask(connector: Connector) -> Profile:
        return connector.profile(account_ref(account))

    return look_up(
        world,
        platform=account.platform,
        scope=account.key,
        identity=identity,
        ask=ask,
        then=then,
    )
