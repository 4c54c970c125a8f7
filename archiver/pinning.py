"""Making an account ours: its numeric id is looked up, shown, agreed to, pinned."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping

from archiver.accounts import with_account, with_changes, write_config
from archiver.books import Books
from archiver.config import Config, account_ref
from archiver.errors import NotCaptured, UsageProblem
from archiver.i18n import N_
from archiver.lookup import look_up
from archiver.sections import AccountSection
from archiver.sessions import read_session
from archiver.world import World
from connectors.base import Connector
from connectors.model import AccountRef, Profile

Agree = Callable[[Profile], bool]


def pin_new(world: World, account: AccountSection, agree: Agree) -> Profile | None:
    """Look an account up and add it to the configuration.

    Args:
        account: As it will stand in the file, without id.
        agree: Shown the profile; False leaves everything as it is.

    Returns:
        The profile, or ``None`` when it was not agreed to.

    Raises:
        NotCaptured: The account could not be read.
    """
    _free(world.config, account)

    def decided(books: Books, profile: Profile) -> None:
        for other in world.config.accounts:
            if other.key == profile.key:
                raise UsageProblem(
                    N_("{key} is already there as {name}."),
                    hint=N_("Look it up again with `jejak accounts check {name}`."),
                    key=profile.key,
                    name=other.name,
                )
        text = world.config.file.read_text("utf-8")
        entry = account.model_dump(exclude_defaults=True) | _pinned(profile)
        order = ("platform", "handle", "id", "locator", "body", "unit", "identity")
        write_config(world.config.file, with_account(text, {key: entry.get(key) for key in order}))
        _note(books, profile)

    return _look(world, account, agree, decided)


def pin_known(world: World, account: AccountSection, agree: Agree) -> Profile | None:
    """Look up an account of the configuration that has no id yet; as `pin_new`."""

    def decided(books: Books, profile: Profile) -> None:
        _change(world.config, account, _pinned(profile))
        _note(books, profile)

    return _look(world, account, agree, decided)


def check_pinned(world: World, account: AccountSection) -> Profile:
    """Look up a pinned account.

    A handle that changed is written to the configuration; the id decides.

    Raises:
        NotCaptured: It could not be read, or the handle has another id now.
    """

    def decided(books: Books, profile: Profile) -> None:
        if profile.native_id != account.id:
            books.note(
                "account handle taken",
                {"account": account.key},
                outcome="failure",
                detail={"handle": account.handle, "found": profile.native_id},
            )
        elif profile.handle.lower() != account.handle.lower():
            _change(world.config, account, {"handle": profile.handle})

    profile = _profile(world, account, decided)
    if profile.native_id != account.id:
        raise NotCaptured(
            N_("@{handle} now belongs to id {found}; pinned is {pinned}."),
            hint=N_("Find the body's new handle and correct it in {file}; nothing was captured."),
            handle=account.handle,
            found=profile.native_id,
            pinned=account.id,
            file=world.config.file.name,
        )
    return profile


def change_account(config: Config, account: AccountSection, **changes: object) -> None:
    """Set keys of an account in the configuration (``active``, ``retired``)."""
    _change(config, account, changes)


def _look(
    world: World, account: AccountSection, agree: Agree, decided: Callable[[Books, Profile], None]
) -> Profile | None:
    agreed: list[Profile] = []

    def then(books: Books, profile: Profile) -> None:
        if agree(profile):
            decided(books, profile)
            agreed.append(profile)

    _profile(world, account, then)
    return agreed[0] if agreed else None


def _profile(
    world: World, account: AccountSection, then: Callable[[Books, Profile], None]
) -> Profile:
    identity = None
    if account.identity is not None:
        file = world.config.identity_file(account.platform, account.identity)
        identity = read_session(file).identity
    reference: AccountRef = account_ref(account)

    def ask(connector: Connector) -> Profile:
        return connector.profile(reference)

    return look_up(
        world,
        platform=account.platform,
        scope=account.key,
        identity=identity,
        ask=ask,
        then=then,
    )


def _pinned(profile: Profile) -> dict[str, object]:
    return {"handle": profile.handle, "id": profile.native_id, "locator": profile.locator}


def _note(books: Books, profile: Profile) -> None:
    books.note(
        "account pinned",
        {"account": profile.key},
        detail={
            "handle": profile.handle,
            "name": profile.name,
            "locator": profile.locator,
            "evidence": list(profile.evidence),
        },
        by=f"person {person()}",
    )


def _change(config: Config, account: AccountSection, changes: Mapping[str, object]) -> None:
    text = config.file.read_text("utf-8")
    write_config(config.file, with_changes(text, account.platform, account.handle, changes))


def _free(config: Config, account: AccountSection) -> None:
    for other in config.accounts:
        if other.name.lower() == account.name.lower():
            raise UsageProblem(
                N_("{key} is already there as {name}."),
                hint=N_("Look it up again with `jejak accounts check {name}`."),
                key=account.name,
                name=other.name,
            )


def person() -> str:
    """Who is at the keyboard, for the ledger; letters, digits and ``._-`` only."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "unknown"
    return "".join(c if c.isalnum() or c in "._-" else "_" for c in name) or "unknown"
