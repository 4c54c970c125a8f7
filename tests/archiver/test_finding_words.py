"""Every numbered finding has a meaning for people."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archiver.finding_words import FAMILIES, MEANINGS, meaning_of

ROOT = Path(__file__).parents[2]
CODE = re.compile(r'"([AWLR]\d{3})"')


def used() -> set[str]:
    """The codes that stand as values in product code."""
    sources = [*ROOT.glob("storage/**/*.py"), *ROOT.glob("archiver/**/*.py")]
    own = ROOT / "archiver" / "finding_words.py"
    return {c for path in sources if path != own for c in CODE.findall(path.read_text("utf-8"))}


def test_no_finding_is_without_words():
    assert len(used()) > 50
    assert sorted(code for code in used() if not meaning_of(code)) == []


def test_no_words_are_without_a_finding():
    assert sorted(MEANINGS.keys() - used()) == []
    assert sorted(f for f in FAMILIES if not any(code.startswith(f) for code in used())) == []


@pytest.mark.parametrize("code", ["", "X999", "A999"])
def test_an_unknown_code_has_no_made_up_meaning(code):
    assert meaning_of(code) == ""
