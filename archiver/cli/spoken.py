"""Typer's own words, in the language of the person.

Typer's help pages and its complaints are English sentences inside the library;
here they are said again through our message catalogues.
"""

from __future__ import annotations

import re
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from archiver.config_mistakes import expected_of
from archiver.errors import UsageProblem
from archiver.i18n import N_, _


class _Spoken:
    """What commands and groups have in common: how their help page reads."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """The line that shows how the command is written."""
        command: Any = self
        # Typer writes {NAME} for what must be given; elsewhere braces mean a choice.
        pieces = " ".join(command.collect_usage_pieces(ctx)).translate({123: None, 125: None})
        formatter.write_usage(ctx.command_path, pieces, prefix=_("Usage: "))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The tables of arguments, options and, of a group, commands."""
        command: Any = self
        for heading, sort in ((_("Arguments"), "argument"), (_("Options"), "option")):
            records = [
                param.get_help_record(ctx)
                for param in command.get_params(ctx)
                if param.param_type_name == sort
            ]
            rows = [
                (re.sub(r" <[^>]+>", "", names), _in_our_words(text))
                for names, text in filter(None, records)
            ]
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)
        inside: dict[str, Any] = getattr(command, "commands", {})
        if inside:
            with formatter.section(_("Commands")):
                formatter.write_dl([(name, one.help or "") for name, one in inside.items()])


class SpokenCommand(_Spoken, TyperCommand):
    """A command whose help page speaks the person's language."""

    def get_help_option(self, ctx: Any) -> TyperOption | None:
        """``--help``, with our sentence."""
        return _spoken_help(super().get_help_option(ctx))


class SpokenGroup(_Spoken, TyperGroup):
    """A group whose help page speaks the person's language."""

    def get_help_option(self, ctx: Any) -> TyperOption | None:
        """``--help``, with our sentence."""
        return _spoken_help(super().get_help_option(ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is asked for.

        Raises:
            UsageProblem: There is none of that name.
        """
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            raise UsageProblem(
                N_("There is no command {name}; known: {known}."),
                hint=N_("See `{path} --help`."),
                name=name[:40],
                known=", ".join(self.commands),
                path=ctx.command_path,
            )
        return super().resolve_command(ctx, args)


def _spoken_help(option: TyperOption | None) -> TyperOption | None:
    if option is not None:
        option.help = _("Show this help.")
    return option


def _in_our_words(text: str) -> str:
    """A help text whose last bracket (``[default: 30; x>=1]``) is Typer's."""
    known = r"(?:default: [^;\]]*|[\d.]*[<>=]*x[<>=]+[\d.]+|required)"
    found = re.search(rf"\s*\[({known}(?:; {known})*)\]$", text)
    if not found:
        return text
    words = []
    for part in found[1].split("; "):
        name, colon, value = part.partition(": ")
        if colon:
            words.append(_("default: {value}").format(value=value))
        elif name == "required":
            words.append(_("required"))
        else:
            words.append(name.removeprefix("x").replace(">=", "≥ ").replace("<=", "≤ "))
    return f"{text[: found.start()]}  [{'; '.join(words)}]".strip()


def misuse(error: typer.TyperException) -> tuple[str, str]:
    """What a command line asks for that cannot be, and what to do next.

    Args:
        error: Whatever Typer refuses with; its kinds have no public names.

    Returns:
        Sentence and hint, in the language spoken now.
    """
    raised: Any = error
    context = getattr(raised, "ctx", None)
    hint = _("See `{path} --help`.").format(path=context.command_path if context else "jejak")
    return _sentence(raised), hint


def _sentence(raised: Any) -> str:
    said: str = raised.format_message()
    match type(raised).__name__:
        case "NoSuchOption":
            known = ", ".join(sorted(raised.possibilities or ()))
            sentence = _("There is no option {name}.").format(name=raised.option_name)
            return (
                f"{sentence} " + _("Did you mean {meant}?").format(meant=known)
                if known
                else sentence
            )
        case "MissingParameter":
            return _("{name} is missing from the command.").format(name=_name(raised.param))
        case "BadOptionUsage" if "requires" in said:
            return _("{name} needs a value.").format(name=raised.option_name)
        case "BadOptionUsage":
            return _("{name} takes no value.").format(name=raised.option_name)
        case "BadParameter" if raised.param is not None and expected_of(raised.__cause__):
            return _("{name}: expected {expected}.").format(
                name=_name(raised.param), expected=expected_of(raised.__cause__)
            )
    more = re.fullmatch(r"Got unexpected extra argument\(s\) \((.*)\)", said, re.S)
    return _("Too much is given: {words}").format(words=more[1]) if more else said


def _name(param: Any) -> str:
    """An option as it is typed; an argument as the help page shows it."""
    if param.param_type_name == "option":
        return str(max(param.opts, key=len))
    return str(param.metavar or param.name).strip("[].").upper()
