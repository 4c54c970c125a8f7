"""G4 and G5 in the table: see `benchmarks.warc_writing`, which measures them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.result import Result
from benchmarks.warc_writing import json_goal, media_goal

ROUNDS = 5


def run() -> Iterator[Result]:
    """Measure G4 (against bare sha256) and G5 (against warcio)."""
    with tempfile.TemporaryDirectory(prefix="jejak-bench-") as folder:
        title = "MB/s of the recorder on media / one core's sha256"
        obstacle = "two digests, a spool file and the segment, on the same two cores"
        yield _result(media_goal(Path(folder), ROUNDS), title, 0.60, obstacle)
        title = "MB/s of the segment writer on 50 KB JSON / warcio's"
        yield _result(json_goal(Path(folder), ROUNDS), title, 6.0, "digests and headers in Python")


def _result(measured: Mapping[str, object], title: str, target: float, obstacle: str) -> Result:
    ratio = float(str(measured["ratio"]))
    note = f"{measured['note']}; also wanted: {measured['target']}"
    return Result(
        str(measured["goal"]), title, ratio, target, "higher", note=note, obstacle=obstacle
    )
