"""``jejak accounts import``."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from archiver.account_check import FOUND, KNOWN, Checked
from archiver.account_import import (
    Entry,
    Imported,
    add_unchecked,
    entries,
    import_accounts,
    write_rejects,
)
from archiver.account_list import AccountList, Mistake, lines, read_list
from archiver.cli.account_check import checked_row, show_checked, stopping, telling
from archiver.cli.call import Call, the_call
from archiver.cli.output import complaint, confirm, print_json, say, tell
from archiver.config import Config
from archiver.decisions import deciding
from archiver.errors import NOT_CAPTURED, OK, USAGE, UsageProblem
from archiver.i18n import N_, _
from archiver.table_files import LARGEST_BYTES, read_file, read_table
from archiver.wording import word_for

Reject = tuple[Mapping[str, str], str]


def import_list(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar=_("FILE|-"), help=_("A CSV or Excel list; - for CSV on stdin."))
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Only check the list; ask nobody, change nothing."))
    ] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help=_("Take in the right rows, leave out the others."))
    ] = False,
    no_check: Annotated[
        bool, typer.Option("--no-check", help=_("Add without looking the accounts up."))
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(metavar=_("FILE"), help=_("Write what was not added here, to correct it.")),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Take in many accounts at once."""
    call = the_call(context)
    config = call.config()
    if rejects is not None and rejects.exists():
        raise UsageProblem(
            N_("{file} is already there."), hint=N_("Choose another name."), file=rejects
        )
    name = "-" if file == "-" else Path(file).name
    data = sys.stdin.buffer.read(LARGEST_BYTES + 1) if file == "-" else read_file(Path(file))
    found = read_list(name, read_table(name, data))
    wanted, unknown = entries(config, found.accounts)
    mistakes = sorted((*found.mistakes, *unknown), key=lambda one: one.row)
    _tell_list(name, found, mistakes)
    bad = _bad_rows(found, mistakes)
    if mistakes and not skip_bad:
        complaint(
            _("{count} mistakes; nothing was changed.").format(count=len(mistakes)),
            _("Correct them and import again, or take in the right rows with --skip-bad."),
        )
        _write(rejects, bad)
        return USAGE
    if dry_run:
        return _dry(wanted, mistakes)
    shown = _import(call, config, wanted, name, no_check=no_check, yes=yes, as_json=as_json)
    if shown is None:
        tell(_("Nothing was changed."))
        return USAGE
    left = [*bad, *_left(shown)]
    _write(rejects, left)
    return _end(shown, len(bad), as_json)


def _tell_list(name: str, found: AccountList, mistakes: Sequence[Mistake]) -> None:
    for line in lines(name, mistakes):
        tell(line)
    if found.unread:
        tell(_("Columns that are not read: {names}.").format(names=", ".join(found.unread)))
    if found.repeated:
        rows = ", ".join(map(str, found.repeated))
        tell(_("Rows that repeat an earlier one: {rows}.").format(rows=rows))


def _bad_rows(found: AccountList, mistakes: Sequence[Mistake]) -> list[Reject]:
    """Rows with a mistake, and what is wrong with each."""
    cells = {one.row: one.cells for one in found.accounts} | dict(found.wrong)
    reasons: dict[int, list[str]] = {}
    for one in mistakes:
        said = _("{column}: expected {expected}").format(column=one.column, expected=one.expected)
        reasons.setdefault(one.row, []).append(said.removeprefix(": "))
    return [(cells[row], "; ".join(said)) for row, said in reasons.items() if row in cells]


def _dry(wanted: Sequence[Entry], mistakes: Sequence[Mistake]) -> int:
    known = sum(entry.known for entry in wanted)
    say(
        _("{new} accounts to add, {known} known already; nothing was changed.").format(
            new=len(wanted) - known, known=known
        )
    )
    return USAGE if mistakes else OK


def _import(
    call: Call,
    config: Config,
    wanted: Sequence[Entry],
    name: str,
    *,
    no_check: bool,
    yes: bool,
    as_json: bool,
) -> tuple[Imported, ...] | None:
    """What became of the rows; ``None`` when a person said no."""
    agreed: list[bool] = []

    def agree(shown: Sequence[Imported]) -> bool:
        _show(shown, as_json)
        agreed.append(yes or confirm(_question(shown)))
        return agreed[0]

    if no_check:
        before = [Imported(entry, _unasked(entry)) for entry in wanted]
        if not agree(before):
            return None
        with deciding(config, call.world(config).now) as books:
            return add_unchecked(config, books, wanted, name)
    stop = threading.Event()
    new = sum(not entry.known for entry in wanted)
    with stopping(stop), telling(new, as_json) as each:
        shown = import_accounts(
            call.world(config, stop), wanted, source=name, agree=agree, each=each
        )
    if not agreed:
        _show(shown, as_json)
    return None if agreed == [False] else shown


def _unasked(entry: Entry) -> Checked:
    return Checked(entry.account, KNOWN if entry.known else FOUND, None)


def _question(shown: Sequence[Imported]) -> str:
    new = sum(one.checked.result == FOUND for one in shown)
    moved = sum(one.entry.known and one.entry.moves for one in shown)
    if not new:
        return _("Change the body of {moved} known accounts?").format(moved=moved)
    if moved:
        return _("Add {new} accounts, and change the body of {moved} known ones?").format(
            new=new, moved=moved
        )
    return _("Are these the official accounts? Add {new} of them?").format(new=new)


def _show(shown: Sequence[Imported], as_json: bool) -> None:
    if not as_json:
        show_checked([one.checked for one in shown], as_json=False)


def _left(shown: Sequence[Imported]) -> Iterator[Reject]:
    for one in shown:
        if not one.added and one.checked.result != KNOWN:
            said = one.checked.problem or word_for(one.checked.result)
            yield one.entry.listed.cells, said


def _write(rejects: Path | None, rows: Sequence[Reject]) -> None:
    if rejects is not None and rows:
        write_rejects(rejects, rows)
        tell(_("Not added: see {file}.").format(file=rejects))


def _end(shown: Sequence[Imported], bad: int, as_json: bool) -> int:
    added = sum(one.added for one in shown)
    known = sum(one.checked.result == KNOWN and not one.added for one in shown)
    left = len(shown) - added - known
    if as_json:
        for one in shown:
            print_json({"row": one.entry.listed.row, "added": one.added} | checked_row(one.checked))
    else:
        say(
            _("Added: {added}. Known already: {known}. Not added: {left}.").format(
                added=added, known=known, left=left + bad
            )
        )
    if left:
        return NOT_CAPTURED
    return USAGE if bad else OK
