"""Every recorded file, through the unmodified library, gives its golden file."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("golden_build", Path(__file__).with_name("build.py"))
assert _spec is not None and _spec.loader is not None
build = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(build)
CASES = build.cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_recorded_file_gives_its_golden_file(case, tmp_path: Path) -> None:
    if not case.recorded.is_file():
        pytest.skip(f"no recorded file {case.file}; set JEJAK_REAL_DATA")
    made = case.made(tmp_path)
    kept = case.golden.read_text(encoding="utf-8")
    assert json.loads(made) == json.loads(kept), "python tests/golden/build.py --write, and look"


def test_no_golden_file_is_left_over() -> None:
    folder = Path(__file__).parent
    kept = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.json")}
    assert kept == {case.name for case in CASES}


def test_what_is_not_licensed_is_kept_as_digests() -> None:
    for case in CASES:
        kept = json.loads(case.golden.read_text(encoding="utf-8"))
        assert kept["values"] == ("shown" if case.licensed else "digested")
        if not case.licensed:
            assert all(_is_digest(text) for text in _leaves(kept["normalised"])), case.name


def _leaves(value):
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _leaves(part)
    elif value is not None:
        yield value


def _is_digest(text) -> bool:
    kind, length, digest = text.split(" ")
    return kind in ("str", "int", "float", "bool") and length.isdigit() and len(digest) == 64
