"""The command tree, built after the language is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from archiver.cli.call import Call, default_config_file
from archiver.cli.spoken import SpokenCommand, SpokenGroup
from archiver.errors import USAGE
from archiver.i18n import N_, _
from archiver.version import own_version

COMMANDS: Final = {
    "init": ("init", "init", N_("Write a commented config.toml and make the archive folder.")),
    "accounts": ("accounts", "build", ""),
    "bodies": ("bodies", "bodies", N_("Show the bodies and units that accounts speak for.")),
    "note": ("notes", "build", ""),
    "login": ("login", "login", N_("Take over a browser session for an identity.")),
    "identities": (
        "login",
        "identities",
        N_("Show the identities and how their sessions are."),
    ),
    "plan": (
        "plan",
        "plan_command",
        N_("Say what the coming nights will cost, before anything runs."),
    ),
    "capture": (
        "capture",
        "capture",
        N_("Capture accounts now, all active ones unless named."),
    ),
    "runs": ("runs", "runs", N_("Show past runs, what they missed and why.")),
    "posts": ("posts", "posts", N_("Find posts.")),
    "show": (
        "show",
        "show",
        N_("Show one post with its versions, or take out one of its media."),
    ),
    "verdict": ("verdict", "build", ""),
    "verify": ("verify", "verify", N_("Check ledger, catalogue and WARC files.")),
    "recover": (
        "upkeep",
        "recover",
        N_("Finish what a crash left behind; every run does it too."),
    ),
    "reindex": (
        "upkeep",
        "reindex_command",
        N_("Rebuild the catalogue from WARC files and ledger."),
    ),
    "engines": ("engines", "build", ""),
    "doctor": ("doctor", "doctor", N_("Check everything and say how to mend it.")),
}
"""By name: module, function, help. Those without help have commands of their own."""


def build_app(arguments: Iterable[str] = ()) -> typer.Typer:
    """The commands, with their help in the language spoken now.

    Args:
        arguments: The command line. Only commands named in it are imported,
            since that takes longer than most of them need; all if none is.
    """
    app = typer.Typer(
        name="jejak",
        cls=SpokenGroup,
        help=_("Keeps official Instagram and TikTok accounts as records."),
        invoke_without_command=True,
        options_metavar=_("[OPTIONS]"),
        subcommand_metavar=_("COMMAND [ARGUMENTS]"),
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(everything)
    for name in _wanted(tuple(arguments)):
        module, function, text = COMMANDS[name]
        found: Callable[..., Any] = getattr(import_module(f"archiver.cli.{module}"), function)
        if text:
            options = _("[OPTIONS]")
            app.command(name, cls=SpokenCommand, help=_(text), options_metavar=options)(found)
        else:
            app.add_typer(found(), name=name)
    return app


def _wanted(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Names of commands that may be meant: a word that is one may also be a value."""
    if arguments and arguments[0] in ("--help", "-h"):
        return tuple(COMMANDS)
    return tuple(name for name in COMMANDS if name in arguments) or tuple(COMMANDS)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"jejak {own_version()}")
        raise typer.Exit(0)


def everything(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", metavar=_("FILE"), help=_("Configuration (default: config.toml).")
        ),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help=_("Show the log on standard error too."))
    ] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help=_("Show the version.")),
    ] = False,
) -> None:
    """What holds for every command; without one, the help page."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        # Not 0: a nightly call that lost its command must not look like a good night.
        raise typer.Exit(USAGE)
    context.obj = Call(config or default_config_file(), verbose)
