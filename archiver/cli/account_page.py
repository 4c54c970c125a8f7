"""``jejak accounts show``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from archiver.account_life import condition
from archiver.acquaintance import CAPTURES_READ
from archiver.cli.account_history import condition_line
from archiver.cli.call import reading_catalogue, the_call
from archiver.cli.figures import in_zone, number
from archiver.cli.notes import print_notes
from archiver.cli.output import print_facts, print_json, print_table, say, when
from archiver.cli.posts import account_key
from archiver.cli.table import Column
from archiver.config import Config
from archiver.coverage import covered
from archiver.errors import OK, UsageProblem
from archiver.harvest_state import HarvestState, harvest_state
from archiver.i18n import N_, _
from archiver.reasons import sentence_for
from archiver.wording import word_for
from storage.catalogue import accounts, assignments, captures, notes

LAST = 10
"""As many captures are shown."""


def show_account(
    context: typer.Context,
    account: Annotated[
        str, typer.Argument(metavar=_("ACCOUNT"), help=_("platform/handle, or platform:number."))
    ],
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Show an account: what it was called, whose it was, what was said of it."""
    config = the_call(context).config()
    key = account_key(config, account)
    with reading_catalogue(config) as catalogue, catalogue.reading() as conn:
        found = _found(conn, key)
    if found["known"] is None:
        raise UsageProblem(
            N_("The archive has nothing of {account} yet."),
            hint=N_("See `jejak accounts list`; `jejak capture` reads it."),
            account=account,
        )
    if as_json:
        print_json(_row(found))
        return OK
    _print(found, config)
    return OK


def _found(conn: Connection, key: str) -> dict[str, Any]:
    return {
        "known": accounts.get(conn, key),
        "profiles": accounts.profiles(conn, key),
        "condition": condition(accounts.looks(conn, key), key.partition(":")[2]),
        "assignments": assignments.every(conn, key),
        "notes": [note for note in notes.every(conn, account=key) if note.post is None],
        "captures": captures.of_account(conn, key, limit=LAST),
        "harvest": harvest_state(conn, key),
        "covered": covered_rows(conn, key),
    }


def covered_rows(conn: Connection, key: str) -> list[dict[str, str | None]]:
    """Publication times of which everything was read; the rest is unknown."""
    found = covered(captures.of_account(conn, key, limit=CAPTURES_READ))
    return [{"begin": one.begin, "end": one.end} for one in found]


def _row(found: dict[str, Any]) -> dict[str, object]:
    lists = ("profiles", "assignments", "notes", "captures")
    row = asdict(found["known"]) | {name: [asdict(one) for one in found[name]] for name in lists}
    harvest: HarvestState | None = found["harvest"]
    row["condition"] = found["condition"].row()
    return row | {"harvest": harvest.row() if harvest else None, "covered": found["covered"]}


def _print(found: dict[str, Any], config: Config) -> None:
    zone, known = config.content.archive.timezone, found["known"]
    now = next((one for one in config.accounts if one.key == known.key), None)
    print_facts(
        (
            (_("account"), known.key),
            (_("handle"), known.handle),
            (_("name"), known.name),
            (_("body"), now.body if now else None),
            (_("unit"), now.unit if now else None),
            (_("classification"), now.classification if now else None),
            (in_zone(_("pinned"), zone), when(known.pinned_at, zone)),
            (_("posts"), number(known.posts)),
            (_("condition"), condition_line(found["condition"], zone)),
            *_reading(found, zone),
        )
    )
    _print_profiles(found["profiles"], known.native_id, zone)
    _print_assignments(found["assignments"], zone)
    if found["notes"]:
        say("")
        print_notes(found["notes"], zone)
    _print_captures(found["captures"], zone)


def _reading(found: dict[str, Any], zone: str) -> list[tuple[str, str]]:
    """How far the past is read, and of which times every post was seen."""
    harvest: HarvestState | None = found["harvest"]
    lines = []
    if harvest is not None:
        told = _("{part} %, over about {day}")
        part = "?" if harvest.percentage is None else harvest.percentage
        lines.append((_("past read"), told.format(part=part, day=harvest.ends or "?")))
    for one in found["covered"]:
        if one["begin"] is None:
            told = _("everything until {end}").format(end=when(one["end"], zone))
        else:
            told = _("everything from {begin} until {end}").format(
                begin=when(one["begin"], zone), end=when(one["end"], zone)
            )
        lines.append((_("known whole"), told))
    return lines


def _print_profiles(profiles: tuple[accounts.ProfileRow, ...], own: str, zone: str) -> None:
    """Each profile that differs from the one before, with the day it was first seen."""
    shown: list[accounts.ProfileRow] = []
    for one in profiles:
        if not shown or _told(one) != _told(shown[-1]):
            shown.append(one)
    if not shown:
        return
    say("")
    print_table(
        (
            Column(in_zone(_("profile since"), zone)),
            Column(_("handle")),
            Column(_("number"), spare=True),
            Column(_("followers"), right=True),
            Column(_("name"), cuts=True, widest=40),
            Column(_("biography"), cuts=True, spare=True, widest=60),
        ),
        (
            (
                when(one.at, zone),
                one.handle if one.native_id == own else f"! {one.handle}",
                one.native_id,
                number(one.followers),
                one.name,
                " ".join((one.biography or "").split()),
            )
            for one in shown
        ),
    )


def _told(one: accounts.ProfileRow) -> tuple[object, ...]:
    shown = (one.handle, one.native_id, one.name, one.biography)
    return (*shown, one.external_url, one.is_private, one.is_verified)


def _print_assignments(rows: tuple[assignments.AssignmentRow, ...], zone: str) -> None:
    if not rows:
        return
    say("")
    print_table(
        (
            Column(_("from")),
            Column(_("until")),
            Column(_("body"), cuts=True, widest=50),
            Column(_("unit"), cuts=True, spare=True, widest=50),
            Column(_("reference"), cuts=True, spare=True, widest=40),
            Column(in_zone(_("entered"), zone), spare=True),
        ),
        (
            (row.valid_from, row.valid_to, row.body, row.unit, row.reference, when(row.at, zone))
            for row in rows
        ),
    )


def _print_captures(rows: tuple[captures.CaptureRow, ...], zone: str) -> None:
    if not rows:
        return
    say("")
    print_table(
        (
            Column(in_zone(_("captured"), zone)),
            Column(_("outcome")),
            Column(_("posts"), right=True),
            Column(_("new"), right=True),
            Column(_("reason"), cuts=True),
        ),
        (
            (
                when(row.ended_at, zone),
                word_for(row.outcome),
                row.listed,
                row.new,
                sentence_for(row.reason) if row.reason else "",
            )
            for row in rows
        ),
    )
