"""Stems: forms of a word meet, everything else stays what it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import snowballstemmer
from hypothesis import given
from hypothesis import strategies as st

from storage.search.stemming import stem

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    "forms",
    [
        ("membagikan", "pembagian", "bagi"),
        ("pengungsi", "mengungsikan"),
        ("banjir", "kebanjiran", "membanjiri"),
        ("vaksin", "vaksinnya"),
    ],
)
def test_forms_of_a_word_share_a_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize("word", ["#siagabanjir", "@dinsos_kota", "112", "covid19", "ꦱꦸꦒꦼꦁ", "🌊"])
def test_what_is_no_latin_word_is_its_own_stem(word: str) -> None:
    assert stem(word) == word


@given(st.text(LETTERS, min_size=1, max_size=20))
def test_a_stem_is_that_of_the_library(word: str) -> None:
    assert stem(word) == snowballstemmer.stemmer("indonesian").stemWord(word)


def test_threads_do_not_mix_their_words() -> None:
    words = [f"me{a}{b}{c}kan" for a in LETTERS[:12] for b in "aiu" for c in LETTERS[:12]]
    library = snowballstemmer.stemmer("indonesian")
    wanted = [library.stemWord(word) for word in words]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(stem, words)) == wanted
