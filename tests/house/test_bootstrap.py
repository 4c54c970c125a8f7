"""What a person meets on a machine that is not ready."""

from __future__ import annotations

import importlib.util
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def setup(root):
    """Runs tools/setup.sh as `make` does, with other surroundings."""

    def run(**surroundings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", "tools/setup.sh"],
            cwd=root,
            env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")} | surroundings,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


@pytest.fixture
def bootstrap(root):
    """The bootstrap as a module."""
    spec = importlib.util.spec_from_file_location("bootstrap", root / "tools" / "bootstrap.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def program(folder: Path, name: str, script: str) -> Path:
    """An executable that stands in for another one on PATH."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    path.chmod(0o755)
    return path


def test_another_system_is_refused_with_the_way_out(setup, tmp_path):
    program(tmp_path, "uname", "echo Darwin")
    outcome = setup(PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert outcome.returncode == 2
    assert "WSL 2" in outcome.stderr
    assert "container" in outcome.stderr


def test_an_old_python_is_refused(setup, tmp_path):
    old = program(tmp_path, "python3.9", "exit 1")
    outcome = setup(PYTHON=str(old))
    assert outcome.returncode == 2
    assert "3.11" in outcome.stderr


def test_no_python_at_all_is_named_with_its_remedy(setup, tmp_path):
    for name in ("uname", "dirname"):
        program(tmp_path, name, f'exec /usr/bin/env PATH=/usr/bin:/bin {name} "$@"')
    outcome = setup(PATH=str(tmp_path), VENV=str(tmp_path / "none"))
    assert outcome.returncode == 2
    assert "apt install python3" in outcome.stderr


def test_an_environment_of_someone_else_is_never_deleted(setup, tmp_path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "work.txt").write_text("mine")
    outcome = setup(VENV=str(tmp_path / "theirs"), PYTHON=sys.executable)
    assert outcome.returncode == 2
    assert "VENV=" in outcome.stderr
    assert (tmp_path / "theirs" / "work.txt").read_text() == "mine"


def test_an_unreachable_index_is_named_and_leaves_no_ready_environment(setup, tmp_path):
    venv = tmp_path / "venv"
    outcome = setup(
        VENV=str(venv),
        PYTHON=sys.executable,
        PIP_CONFIG_FILE="/dev/null",
        PIP_INDEX_URL="http://127.0.0.1:9/simple",
        PIP_RETRIES="0",
        PIP_NO_CACHE_DIR="1",
    )
    assert outcome.returncode == 2
    for remedy in ("HTTPS_PROXY", "PIP_INDEX_URL", "WHEELS="):
        assert remedy in outcome.stderr
    assert not (venv / ".jejak-ready").exists()


def test_a_half_made_environment_is_cleared(bootstrap, tmp_path):
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / bootstrap.OURS).touch()
    assert not bootstrap.is_ready(venv)
    bootstrap.clear(venv)
    assert not venv.exists()


def test_missing_fts5_is_named(bootstrap, monkeypatch):
    class NoFts5:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def execute(self, _):
            raise sqlite3.OperationalError("no such module: fts5")

    monkeypatch.setattr(sqlite3, "connect", lambda _: NoFts5())
    with pytest.raises(bootstrap.CannotPrepare, match="FTS5"):
        bootstrap.check_python()


@pytest.mark.parametrize(
    ("module", "remedy"),
    [
        ("venv", "apt install python3-venv"),
        ("ensurepip", "apt install python3-venv"),
        ("_sqlite3", "without SQLite"),
        ("_ssl", "without OpenSSL"),
        ("zlib", "PYTHON="),
    ],
)
def test_a_missing_module_is_named_with_its_remedy(bootstrap, monkeypatch, module, remedy):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        bootstrap.importlib.util, "find_spec", lambda name: None if name == module else find(name)
    )
    with pytest.raises(bootstrap.CannotPrepare, match=remedy):
        bootstrap.check_python()
