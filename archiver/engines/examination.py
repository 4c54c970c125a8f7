"""What runs beside the program: a candidate engine under examination.

``python -m archiver.engines.examination JOB`` in an interpreter of its own; the
candidate's code runs here and nowhere else. JOB is a file with what is to be
done, and the outcome is written beside it.
"""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from archiver.engines.bindings import loose_ends
from archiver.engines.choice import put_in_front
from archiver.engines.contract import differences
from archiver.engines.kinds import ENGINES, Engine
from archiver.errors import StorageProblem, UsageProblem

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be examined.

    Attributes:
        folder: Where the candidate lies; ``None`` examines the built-in engine.
        outcome: Where the findings are written.
        config: The configuration file; given when the canaries are to be asked.
        language: In which a canary's troubles are told.
    """

    engine: str
    version: str
    folder: str | None
    outcome: str
    config: str | None = None
    language: str = "en"


def main(arguments: list[str]) -> int:
    """Do one job.

    The outcome file is written last, so half a job leaves none: whatever a
    candidate raises ends this process, and its last words say what it was.
    """
    job = Job(**json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    engine = ENGINES[job.engine]
    if job.folder is not None:
        put_in_front(engine, Path(job.folder))
    found: list[str] = []
    hindrance = ""
    if job.config is None:
        _stay_here()
        found = wrong_with(engine, job)
    else:
        from archiver.engines.canary import sing

        try:
            found = sing(engine, Path(job.config), job.language)
        except (StorageProblem, UsageProblem) as problem:
            hindrance = problem.said()
    outcome = {"found": found, "hindrance": hindrance}
    Path(job.outcome).write_text(json.dumps(outcome), encoding="utf-8")
    return 0


def wrong_with(engine: Engine, job: Job) -> list[str]:
    """Everything in which the importable library is not as jejak needs it."""
    told = version(engine.name)
    if told != job.version:
        return [f"its metadata says {told}, not {job.version}"]
    package = importlib.import_module(engine.package)
    where = Path(package.__file__ or "/")
    if job.folder is not None and not where.is_relative_to(job.folder):
        return [f"{engine.package} was not imported from the candidate's folder"]
    # What is gone breaks the connector too; the names say more than its error.
    return loose_ends(engine.platform) or differences(engine.platform)


def _stay_here() -> None:
    """Refuse every connection that leaves this machine, and every program."""

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if event == "socket.connect" and isinstance(args[1], tuple):
            if args[1][0] not in _LOOPBACK:
                raise ConnectionRefusedError("the contract run has no network")
        elif event == "socket.getaddrinfo" and args[0] not in (*_LOOPBACK, None):
            raise OSError("the contract run has no network")
        elif event in ("subprocess.Popen", "os.system", "os.posix_spawn"):
            raise PermissionError("the contract run starts no programs")

    sys.addaudithook(watch)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
