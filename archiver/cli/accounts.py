"""``jejak accounts``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer
from sqlalchemy import Connection

from archiver.accounts import checked_handle
from archiver.acquaintance import CAPTURES_READ
from archiver.cli.call import reading_catalogue, the_call
from archiver.cli.figures import in_zone, number
from archiver.cli.output import (
    complain,
    confirm,
    print_facts,
    print_json,
    print_table,
    say,
    tell,
    tell_asking,
    when,
)
from archiver.cli.spoken import SpokenCommand, SpokenGroup
from archiver.cli.table import Column
from archiver.config import Config
from archiver.coverage import covered
from archiver.errors import OK, USAGE, NotCaptured, UsageProblem
from archiver.i18n import N_, _
from archiver.pinning import change_account, check_pinned, pin_known, pin_new
from archiver.sections import AccountSection
from archiver.wording import word_for
from archiver.world import World
from connectors.model import Profile
from storage.catalogue import accounts as known_accounts
from storage.catalogue import captures
from storage.catalogue.accounts import AccountRow


def build() -> typer.Typer:
    """``jejak accounts`` and its commands."""
    app = typer.Typer(
        cls=SpokenGroup,
        help=_("The official accounts that are kept."),
        no_args_is_help=True,
        rich_markup_mode=None,
        options_metavar=_("[OPTIONS]"),
        subcommand_metavar=_("COMMAND [ARGUMENTS]"),
    )

    def command(name: str, run: Callable[..., int], sentence: str) -> None:
        app.command(name, cls=SpokenCommand, help=sentence, options_metavar=_("[OPTIONS]"))(run)

    command("add", add, _("Look an account up, show it, and pin its number."))
    command("list", list_accounts, _("Show all accounts."))
    command("check", check, _("Look accounts up again: number, handle, name."))
    command("pause", pause, _("Leave an account out of runs, or take it in again."))
    command("retire", retire, _("End the keeping of an account; its records stay."))
    return app


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
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
) -> int:
    """Add an account."""
    call = the_call(context)
    config = call.config()
    bare = checked_handle(platform, handle)
    _known_identity(config, platform, identity)
    account = AccountSection.model_validate(
        {"platform": platform, "handle": bare, "identity": identity, "body": body, "unit": unit}
    )
    tell_asking(platform)
    profile = pin_new(call.world(config), account, lambda shown: _agreed(shown, yes))
    return _added(profile)


def list_accounts(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Show all accounts with what is kept of them."""
    config = the_call(context).config()
    rows: dict[str, AccountRow] = {}
    intervals: dict[str, list[dict[str, str | None]]] = {}
    if config.archive.is_dir() and (config.archive / "ledger").is_dir():
        with reading_catalogue(config) as catalogue, catalogue.reading() as conn:
            rows = {row.key: row for row in known_accounts.every(conn)}
            if as_json:
                intervals = {key: _covered(conn, key) for key in rows}
    if as_json:
        for account in config.accounts:
            row = _account_row(account, rows.get(account.key))
            print_json(row | {"covered": intervals.get(account.key, [])})
        return OK
    zone = config.content.archive.timezone
    print_table(
        (
            Column(_("account")),
            Column(_("number"), spare=True),
            Column(_("name"), cuts=True, spare=True),
            Column(_("state")),
            Column(_("posts"), right=True),
            Column(in_zone(_("last capture"), zone)),
            Column(_("outcome")),
        ),
        (
            (
                account.name,
                account.id or _("not pinned"),
                row.name if row else "",
                _state(account),
                number(row.posts if row else 0),
                when(row.last_capture, zone) if row else "",
                word_for(row.last_outcome) if row else "",
            )
            for account in config.accounts
            for row in [rows.get(account.key)]
        ),
        empty=_("There is no account yet; `jejak accounts add` adds one."),
    )
    return OK


def check(
    context: typer.Context,
    accounts: Annotated[
        list[str] | None, typer.Argument(metavar=_("[ACCOUNT]..."), help=_("All by default."))
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
) -> int:
    """Look accounts up again."""
    call = the_call(context)
    config = call.config()
    chosen = (
        [config.account(name) for name in accounts]
        if accounts
        else [account for account in config.accounts if not account.retired]
    )
    code = OK
    for account in chosen:
        tell_asking(account.platform)
        try:
            code = max(code, _check(call.world(config), account, yes))
        except NotCaptured as problem:
            complain(problem)
            code = max(code, problem.exit_code)
    return code


def _check(world: World, account: AccountSection, yes: bool) -> int:
    if account.id is None:
        return _added(pin_known(world, account, lambda shown: _agreed(shown, yes)))
    profile = check_pinned(world, account)
    _show(profile)
    if profile.handle.lower() != account.handle.lower():
        tell(
            _("{old} is now @{new}; config.toml says so too.").format(
                old=account.name, new=profile.handle
            )
        )
    return OK


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


def _state(account: AccountSection) -> str:
    return _("retired") if account.retired else _("active") if account.active else _("paused")


def _covered(conn: Connection, key: str) -> list[dict[str, str | None]]:
    """Publication times of which everything was read; the rest is unknown."""
    found = covered(captures.of_account(conn, key, limit=CAPTURES_READ))
    return [{"begin": one.begin, "end": one.end} for one in found]


def _account_row(account: AccountSection, row: AccountRow | None) -> dict[str, object]:
    return {
        "account": account.key,
        "platform": account.platform,
        "handle": account.handle,
        "native_id": account.id,
        "body": account.body,
        "unit": account.unit,
        "identity": account.identity,
        "active": account.active,
        "retired": account.retired,
        "name": row.name if row else None,
        "pinned_at": row.pinned_at if row else None,
        "posts": row.posts if row else 0,
        "last_capture": row.last_capture if row else None,
        "last_outcome": row.last_outcome if row else None,
    }
