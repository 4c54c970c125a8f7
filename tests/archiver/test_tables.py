"""What tables, figures and words of the terminal promise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from archiver.cli.figures import number, size, zone_word
from archiver.cli.table import GAP, LEAST, Column, cut, lay
from archiver.completeness import Outcome
from archiver.i18n import speak
from archiver.terminal import printable
from archiver.wording import WORDS, word_for
from connectors.model import MediaKind, MediaRole, PostKind

CELLS = st.text(max_size=60).map(printable)
COLUMNS = (
    Column("id"),
    Column("count", right=True),
    Column("name", cuts=True, spare=True),
    Column("caption", cuts=True),
)
ROWS = st.lists(
    st.tuples(st.text("abc:123", max_size=20), st.integers(0, 10**6).map(str), CELLS, CELLS),
    max_size=6,
)


@given(ROWS, st.integers(60, 200))
def test_no_row_is_wider_than_the_terminal(rows: list[tuple[str, ...]], width: int) -> None:
    laid = lay(COLUMNS, rows, width)
    assert all(cell_len(line) <= width for line in (laid.heading, *laid.lines))
    assert len(laid.lines) == len(rows)


@given(ROWS, st.integers(60, 200))
def test_ids_and_counts_are_never_cut(rows: list[tuple[str, ...]], width: int) -> None:
    laid = lay(COLUMNS, rows, width)
    for row, line in zip(rows, laid.lines, strict=True):
        assert line.startswith(row[0])
        assert row[1] in line[len(row[0]) :]


@given(ROWS)
def test_a_pipe_gets_everything(rows: list[tuple[str, ...]]) -> None:
    laid = lay(COLUMNS, rows, None)
    assert laid.left_out == ()
    for row, line in zip(rows, laid.lines, strict=True):
        assert all(cell.rstrip() in line for cell in row)


def test_counts_end_in_one_column() -> None:
    laid = lay((Column("n", right=True), Column("x")), (("7", "a"), ("1.234", "b")), None)
    assert laid.lines == ("    7" + " " * GAP + "a", "1.234" + " " * GAP + "b")


def test_what_is_left_out_is_said() -> None:
    columns = (Column("account"), Column("name", cuts=True, spare=True))
    laid = lay(columns, (("a" * 40, "n" * 40),), 45)
    assert laid.left_out == ("name",)
    assert laid.lines == ("a" * 40,)
    assert lay(columns, (("a" * 40, "n" * 40),), 40 + GAP + LEAST).left_out == ()


@given(CELLS, st.integers(1, 40))
def test_cut_texts_fit_and_begin_as_before(text: str, cells: int) -> None:
    short = cut(text, cells)
    assert cell_len(short) <= cells
    assert short == text or text.startswith(short[:-1])


@pytest.mark.parametrize("joined", ["👨‍👩‍👧‍👦", "🇮🇩", "🙏🏽", "❤️‍🔥"])
def test_joined_emoji_are_not_torn(joined: str) -> None:
    assert cut(joined * 3, 5) == joined * 2 + "…"
    assert cut("大台町観光", 5) == "大台…"


def test_figures_of_both_languages() -> None:
    try:
        speak("id")
        assert (number(184203), size(14_820_000), size(137)) == ("184.203", "14,8 MB", "137 B")
        speak("en")
        assert (number(184203), size(83_089), number(None)) == ("184,203", "83.1 kB", "")
    finally:
        speak("en")


def test_zones_have_their_own_words() -> None:
    zones = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Berlin", "Asia/Dubai")
    assert [zone_word(zone) for zone in zones] == [
        *("WIB", "WITA", "WIT", "Europe/Berlin", "Asia/Dubai")
    ]


def test_every_code_has_a_word() -> None:
    codes = {str(code) for kind in (PostKind, MediaKind, MediaRole, Outcome) for code in kind}
    codes |= {"present", "running", "ended", "interrupted", "unrecorded", "missed"}
    assert codes - WORDS == set()
    try:
        speak("id")
        # Loan words that are the same in both languages.
        assert {code for code in codes if word_for(code) == code} == {"reel", "video"}
    finally:
        speak("en")


NAMES = (
    "Pemkot 🏛️",
    "بلدية المدينة",
    "עיריה",
    "日本",
    "a_b.c_",
    "👩‍👩‍👧 keluarga",
    "e\u0301",
    "\u202ejahat",
)


def test_names_of_any_script_keep_the_columns_apart() -> None:
    rows = [(f"instagram/{n}", printable(name), "7") for n, name in enumerate(NAMES)]
    columns = (Column("account"), Column("name", cuts=True), Column("posts", right=True))
    laid = lay(columns, rows, 40)
    assert (
        len({cell_len(line.replace("\u2068", "").replace("\u2069", "")) for line in laid.lines})
        == 1
    )
    for (_account, name, _posts), line in zip(rows, laid.lines, strict=True):
        right_to_left = any(c in "بע" for c in name)
        assert line.count("\u2068") == line.count("\u2069") == right_to_left
        assert "\u202e" not in line
