"""One concept per file: modules and functions stay short."""

from __future__ import annotations

import ast
import statistics

LONGEST_MODULE = 400
MEDIAN_MODULE = 150
LONGEST_FUNCTION = 60


def long_functions(tree: ast.AST, longest: int = LONGEST_FUNCTION) -> dict[str, int]:
    """Functions with more lines than allowed, docstring included."""
    lengths = {
        node.name: (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return {name: length for name, length in lengths.items() if length > longest}


def test_no_module_is_longer_than_400_lines(sources):
    lengths = {s.name: s.text.count("\n") for s in sources}
    assert {n: length for n, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_the_median_module_is_short(sources):
    rooms = {"connectors", "storage", "archiver", "schedules", "demo"}
    lengths = [s.text.count("\n") for s in sources if s.room in rooms and s.text.count("\n") > 3]
    assert statistics.median(lengths) < MEDIAN_MODULE


def test_no_function_is_longer_than_60_lines(sources):
    found = {s.name: long_functions(s.tree) for s in sources}
    assert {name: functions for name, functions in found.items() if functions} == {}


def test_the_rule_notices_a_long_function():
    body = "\n".join("    x = 1" for _ in range(LONGEST_FUNCTION))
    assert long_functions(ast.parse(f"def f():\n{body}\n")) == {"f": LONGEST_FUNCTION + 1}
