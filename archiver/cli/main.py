"""The entry point: language, errors, exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from archiver.cli.app import build_app
from archiver.cli.call import LANGUAGE_VARIABLE, default_config_file
from archiver.cli.output import complain, complaint
from archiver.cli.spoken import misuse
from archiver.config import language_of, load, read_toml
from archiver.errors import BUG, NOT_CAPTURED, OK, USAGE, JejakError
from archiver.i18n import DEFAULT_LANGUAGE, LANGUAGES, _, speak
from archiver.log import open_log
from archiver.storage_words import exit_code, storage_words
from storage.catalogue.errors import CatalogueError
from storage.ledger import LedgerError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: Arguments without the program's name; the process's own when
            ``None``.

    Returns:
        The exit code: 0 fine, 1 bug, 2 usage or configuration, 3 findings,
        4 an account was not captured.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    config_file = config_file_of(arguments)
    speak(language_for(config_file))
    try:
        code = build_app(arguments)(args=arguments, prog_name="jejak", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else OK
    except JejakError as error:
        complain(error)
        return error.exit_code
    except (CatalogueError, LedgerError) as error:
        complaint(*storage_words(error))
        return exit_code(error)
    except typer.Exit as end:
        return end.exit_code
    except typer.TyperException as error:
        return _misused(error)
    except (typer.Abort, KeyboardInterrupt):
        complaint(_("Interrupted. What was acknowledged is kept."))
        return NOT_CAPTURED
    except BrokenPipeError:
        # The reader of our output went away (`jejak posts | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as bug:  # noqa: BLE001 - the last wall: a traceback is for the log only
        return _bug(bug, config_file)


def config_file_of(arguments: Sequence[str]) -> Path:
    """The configuration file a command line names, before it is parsed."""
    for here, argument in enumerate(arguments):
        if argument == "--config" and here + 1 < len(arguments):
            return Path(arguments[here + 1])
        if argument.startswith("--config="):
            return Path(argument.partition("=")[2])
    return default_config_file()


def language_for(config_file: Path) -> str:
    """``JEJAK_LANGUAGE``, else what the configuration asks for, else Indonesian."""
    asked = os.environ.get(LANGUAGE_VARIABLE, "")
    if asked in LANGUAGES:
        return asked
    try:
        return language_of(read_toml(config_file)[1])
    except JejakError:
        return DEFAULT_LANGUAGE


def _misused(error: typer.TyperException) -> int:
    """What typer itself refuses: unknown options, missing arguments, no command at all."""
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(str(error))
    else:
        complaint(*misuse(error))
    return USAGE


def _bug(bug: Exception, config_file: Path) -> int:
    """Say that it is our fault; the traceback goes to the log, scrubbed."""
    log = open_log(None)
    try:
        config = load(config_file)
        log = open_log(config.archive)
        log.scrubber.learn(config.secrets)
        for file in sorted((config.archive / "identities").glob("*.json")):
            log.scrubber.learn(_words(file))
    except (JejakError, OSError):
        pass
    log.write.error("bug", exc_info=bug)
    name = log.scrubber.text(f"{type(bug).__name__}: {bug}")
    complaint(
        _("This is a bug in jejak: {name}").format(name=name),
        _("The traceback is in {place}. Please report it to whoever maintains jejak.").format(
            place=log.directory or "-"
        ),
    )
    return BUG


def _words(file: Path) -> list[str]:
    """Every quoted text of a session file: whatever is in it may be secret."""
    return file.read_text("utf-8", "replace").split('"')


if __name__ == "__main__":
    sys.exit(main())
