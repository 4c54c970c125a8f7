"""``jejak init``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.output import near, say
from archiver.config import load
from archiver.errors import OK, StorageProblem, UsageProblem
from archiver.example_config import example_config
from archiver.i18n import N_, _
from archiver.os_words import reason_of


def init(
    directory: Annotated[
        Path, typer.Argument(metavar=_("[FOLDER]"), help=_("Where; the present folder by default."))
    ] = Path(),
) -> int:
    """Write config.toml and make the archive folder; never overwrites."""
    file = directory / "config.toml"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as out:
            out.write(example_config())
    except FileExistsError:
        raise UsageProblem(
            N_("{file} is already there and is left as it is."),
            hint=N_("Edit it, or give another folder."),
            file=file,
        ) from None
    except OSError as error:
        raise StorageProblem(
            N_("{file} cannot be written: {reason}."),
            hint=N_("Give the user that runs jejak the right to write there; see `jejak doctor`."),
            file=file,
            reason=reason_of(error),
        ) from None
    archive = load(file).archive
    archive.mkdir(parents=True, exist_ok=True)
    say(_("Written: {file}").format(file=file))
    say(_("Archive folder: {archive}").format(archive=near(archive)))
    say(_("Next: `jejak accounts add instagram HANDLE`, then `jejak capture`."))
    return OK
