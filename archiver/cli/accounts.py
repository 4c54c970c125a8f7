"""``jejak accounts``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer

from archiver.accounts import checked_handle
from archiver.cli.account_check import check
from archiver.cli.account_history import history
from archiver.cli.account_import import import_list
from archiver.cli.account_page import covered_rows, show_account
from archiver.cli.bodies import assign_account
from archiver.cli.call import reading_catalogue, the_call
from archiver.cli.figures import in_zone, number
from archiver.cli.groups import group
from archiver.cli.output import (
    confirm,
    print_facts,
    print_json,
    print_table,
    say,
    tell,
    tell_asking,
    when,
)
from archiver.cli.table import Column
from archiver.config import Config, unknown_body
from archiver.errors import OK, USAGE, UsageProblem
from archiver.harvest_state import HarvestState, harvest_state
from archiver.i18n import N_, _
from archiver.moments import asked_day
from archiver.pinning import change_account, pin_new
from archiver.sections import AccountSection
from archiver.wording import word_for
from connectors import PLATFORMS
from connectors.model import Profile
from storage.catalogue import accounts as known_accounts
from storage.catalogue.accounts import AccountRow

STATES = (N_("active"), N_("paused"), N_("retired"))


def build() -> typer.Typer:
    """``jejak accounts`` and its commands."""
    return group(
        _("The official accounts that are kept."),
        {
            "add": (add, _("Look an account up, show it, and pin its number.")),
            "list": (list_accounts, _("Show all accounts.")),
            "check": (check, _("Look accounts up again: number, handle, name.")),
            "import": (import_list, _("Take in many accounts from a CSV or Excel list.")),
            "show": (show_account, _("Show one account: names, bodies, notes, captures.")),
            "history": (history, _("Show when an account changed, with the records.")),
            "assign": (assign_account, _("Say which body an account speaks for, since when.")),
            "pause": (pause, _("Leave an account out of runs, or take it in again.")),
            "retire": (retire, _("End the keeping of an account; its records stay.")),
        },
    )


def add(
    context: typer.Context,
    platform: Annotated[str, typer.Argument(metavar=_("PLATFORM"), help=_("instagram or tiktok."))],
    handle: Annotated[
        str, typer.Argument(metavar=_("HANDLE"), help=_("The public name, with or without @."))
    ],
    identity: Annotated[
        str | None,
        typer.Option(
            metavar=_("IDENTITY"), help=_("The identity that reads it; anonymous without.")
        ),
    ] = None,
    body: Annotated[
        str | None, typer.Option(metavar=_("NAME"), help=_("The government body it speaks for."))
    ] = None,
    unit: Annotated[
        str | None, typer.Option(metavar=_("NAME"), help=_("The unit of that body."))
    ] = None,
    valid_from: Annotated[
        str | None,
        typer.Option("--from", metavar=_("DATE"), help=_("Of that body since this day.")),
    ] = None,
    native_id: Annotated[
        str | None,
        typer.Option("--id", metavar=_("NUMBER"), help=_("Its number; another is refused.")),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
) -> int:
    """Add an account."""
    call = the_call(context)
    config = call.config()
    bare = checked_handle(platform, handle)
    if valid_from is not None and body is None:
        raise UsageProblem(N_("--from says since when --body holds; give both."))
    _known_identity(config, platform, identity)
    account = AccountSection(
        platform=platform,
        handle=bare,
        identity=identity,
        body=body,
        unit=unit,
        valid_from=asked_day(valid_from) if valid_from else None,
    )
    for key, value, known in unknown_body(config.content.bodies, body, unit):
        raise UsageProblem(
            N_("{value} is no {key} of [[bodies]]; known: {known}."),
            hint=N_("Correct the spelling, or add it to [[bodies]] in {file}."),
            **{"value": repr(value), "key": key, "known": known, "file": config.file.name},
        )
    tell_asking(platform)
    profile = pin_new(
        call.world(config), account, lambda shown: _agreed(shown, yes), expected=native_id
    )
    return _added(profile)


def list_accounts(
    context: typer.Context,
    platform: Annotated[
        str | None, typer.Option(metavar=_("PLATFORM"), help=_("Of this platform only."))
    ] = None,
    body: Annotated[
        str | None, typer.Option(metavar=_("NAME"), help=_("With this in the body's name."))
    ] = None,
    state: Annotated[
        str | None, typer.Option(metavar=_("STATE"), help=_("active, paused or retired."))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Show all accounts with what is kept of them."""
    config = the_call(context).config()
    wanted = tuple(chosen(config, platform, body, state))
    rows: dict[str, AccountRow] = {}
    intervals: dict[str, list[dict[str, str | None]]] = {}
    harvests: dict[str, HarvestState | None] = {}
    if config.archive.is_dir() and (config.archive / "ledger").is_dir():
        with reading_catalogue(config) as catalogue, catalogue.reading() as conn:
            rows = {row.key: row for row in known_accounts.every(conn)}
            harvests = {key: harvest_state(conn, key) for key in rows}
            if as_json:
                intervals = {key: covered_rows(conn, key) for key in rows}
    if as_json:
        for account in wanted:
            row = _account_row(account, rows.get(account.key))
            past = harvests.get(account.key)
            row |= {"harvest": past.row() if past else None}
            print_json(row | {"covered": intervals.get(account.key, [])})
        return OK
    _print_list(config, wanted, rows, harvests)
    return OK


def _print_list(
    config: Config,
    wanted: tuple[AccountSection, ...],
    rows: Mapping[str, AccountRow],
    harvests: Mapping[str, HarvestState | None],
) -> None:
    zone = config.content.archive.timezone
    print_table(
        (
            Column(_("account"), cuts=True, least=24, widest=48),
            Column(_("state")),
            Column(_("posts"), right=True),
            Column(in_zone(_("last capture"), zone)),
            Column(_("outcome")),
            Column(_("past read")),
            Column(_("name"), cuts=True, spare=True, widest=40),
            Column(_("body"), cuts=True, spare=True, widest=40),
            Column(_("number"), spare=True),
        ),
        (
            (
                account.name,
                _(state_of(account)),
                number(row.posts if row else 0),
                when(row.last_capture, zone) if row else "",
                word_for(row.last_outcome) if row else "",
                _past_read(harvests.get(account.key)),
                row.name if row else "",
                account.body,
                account.id or _("not pinned"),
            )
            for account in wanted
            for row in [rows.get(account.key)]
        ),
        empty=_("There is no account yet; `jejak accounts add` adds one.")
        if not config.accounts
        else _("No account fits."),
    )


def chosen(
    config: Config, platform: str | None, body: str | None, state: str | None
) -> Iterator[AccountSection]:
    """The accounts that a list shall show.

    Raises:
        UsageProblem: There is no such platform or state.
    """
    for option, value, known in (("--platform", platform, PLATFORMS), ("--state", state, STATES)):
        if value is not None and value not in known:
            raise UsageProblem(
                N_("{option} {value}: expected one of: {known}."),
                option=option,
                value=repr(value[:40]),
                known=", ".join(known),
            )
    for account in config.accounts:
        named = " ".join(filter(None, (account.body, account.unit))).casefold()
        fits = platform in (None, account.platform) and state in (None, state_of(account))
        if fits and (body is None or body.casefold() in named):
            yield account


def pause(
    context: typer.Context,
    account: Annotated[str, typer.Argument(metavar=_("ACCOUNT"), help=_("platform/handle."))],
    resume: Annotated[bool, typer.Option("--resume", help=_("Take it in again."))] = False,
) -> int:
    """Leave an account out of runs."""
    config = the_call(context).config()
    found = config.account(account)
    change_account(config, found, active=resume, **({"retired": None} if resume else {}))
    say(f"{found.name}: " + (_("active") if resume else _("paused")))
    return OK


def retire(
    context: typer.Context,
    account: Annotated[str, typer.Argument(metavar=_("ACCOUNT"), help=_("platform/handle."))],
) -> int:
    """End the keeping of an account; nothing that is kept is removed."""
    config = the_call(context).config()
    found = config.account(account)
    change_account(config, found, active=False, retired=True)
    say(f"{found.name}: " + _("retired"))
    return OK


def _known_identity(config: Config, platform: str, identity: str | None) -> None:
    known = [entry.name for entry in config.content.identities if entry.platform == platform]
    if identity is not None and identity not in known:
        raise UsageProblem(
            N_("There is no identity {name} for {platform}; known: {known}."),
            hint=N_("Add it to [[identities]] in {file}, then run `jejak login`."),
            name=identity,
            platform=platform,
            known=", ".join(known) or "-",
            file=config.file.name,
        )


def _agreed(profile: Profile, yes: bool) -> bool:
    _show(profile)
    return yes or confirm(_("Is this the official account?"))


def _added(profile: Profile | None) -> int:
    if profile is None:
        tell(_("Nothing was changed."))
        return USAGE
    say(_("Pinned: {key} @{handle}").format(key=profile.key, handle=profile.handle))
    return OK


def _show(profile: Profile) -> None:
    verified = {True: _("verified"), False: _("not verified"), None: _("not told")}
    say(f"@{profile.handle}")
    print_facts(
        (
            ("  " + _("name"), profile.name),
            ("  " + _("number"), profile.native_id),
            ("  " + _("verification"), verified[profile.is_verified]),
            ("  " + _("followers"), number(profile.followers)),
            ("  " + _("posts"), number(profile.declared_posts)),
        )
    )


def state_of(account: AccountSection) -> str:
    """``active``, ``paused`` or ``retired``."""
    return "retired" if account.retired else "active" if account.active else "paused"


def _past_read(state: HarvestState | None) -> str:
    """How much of the past is read, and when it will be; empty when all of it is."""
    if state is None:
        return ""
    part = "?" if state.percentage is None else state.percentage
    return f"{part} % → {state.ends or '?'}"


def _account_row(account: AccountSection, row: AccountRow | None) -> dict[str, object]:
    return {
        "account": account.key,
        "platform": account.platform,
        "handle": account.handle,
        "native_id": account.id,
        "body": account.body,
        "unit": account.unit,
        "valid_from": account.valid_from.isoformat() if account.valid_from else None,
        "classification": account.classification,
        "identity": account.identity,
        "active": account.active,
        "retired": account.retired,
        "name": row.name if row else None,
        "pinned_at": row.pinned_at if row else None,
        "posts": row.posts if row else 0,
        "last_capture": row.last_capture if row else None,
        "last_outcome": row.last_outcome if row else None,
    }
