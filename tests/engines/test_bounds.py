from __future__ import annotations

import os
import select
from pathlib import Path

import pytest

from archiver.engines.kinds import engine_named
from archiver.engines.trial import examine
from archiver.engines.wheels import Bounds, EngineRefused, checked

LATER = "2099.1.2"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A candidate's folder; its module is written by the test."""
    info = tmp_path / "tree" / f"yt_dlp-{LATER}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: yt-dlp\nVersion: {LATER}\n")
    return tmp_path / "tree"


def examined(tree: Path, module: str, **limits: float) -> tuple[str, ...]:
    (tree / "yt_dlp.py").write_text(module)
    verdict = examine("yt-dlp", LATER, tree, **limits)
    assert not verdict.passed and verdict.hindrance == ""
    return verdict.found


def test_a_candidate_that_never_ends_is_ended_and_so_is_what_it_started(
    tree: Path, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    module = (
        "import os, threading\n"
        "if os.fork() == 0:\n"
        f"    os.write(os.open({str(pipe)!r}, os.O_WRONLY), b'x')\n"
        "threading.Event().wait()\n"
    )
    # It waits for ever: however slow the machine is, no outcome comes.
    assert examined(tree, module, limit_s=2)[0] == "no outcome within 2 s"
    # The pipe ends when the last who could write into it is gone.
    os.set_blocking(reader, True)
    ended = False
    while not ended and select.select([reader], [], [], 120)[0]:
        ended = os.read(reader, 9) == b""
    os.close(reader)
    assert ended, "what it started lives on"


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("import os; os._exit(0)", "ended with code 0 before it was through"),
        ("raise SystemExit('no')", "ended with code 1 before it was through"),
        (
            "import sys; sys.stderr.write('x' * 99999 + '\\nlast words\\n'); sys.exit(7)",
            "last words",
        ),
        ("import socket; socket.create_connection(('192.0.2.1', 9))", "no network"),
        ("import socket; socket.getaddrinfo('example.invalid', 9)", "no network"),
        ("import subprocess; subprocess.Popen(['true'])", "starts no programs"),
        ("import os; print(sorted(os.environ)); 1 / 0", "ZeroDivisionError"),
    ],
)
def test_what_ends_an_examination_is_told(tree: Path, module: str, said: str) -> None:
    found = examined(tree, module)
    assert said in "\n".join(found)
    assert sum(map(len, found)) < 20_000


def test_nothing_of_the_callers_settings_reaches_a_candidate(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("A_SECRET", "hush")
    module = "import os; raise SystemExit(' '.join(sorted(os.environ)))"
    told = examined(tree, module)[-1].split()
    assert set(told) - {"PATH", "TZ"} == {"HOME", "TMPDIR", "LC_ALL"}


@pytest.mark.parametrize("bounds", [Bounds(9), Bounds(unpacked_bytes=9), Bounds(files=9)])
def test_a_wheel_too_large_to_be_an_engine_is_not_read(make_wheel, bounds: Bounds) -> None:
    file = make_wheel("yt-dlp", LATER)
    assert checked(engine_named("yt-dlp"), file).version == LATER
    with pytest.raises(EngineRefused, match="larger than any engine"):
        checked(engine_named("yt-dlp"), file, bounds)
