"""No trouble of a platform makes a living post ``deleted``: a part of ``make fault-matrix``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from benchmarks.fault_matrix.catalogue import CASES, chosen, pattern
from benchmarks.fault_matrix.one import Cell, Night, Runner
from benchmarks.fault_matrix.patterns import PATTERNS
from benchmarks.fault_matrix.report import figures, is_good, surprises
from benchmarks.fault_matrix.sources import KNOWN
from benchmarks.fault_matrix.workers import play, runner

PART = (
    "instagram:listing-429:three",
    "instagram:post-404-login-page:three",
    "instagram:posts-items-empty:three",
    "instagram:hidden-by-a-cache:three",
    "instagram:hidden-and-canary-gone:three",
    "instagram:hidden-and-clock-jumps:three",
    "instagram:account-private:three",
    "instagram:listing-ends-early:once",
    "tiktok:posts-10204:three",
    "tiktok:post-10216:three",
    "tiktok:hidden-and-page-2-empty:every-other",
    "tiktok:everything-captcha:once",
    # A withdrawal must not wait for ever because a fault spoilt what was remembered of it.
    "instagram:stranger-listing-cut:once",
    "instagram:listing-dates-newer:once",
    "tiktok:page-all-items-missing:once",
)


@pytest.fixture(scope="module")
def on_stage() -> Iterator[Runner]:
    with runner() as ready:
        yield ready


@pytest.mark.parametrize("wish", PART)
def test_a_fault_withdraws_nothing(on_stage: Runner, wish: str) -> None:
    (cell,) = (play(on_stage, one) for one in chosen([wish]))
    assert cell.broken == ""
    assert cell.false == ()
    assert cell.unmet == ()
    assert cell.confirmed, cell.nights


@pytest.mark.parametrize(
    ("condition", "wish"),
    [
        ("control_holds", "instagram:posts-items-empty:three"),
        ("clocks_agree", "tiktok:hidden-by-a-cache:three"),
    ],
)
def test_the_matrix_sees_a_judge_without_one_of_its_conditions(
    on_stage: Runner, monkeypatch: pytest.MonkeyPatch, condition: str, wish: str
) -> None:
    monkeypatch.setattr(f"archiver.absence.weighing.{condition}", lambda *given: True)
    (cell,) = (play(on_stage, one) for one in chosen([wish]))
    assert cell.broken == ""
    assert len(cell.false) == 1
    assert cell.word == "FALSE"


def test_there_are_many_faults_on_both_platforms() -> None:
    count = Counter(case.platform for case in CASES)
    assert sum(count.values()) >= 150
    assert min(count["instagram"], count["tiktok"]) >= 60
    assert len({case.key for case in CASES}) == len(CASES)
    assert len(PATTERNS) == 3


def test_every_known_trouble_has_a_fault() -> None:
    met = {source for case in CASES for source in case.sources}
    assert met == KNOWN


def test_cells_are_chosen_by_name() -> None:
    assert len(chosen([])) == 3 * len(CASES)
    assert len(chosen(["tiktok"])) == 3 * sum(case.platform == "tiktok" for case in CASES)
    assert len(chosen(["tiktok:post-410"])) == 3
    with pytest.raises(LookupError):
        chosen(["tiktok:post-4100"])


def _cell(**found: object) -> Cell:
    night = Night(True, "complete", None, "deleted", ())
    told: dict[str, object] = {"confirmed": True, "nights": (night,), **found}
    return Cell("tiktok:post-410", "once", **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "word"),
    [
        ({}, "ok"),
        ({"false": ("tiktok:1",)}, "FALSE"),
        ({"confirmed": False}, "late"),
        ({"unmet": ("status-410",)}, "unmet"),
        ({"broken": "Traceback"}, "BROKEN"),
    ],
)
def test_the_matrix_fails_for_every_surprise(found: dict[str, object], word: str) -> None:
    cell = _cell(**found)
    assert cell.word == word
    assert is_good([_cell(), cell]) is (word == "ok")
    assert bool(surprises([cell])) is (word != "ok")


def test_both_figures_are_told() -> None:
    cells = [_cell(), _cell(false=("tiktok:1",), confirmed=False)]
    assert figures(cells) == (
        "false withdrawals: 1 of 2 runs; true withdrawals confirmed within two cycles: 1 of 2"
    )
    assert not is_good([])


def test_a_pattern_ends_with_good_nights() -> None:
    assert pattern("every-other").nights == (True, False, True, False, True, False, False)
