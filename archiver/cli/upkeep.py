"""``jejak recover`` and ``jejak reindex``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from archiver.archive_folder import require_archive
from archiver.books import open_books
from archiver.cli.call import the_call, utc_now
from archiver.cli.figures import number
from archiver.cli.output import print_findings, print_json, say, working
from archiver.errors import FINDINGS, OK
from archiver.i18n import _
from archiver.startup import StartupReport, start_up
from archiver.writer_lock import writer_lock
from storage.reindex import reindex


def recover(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Finish what a crash left behind."""
    config = the_call(context).config()
    require_archive(config)
    doing = working(_("Recovering"), silent=as_json)
    with doing, writer_lock(config.archive, utc_now()), open_books(config, utc_now) as books:
        report = start_up(config.archive, books)
    if as_json:
        print_json(asdict(report))
    else:
        _say_recovered(report)
    return FINDINGS if report.findings else OK


def _say_recovered(report: StartupReport) -> None:
    if not report.anything:
        say(_("There was nothing to recover."))
    for name in report.closed:
        say(_("Closed: {name}").format(name=name))
    for name in report.quarantined:
        say(_("Set aside in quarantine: {name}").format(name=name))
    for run in report.interrupted:
        say(_("Interrupted run noted: {run}").format(run=run))
    if report.records:
        say(_("Records added to the catalogue: {count}").format(count=number(report.records)))
    print_findings(report.findings)


def reindex_command(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Rebuild the catalogue from WARC files and ledger."""
    config = the_call(context).config()
    require_archive(config)
    doing = working(_("Rebuilding the catalogue"), silent=as_json)
    with doing, writer_lock(config.archive, utc_now()), open_books(config, utc_now) as books:
        start_up(config.archive, books)
        report = reindex(config.archive, books.catalogue)
        books.note(
            "reindex",
            {},
            outcome="partial" if report.findings else "success",
            detail={"records": report.records, "posts": report.posts, "events": report.events},
        )
    if as_json:
        print_json(asdict(report))
    else:
        say(
            _(
                "Rebuilt from {segments} WARC files and {events} events: {records} records,"
                " {posts} post documents, {captures} captures."
            ).format(
                segments=number(report.segments),
                events=number(report.events),
                records=number(report.records),
                posts=number(report.posts),
                captures=number(report.captures),
            )
        )
        print_findings(report.findings)
    return FINDINGS if report.findings else OK
