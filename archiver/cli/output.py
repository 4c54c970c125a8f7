"""What a command prints: results on standard output, messages on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from archiver.errors import JejakError
from archiver.i18n import _
from archiver.local_time import local_text
from archiver.terminal import printable, printable_lines


def out() -> Console:
    """The console for results; colours only on a terminal."""
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


def err() -> Console:
    """The console for messages."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


def say(text: str) -> None:
    """One message or result line for a person, made safe for a terminal."""
    out().print(Text(printable_lines(text)))


def tell(text: str, style: str = "") -> None:
    """One message on standard error, which `--json` leaves usable."""
    err().print(Text(printable_lines(text), style=style))


def complain(error: JejakError) -> None:
    """What stopped the command, and what to do next."""
    complaint(error.said(), error.hint())


def complaint(sentence: str, hint: str = "") -> None:
    """A sentence in red, a hint below it."""
    tell(sentence, "bold red")
    if hint:
        tell("→ " + hint)


def print_json(row: Mapping[str, object]) -> None:
    """One object, one line, nothing else."""
    # ASCII: hostile control characters travel escaped, also through pipes
    # that end on a terminal.
    sys.stdout.write(json.dumps(row, ensure_ascii=True) + "\n")


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for a person; an empty one is a sentence."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    empty = True
    for row in rows:
        empty = False
        table.add_row(*(Text(printable("" if c is None else str(c))) for c in row))
    if empty:
        tell(_("There is nothing to show."))
        return
    width = None if sys.stdout.isatty() else 200
    Console(highlight=False, markup=False, emoji=False, width=width).print(table)


def when(text: str | None, zone: str) -> str:
    """A stored UTC time in the office's own time; empty when there is none."""
    return local_text(text, ZoneInfo(zone)) if text else ""


def confirm(question: str) -> bool:
    """Ask for a yes; without a terminal the answer is no."""
    if not sys.stdin.isatty():
        tell(_("Nobody can be asked here; give --yes to agree beforehand."))
        return False
    tell(question + " " + _("[y/N]"))
    return sys.stdin.readline().strip().lower() in ("y", "yes", _("y"), _("yes"))
