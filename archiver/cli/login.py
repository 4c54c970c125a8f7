"""``jejak login`` and ``jejak identities``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import ValidationError

from archiver.accounts import with_identity, write_config
from archiver.cli.call import reading_catalogue, the_call
from archiver.cli.figures import in_zone
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
from archiver.cli.pasting import pasted, read_cookies
from archiver.cli.table import Column
from archiver.config import Config
from archiver.cookie_files import session_cookies
from archiver.errors import OK, USAGE, JejakError, UsageProblem
from archiver.i18n import N_, _
from archiver.sections import IdentitySection
from archiver.sessions import read_session
from archiver.takeover import Owner, take_over
from connectors import PLATFORMS
from connectors.base import Identity
from storage import state


def login(
    context: typer.Context,
    platform: Annotated[str, typer.Argument(metavar=_("PLATFORM"), help=_("instagram or tiktok."))],
    identity: Annotated[str, typer.Argument(metavar=_("IDENTITY"), help=_("Its configured name."))],
    cookies: Annotated[
        str | None,
        typer.Option(
            "--cookies",
            metavar=_("FILE|-"),
            help=_("Exported cookies; - for stdin. Without it you are asked to paste them."),
        ),
    ] = None,
    expect: Annotated[
        str | None,
        typer.Option(metavar=_("USERNAME"), help=_("Whose session it must be; no question then.")),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
) -> int:
    """Take over a browser session, after the platform said whose it is."""
    call = the_call(context)
    config = call.config()
    entry = named_identity(config, platform, identity)
    text = pasted(platform) if cookies is None else read_cookies(cookies)
    visitor = Identity(identity, platform, session_cookies(platform, text))

    def agree(owner: Owner) -> bool:
        _show_owner(owner)
        if expect is not None:
            _expected(owner, expect)
            return True
        return yes or confirm(_("Is this the session to use?"))

    tell_asking(platform)
    owner = take_over(call.world(config), visitor, agree)
    if owner is None:
        tell(_("Nothing was changed."))
        return USAGE
    if entry not in config.content.identities:
        text = with_identity(config.file.read_text("utf-8"), platform, identity)
        write_config(config.file, text)
        tell(_("{name} now stands in [[identities]] of config.toml.").format(name=identity))
    whose = f"@{owner.username}" if owner.username else _("an unnamed visitor")
    say(
        _("{platform}: the session of {whose} is kept as {identity}.").format(
            platform=platform, whose=whose, identity=identity
        )
    )
    return OK


def _show_owner(owner: Owner) -> None:
    say(f"@{owner.username}" if owner.username else _("The platform does not say whose it is."))
    facts = [("  " + _("number"), owner.native_id), ("  " + _("cookies"), ", ".join(owner.names))]
    print_facts(facts)


def _expected(owner: Owner, expect: str) -> None:
    if (owner.username or "").lower() != expect.removeprefix("@").lower():
        raise UsageProblem(
            N_("The session is of {found}, not of @{expected}; it is not kept."),
            hint=N_("Log in with the browser as @{expected}, then export the cookies again."),
            found=f"@{owner.username}" if owner.username else "?",
            expected=expect.removeprefix("@"),
        )


def named_identity(config: Config, platform: str, identity: str) -> IdentitySection:
    """The identity of that name; one that may be added when there is none.

    Raises:
        UsageProblem: There can be none of that name.
    """
    for entry in config.content.identities:
        if (entry.platform, entry.name) == (platform, identity):
            return entry
    try:
        return IdentitySection(name=identity, platform=platform)
    except ValidationError:
        raise UsageProblem(
            N_("{platform}/{name} cannot be an identity."),
            hint=N_("Platforms: {platforms}; names: small letters, digits, - and _."),
            platform=repr(platform[:40]),
            name=repr(identity[:60]),
            platforms=", ".join(PLATFORMS),
        ) from None


def identities(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Show identities: whose, how old, when it last worked, what it last met."""
    config = the_call(context).config()
    logins: dict[str, state.Login] = {}
    if (config.archive / "ledger").is_dir():
        with reading_catalogue(config) as catalogue, catalogue.reading() as conn:
            logins = {row.identity: row for row in state.logins(conn)}
    rows = [
        _identity_row(config, entry, logins.get(f"{entry.platform}-{entry.name}"))
        for entry in config.content.identities
    ]
    if as_json:
        for row in rows:
            print_json(row)
        return OK
    zone = config.content.archive.timezone
    print_table(
        (
            Column(_("identity")),
            Column(_("username"), cuts=True),
            Column(_("session"), cuts=True),
            Column(_("age in days"), right=True),
            Column(in_zone(_("last success"), zone)),
            Column(_("last challenge"), spare=True),
            Column(_("last error"), cuts=True),
        ),
        (
            (
                f"{row['platform']}/{row['identity']}",
                row["username"],
                _("kept") if row["usable"] else row["problem"],
                row["age_days"],
                when(_text(row["last_success_at"]), zone),
                when(_text(row["last_challenge_at"]), zone),
                row["last_error"],
            )
            for row in rows
        ),
        empty=_("There is no identity yet; name one in [[identities]] of config.toml."),
    )
    return OK


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _identity_row(
    config: Config, entry: IdentitySection, known: state.Login | None
) -> dict[str, object]:
    username, age_days, problem = known.username if known else None, None, None
    try:
        session = read_session(config.identity_file(entry.platform, entry.name))
        username = session.identity.username or username
        age_days = (datetime.now(UTC) - session.saved_at).days
    except JejakError as error:
        problem = error.said()
    return {
        "identity": entry.name,
        "platform": entry.platform,
        "username": username,
        "usable": problem is None,
        "problem": problem,
        "age_days": age_days,
        "imported_at": known.imported_at if known else None,
        "last_success_at": known.last_success_at if known else None,
        "last_challenge_at": known.last_challenge_at if known else None,
        "last_error": known.last_error if known else None,
    }
