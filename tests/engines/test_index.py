"""From where pip looks: a small index on this machine, named in the environment."""

from __future__ import annotations

import functools
import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

LATER = "2099.1.2"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files, and keeps silent about it."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def index(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What is to stand in the environment; files of its folder are served."""
    folder = tmp_path / "index"
    (folder / "simple" / "yt-dlp").mkdir(parents=True)
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {
            "PIP_INDEX_URL": f"http://127.0.0.1:{server.server_port}/simple/",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_RETRIES": "0",
        }
        server.shutdown()


def published(file: Path, index_folder: Path) -> None:
    page = index_folder / "simple" / "yt-dlp"
    file.rename(page / file.name)
    links = "".join(f'<a href="{f.name}">{f.name}</a>' for f in sorted(page.glob("*.whl")))
    (page / "index.html").write_text(f"<!DOCTYPE html><html><body>{links}</body></html>")


def test_the_newest_of_an_index_is_taken(office, make_wheel, index, tmp_path: Path) -> None:
    for version in (LATER, "2098.1.1"):
        published(make_wheel("yt-dlp", version), tmp_path / "index")
    done = office.run("engines", "update", "yt-dlp", "--without-canary", **index)
    assert done.returncode == 0, done.stderr
    assert office.current() == {"yt-dlp": LATER}
    (event,) = office.events()
    assert event["detail"]["wheel"] == f"yt_dlp-{LATER}-py3-none-any.whl"
    again = office.run("engines", "update", "yt-dlp", "--without-canary", **index)
    assert (again.returncode, f"yt-dlp {LATER} is used already" in again.stdout) == (0, True)


def test_an_older_one_only_when_it_is_named(office, make_wheel, index, tmp_path: Path) -> None:
    published(make_wheel("yt-dlp", "2001.1.1"), tmp_path / "index")
    command = ("engines", "update", "yt-dlp", "--without-canary")
    refused = office.run(*command, **index)
    assert (refused.returncode, "is older than" in refused.stderr) == (3, True)
    assert office.run(*command, "--version", "2001.1.1", **index).returncode == 0
    assert office.current() == {"yt-dlp": "2001.1.1"}


def test_an_index_that_has_none_or_does_not_answer(office, index) -> None:
    command = ("engines", "update", "yt-dlp", "--without-canary")
    none = office.run(*command, **index)
    assert (none.returncode, "pip could not do it" in none.stderr) == (3, True)
    nobody = index | {"PIP_INDEX_URL": "http://127.0.0.1:9/simple/"}
    silent = office.run(*command, **nobody)
    assert (silent.returncode, "--from FOLDER" in silent.stderr) == (3, True)
    assert (office.current(), office.kept_folders()) == ({}, [])
