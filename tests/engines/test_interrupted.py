"""An update that is killed at each of its steps, by itself: no clock is asked."""

from __future__ import annotations

import subprocess
import sys

import pytest

from archiver.engines.choice import use
from archiver.engines.shelf import read_shelf

LATER = "2099.1.2"
KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from archiver.config import load
from archiver.engines.kinds import engine_named
from archiver.engines.update import Wish, Workshop, update

def tell(step):
    if step == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

workshop = Workshop(load(Path("config.toml")), lambda: datetime.now(UTC), tell=tell)
update(workshop, Wish(engine_named("yt-dlp"), Path(sys.argv[2]), canary=False))
"""


@pytest.mark.parametrize(
    ("step", "left", "noted"),
    [
        ("contract", ".new-", 0),  # unpacked, not yet examined
        ("shelf", f"yt-dlp-{LATER}", 0),  # renamed; nothing names it
        ("current", f"yt-dlp-{LATER}", 1),  # noted; not yet used
    ],
)
def test_a_killed_update_leaves_nothing_that_counts(office, make_wheel, step, left, noted) -> None:
    make_wheel("yt-dlp", LATER)
    root = office.command()[3]
    command = [sys.executable, "-c", KILLED, root, str(office.wheels), step]
    done = subprocess.run(
        command, cwd=office.folder, env=office.surroundings(), capture_output=True, check=False
    )
    assert done.returncode == -9, done.stderr
    assert any(name.startswith(left) for name in office.kept_folders())
    assert (office.current(), read_shelf(office.archive).kept) == ({}, ())
    assert use(office.archive) == []
    assert len(office.events()) == noted
    again = office.update("yt-dlp")
    assert again.returncode == 0, again.stderr
    assert (office.current(), office.kept_folders()) == (
        {"yt-dlp": LATER},
        [f"yt-dlp-{LATER}"],
    )
    assert len(office.events()) == noted + 1
    assert office.run("verify").returncode == 0
