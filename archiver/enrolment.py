"""Taking accounts in: ledger first, then one writing of config.toml for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archiver.accounts import with_accounts, with_changes, write_config
from archiver.books import Books
from archiver.config import Config
from archiver.decisions import Assignment, Note, note_assignment, note_said
from archiver.i18n import N_
from archiver.person import person
from archiver.sections import AccountSection
from connectors.model import Profile

ORDER = (
    *("platform", "handle", "id", "locator", "body", "unit", "valid_from"),
    *("classification", "identity"),
)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An account that shall be kept from now on.

    Attributes:
        account: As it shall stand in config.toml, or stands there without id.
        profile: What the platform shows; ``None`` when the number comes from a
            person's list alone.
        remark: What is noted of it, and from where that comes.
        present: It stands in config.toml already, without an id.
    """

    account: AccountSection
    profile: Profile | None
    remark: tuple[str, str] | None = None
    present: bool = False


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why an account cannot be taken in.

    Attributes:
        code: ``known`` or ``handle taken``.
        msgid / hint: Keys of the message catalogues, with `values` in them.
    """

    code: str
    msgid: str
    hint: str
    values: Mapping[str, object]


def obstacle(
    config: Config, account: AccountSection, profile: Profile, expected: str | None
) -> Obstacle | None:
    """What stands against pinning a profile; ``None`` when nothing does.

    Args:
        expected: The number a person gave for it, if one did.
    """
    for other in config.accounts:
        if other.key == profile.key and other is not account:
            return Obstacle(
                "known",
                N_("{key} is already there as {name}."),
                N_("Look it up again with `jejak accounts check {name}`."),
                {"key": profile.key, "name": other.name},
            )
    if expected is not None:
        if expected == profile.native_id:
            return None
        return Obstacle(
            "handle taken",
            N_("@{handle} has number {found}, not {expected}."),
            N_("Find out which of them is the body's, and give that number."),
            {"handle": profile.handle, "found": profile.native_id, "expected": expected},
        )
    shown = f"{profile.platform}/{profile.handle}".lower()
    for other in config.accounts:
        if other.id is not None and other.name.lower() == shown:
            return Obstacle(
                "handle taken",
                N_("@{handle} was number {before} and is number {found} now."),
                N_(
                    "If the new account is the body's, retire the old one and add it again with"
                    " --id {found}."
                ),
                {"handle": profile.handle, "before": other.id, "found": profile.native_id},
            )
    return None


def enrol(config: Config, books: Books, wanted: Sequence[Enrolment]) -> tuple[AccountSection, ...]:
    """Pin accounts; what is in the ledger when it is interrupted is in config.toml too.

    Returns:
        The accounts as they stand in config.toml now.
    """
    done: list[tuple[Enrolment, AccountSection]] = []
    try:
        for one in wanted:
            pinned = one.account.model_copy(update=_pinned(one.profile))
            if pinned.id is not None:
                _note(books, one, pinned)
            done.append((one, pinned))
    finally:
        if done:
            text = config.file.read_text("utf-8")
            fresh = [_entry(account) for one, account in done if not one.present]
            changed = [
                (one.account.model_copy(update={"id": None}), {k: getattr(a, k) for k in ORDER[1:]})
                for one, a in done
                if one.present
            ]
            write_config(config.file, with_accounts(with_changes(text, changed), fresh))
    return tuple(account for _one, account in done)


def _entry(account: AccountSection) -> dict[str, object]:
    given = account.model_dump(exclude_defaults=True)
    return {key: given.get(key) for key in ORDER}


def _pinned(profile: Profile | None) -> dict[str, object]:
    if profile is None:
        return {}
    return {"handle": profile.handle, "id": profile.native_id, "locator": profile.locator}


def _note(books: Books, one: Enrolment, account: AccountSection) -> None:
    seen = one.profile
    books.note(
        "account pinned",
        {"account": account.key},
        detail={
            "handle": account.handle,
            "name": seen.name if seen else None,
            "locator": account.locator,
            "evidence": list(seen.evidence) if seen else [],
        },
        by=f"person {person()}",
    )
    if account.body:
        said = Assignment(account.body, account.unit, account.valid_from)
        note_assignment(books, account, said)
    if one.remark:
        reason, reference = one.remark
        note_said(books, Note(account.key, "remark", reason, reference=reference))
