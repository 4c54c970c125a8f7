"""`make fault-matrix`: every known trouble of the platforms, over patterns of nights.

An account of a few posts is captured without trouble; then one post is withdrawn,
and on the nights of a pattern a fault is there. Whatever it does, no living post may
ever be called ``deleted``, and the withdrawn one must be within two good nights.

The last line gives the two figures; the exit code is 0 only if both hold.

Usage: ``python -m benchmarks.fault_matrix [--only PLATFORM[:FAULT[:PATTERN]]] …``
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from benchmarks.fault_matrix.catalogue import CASES, chosen
from benchmarks.fault_matrix.one import Cell
from benchmarks.fault_matrix.report import figures, is_good, surprises, table
from benchmarks.fault_matrix.workers import played

_TELL_EVERY_S = 30.0


def main(arguments: Sequence[str]) -> int:
    """Run the matrix and print it.

    Returns:
        0 when both figures hold, 1 when one does not or a fault met nothing, 2 for
        a cell that does not exist.
    """
    parser = argparse.ArgumentParser(prog="fault-matrix", description=__doc__)
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="CELL",
        help="PLATFORM, PLATFORM:FAULT or PLATFORM:FAULT:PATTERN; may be repeated",
    )
    parser.add_argument("--processes", type=int, default=2, help="how many at once")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results here")
    options = parser.parse_args(arguments)
    try:
        wanted = chosen(options.only)
    except LookupError as unknown:
        print(f"no such cell: {unknown}; rows are named in benchmarks/fault_matrix/faults_*.py")
        return 2
    begun = time.monotonic()
    cells: list[Cell] = []
    told = begun
    for cell in played(wanted, options.processes):
        cells.append(cell)
        if time.monotonic() - told > _TELL_EVERY_S:
            told = time.monotonic()
            print(f"{len(cells)} of {len(wanted)} …", flush=True)
    order = {case.key: number for number, case in enumerate(CASES)}
    cells.sort(key=lambda cell: (order[cell.case], cell.pattern))
    console = Console() if sys.stdout.isatty() else Console(width=180)
    console.print(table(CASES, cells))
    for line in surprises(cells):
        console.print(line, markup=False, highlight=False)
    if options.json:
        options.json.write_text(json.dumps([asdict(cell) for cell in cells], indent=1), "utf-8")
    faults = len({cell.case for cell in cells})
    minutes = (time.monotonic() - begun) / 60
    print(f"{faults} faults, {len(cells)} runs, {minutes:.1f} minutes")
    print(figures(cells))
    return 0 if is_good(cells) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
