"""``jejak accounts history``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from archiver.account_life import Change, Condition, Counts, What, changes, condition, counts
from archiver.cli.call import reading_catalogue, the_call
from archiver.cli.figures import in_zone, number
from archiver.cli.output import print_json, print_table, say, tell, when
from archiver.cli.posts import account_key
from archiver.cli.table import Column
from archiver.errors import OK, UsageProblem
from archiver.i18n import N_, _
from archiver.reasons import sentence_for
from archiver.wording import word_for
from storage.catalogue import accounts

_WORDS = (What.VERIFICATION, What.VISIBILITY, What.PRESENCE)
"""Of these, before and after are words of ours."""


def history(
    context: typer.Context,
    account: Annotated[
        str, typer.Argument(metavar=_("ACCOUNT"), help=_("platform/handle, or platform:number."))
    ],
    as_counts: Annotated[
        bool, typer.Option("--counts", help=_("Followers, following and posts, night by night."))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Show when an account changed, and the records that prove it."""
    config = the_call(context).config()
    key = account_key(config, account)
    with reading_catalogue(config) as catalogue, catalogue.reading() as conn:
        looks = accounts.looks(conn, key)
    if not looks:
        raise UsageProblem(
            N_("The archive has nothing of {account} yet."),
            hint=N_("See `jejak accounts list`; `jejak capture` reads it."),
            account=account,
        )
    own = key.partition(":")[2]
    zone = config.content.archive.timezone
    if as_counts:
        _show_counts(counts(looks, own), zone, as_json)
        return OK
    found = changes(looks, own)
    if as_json:
        for change in found:
            print_json(change.row())
        return OK
    say(condition_line(condition(looks, own), zone))
    for change in found:
        for line in ("", *change_lines(change, zone)):
            say(line)
    if not found:
        tell(_("Nothing has changed since it was first captured."))
    return OK


def condition_line(now: Condition, zone: str) -> str:
    """How an account stands, as one line."""
    if now.since is None:
        return _("no capture has read it yet")
    told = _("{state}, since {since}; last seen so {last}").format(
        state=word_for(now.word), since=when(now.since, zone), last=when(now.last_seen, zone)
    )
    return f"{told}; {sentence_for(now.reason)}" if now.reason else told


def change_lines(change: Change, zone: str) -> Iterator[str]:
    """A change for a person: what, when, and the records that show both sides."""
    heading = f"{in_zone(when(change.at, zone), zone)}  {word_for(change.what)}"
    yield f"{heading}: {_said(change, change.before)} → {_said(change, change.after)}"
    if change.last_seen is not None:
        yield "  " + _("last seen as before: {time}").format(time=when(change.last_seen, zone))
    if change.reason is not None:
        yield f"  {sentence_for(change.reason)} ({change.reason})"
    for record in change.evidence_before:
        yield "  " + _("record before: {record}").format(record=record)
    for record in change.evidence:
        yield "  " + _("record: {record}").format(record=record)


def _said(change: Change, value: str | None) -> str:
    if value is None:
        return _("not known") if change.what is What.PRESENCE else _("none")
    if change.what in _WORDS:
        return word_for(value)
    if change.what is What.AVATAR:
        return f"sha256:{value.removeprefix('sha256:')}"
    return " ".join(value.split()) or _("empty")


def _show_counts(found: Sequence[Counts], zone: str, as_json: bool) -> None:
    if as_json:
        for one in found:
            print_json(asdict(one))
        return
    before: tuple[int | None, ...] | None = None
    rows = []
    for one in found:
        if one.told() != before:
            rows.append((when(one.at, zone), *map(number, one.told()), one.evidence[-1:]))
        before = one.told()
    print_table(
        (
            Column(in_zone(_("captured"), zone)),
            Column(_("followers"), right=True),
            Column(_("following"), right=True),
            Column(_("posts"), right=True),
            Column(_("record"), spare=True),
        ),
        ((*row[:-1], "".join(row[-1])) for row in rows),
    )
