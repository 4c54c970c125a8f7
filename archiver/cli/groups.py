"""Commands that have commands of their own, all built alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import typer

from archiver.cli.spoken import SpokenCommand, SpokenGroup
from archiver.i18n import _


def group(help_text: str, commands: Mapping[str, tuple[Callable[..., int], str]]) -> typer.Typer:
    """A group whose help speaks the person's language.

    Args:
        help_text: What the group is for, translated.
        commands: By name, in the order of the help page: what runs, and what
            it does, translated.
    """
    app = typer.Typer(
        cls=SpokenGroup,
        help=help_text,
        no_args_is_help=True,
        rich_markup_mode=None,
        options_metavar=_("[OPTIONS]"),
        subcommand_metavar=_("COMMAND [ARGUMENTS]"),
    )
    for name, (run, sentence) in commands.items():
        app.command(name, cls=SpokenCommand, help=sentence, options_metavar=_("[OPTIONS]"))(run)
    return app
