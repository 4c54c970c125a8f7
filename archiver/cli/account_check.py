"""``jejak accounts check``, and what it shares with the import of lists."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Annotated

import typer

from archiver.account_check import FINE, FOUND, RENAMED, Checked, check_accounts
from archiver.cli.call import the_call
from archiver.cli.figures import number
from archiver.cli.output import confirm, print_json, print_table, say, tell, working
from archiver.cli.table import Column
from archiver.errors import NOT_CAPTURED, OK, USAGE
from archiver.i18n import _
from archiver.lookup import Found
from archiver.reasons import hint_for
from archiver.wording import word_for


def check(
    context: typer.Context,
    accounts: Annotated[
        list[str] | None, typer.Argument(metavar=_("ACCOUNT"), help=_("All by default."))
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Look accounts up again; pin those that have no number yet."""
    call = the_call(context)
    config = call.config()
    chosen = (
        tuple(dict.fromkeys(config.account(name) for name in accounts))
        if accounts
        else tuple(account for account in config.accounts if not account.retired)
    )
    if not chosen:
        tell(_("There is no account yet; `jejak accounts add` adds one."))
        return OK
    agreed: list[bool] = []

    def agree(checked: Sequence[Checked]) -> bool:
        show_checked(checked, as_json)
        agreed.append(yes or confirm(_("Are the accounts found the official ones?")))
        return agreed[0]

    stop = threading.Event()
    with stopping(stop), telling(len(chosen), as_json) as each:
        checked = check_accounts(call.world(config, stop), chosen, agree=agree, each=each)
    if not agreed:
        show_checked(checked, as_json)
    for one in checked:
        if one.result == RENAMED and one.profile:
            tell(
                _("{old} is now @{new}; config.toml says so too.").format(
                    old=one.account.name, new=one.profile.handle
                )
            )
    say_pinned(checked if agreed == [True] else (), as_json)
    if agreed == [False]:
        tell(_("Nothing was pinned."))
        return USAGE
    return OK if all(one.result in FINE for one in checked) else NOT_CAPTURED


def show_checked(checked: Sequence[Checked], as_json: bool) -> None:
    """What accounts were found to be: a table, or one object a line."""
    if as_json:
        for one in checked:
            print_json(checked_row(one))
        return
    verified = {True: _("yes"), False: _("no"), None: ""}
    print_table(
        (
            Column(_("account"), cuts=True, least=20, widest=48),
            Column(_("result")),
            Column(_("number")),
            Column(_("verified"), spare=True),
            Column(_("followers"), right=True, spare=True),
            Column(_("name"), cuts=True, spare=True, widest=40),
        ),
        (
            (
                one.account.name,
                word_for(one.result),
                one.profile.native_id if one.profile else one.account.id,
                verified[one.profile.is_verified] if one.profile else "",
                number(one.profile.followers) if one.profile else "",
                one.profile.name if one.profile else "",
            )
            for one in checked
        ),
    )
    for one in checked:
        if one.problem:
            tell(f"✗ {one.account.name}: {one.problem}")
    for code in dict.fromkeys(one.code for one in checked if one.problem and one.code):
        tell("→ " + hint_for(code))


def checked_row(one: Checked) -> dict[str, object]:
    """One row of ``--json``."""
    seen = one.profile
    return {
        "account": one.account.key,
        "platform": one.account.platform,
        "handle": one.account.handle,
        "result": one.result.replace(" ", "_"),
        "reason": one.code,
        "found_id": seen.native_id if seen else None,
        "found_handle": seen.handle if seen else None,
        "name": seen.name if seen else None,
        "is_verified": seen.is_verified if seen else None,
        "is_private": seen.is_private if seen else None,
        "followers": seen.followers if seen else None,
    }


def say_pinned(checked: Sequence[Checked], as_json: bool) -> None:
    """Which accounts have a number from now on."""
    for one in checked:
        if one.result == FOUND and one.profile and not as_json:
            say(_("Pinned: {key} @{handle}").format(key=one.profile.key, handle=one.profile.handle))


@contextmanager
def telling(count: int, silent: bool) -> Iterator[Callable[[Found], None]]:
    """Shows on a terminal how many accounts were asked so far."""
    done = 0
    with working(_("Asking {count} accounts …").format(count=count), silent=silent) as show:

        def each(found: Found) -> None:
            nonlocal done
            done += 1
            show(f"{done}/{count}")

        yield each


@contextmanager
def stopping(stop: threading.Event) -> Iterator[None]:
    """The first signal ends the asking after the account at hand, the second at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def asked(signum: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        tell(_("Stopping after this account; once more to stop at once."))

    before = signal.signal(signal.SIGINT, asked)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
