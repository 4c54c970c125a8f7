"""``jejak engines``."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.call import LANGUAGE_VARIABLE, Call, the_call, utc_now
from archiver.cli.figures import number
from archiver.cli.groups import group
from archiver.cli.output import complain, print_json, print_table, say, working
from archiver.cli.table import Column
from archiver.engines.kinds import ENGINES, Engine, engine_named
from archiver.engines.overview import EngineRow, overview
from archiver.engines.update import CanaryNotAsked, Change, Wish, Workshop, roll_back, update
from archiver.engines.wheels import EngineRefused
from archiver.errors import OK, UsageProblem
from archiver.i18n import N_, _
from archiver.wording import word_for

STEPS = {
    "fetch": N_("fetching it"),
    "contract": N_("recorded answers"),
    "canary": N_("asking the canary"),
    "shelf": N_("putting it on the shelf"),
    "current": N_("putting it to use"),
}
"""What `Workshop.tell` is told, in words."""


def build() -> typer.Typer:
    """``jejak engines`` and its commands."""
    return group(
        _("The client libraries: show, renew, take back."),
        {
            "list": (list_engines, _("Show which are used, how old they are, and which are kept.")),
            "update": (update_engines, _("Try a newer one, and use it if it passes.")),
            "rollback": (rollback, _("Go back to the one that was used before.")),
        },
    )


def list_engines(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Show every engine."""
    config = the_call(context).config()
    rows = list(overview(config.archive, utc_now().date()))
    if as_json:
        for row in rows:
            print_json(asdict(row))
        return OK
    print_table(
        (
            Column(_("engine")),
            Column(_("version")),
            Column(_("state")),
            Column(_("days old"), right=True),
            Column(_("released"), spare=True),
            Column(_("canary"), spare=True),
        ),
        (_cells(row) for row in rows),
    )
    return OK


def _cells(row: EngineRow) -> tuple[str, ...]:
    state = word_for(row.state) + (" " + _("(built in)") if row.built_in else "")
    days = "-" if row.days is None else number(row.days)
    # Without its contract kept none is on the shelf; only the canary may differ.
    canary = word_for(row.checks.get("canary")) or "-"
    return row.engine, row.version, state, days, row.released or "-", canary


def update_engines(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar=_("ENGINE"), help=_("instaloader, yt-dlp or all."))
    ] = "all",
    folder: Annotated[
        Path | None,
        typer.Option("--from", metavar=_("FOLDER"), help=_("Take wheels from here only.")),
    ] = None,
    version: Annotated[
        str | None,
        typer.Option("--version", metavar=_("VERSION"), help=_("This version, not the newest.")),
    ] = None,
    without_canary: Annotated[
        bool, typer.Option("--without-canary", help=_("Do not ask a canary account."))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Try newer engines."""
    call = the_call(context)
    chosen = tuple(ENGINES.values()) if name == "all" else (engine_named(name),)
    if folder is not None and not folder.is_dir():
        raise UsageProblem(N_("There is no folder {folder}."), folder=folder)
    if version is not None and len(chosen) > 1:
        raise UsageProblem(
            N_("A version belongs to one engine; name it too."),
            hint=N_("For example: `jejak engines update yt-dlp --version 2026.11.20`."),
        )
    worst = OK
    for engine in chosen:
        wish = Wish(engine, folder, version, canary=not without_canary)
        worst = max(worst, _one(call, wish, as_json))
    return worst


def _one(call: Call, wish: Wish, as_json: bool) -> int:
    """One engine; a refusal does not keep the next one from being tried."""
    doing = _("Renewing {name}:").format(name=wish.engine.name)
    try:
        with working(doing, silent=as_json) as part:
            change = update(_workshop(call, lambda step: part(_(STEPS[step]))), wish)
    except (EngineRefused, UsageProblem, CanaryNotAsked) as refusal:
        if as_json:
            print_json({"engine": wish.engine.name, "changed": False, "refused": str(refusal)})
        complain(refusal)
        return refusal.exit_code
    if as_json:
        print_json(asdict(change))
    else:
        _say(change, wish.engine)
    return OK


def _say(change: Change, engine: Engine) -> None:
    if not change.changed:
        said = _("{name} {version} is used already.")
        say(said.format(name=engine.name, version=change.after))
        return
    said = _("{name} {version} is used from now on, instead of {before}.")
    say(said.format(name=engine.name, version=change.after, before=change.before))
    for check, outcome in change.checks.items():
        say(f"  {word_for(check)}: {word_for(outcome)}")
    say(f"  {change.wheel_sha256}")
    say("→ " + _("Back again: `jejak engines rollback {name}`.").format(name=engine.name))


def rollback(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar=_("ENGINE"), help=_("instaloader or yt-dlp."))],
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Go back."""
    engine = engine_named(name)
    change = roll_back(_workshop(the_call(context)), engine)
    if as_json:
        print_json(asdict(change))
    else:
        said = _("{name} {version} is used again, instead of {before}.")
        say(said.format(name=engine.name, version=change.after, before=change.before))
    return OK


def _workshop(call: Call, tell: Callable[[str], None] = lambda step: None) -> Workshop:
    config = call.config()
    language = os.environ.get(LANGUAGE_VARIABLE) or config.content.language
    return Workshop(config, utc_now, language, tell)
