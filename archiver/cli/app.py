"""The command tree, built after the language is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli import accounts, capture, doctor, init, login, posts, runs, show, upkeep, verify
from archiver.cli.call import Call, default_config_file
from archiver.i18n import _
from archiver.version import own_version


def build_app() -> typer.Typer:
    """All commands, with their help in the language spoken now."""
    app = typer.Typer(
        name="jejak",
        help=_("Keeps official Instagram and TikTok accounts as records."),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(everything)
    app.command("init", help=_("Write a commented config.toml and make the archive folder."))(
        init.init
    )
    app.add_typer(accounts.build(), name="accounts")
    app.command("login", help=_("Take over a browser session for an identity."))(login.login)
    app.command("identities", help=_("Show the identities and how their sessions are."))(
        login.identities
    )
    app.command("capture", help=_("Capture accounts now, all active ones unless named."))(
        capture.capture
    )
    app.command("runs", help=_("Show past runs."))(runs.runs)
    app.command("posts", help=_("Find posts."))(posts.posts)
    app.command("show", help=_("Show one post with its versions, or take out one of its media."))(
        show.show
    )
    app.command("verify", help=_("Check ledger, catalogue and WARC files."))(verify.verify)
    app.command("recover", help=_("Finish what a crash left behind; every run does it too."))(
        upkeep.recover
    )
    app.command("reindex", help=_("Rebuild the catalogue from WARC files and ledger."))(
        upkeep.reindex_command
    )
    app.command("doctor", help=_("Check everything and say how to mend it."))(doctor.doctor)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"jejak {own_version()}")
        raise typer.Exit(0)


def everything(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help=_("Configuration (default: config.toml).")),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help=_("Show the log on standard error too."))
    ] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help=_("Show the version.")),
    ] = False,
) -> None:
    """What holds for every command."""
    context.obj = Call(config or default_config_file(), verbose)
