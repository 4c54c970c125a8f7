"""Names of the field, and no `except` that hides a failure."""

from __future__ import annotations

import ast
import re
from pathlib import PurePosixPath

VAGUE = {"util", "utils", "helper", "helpers", "manager", "managers", "misc", "common"}
PRODUCT = {"connectors", "storage", "archiver", "schedules", "demo"}
BROAD = {
    "archiver/run.py": "the loop over accounts: one account fails, the run goes on",
    "archiver/cli/main.py": "the last wall: a bug becomes exit code 1 and a line in the log",
    "connectors/tap/curl_transfer.py": "C code cannot carry it; the reader raises it again",
}
"""Modules that may have one broad handler, with the reason."""


def words(name: str) -> set[str]:
    """The words of a snake_case or CamelCase name, lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def swallowing(tree: ast.AST) -> list[int]:
    """Lines of broad handlers that do not end by raising."""
    lines = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        names = {getattr(part, "id", None) for part in caught}
        broad = node.type is None or names & {"Exception", "BaseException"}
        if broad and not isinstance(node.body[-1], ast.Raise):
            lines.append(node.lineno)
    return lines


def test_files_have_names_of_the_field(tracked):
    vague = [
        name
        for name in tracked
        if any(words(part.split(".")[0]) & VAGUE for part in PurePosixPath(name).parts)
    ]
    assert vague == []


def test_classes_have_names_of_the_field(sources):
    vague = [
        f"{source.name}:{node.lineno} {node.name}"
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and words(node.name) & VAGUE
    ]
    assert vague == []


def test_a_broad_except_stands_only_where_it_has_a_reason(sources):
    found = {s.name: swallowing(s.tree) for s in sources if s.room in PRODUCT}
    found = {name: lines for name, lines in found.items() if lines}
    for allowed in BROAD:
        assert len(found.pop(allowed, [])) <= 1
    assert found == {}


def test_no_module_runs_code_on_import(sources):
    """At module level stand definitions and constants, never a bare call.

    Except in alembic's entry, which alembic runs and nobody imports.
    """
    calls = [
        f"{source.name}:{node.lineno}"
        for source in sources
        if source.room in PRODUCT and not source.name.endswith("migrations/env.py")
        for node in source.tree.body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ]
    assert calls == []


def test_the_rules_notice():
    assert words("DownloadManager") & VAGUE
    assert words("http_utils") & VAGUE
    assert not words("contextmanager") & VAGUE
    assert swallowing(ast.parse("try:\n    f()\nexcept Exception:\n    pass"))
    assert swallowing(ast.parse("try:\n    f()\nexcept:\n    log()"))
    assert not swallowing(ast.parse("try:\n    f()\nexcept BaseException:\n    undo()\n    raise"))
