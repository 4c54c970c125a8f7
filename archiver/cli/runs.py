"""``jejak runs``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from archiver.cli.call import reading_catalogue, the_call
from archiver.cli.output import print_json, print_table, when
from archiver.errors import OK
from archiver.i18n import _
from storage.catalogue.runs import newest


def runs(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help=_("At most so many."))] = 30,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Show past runs, newest first."""
    config = the_call(context).config()
    zone = config.content.archive.timezone
    states = {
        "running": _("running"),
        "ended": _("ended"),
        "interrupted": _("interrupted"),
        "unrecorded": _("unrecorded"),
    }
    with reading_catalogue(config) as catalogue, catalogue.reading() as conn:
        found = newest(conn, limit=limit)
        if as_json:
            for row in found:
                print_json(asdict(row))
            return OK
        print_table(
            (
                _("started"),
                _("state"),
                _("accounts"),
                _("complete"),
                _("partial"),
                _("failed"),
                _("new"),
                _("edited"),
                _("requests"),
                "MB",
            ),
            (
                (
                    when(row.started_at, zone),
                    states.get(row.state, row.state),
                    row.captures,
                    row.complete,
                    row.partial,
                    row.failed,
                    row.new,
                    row.edited,
                    row.requests,
                    f"{row.bytes / 1e6:.1f}",
                )
                for row in found
            ),
        )
    return OK
