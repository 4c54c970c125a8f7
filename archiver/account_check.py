"""Looking accounts up again: what each is found to be, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from archiver.accounts import with_changes, write_config
from archiver.books import Books
from archiver.config import Config
from archiver.enrolment import Enrolment, enrol, obstacle
from archiver.i18n import translate
from archiver.lookup import Found, look_up_all
from archiver.reasons import sentence_for
from archiver.sections import AccountSection
from archiver.world import World
from connectors.model import Profile

SAME, RENAMED, TAKEN, GONE, PRIVATE = "same", "renamed", "handle taken", "gone", "private"
BLOCKED, NOT_ASKED, FOUND, FAILED = "blocked", "not asked", "found", "failed"
KNOWN = "known"
FINE = (SAME, RENAMED, FOUND)

_OF_CODES: Mapping[str, str] = {
    "account_not_found": GONE,
    "account_private": PRIVATE,
    "handle_taken": TAKEN,
    "identity_refused": NOT_ASKED,
    "interrupted": NOT_ASKED,
    "no_session": NOT_ASKED,
    **dict.fromkeys(("rate_limited", "login_wall", "challenge", "forbidden", "blocked"), BLOCKED),
    **dict.fromkeys(("session_expired", "wait_required"), BLOCKED),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What an account was found to be.

    Attributes:
        account: As configured before the check.
        result: ``same``, ``renamed``, ``handle taken``, ``gone``, ``private``,
            ``blocked``, ``not asked``, ``failed``, or ``found`` when it has no
            number yet and could be pinned.
        code: Stable reason code behind it, or ``None``.
        problem: A sentence in the language spoken now; empty when fine.
    """

    account: AccountSection
    result: str
    profile: Profile | None
    code: str | None = None
    problem: str = ""


def judged(config: Config, found: Found, expected: str | None = None) -> Checked:
    """What a look-up says of an account.

    Args:
        expected: The number a person's list gives for one without a pinned id.
    """
    account, profile = found.account, found.profile
    if profile is None:
        result = _OF_CODES.get(found.code or "", FAILED)
        said = sentence_for(found.code or "")
        told = f"{said} ({found.detail})" if found.detail and result == FAILED else said
        return Checked(account, result, None, found.code, told)
    if account.id is not None and profile.native_id != account.id:
        said = translate("@{handle} now belongs to id {found}; pinned is {pinned}.")
        told = said.format(handle=account.handle, found=profile.native_id, pinned=account.id)
        return Checked(account, TAKEN, profile, "handle_taken", told)
    if account.id is None:
        against = obstacle(config, account, profile, expected)
        if against is not None:
            said = translate(against.msgid).format(**against.values)
            return Checked(account, against.code, profile, None, said)
    if profile.is_private:
        return Checked(
            account, PRIVATE, profile, "account_private", sentence_for("account_private")
        )
    if account.id is None:
        return Checked(account, FOUND, profile)
    renamed = profile.handle.lower() != account.handle.lower()
    return Checked(account, RENAMED if renamed else SAME, profile)


def each_once(checked: Iterable[Checked]) -> Iterator[Checked]:
    """The same, but no number is found twice: two handles can lead to one account."""
    seen: dict[str, str] = {}
    for one in checked:
        if one.result == FOUND and one.profile:
            first = seen.setdefault(one.profile.key, one.account.name)
            if first != one.account.name:
                said = translate("{key} is already there as {name}.")
                told = said.format(key=one.profile.key, name=first)
                yield replace(one, result=KNOWN, problem=told)
                continue
        yield one


def check_accounts(
    world: World,
    accounts: Sequence[AccountSection],
    *,
    agree: Callable[[Sequence[Checked]], bool],
    each: Callable[[Found], None] = lambda found: None,
) -> tuple[Checked, ...]:
    """Look accounts up; a handle that changed is written to config.toml, the id decides.

    Args:
        agree: Shown those without a number that were found; True pins them.
        each: Told of each account when it was asked.

    Raises:
        WriterBusy, SpaceLow, StorageProblem: The archive cannot be written.
    """
    checked: list[Checked] = []

    def then(books: Books, found: Sequence[Found]) -> None:
        checked.extend(each_once(judged(world.config, one) for one in found))
        for one in checked:
            if one.result == TAKEN and one.account.id and one.profile:
                _note_taken(books, one.account, one.profile)
        renamed = [
            (one.account, {"handle": one.profile.handle})
            for one in checked
            if one.profile and one.account.id == one.profile.native_id
            if one.profile.handle.lower() != one.account.handle.lower()
        ]
        if renamed:
            text = world.config.file.read_text("utf-8")
            write_config(world.config.file, with_changes(text, renamed))
        fresh = [one for one in checked if one.result == FOUND]
        if fresh and agree(checked):
            enrol(
                world.config, books, [Enrolment(o.account, o.profile, present=True) for o in fresh]
            )

    look_up_all(world, accounts, each=each, then=then)
    return tuple(checked)


def _note_taken(books: Books, account: AccountSection, profile: Profile) -> None:
    books.note(
        "account handle taken",
        {"account": account.key},
        outcome="failure",
        detail={"handle": account.handle, "found": profile.native_id},
    )
