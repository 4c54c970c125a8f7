"""Single system calls fail: no error is taken for a success.

`strace` makes the kernel refuse the n-th sync, write, link or rename of a
running capture, in our code and in SQLite's alike. A run that says it went
well must have kept everything; one that does not must say that the disk
refused, and the next start must make good what is missing.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class Failure:
    """One refused call.

    Attributes:
        when: Which call of this name; the first is 1.
        ledger: Only calls that write the ledger are counted.
    """

    call: str
    error: str
    when: int
    ledger: bool = False

    def options(self, archive: Path) -> list[str]:
        """For strace."""
        inject = f"inject={self.call}:error={self.error}:when={self.when}"
        parts = sorted((archive / "ledger").glob("*.jsonl")) if self.ledger else []
        paths = [word for part in parts for word in ("-P", str(part))]
        return ["-e", f"trace={self.call}", "-e", inject, *paths]


CALLS = (
    ("fdatasync", "EIO"),
    ("fsync", "EIO"),
    ("pwrite64", "ENOSPC"),
    ("link", "EIO"),
    ("rename", "EIO"),
    ("copy_file_range", "EIO"),
    ("pwritev2", "ENOSPC"),
)
FEW = (
    *(Failure("fdatasync", "EIO", n) for n in (3, 8, 11)),
    *(Failure("fsync", "EIO", n) for n in (1, 2, 3, 8)),
    *(Failure("pwrite64", "ENOSPC", n) for n in (2, 9, 30)),
    Failure("link", "EIO", 1),
    Failure("rename", "EIO", 1),
    Failure("copy_file_range", "EIO", 1),
    Failure("pwritev2", "ENOSPC", 1),
    Failure("write", "ENOSPC", 1, ledger=True),
    Failure("fsync", "EIO", 2, ledger=True),
)
MANY = (
    *(Failure(call, error, n) for call, error in CALLS for n in range(1, 31)),
    *(Failure("write", "ENOSPC", n, ledger=True) for n in (1, 2, 3)),
    *(Failure("fsync", "EIO", n, ledger=True) for n in (1, 2, 3)),
)


@pytest.fixture(scope="session")
def strace() -> str:
    found = shutil.which("strace")
    if found is None:
        pytest.skip("strace is not installed, so no system call can be made to fail")
    tried = subprocess.run([found, "-o", os.devnull, "true"], check=False, capture_output=True)
    if tried.returncode:
        pytest.skip("strace may not trace here, so no system call can be made to fail")
    return found


def traced(keep: Any, strace: str, options: list[str], *argv: str) -> tuple[int, list[str]]:
    """Run a command under strace: its exit code, and the trace."""
    log = keep.folder / "trace.txt"
    pid = keep.start(*argv, hold=True)
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        time.sleep(0.002)
    tracer = subprocess.Popen(
        [strace, "-f", "-y", "-o", str(log), *options, "-p", str(pid)],
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert tracer.stderr is not None
    assert "attached" in tracer.stderr.readline()
    os.kill(pid, signal.SIGCONT)
    code = keep.warm.wait(pid)
    tracer.communicate(timeout=30)
    return code, log.read_text("utf-8", "replace").splitlines()


def one_failure(keep: Any, strace: str, failure: Failure) -> str:
    """Fail one call and look at everything; ``met``, ``harmless`` or ``not met``."""
    keep.village.publish(film_bytes=1_200_000)
    code, trace = traced(keep, strace, failure.options(keep.archive), "capture")
    injected = [number for number, line in enumerate(trace) if "(INJECTED)" in line]
    keep.note_promises()
    on_show = keep.village.on_show()
    if code == 0:
        # A success is one: nothing is missing, though a call failed.
        assert on_show == keep.promised, (failure, keep.said)
    else:
        assert code == 4, (failure, code, keep.said)
        assert "could not be written" in keep.said, (failure, keep.said)
    if injected and failure.call == "fdatasync":
        not_tried_again(trace, injected[0])
    keep.run("capture")
    keep.note_promises()
    assert on_show == keep.promised, failure
    if not injected:
        return "not met"
    return "harmless" if code == 0 else "met"


def not_tried_again(trace: list[str], place: int) -> None:
    """After a failed sync the same segment is not synced as if it had healed."""
    file = trace[place].partition("<")[2].partition(">")[0]
    if ".warc.gz" in file:
        assert not [line for line in trace[place + 1 :] if f"<{file}>" in line], trace[place:]


def many_failures(keep: Any, strace: str, failures: tuple[Failure, ...]) -> dict[str, int]:
    keep.village.publish(film_bytes=1_200_000)
    keep.run("capture")
    outcomes: dict[str, int] = {}
    for failure in failures:
        outcome = one_failure(keep, strace, failure)
        print(failure, outcome)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    keep.check()
    return outcomes


def test_no_refused_call_is_a_silent_success(keep: Any, strace: str) -> None:
    outcomes = many_failures(keep, strace, FEW)
    assert outcomes["met"] >= len(FEW) // 2, outcomes


def test_recovery_reads_what_the_disk_holds(keep: Any, strace: str) -> None:
    """After a failed sync memory may still show what never reached the disk;
    a second sync then succeeds, and what memory shows proves nothing."""
    keep.village.publish()
    failure = Failure("fdatasync", "EIO", 8)
    code, _ = traced(keep, strace, failure.options(keep.archive), "capture")
    assert code == 4
    (file,) = keep.left_open()
    calls = ["-e", "trace=fsync,fadvise64,read,pread64"]
    code, trace = traced(keep, strace, calls, "recover")
    assert code == 0
    about = [line.split()[1].partition("(")[0] for line in trace if f"<{file}>" in line]
    assert about[:2] == ["fsync", "fadvise64"], about
    assert len(about) > 2
    keep.run("capture")
    keep.check()


@pytest.mark.soak
def test_no_refused_call_of_many_is_a_silent_success(keep: Any, strace: str) -> None:
    outcomes = many_failures(keep, strace, MANY)
    print(outcomes)
    assert outcomes["met"] >= 60, outcomes
