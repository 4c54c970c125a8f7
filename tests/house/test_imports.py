"""Imports run one way; untyped libraries stay in their one room."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

import pytest
from importlinter.cli import lint_imports

ONLY_IN = {
    "instaloader": {"connectors/instagram/client.py", "connectors/instagram/binding.py"},
    "yt_dlp": {"connectors/tiktok/client.py"},
}
"""Which product modules may import a client library."""

PURE = {
    "archiver/absence/verdicts.py", "archiver/versions/changes.py",
    "archiver/versions/word_diff.py", "archiver/versions/slides.py",
    "archiver/completeness.py", "connectors/coding.py", "connectors/media_type.py",
}  # fmt: skip
"""Modules that are functions of their arguments alone, beside every ``parse.py``."""

IMPURE = {
    "os", "io", "sys", "socket", "ssl", "time", "random", "secrets", "pathlib", "subprocess",
    "threading", "tempfile", "shutil", "sqlite3", "sqlalchemy", "requests", "urllib3", "http",
    "curl_cffi", "instaloader", "yt_dlp", "urllib.request", "storage", "schedules", "structlog",
    "connectors.tap",
}  # fmt: skip
IMPURE_CALLS = {"open", "now", "utcnow", "today", "print", "input"}


def imported(tree: ast.AST) -> Iterator[str]:
    """Full dotted names of everything a module imports, wherever it does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, packages: set[str]) -> bool:
    """Whether a dotted name is one of the packages or lies inside one."""
    return any(name == package or name.startswith(package + ".") for package in packages)


def impurities(tree: ast.AST) -> list[str]:
    """Why a module is not a pure function of its arguments."""
    found = [name for name in imported(tree) if within(name, IMPURE)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in IMPURE_CALLS:
                found.append(f"{name}() in line {node.lineno}")
    return found


def test_contracts_of_the_rooms_hold(root, monkeypatch, capsys):
    monkeypatch.chdir(root)
    outcome = lint_imports(config_filename=str(root / "pyproject.toml"), no_cache=True)
    assert outcome == os.EX_OK, capsys.readouterr().out


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_a_client_library_is_imported_in_one_module(sources, library):
    rooms = {"connectors", "storage", "archiver", "schedules"}
    users = {
        source.name
        for source in sources
        if source.room in rooms and any(within(n, {library}) for n in imported(source.tree))
    }
    assert users <= ONLY_IN[library]


def test_nothing_uses_capture_http(sources):
    users = [s.name for s in sources if any("capture_http" in n for n in imported(s.tree))]
    assert users == [], "it silently misses most of this traffic"


def test_parsing_and_changes_are_pure(sources):
    pure = [
        s
        for s in sources
        if s.name in PURE or (s.room == "connectors" and s.name.endswith("/parse.py"))
    ]
    assert {s.name: impurities(s.tree) for s in pure if impurities(s.tree)} == {}


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "from urllib import request",
        "from pathlib import Path",
        "open('x')",
        "datetime.now(UTC)",
        "def f():\n    import socket",
    ],
)
def test_the_purity_rule_notices(line):
    assert impurities(ast.parse(line))


def test_storage_knows_only_the_words_the_seam_and_pure_rules(sources):
    known = {"connectors.model", "connectors.base", "connectors.coding", "connectors.media_type"}
    others = {
        f"{source.name}: {name}"
        for source in sources
        if source.room == "storage"
        for name in imported(source.tree)
        if within(name, {"connectors"}) and not within(name, known)
    }
    assert others == set()
