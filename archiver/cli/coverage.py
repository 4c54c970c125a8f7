"""``jejak coverage``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from typing import Annotated

import typer

from archiver.account_coverage import AccountCoverage, coverage_of
from archiver.cli.call import reading_catalogue, the_call, utc_now
from archiver.cli.figures import number
from archiver.cli.output import print_json, print_table, say, tell, when
from archiver.cli.table import Column
from archiver.errors import FINDINGS, OK
from archiver.i18n import _
from archiver.wording import word_for


def coverage(
    context: typer.Context,
    accounts: Annotated[
        list[str] | None, typer.Argument(metavar=_("ACCOUNT"), help=_("All by default."))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """What is known of each account's posts, and how fast they are seen again."""
    config = the_call(context).config()
    chosen = [config.account(name) for name in accounts or ()] or [
        account for account in config.accounts if not account.retired
    ]
    within, now = config.content.schedule.resee_within_days, utc_now()
    with reading_catalogue(config) as catalogue, catalogue.reading() as conn:
        found = [coverage_of(conn, account, within, now) for account in chosen]
    if as_json:
        for one in found:
            print_json(one.row())
    else:
        _print(found, config.content.archive.timezone)
        _warn(found, within)
    return FINDINGS if any(one.overdue or one.too_slow for one in found) else OK


def _print(found: Sequence[AccountCoverage], zone: str) -> None:
    print_table(
        (
            Column(_("account"), cuts=True, least=24, widest=48),
            Column(_("kept"), right=True),
            Column(_("declared"), right=True, spare=True),
            Column(_("whole since")),
            Column(_("longest unseen"), right=True),
            Column(_("seen again in"), right=True),
            Column(word_for("deleted"), right=True, spare=True),
            Column(word_for("unavailable"), right=True, spare=True),
        ),
        (
            (
                one.name,
                number(one.kept),
                number(one.declared),
                _since(one, zone),
                _in_days(_full(one.oldest_days)),
                _in_days(_needed(one.resee_days)),
                number(one.posts.deleted),
                number(one.posts.unavailable),
            )
            for one in found
        ),
        empty=_("There is no account."),
    )
    for one in found:
        if one.harvest is not None:
            told = _("{account}: its past is being read, {part} % of it; what is older is unknown.")
            part = "?" if one.harvest.percentage is None else one.harvest.percentage
            say(told.format(account=one.name, part=part))
        elif len(one.intervals) > 1:
            told = _("{account}: between {begin} and {end} not everything was read.")
            for older, newer in pairwise(one.intervals):
                times = {"begin": when(older.end, zone), "end": when(newer.begin, zone)}
                say(told.format(account=one.name, **times))


def _since(one: AccountCoverage, zone: str) -> str:
    """From when on everything up to the last capture was read."""
    if not one.intervals:
        return _("nothing yet")
    begin = one.intervals[-1].begin
    return _("the start") if begin is None else when(begin, zone)[:10]


def _in_days(days: int | None) -> str:
    return "?" if days is None else _("{count} d").format(count=number(days))


def _full(days: float | None) -> int | None:
    """Days that are over."""
    return None if days is None else int(days)


def _needed(days: float | None) -> int | None:
    """Days after which it is surely over."""
    return None if days is None else ceil(days)


def _warn(found: Sequence[AccountCoverage], within: int) -> None:
    for one in found:
        facts = {"account": one.name, "days": _full(one.oldest_days), "within": within}
        if one.overdue:
            told = _("! {account}: {post} was not looked at for {days} days, more than {within}.")
            tell(told.format(post=one.posts.oldest_post, **facts), "bold yellow")
        if one.too_slow:
            told = _(
                "! {account}: at this pace all posts are seen again in {days} days, not {within}."
            )
            tell(told.format(**facts | {"days": _needed(one.resee_days)}), "bold yellow")
    if any(one.overdue or one.too_slow for one in found):
        tell("→ " + _("Raise [schedule] sweep_requests_per_night, or resee_within_days."))
