"""``jejak bodies`` and ``jejak accounts assign``."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from archiver.cli.call import the_call, utc_now
from archiver.cli.figures import number
from archiver.cli.output import print_json, print_table, say
from archiver.cli.table import Column
from archiver.decisions import Assignment, assign
from archiver.errors import OK
from archiver.i18n import _
from archiver.moments import asked_day


def assign_account(
    context: typer.Context,
    account: Annotated[str, typer.Argument(metavar=_("ACCOUNT"), help=_("platform/handle."))],
    body: Annotated[
        str, typer.Option(metavar=_("NAME"), help=_("The government body it speaks for."))
    ],
    valid_from: Annotated[
        str, typer.Option("--from", metavar=_("DATE"), help=_("Of that body since this day."))
    ],
    unit: Annotated[
        str | None, typer.Option(metavar=_("NAME"), help=_("The unit of that body."))
    ] = None,
    reference: Annotated[
        str | None, typer.Option(metavar=_("TEXT"), help=_("The decree or letter that says so."))
    ] = None,
    reason: Annotated[
        str | None, typer.Option(metavar=_("TEXT"), help=_("Why; it stays in the ledger."))
    ] = None,
) -> int:
    """Say which body and unit an account speaks for, since when."""
    config = the_call(context).config()
    found = config.account(account)
    day = asked_day(valid_from)
    assign(config, utc_now, found, Assignment(body, unit, day, reference, reason))
    said = " · ".join(filter(None, (body, unit)))
    say(_("{name}: {body} since {day}").format(name=found.name, body=said, day=day.isoformat()))
    return OK


def bodies(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Show the bodies and units, and how many accounts speak for each now."""
    config = the_call(context).config()
    today = datetime.now(ZoneInfo(config.content.archive.timezone)).date()
    counted = Counter(
        (account.body, account.unit)
        for account in config.accounts
        if account.body and not account.retired
        if account.valid_from is None or account.valid_from <= today
    )
    for entry in config.content.bodies:
        for unit in entry.units or (None,):
            counted.setdefault((entry.name, unit), 0)
    codes = {entry.name: entry.code for entry in config.content.bodies}
    rows = sorted(counted.items(), key=lambda one: (one[0][0] or "", one[0][1] or ""))
    if as_json:
        for (body, unit), count in rows:
            code = codes.get(body or "")
            print_json({"body": body, "unit": unit, "code": code, "accounts": count})
        return OK
    print_table(
        (
            Column(_("body"), cuts=True, widest=60),
            Column(_("unit"), cuts=True, widest=60),
            Column(_("accounts"), right=True),
        ),
        ((body, unit, number(count)) for (body, unit), count in rows),
        empty=_("No account names a body yet; see `jejak accounts assign`."),
    )
    return OK
