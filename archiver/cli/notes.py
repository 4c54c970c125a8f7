"""``jejak note``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Connection

from archiver.cli.call import reading_catalogue, the_call, utc_now
from archiver.cli.figures import in_zone
from archiver.cli.groups import group
from archiver.cli.output import print_json, print_table, say, when
from archiver.cli.table import Column
from archiver.config import Config
from archiver.decisions import Note, add_note, withdraw_note
from archiver.errors import OK, UsageProblem
from archiver.i18n import N_, _
from archiver.moments import asked_moment
from archiver.post_address import post_id
from archiver.profile_address import account_of
from archiver.wording import word_for
from storage.catalogue import accounts as known_accounts
from storage.catalogue import notes, posts


def build() -> typer.Typer:
    """``jejak note`` and its commands."""
    return group(
        _("What is said of accounts and posts, with reason and reference."),
        {
            "add": (add, _("Add a note to an account or a post.")),
            "list": (list_notes, _("Show notes, those that were withdrawn too.")),
            "withdraw": (withdraw, _("Take a note back; it stays to be seen.")),
        },
    )


def add(
    context: typer.Context,
    target: Annotated[
        str, typer.Argument(metavar=_("ACCOUNT|POST"), help=_("Of what; addresses too."))
    ],
    kind: Annotated[
        str,
        typer.Option(metavar=_("KIND"), help=_("unofficial, correction, handover or remark.")),
    ],
    reason: Annotated[str, typer.Option(metavar=_("TEXT"), help=_("Why; it stays in the ledger."))],
    reference: Annotated[
        str | None, typer.Option(metavar=_("TEXT"), help=_("The decree or letter that says so."))
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar=_("TIME"), help=_("Its period begins here."))
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar=_("TIME"), help=_("Its period ends here."))
    ] = None,
) -> int:
    """Add a note."""
    config = the_call(context).config()
    zone = ZoneInfo(config.content.archive.timezone)
    account, post = subject(config, target)
    said = Note(
        account,
        kind,
        reason.strip(),
        post,
        reference,
        asked_moment(since, zone) if since else None,
        asked_moment(until, zone, ends=True) if until else None,
    )
    number = add_note(config, utc_now, said)
    say(
        _("Note {number} is added to {what}: {kind}").format(
            number=number, what=post or account, kind=word_for(kind)
        )
    )
    return OK


def list_notes(
    context: typer.Context,
    target: Annotated[
        str | None, typer.Argument(metavar=_("[ACCOUNT|POST]"), help=_("All by default."))
    ] = None,
    standing: Annotated[
        bool, typer.Option("--standing", help=_("Without those that were withdrawn."))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Show notes."""
    config = the_call(context).config()
    account, post = subject(config, target) if target else (None, None)
    with reading_catalogue(config) as catalogue, catalogue.reading() as conn:
        found = notes.every(conn, account=account, post=post, withdrawn=not standing)
    if as_json:
        for note in found:
            print_json(asdict(note))
        return OK
    print_notes(found, config.content.archive.timezone)
    return OK


def withdraw(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar=_("NOTE"), help=_("Its number."))],
    reason: Annotated[str, typer.Option(metavar=_("TEXT"), help=_("Why; it stays in the ledger."))],
) -> int:
    """Take a note back."""
    config = the_call(context).config()
    withdraw_note(config, utc_now, number, reason)
    say(_("Note {number} is withdrawn; it stays in the ledger.").format(number=number))
    return OK


def print_notes(found: Sequence[notes.NoteRow], zone: str) -> None:
    """Notes as a table."""
    print_table(
        (
            Column(_("note"), right=True),
            Column(_("of"), cuts=True, least=20),
            Column(_("kind")),
            Column(in_zone(_("from"), zone), spare=True),
            Column(_("until"), spare=True),
            Column(_("state"), spare=True),
            Column(_("reason"), cuts=True, widest=60),
            Column(_("reference"), cuts=True, spare=True, widest=40),
        ),
        (
            (
                note.number,
                note.post or note.account,
                word_for(note.kind),
                when(note.since, zone),
                when(note.until, zone),
                _("withdrawn") if note.withdrawn_at else _("stands"),
                note.reason,
                note.reference,
            )
            for note in found
        ),
        empty=_("There is no note."),
    )


def subject(config: Config, asked: str) -> tuple[str, str | None]:
    """Which account and post a person means.

    Args:
        asked: An account as elsewhere, the address of its profile, or a post.

    Raises:
        UsageProblem: The archive has neither.
    """
    account = _account(config, asked)
    if account is not None:
        return account, None
    with reading_catalogue(config) as catalogue, catalogue.reading() as conn:
        if known_accounts.get(conn, asked) is not None:
            return asked, None
        return _of_post(conn, asked)


def _account(config: Config, asked: str) -> str | None:
    """The key of a configured account; ``None`` when it must be something else."""
    wanted = asked
    try:
        platform, handle = account_of(asked)
        wanted = f"{platform}/{handle}" if platform else asked
    except ValueError:
        pass
    bare = wanted.lower().removeprefix("@")
    names = [(one.name, one.key, one.handle) for one in config.accounts]
    if any(bare == name.lower() for three in names for name in three):
        return config.account(wanted).key
    return None


def _of_post(conn: Connection, asked: str) -> tuple[str, str]:
    found = posts.get(conn, post_id(asked))
    if found is None:
        raise UsageProblem(
            N_("The archive has no post {id}."),
            hint=N_("See `jejak posts`; only captured posts can be shown."),
            id=post_id(asked),
        )
    return found.account, found.id
