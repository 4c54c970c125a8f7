"""What a command prints: results on standard output, messages on standard error."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from shutil import get_terminal_size
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from archiver.cli.table import Column, lay
from archiver.errors import JejakError
from archiver.finding_words import meaning_of
from archiver.i18n import _
from archiver.local_time import local_text
from archiver.terminal import printable, printable_lines
from archiver.versions.word_diff import Fate, Stretch, marked
from storage.findings import Finding


def out() -> Console:
    """The console for results; colours only on a terminal."""
    return Console(highlight=False, markup=False, emoji=False)


def err() -> Console:
    """The console for messages."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def say(text: str) -> None:
    """One message or result line for a person, made safe for a terminal."""
    _put(out(), Text(printable_lines(text)))


def say_heading(text: str) -> None:
    """What the lines below it are."""
    out().print(Text(printable(text), style="bold"), soft_wrap=True)


def say_beside(head: str, text: str) -> None:
    """A line whose further lines, on a terminal, stand below its text and not its head."""
    _put(out(), Text(printable(head) + printable(text)), indent=cell_len(printable(head)))


def say_records(records: Sequence[tuple[str, str]], indent: int) -> None:
    """What shows the line above them: records' names, never broken.

    Args:
        records: What each is, and its name.
        indent: Cells in front.
    """
    widest = max((cell_len(name) for name, _record in records), default=0)
    for name, record in records:
        room = " " * (widest - cell_len(name))
        line = f"{' ' * indent}{printable(name)}{room}  {printable(record)}"
        out().print(Text(line, style="dim"), soft_wrap=True)


def say_changed(name: str, stretches: Iterable[Stretch]) -> None:
    """What changed in a text: in colours on a terminal that has some, else with marks."""
    shown = [Stretch(s.fate, printable(s.text.replace("\n", "⏎"))) for s in stretches]
    console = out()
    line = Text(f"  {name}: ")
    indent = cell_len(line.plain)
    if not console.is_terminal or console.no_color or console.color_system is None:
        _put(console, line.append(marked(shown)), indent)
        return
    styles = {Fate.SAME: "", Fate.REMOVED: "red strike", Fate.ADDED: "green"}
    for stretch in shown:
        line.append(stretch.text, styles[stretch.fate])
    _put(console, line, indent)


def tell(text: str, style: str = "") -> None:
    """One message on standard error, which `--json` leaves usable."""
    _put(err(), Text(printable_lines(text), style=style))


def tell_asking(platform: str) -> None:
    """On a terminal, that a platform is being asked: it may take some seconds."""
    if sys.stderr.isatty():
        tell(_("Asking {platform} …").format(platform=platform), "dim")


def tell_command(sentence: str, command: str) -> None:
    """What to do next, and the command on a line of its own that is never broken."""
    tell("→ " + sentence)
    err().print(Text("  " + printable(command)), soft_wrap=True)


def _put(console: Console, text: Text, indent: int | None = None) -> None:
    # A terminal breaks lines between words, below the first word of the
    # sentence; what reads a pipe wants lines whole.
    if not console.is_terminal:
        console.print(text, soft_wrap=True)
        return
    for line in text.split("\n", allow_blank=True):
        mark = re.match(r"\s*(?:[→✓!✗] )?", line.plain)
        under = (mark.end() if mark else 0) if indent is None else indent
        pieces = line[under:].wrap(console, max(20, console.width - under)) if line else [line]
        for number, piece in enumerate(pieces):
            start = line[:under] if number == 0 else Text(" " * under)
            console.print(start + piece, soft_wrap=True)


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


def print_table(
    columns: Sequence[Column], rows: Iterable[Sequence[object]], *, empty: str = ""
) -> None:
    """A table for a person, no line wrapped; when there is no row, the sentence ``empty``."""
    cells = [[printable("" if cell is None else str(cell)) for cell in row] for row in rows]
    if not cells:
        tell(empty or _("There is nothing to show."))
        return
    # A pipe has no width: whatever reads it gets whole columns.
    width = get_terminal_size().columns if sys.stdout.isatty() else None
    laid = lay(columns, cells, width)
    console = out()
    console.print(Text(laid.heading, style="bold"), soft_wrap=True)
    for line in laid.lines:
        console.print(Text(line), soft_wrap=True)
    if laid.left_out:
        names = ", ".join(laid.left_out)
        tell(_("No room for: {names}. Widen the window, or use --json.").format(names=names), "dim")


def print_findings(findings: Sequence[Finding]) -> None:
    """What a check found, and what to do with it."""
    if not findings:
        return
    for code, group in groupby(sorted(findings, key=lambda f: f.code), key=lambda f: f.code):
        say(f"{code}  {meaning_of(code)}")
        for found in group:
            say(f"      {printable(found.where)}: {printable(found.detail)}")
    tell(
        "→ " + _("Leave these files as they are and compare them with another copy of the archive.")
    )
    tell("→ " + _("What is wrong in the catalogue alone is mended by `jejak reindex`."))


def print_facts(facts: Iterable[tuple[str, object]]) -> None:
    """Names and values below each other, the values aligned."""
    known = [(name, printable("" if v is None else str(v)) or "-") for name, v in facts]
    widest = max(cell_len(name) for name, _value in known)
    for name, value in known:
        say(f"{name}{' ' * (widest - cell_len(name))}  {value}")


@contextmanager
def working(sentence: str, *, silent: bool = False) -> Iterator[Callable[[str], None]]:
    """Shows on a terminal that something is being done, and what of it just now.

    Args:
        silent: Show nothing, as for ``--json``.

    Yields:
        What is called with a few words about the part at hand.
    """
    if silent or not sys.stderr.isatty():
        yield lambda part: None
        return
    # Imported here: it takes as long as the rest of rich, and a pipe never needs it.
    from rich.status import Status

    with Status(Text(sentence), console=err()) as status:
        yield lambda part: status.update(Text(f"{sentence} {printable(part)}"))


def near(path: Path) -> str:
    """A path as one would type it here: relative when it lies in the present folder."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


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
