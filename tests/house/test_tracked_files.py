"""The repository can be cloned anywhere and speaks of itself alone."""

from __future__ import annotations

import json
import re

import pytest
from jsonschema.validators import validator_for

LONGEST_PATH = 150
RESERVED = {"con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10))}

# Written in pieces, so that this file does not hold what it forbids.
FORBIDDEN = {
    "a registry's host": r"py" + r"pi\.org|python" + r"hosted\.org|registry\.npm" + r"js",
    "a path of one machine": r"(?<![\w.~-])/" + r"(?:work|root|home/\w+)/",
    "words about how it was made": r"\b(?:C" + r"EO|shared " + r"folder|builder [A-H]\b)",
}


def unsafe_on_windows(name: str) -> bool:
    """Whether a path cannot be checked out on Windows."""
    if len(name) > LONGEST_PATH or re.search(r'[<>:"|?*\\\x00-\x1f]', name):
        return True
    parts = name.split("/")
    return any(p[-1] in ". " or p.split(".")[0].lower() in RESERVED for p in parts)


def test_file_names_work_everywhere(tracked):
    assert [name for name in tracked if unsafe_on_windows(name)] == []


def test_file_names_are_unique_ignoring_case(tracked):
    assert len({name.casefold() for name in tracked}) == len(tracked)


@pytest.mark.parametrize("what", sorted(FORBIDDEN))
def test_no_file_holds(what, tracked, root):
    pattern = re.compile(FORBIDDEN[what])
    found = []
    for name in tracked:
        data = (root / name).read_bytes()
        if b"\0" in data[:8000] or name.startswith("tests/data/"):
            continue
        for number, line in enumerate(data.decode("utf-8").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{name}:{number}: {line.strip()[:100]}")
    assert found == []


def test_schemas_are_valid(tracked, root):
    names = [n for n in tracked if n.startswith("docs/schemas/") and n.endswith(".json")]
    assert names
    for name in names:
        schema = json.loads((root / name).read_text(encoding="utf-8"))
        validator_for(schema).check_schema(schema)


def test_the_rules_notice():
    for bad in ("a:b.txt", "docs/aux.md", "x./y", "a" * 151, "nul"):
        assert unsafe_on_windows(bad)
    assert re.search(FORBIDDEN["a path of one machine"], "see /" + "root/x")
    assert not re.search(FORBIDDEN["a path of one machine"], "example.org/" + "work/x")
