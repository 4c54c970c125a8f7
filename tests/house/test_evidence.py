"""The page on evidence explains everything that the program can conclude, twice."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from archiver.absence.verdicts import DOUBTS, REASONS, RESTRICTIONS, Conditions

STATES = ("present", "unavailable", "deleted", "returned", "expired")
ENDINGS = ("expired", "ended_early", "left_highlight")


@pytest.fixture(scope="module")
def halves(root):
    page = (root / "docs" / "evidence.md").read_text("utf-8")
    _, indonesian, english, _ = re.split(r"^## .+\n", page, flags=re.M)
    return {"id": indonesian, "en": english}


def explained(half: str) -> Counter[str]:
    """The codes that a row of a table explains."""
    rows = [line for line in half.splitlines() if line.startswith("| ")]
    return Counter(
        code
        for line in rows
        for code in re.findall(r"^\| (?:[^|`]+\| )?`(\w+)` \| [^|]{20,} \|$", line)
    )


def shape(half: str) -> Counter[str]:
    """How many headings, rows and points there are."""
    marks = {"heading": r"^### ", "row": r"^\| ", "step": r"^\d\. ", "point": r"^- "}
    return Counter({name: len(re.findall(mark, half, re.M)) for name, mark in marks.items()})


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_state_and_reason_is_explained_once(halves, language):
    half = halves[language]
    assert explained(half) == Counter((*STATES, *REASONS))
    assert [code for code in ENDINGS if f"`{code}`" not in half] == []


def test_every_doubt_of_a_check_ends_in_a_reason_that_is_explained():
    assert {*RESTRICTIONS.values(), *DOUBTS.values()} <= set(REASONS)


def test_both_halves_have_the_same_parts(halves):
    assert shape(halves["id"]) == shape(halves["en"])
    assert shape(halves["en"])["heading"] > 8
    commands = [
        set(re.findall(r"(?:^|`)(jejak \w+|make [\w-]+)", half, re.M)) for half in halves.values()
    ]
    assert commands[0] == commands[1]


@pytest.mark.parametrize("language", ["id", "en"])
def test_all_conditions_are_named(halves, language):
    """Each condition of a check, by a word that stands for it in either language."""
    words = {
        "listing": ("daftar unggahan", "listing"),
        "signature": ("kata-kata platform", "known* words"),
        "control": ("unggahan pembanding", "control post"),
        "account": ("akunnya ada", "the account exists"),
        "unblocked": ("tidak ditolak", "turn the visitor away"),
        "canary": ("akun uji", "canary"),
        "clock": ("jam platform", "platform's clock"),
    }
    assert set(words) == set(Conditions.__slots__)
    half = halves[language].lower()
    place = ("id", "en").index(language)
    assert [name for name, both in words.items() if both[place] not in half] == []


@pytest.mark.parametrize("page", ["README.md", "docs/architecture.md"])
def test_the_page_is_found(root, page):
    assert "evidence.md)" in (root / page).read_text("utf-8")


def test_the_rule_notices():
    assert explained("| `private` | Its owner has hidden it from all. |") == {"private": 1}
    assert explained("| unavailable | `unavailable` | short |") == {}
