"""Having a candidate examined in an interpreter of its own, within a time."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import archiver
from archiver.engines.examination import Job

CONTRACT_S = 180
CANARY_S = 900
_BOOT = (
    "import sys, runpy; sys.path.insert(0, sys.argv.pop(1)) if sys.argv[1] not in sys.path"
    " else sys.argv.pop(1); runpy.run_module('archiver.engines.examination',"
    " run_name='__main__', alter_sys=True)"
)
_LOG_LINES, _LOG_BYTES = 6, 16_384


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an examination came out.

    Attributes:
        found: One line for each thing that is wrong; empty when it passed.
        hindrance: Why it could not be held, when that is not the candidate's
            fault; empty when it was held.
    """

    found: tuple[str, ...]
    hindrance: str = ""

    @property
    def passed(self) -> bool:
        """Whether the candidate may become current."""
        return not self.found and not self.hindrance


def examine(
    engine: str, version: str, folder: Path | None, *, limit_s: float = CONTRACT_S
) -> Verdict:
    """The recorded-answer contract; without network, without the person's settings."""
    with tempfile.TemporaryDirectory(prefix="jejak-") as place:
        outcome = str(Path(place) / "outcome.json")
        return _run(
            Job(engine, version, str(folder) if folder else None, outcome), Path(place), limit_s
        )


def ask_canaries(
    engine: str,
    version: str,
    folder: Path,
    config: Path,
    language: str,
    *,
    limit_s: float = CANARY_S,
) -> Verdict:
    """The canaries of the engine's platform, recorded into the archive."""
    with tempfile.TemporaryDirectory(prefix="jejak-") as place:
        outcome = str(Path(place) / "outcome.json")
        job = Job(engine, version, str(folder), outcome, str(config), language)
        return _run(job, Path(place), limit_s)


def _run(job: Job, place: Path, limit_s: float) -> Verdict:
    file = place / "job.json"
    file.write_text(json.dumps(asdict(job)), encoding="utf-8")
    root = str(Path(archiver.__file__).parents[1])
    log = place / "log.txt"
    # Isolated: no setting of the caller, no proxy and no token reaches the candidate.
    # Whatever it leaves lies in a folder that is removed when it has ended.
    env = {name: os.environ[name] for name in ("PATH", "TZ") if name in os.environ}
    env |= {"HOME": str(place), "TMPDIR": str(place), "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-I", "-B", "-X", "utf8", "-c", _BOOT, root, str(file)]
    with log.open("wb") as out:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env, cwd=place,
            start_new_session=True,
        )  # fmt: skip
        try:
            code = child.wait(limit_s)
        except subprocess.TimeoutExpired:
            return Verdict((f"no outcome within {limit_s:g} s", *_last_words(log)))
        finally:
            _end(child)
    try:
        told = json.loads(Path(job.outcome).read_text(encoding="utf-8"))
        return Verdict(tuple(map(str, told["found"])), str(told["hindrance"]))
    except (OSError, ValueError, KeyError, TypeError):
        said = _last_words(log)
        return Verdict((f"the examination ended with code {code} before it was through", *said))


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _last_words(log: Path) -> tuple[str, ...]:
    """The end of what it said; of a traceback the part that names the error."""
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - _LOG_BYTES))
        said = stream.read().decode("utf-8", "replace")
    return tuple(said.splitlines()[-_LOG_LINES:])
