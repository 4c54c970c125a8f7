"""What the matrix shows: a table, its surprises, and two figures."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from benchmarks.fault_matrix.case import Case
from benchmarks.fault_matrix.one import Cell
from benchmarks.fault_matrix.patterns import PATTERNS

_COLOURS = {"ok": "green", "late": "yellow"}


def table(cases: Sequence[Case], cells: Sequence[Cell]) -> Table:
    """A row for each fault, a column for each pattern of nights."""
    known = {(cell.case, cell.pattern): cell for cell in cells}
    made = Table(title="jejak / faults", show_edge=False)
    for heading in ("fault", "meets", "known from", *(one.name for one in PATTERNS), "nights"):
        made.add_column(heading)
    for case in cases:
        row = [known.get((case.key, one.name)) for one in PATTERNS]
        if any(row):
            words = [_word(cell) for cell in row]
            told = next((_nights(cell) for cell in reversed(row) if cell), "")
            sources = ", ".join(case.sources)
            made.add_row(case.key, case.meets.value, sources, *words, escape(told))
    return made


def _word(cell: Cell | None) -> str:
    if cell is None:
        return "-"
    return f"[{_COLOURS.get(cell.word, 'red')}]{cell.word}[/]"


def _nights(cell: Cell) -> str:
    """How the captures with the fault ended, each ending once."""
    ends = (f"{n.outcome}/{n.reason}" if n.reason else n.outcome for n in cell.nights if n.faulty)
    return " ".join(dict.fromkeys(ends))


def surprises(cells: Sequence[Cell]) -> list[str]:
    """Everything that is not as it should be, and how to see it alone."""
    lines = []
    for cell in cells:
        if cell.word != "ok":
            lines.append(f"{cell.word}: {cell.case}, {cell.pattern}: {_detail(cell)}")
            lines.append(f'  make fault-matrix ARGS="--only {cell.case}:{cell.pattern}"')
    return lines


def _detail(cell: Cell) -> str:
    if cell.broken:
        return cell.broken
    if cell.unmet:
        return f"{', '.join(cell.unmet)} did not meet anything"
    told = "; ".join(
        f"{'fault' if n.faulty else 'good'} {n.outcome}/{n.reason} {n.withdrawn}"
        + (f" [{', '.join(n.others)}]" if n.others else "")
        for n in cell.nights
    )
    return f"{', '.join(cell.false) or 'not confirmed'} ({told})"


def figures(cells: Sequence[Cell]) -> str:
    """The two figures, in words and numbers."""
    runs = len(cells)
    false = sum(bool(cell.false) for cell in cells)
    confirmed = sum(cell.confirmed for cell in cells)
    return (
        f"false withdrawals: {false} of {runs} runs;"
        f" true withdrawals confirmed within two cycles: {confirmed} of {runs}"
    )


def is_good(cells: Sequence[Cell]) -> bool:
    """Whether both figures hold and every fault met somebody."""
    return bool(cells) and all(cell.word == "ok" for cell in cells)
