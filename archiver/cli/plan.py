"""``jejak plan``."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Connection, create_engine

from archiver.archive_folder import require_archive
from archiver.cli.call import reading_catalogue, the_call
from archiver.cli.figures import decimal, number, size
from archiver.cli.output import print_json, print_table, say, tell
from archiver.cli.table import Column
from archiver.config import Config
from archiver.errors import FINDINGS, OK
from archiver.i18n import _
from archiver.plan import AccountPlan, Plan, Terms, VisitorPlan, plan
from archiver.plan_demand import demand_of
from archiver.sections import AccountSection
from storage import schema


def plan_command(
    context: typer.Context,
    accounts: Annotated[
        list[str] | None, typer.Argument(metavar=_("ACCOUNT"), help=_("All by default."))
    ] = None,
    hours: Annotated[
        float, typer.Option("--hours", min=0.1, metavar="H", help=_("How long a night may take."))
    ] = 6.0,
    mbit: Annotated[
        float, typer.Option("--mbit", min=0.1, metavar="N", help=_("Speed of the line, Mbit/s."))
    ] = 10.0,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """What the coming nights will cost; asks no platform and changes nothing."""
    config = the_call(context).config()
    chosen = [config.account(name) for name in accounts or ()] or [
        account for account in config.accounts if account.active and not account.retired
    ]
    with _books(config) as conn:
        demands = [demand_of(conn, account) for account in chosen]
    made = plan(demands, _terms(config, hours, mbit))
    sweep = config.content.schedule.sweep_requests_per_night
    if as_json:
        _print_json(made, hours, sweep)
    else:
        _print(made, chosen, hours)
        if chosen:
            _print_sweep(sweep)
    return FINDINGS if made.too_long or _not_fitting(made) else OK


@contextmanager
def _books(config: Config) -> Iterator[Connection]:
    """The catalogue, or an empty one while nothing was captured yet."""
    require_archive(config)
    if (config.archive / "ledger").is_dir():
        with reading_catalogue(config) as catalogue, catalogue.reading() as conn:
            yield conn
        return
    engine = create_engine("sqlite://")
    try:
        schema.metadata.create_all(engine)
        with engine.connect() as conn:
            yield conn
    finally:
        engine.dispose()


def _terms(config: Config, hours: float, mbit: float) -> Terms:
    archive = config.content.archive
    free_bytes = shutil.disk_usage(config.archive).free - archive.min_free_bytes
    return Terms(
        night_s=hours * 3600,
        pause_s=config.content.network.pause_s,
        bytes_per_s=mbit * 1e6 / 8,
        quota=config.content.harvest.requests_per_night,
        free_bytes=free_bytes,
        first=datetime.now(ZoneInfo(archive.timezone)).date(),
    )


def _not_fitting(made: Plan) -> tuple[AccountPlan, ...]:
    """Accounts whose older posts are counted and will never all be read."""
    return tuple(a for a in made.accounts if a.nights is None and a.demand.past_posts)


def _print_json(made: Plan, hours: float, sweep: int) -> None:
    for visitor in made.visitors:
        print_json(
            {
                "type": "visitor",
                **_visitor_facts(visitor),
                "night_hours": hours,
                "sweep_requests_at_most": sweep,
            }
        )
    for account in made.accounts:
        demand = account.demand
        print_json(
            {
                "type": "account",
                "account": demand.account,
                "visitor": demand.visitor,
                "measured": demand.measured,
                "requests": round(demand.nightly.requests),
                "bytes": round(demand.nightly.size_bytes),
                "past_posts": demand.past_posts,
                "past_nights": account.nights,
                "past_done_on": account.done_on.isoformat() if account.done_on else None,
            }
        )
    print_json(
        {
            "type": "disk",
            "first_night_bytes": round(made.first_night_bytes),
            "later_night_bytes": round(made.later_night_bytes),
            "full_on": made.disk_full_on.isoformat() if made.disk_full_on else None,
        }
    )


def _visitor_facts(visitor: VisitorPlan) -> dict[str, object]:
    return {
        "visitor": visitor.visitor,
        "requests": round(visitor.news.requests + visitor.past.requests),
        "news_requests": round(visitor.news.requests),
        "past_requests": round(visitor.past.requests),
        "bytes": round(visitor.news.size_bytes + visitor.past.size_bytes),
        "hours": round(visitor.hours, 2),
        "fits": visitor.fits,
    }


def _print(made: Plan, chosen: list[AccountSection], hours: float) -> None:
    print_table(
        (
            Column(_("identity")),
            Column(_("requests"), right=True),
            Column(_("of these for older posts"), right=True),
            Column(_("hours"), right=True),
            Column("GB", right=True),
        ),
        (
            (
                visitor.visitor,
                number(round(visitor.news.requests + visitor.past.requests)),
                number(round(visitor.past.requests)),
                decimal(visitor.hours),
                f"{decimal((visitor.news.size_bytes + visitor.past.size_bytes) / 1e9)}",
            )
            for visitor in made.visitors
        ),
        empty=_("There is no account yet; `jejak accounts add` adds one."),
    )
    if not chosen:
        return
    say("")
    print_table(
        (
            Column(_("account"), cuts=True, least=20),
            Column(_("requests a night"), right=True),
            Column(_("known from"), spare=True),
            Column(_("older posts"), right=True),
            Column(_("nights"), right=True),
            Column(_("read by")),
        ),
        (_account_row(account) for account in made.accounts),
    )
    _print_conclusions(made, hours)


def _print_sweep(requests: int) -> None:
    say(
        _(
            "The sweep may use {requests} requests of each identity a night at most. What it used "
            "is part of a figure known from captures; an assumption leaves it out."
        ).format(requests=number(requests))
    )


def _account_row(account: AccountPlan) -> tuple[object, ...]:
    demand = account.demand
    return (
        demand.account,
        number(round(demand.nightly.requests)),
        _("its captures") if demand.measured else _("an assumption"),
        _("unknown") if demand.past_posts is None else number(demand.past_posts),
        "" if account.nights is None else number(account.nights),
        account.done_on.isoformat() if account.done_on else "",
    )


def _print_conclusions(made: Plan, hours: float) -> None:
    say("")
    for visitor in made.visitors:
        if not visitor.fits:
            say(
                _(
                    "{visitor} does not fit: its news alone takes longer than {hours} hours. "
                    "Give some of its accounts another identity, or allow longer nights."
                ).format(visitor=visitor.visitor, hours=decimal(hours))
            )
    for account in _not_fitting(made):
        say(
            _(
                "{account} does not fit: its older posts will not be read within ten years. "
                "Raise [harvest] requests_per_night, or allow longer nights."
            ).format(account=account.demand.account)
        )
    say(
        _("A night brings {first} now and {later} when nothing older is left to read.").format(
            first=size(round(made.first_night_bytes)), later=size(round(made.later_night_bytes))
        )
    )
    if made.disk_full_on is None:
        say(_("The disk is large enough for ten years of this."))
    else:
        say(_("The disk is full on {day}.").format(day=made.disk_full_on.isoformat()))
    if any(account.demand.past_posts is None for account in made.accounts):
        tell(_("How many older posts there are is known after an account's first capture."))
