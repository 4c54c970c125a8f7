"""Whole processes, run in turn, each telling its own figures as JSON."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figures:
    """What one process measured of itself."""

    wall_s: float
    peak_bytes: int
    items: int = 0


def tell(wall_s: float, items: int = 0) -> None:
    """Print this process's figures; the last thing a measured process does."""
    print(json.dumps({"wall_s": wall_s, "peak_bytes": peak_bytes(), "items": items}), flush=True)


def peak_bytes() -> int:
    """The most memory this process has held at once.

    Not ``ru_maxrss``, which begins with the parent's figure after a fork.
    *Source:* proc(5), ``VmHWM``.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("this kernel does not tell VmHWM")


def measured(module: str, *arguments: str, surroundings: Mapping[str, str] = {}) -> Figures:
    """Run ``python -m module`` and read what it tells.

    Bytecode is kept whatever the environment says: a library that is installed
    has it, and jejak's own modules are not to be compiled in every process.

    Raises:
        RuntimeError: The process failed; its error output is in the message.
    """
    command = [sys.executable, "-m", module, *arguments]
    environment = {**os.environ, **surroundings}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    run = subprocess.run(command, capture_output=True, text=True, timeout=600, env=environment)
    if run.returncode != 0:
        raise RuntimeError(f"{' '.join(command[1:])} failed:\n{run.stderr[-3000:]}")
    return Figures(**json.loads(run.stdout.splitlines()[-1]))


def median_ratio(pairs: Sequence[tuple[Figures, Figures]]) -> float:
    """The median of wall time ratios, pair by pair (noise hits both alike)."""
    return statistics.median(ours.wall_s / theirs.wall_s for ours, theirs in pairs)
