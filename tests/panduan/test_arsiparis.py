"""The archivist's tutorial is carried out, line by line, as a reader would."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "panduan" / "arsiparis.md"
STEP = re.compile(r"^```(sh|text)\n(.*?)^```|^<!-- (satu hari berlalu) -->", re.M | re.S)
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def steps(page: str) -> list[tuple[str, str]]:
    """Blocks of the page in order: ``sh``, ``text`` or ``day``, with their content."""
    return [(match[1] or "day", match[2] or "") for match in STEP.finditer(page)]


def missing(expected: str, said: str) -> list[str]:
    """Lines that should have been said and were not; ``…`` stands for anything."""
    lines = [ESCAPES.sub("", line).strip() for line in said.splitlines()]
    wanted = [line.strip() for line in expected.splitlines() if line.strip(" …")]
    return [
        line
        for line in wanted
        if not any(re.fullmatch(".*".join(map(re.escape, line.split("…"))), one) for one in lines)
    ]


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`make practice`, in the reader's folder."""
    command = [sys.executable, "-m", "demo", "--practice", "--folder", str(tmp_path / "latihan")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=environment,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "Ctrl-D" in line:
            break
    else:
        raise AssertionError("the practice ground did not open")
    yield process
    process.communicate(timeout=60)


class Reader:
    """One shell session that keeps its folder and variables between blocks."""

    def __init__(self, folder: Path) -> None:
        programs = folder / "bin"
        programs.mkdir()
        jejak = programs / "jejak"
        python = shlex.quote(sys.executable)
        jejak.write_text(f'#!/bin/sh\nexec {python} -m archiver.cli.main "$@"\n')
        jejak.chmod(0o755)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("JEJAK_")}
        self._environment = {
            **kept,
            "PATH": f"{programs}{os.pathsep}{kept['PATH']}",
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "200",
        }
        self._folder = folder
        self._before: list[str] = []

    def do(self, block: str) -> str:
        """Carry out a block; what it said on both streams.

        Folder and variables come from the lines before that set them.
        """
        script = "\n".join(["set -eu", *self._before, block])
        done = subprocess.run(
            ["/bin/sh", "-c", script],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}"
        self._before += [line for line in block.splitlines() if re.match(r"cd |[A-Z]+=\$", line)]
        return done.stdout


def test_the_tutorial_can_be_followed(tmp_path: Path, practice: subprocess.Popen[str]) -> None:
    reader, said, done = Reader(tmp_path), "", 0
    for kind, content in steps(PAGE.read_text("utf-8")):
        if kind == "day":
            assert practice.stdin is not None
            assert practice.stdout is not None
            practice.stdin.write("\n")
            practice.stdin.flush()
            assert "menerbitkan unggahan baru" in practice.stdout.readline()
        elif kind == "sh":
            said, done = reader.do(content), done + 1
        else:
            assert missing(content, said) == [], said
    assert done >= 14
    media = tmp_path / "arsip" / "media-pertama"
    assert media.stat().st_size > 10_000


def test_the_page_takes_thirty_minutes() -> None:
    minutes = [int(m) for m in re.findall(r"^## .*\((\d+) menit\)$", PAGE.read_text("utf-8"), re.M)]
    assert sum(minutes) == 30


def test_what_was_not_said_is_noticed() -> None:
    assert missing("…ada…\n…tidak ada…", "ini ada di sini") == ["…tidak ada…"]
    assert missing("…\n", "") == []
