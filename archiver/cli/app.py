"""The command tree, built after the language is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli import accounts, capture, doctor, init, login, posts, runs, show, upkeep, verify
from archiver.cli.call import Call, default_config_file
from archiver.cli.spoken import SpokenCommand, SpokenGroup
from archiver.errors import USAGE
from archiver.i18n import _
from archiver.version import own_version


def build_app() -> typer.Typer:
    """All commands, with their help in the language spoken now."""
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

    def command(name: str, run: Callable[..., int], sentence: str) -> None:
        app.command(name, cls=SpokenCommand, help=sentence, options_metavar=_("[OPTIONS]"))(run)

    command("init", init.init, _("Write a commented config.toml and make the archive folder."))
    app.add_typer(accounts.build(), name="accounts")
    command("login", login.login, _("Take over a browser session for an identity."))
    command("identities", login.identities, _("Show the identities and how their sessions are."))
    command("capture", capture.capture, _("Capture accounts now, all active ones unless named."))
    command("runs", runs.runs, _("Show past runs, what they missed and why."))
    command("posts", posts.posts, _("Find posts."))
    command("show", show.show, _("Show one post with its versions, or take out one of its media."))
    command("verify", verify.verify, _("Check ledger, catalogue and WARC files."))
    command("recover", upkeep.recover, _("Finish what a crash left behind; every run does it too."))
    command(
        "reindex", upkeep.reindex_command, _("Rebuild the catalogue from WARC files and ledger.")
    )
    command("doctor", doctor.doctor, _("Check everything and say how to mend it."))
    return app


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
