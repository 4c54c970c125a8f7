"""``jejak login`` and ``jejak identities``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from archiver.books import Books
from archiver.cli.call import Call, reading_catalogue, the_call
from archiver.cli.figures import in_zone
from archiver.cli.output import print_json, print_table, say, tell, tell_asking, when
from archiver.cli.table import Column
from archiver.config import Config
from archiver.cookie_files import LARGEST_BYTES, session_cookies
from archiver.errors import OK, JejakError, NotCaptured, UsageProblem
from archiver.i18n import N_, _
from archiver.lookup import look_up
from archiver.os_words import reason_of
from archiver.pinning import person
from archiver.sections import IdentitySection
from archiver.sessions import read_session, wider_than_owner, write_session
from connectors.base import Connector, Identity
from storage import state


def login(
    context: typer.Context,
    platform: Annotated[str, typer.Argument(metavar=_("PLATFORM"), help=_("instagram or tiktok."))],
    identity: Annotated[str, typer.Argument(metavar=_("IDENTITY"), help=_("Its configured name."))],
    cookies: Annotated[
        str,
        typer.Option("--cookies", metavar=_("FILE|-"), help=_("Exported cookies; - for stdin.")),
    ],
) -> int:
    """Take over a browser session, after the platform said whose it is."""
    call = the_call(context)
    config = call.config()
    _configured(config, platform, identity)
    visitor = Identity(identity, platform, session_cookies(platform, read_cookies(cookies)))
    tell_asking(platform)
    username = take_over(call, config, visitor)
    say(
        _("{platform}: the session of @{username} is kept as {identity}.").format(
            platform=platform, username=username, identity=identity
        )
    )
    return OK


def read_cookies(source: str) -> str:
    """The text of an exported session.

    Raises:
        UsageProblem: It cannot be read or is far too large to be one.
    """
    try:
        if source == "-":
            data = sys.stdin.buffer.read(LARGEST_BYTES + 1)
        else:
            if sys.platform != "win32" and wider_than_owner(Path(source)):
                tell(_("Others can read {file}; remove it when you are done.").format(file=source))
            with Path(source).open("rb") as file:
                data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise UsageProblem(
            N_("{file} cannot be read: {reason}."), file=source, reason=reason_of(error)
        ) from None
    if len(data) > LARGEST_BYTES:
        raise UsageProblem(
            N_("{file} is too large for exported cookies."),
            hint=N_("Give a Netscape cookies.txt, or the JSON list of a cookie add-on."),
            file=source,
        )
    return data.decode("utf-8-sig", "replace")


def take_over(call: Call, config: Config, visitor: Identity) -> str:
    """Ask the platform whose session it is, then keep it.

    Returns:
        The username the session belongs to.

    Raises:
        NotCaptured: The platform does not accept the session.
    """
    file = config.identity_file(visitor.platform, visitor.name)
    name = f"{visitor.platform}-{visitor.name}"

    def ask(connector: Connector) -> Identity:
        username = connector.whoami()
        if username is None:
            raise NotCaptured(
                N_("The platform does not accept this session."),
                hint=N_("Log in with the browser again, then export its cookies anew."),
            )
        cookies = dict(connector.cookies()) or dict(visitor.cookies)
        return Identity(visitor.name, visitor.platform, cookies, username)

    def keep(books: Books, accepted: Identity) -> None:
        now = call.world(config).now()
        write_session(file, accepted, now)
        books.note("login", {"identity": name}, by=f"person {person()}")
        with books.catalogue.writing() as conn:
            state.imported(
                conn,
                name,
                platform=visitor.platform,
                username=accepted.username,
                cookies_file=str(file),
                at=now,
            )
            state.succeeded(conn, name, now)

    accepted = look_up(
        call.world(config),
        platform=visitor.platform,
        scope=f"{visitor.platform}:@{visitor.name}",
        identity=visitor,
        ask=ask,
        then=keep,
    )
    return accepted.username or "?"


def _configured(config: Config, platform: str, identity: str) -> IdentitySection:
    for entry in config.content.identities:
        if (entry.platform, entry.name) == (platform, identity):
            return entry
    raise UsageProblem(
        N_("There is no identity {name} for {platform} in {file}."),
        hint=N_('Add [[identities]] with name = "{name}" and platform = "{platform}" to it.'),
        name=identity,
        platform=platform,
        file=config.file.name,
    )


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
