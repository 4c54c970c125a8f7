"""`make bench`: every piece of the benchmarks, one table, goals beside.

Usage: ``python -m benchmarks [PIECE …] [--json FILE]``; without names, all.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

import benchmarks
from benchmarks.result import Result

Piece = Callable[[], Iterator[Result]]


def pieces() -> dict[str, Piece]:
    """Every module of this package that has a `run`."""
    found: dict[str, Piece] = {}
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name != "__main__":
            run = getattr(importlib.import_module(f"benchmarks.{module.name}"), "run", None)
            if run is not None:
                found[module.name] = run
    return found


def table(results: Sequence[Result]) -> Table:
    """The results for a person."""
    load = os.getloadavg()[0]
    title = f"jejak / goals ({os.cpu_count()} cores, load average {load:.1f} at the end)"
    made = Table(title=title, show_lines=True)
    for heading in ("goal", "what", "measured", "wanted", "met", "how, and what stands in the way"):
        made.add_column(heading, justify="right" if heading == "measured" else "left")
    for one in sorted(results, key=lambda r: (int(r.goal[1:].split()[0]), r.title)):
        sign = "≤" if one.better == "lower" else "≥"
        made.add_row(
            one.goal,
            one.title,
            f"{one.ratio:.3g} {one.unit}",
            f"{sign} {one.target:g} {one.unit}",
            "[green]yes[/]" if one.met else "[red]no[/]",
            one.note if one.met or not one.obstacle else f"{one.note}. In the way: {one.obstacle}",
        )
    return made


def main(arguments: Sequence[str]) -> int:
    """Run the pieces and print the table.

    Returns:
        0 also when a goal is missed: a figure is not a failure. 2 for a
        piece that does not exist.
    """
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("pieces", nargs="*", help="names of pieces; all if none is given")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results here")
    options = parser.parse_args(arguments)
    known = pieces()
    if wrong := set(options.pieces) - known.keys():
        print(f"no such piece: {', '.join(sorted(wrong))}; there are: {', '.join(known)}")
        return 2
    console = Console() if sys.stdout.isatty() else Console(width=160)
    results: list[Result] = []
    for name in options.pieces or known:
        console.print(f"{name} …")
        results += known[name]()
    console.print(table(results))
    if options.json:
        rows = [asdict(one) | {"met": one.met} for one in results]
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
