"""Our stems are the library's."""

from __future__ import annotations

import snowballstemmer
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.catalogue_posts import VOCABULARY
from storage.search.stemming import snowball, stem

PARTS = (
    *("kah", "lah", "pun", "nya", "ku", "mu", "di", "ke", "me", "mem", "men", "meng", "meny"),
    *("pem", "pen", "peng", "peny", "ter", "be", "ber", "bel", "pe", "per", "pel", "ajar"),
    *("i", "an", "kan", "si", "y", "er", *"saeuokrlt"),
)
FORMS = ("{}", "{}kan", "di{}i", "pe{}an", "ke{}annya", "ber{}", "mem{}", "meny{}ilah", "peng{}i")


def test_every_word_of_a_vocabulary_has_the_librarys_stem():
    library = snowballstemmer.stemmer("indonesian")
    words = [FORMS[n % len(FORMS)].format(word) for n, word in enumerate(VOCABULARY)]
    assert list(map(snowball, words)) == library.stemWords(words)


@settings(deadline=None, max_examples=500)
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=8).map("".join))
def test_every_pile_of_affixes_has_the_librarys_stem(word):
    assert snowball(word) == snowballstemmer.stemmer("indonesian").stemWord(word)


def test_what_is_no_latin_word_is_its_own_stem():
    for token in ("#membagikan", "@dinas_2", "covid19", "المدينه", "ꦗꦮ", "🌊", "|"):
        assert stem(token) == token
    assert stem("membagikan") == stem("pembagian") == "bagi"
