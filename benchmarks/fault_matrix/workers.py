"""Cells spread over processes, each with pretend platforms of its own."""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmarks.fault_matrix.catalogue import CASES, Address, pattern
from benchmarks.fault_matrix.one import Cell, Runner
from benchmarks.fault_matrix.scene import stage

MEDIA = Path(__file__).parents[2] / "build" / "demo-media"


@contextmanager
def runner() -> Iterator[Runner]:
    """Pretend platforms and a folder for archives, both gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="jejak-faults-"))
    MEDIA.mkdir(parents=True, exist_ok=True)
    try:
        with stage(folder / "stage", MEDIA) as ready:
            yield Runner(ready, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def play(on: Runner, cell: Address) -> Cell:
    """One cell; whatever breaks in it is told and not raised."""
    case, nights = CASES[cell[0]], pattern(cell[1])
    try:
        return on.play(case, nights)
    except Exception:  # noqa: BLE001  (the other cells shall still be played)
        return Cell(case.key, nights.name, broken=traceback.format_exc())


def played(cells: Sequence[Address], processes: int) -> Iterator[Cell]:
    """All cells, in the order in which they end."""
    if processes < 2 or len(cells) < 2:
        with runner() as on:
            for cell in cells:
                yield play(on, cell)
        return
    # Forking a process with threads is no good; each starts from nothing.
    context = multiprocessing.get_context("spawn")
    pairs: list[tuple[Connection, BaseProcess]] = []
    for number in range(processes):
        ours, theirs = context.Pipe(duplex=False)
        worker = context.Process(target=_work, args=(cells[number::processes], theirs))
        worker.start()
        theirs.close()
        pairs.append((ours, worker))
    yield from _gathered(dict(pairs))


def _gathered(workers: dict[Connection, BaseProcess]) -> Iterator[Cell]:
    waiting = list(workers)
    while waiting:
        for ready in multiprocessing.connection.wait(waiting):
            assert isinstance(ready, Connection)
            try:
                yield ready.recv()
            except EOFError:
                waiting.remove(ready)
    for worker in workers.values():
        worker.join()
        if worker.exitcode:
            raise RuntimeError(f"a worker ended with {worker.exitcode}")


def _work(cells: Sequence[Address], to: Connection) -> None:
    with runner() as on:
        for cell in cells:
            to.send(play(on, cell))
    to.close()
