"""``jejak verify``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from archiver.cli.call import reading_catalogue, the_call
from archiver.cli.output import print_findings, print_json, say, tell, working
from archiver.errors import FINDINGS, OK
from archiver.i18n import _
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
    doing = working(_("Checking"), silent=as_json)
    with reading_catalogue(config) as catalogue, doing as show:
        findings = list(verify_archive(config.archive, catalogue, full=full, tell=show))
    if as_json:
        for finding in findings:
            print_json(asdict(finding))
    elif findings:
        print_findings(findings)
    elif full:
        say(_("Nothing was found; the archive agrees with itself."))
    else:
        say(_("Nothing was found; ledger and segments are whole."))
        tell(_("Whether catalogue and media agree with them, `jejak verify --full` checks."))
    return FINDINGS if findings else OK
