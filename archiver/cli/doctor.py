"""``jejak doctor``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from archiver.checkup import checks, config_check, program_checks
from archiver.cli.call import Call, the_call, utc_now
from archiver.cli.output import print_json, say, working
from archiver.errors import FINDINGS, OK, JejakError
from archiver.health import Check, Group, Health
from archiver.i18n import _


def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Check everything and say how to mend each."""
    call = the_call(context)
    with working(_("Checking"), silent=as_json):
        found = _looked_at(call)
    if as_json:
        for check in found:
            print_json(
                {
                    "check": check.name,
                    "health": check.health.value,
                    "detail": check.said(),
                    "hint": check.advice(),
                }
            )
    else:
        _print(found, call.verbose)
    return OK if all(check.health is Health.GOOD for check in found) else FINDINGS


def _print(found: Sequence[Check], verbose: bool) -> None:
    names = {
        Group.PROGRAM: _("Program"),
        Group.ARCHIVE: _("Archive"),
        Group.NETWORK: _("Network"),
        Group.IDENTITIES: _("Identities"),
    }
    for group, name in names.items():
        inside = [check for check in found if check.group is group]
        if not inside:
            continue
        say(name)
        sound = [c for c in inside if c.library and c.health is Health.GOOD and not verbose]
        for check in inside:
            if check not in sound:
                _print_check(check)
        if sound:
            said = _("{count} other libraries are there (all of them: `jejak --verbose doctor`)")
            say("  ✓ " + said.format(count=len(sound)))
    bad = sum(check.health is not Health.GOOD for check in found)
    say("")
    if bad:
        say(_("To be mended: {count}; what to do stands behind each arrow.").format(count=bad))
    else:
        say(_("Everything is in order."))


def _print_check(check: Check) -> None:
    marks = {Health.GOOD: "✓", Health.DOUBTFUL: "!", Health.BAD: "✗"}
    say(f"  {marks[check.health]} {check.said()}")
    if check.advice():
        say(f"    → {check.advice()}")


def _looked_at(call: Call) -> list[Check]:
    try:
        config = call.config()
    except JejakError as error:
        return [*program_checks(utc_now()), config_check(error)]
    return list(checks(config, utc_now()))
