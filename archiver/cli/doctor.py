"""``jejak doctor``."""

from __future__ import annotations

from typing import Annotated

import typer

from archiver.checkup import Check, Health, checks, config_check, program_checks
from archiver.cli.call import Call, the_call, utc_now
from archiver.cli.output import print_json, say
from archiver.errors import FINDINGS, OK, JejakError
from archiver.i18n import _


def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Check everything and say how to mend each."""
    found = _looked_at(the_call(context))
    marks = {Health.GOOD: "✓", Health.DOUBTFUL: "!", Health.BAD: "✗"}
    for check in found:
        if as_json:
            print_json(
                {
                    "check": check.name,
                    "health": check.health.value,
                    "detail": check.said(),
                    "hint": check.advice(),
                }
            )
            continue
        say(f"{marks[check.health]} {check.said()}")
        if check.advice():
            say(f"  → {check.advice()}")
    if any(check.health is not Health.GOOD for check in found):
        return FINDINGS
    if not as_json:
        say(_("Everything is in order."))
    return OK


def _looked_at(call: Call) -> list[Check]:
    try:
        config = call.config()
    except JejakError as error:
        return [*program_checks(utc_now()), config_check(error)]
    return list(checks(config, utc_now()))
