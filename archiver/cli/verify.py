"""``jejak verify``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer
from rich.status import Status

from archiver.cli.call import reading_catalogue, the_call
from archiver.cli.output import err, print_json, print_table, say
from archiver.errors import FINDINGS, OK
from archiver.i18n import _
from archiver.terminal import printable
from archiver.verification import Tell
from archiver.verification import verify as verify_archive


def verify(
    context: typer.Context,
    full: Annotated[
        bool, typer.Option("--full", help=_("Also read back every record and media item."))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Check the archive against itself; nothing is changed."""
    config = the_call(context).config()
    with reading_catalogue(config) as catalogue, telling(as_json) as tell:
        findings = list(verify_archive(config.archive, catalogue, full=full, tell=tell))
    if as_json:
        for finding in findings:
            print_json(asdict(finding))
    elif findings:
        print_table(
            (_("code"), _("where"), _("finding")), ((f.code, f.where, f.detail) for f in findings)
        )
    else:
        say(_("Nothing was found; the archive agrees with itself."))
    return FINDINGS if findings else OK


@contextmanager
def telling(as_json: bool) -> Iterator[Tell]:
    """Shows on a terminal what is checked now."""
    if as_json or not sys.stderr.isatty():
        yield lambda what: None
        return
    with Status("", console=err()) as status:
        yield lambda what: status.update(printable(what))
