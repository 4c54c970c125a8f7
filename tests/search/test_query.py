"""No input breaks the parser or either database."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.catalogue import posts
from storage.search.query import Exact, Not, Phrase, Prefix, Query, Word, parse
from storage.search.words import words_of

SIGNS = st.text(alphabet="\"'()*-+#@:^{}!&|<>\\ \0\ud800aOR\u0301\u200d🌊b", max_size=40)


@pytest.mark.parametrize(
    ("typed", "groups"),
    [
        ("", ()),
        ("banjir", ((Word("banjir"),),)),
        ("a OR b c", ((Word("a"), Word("b")), (Word("c"),))),
        ("OR a OR", ((Word("a"),),)),
        ('-"a b"', ((Not(Phrase(("a", "b"))),),)),
        ("#Tag* @x.y,", ((Prefix("#tag"),), (Exact("@x.y"),))),
        ("covid-19", ((Phrase(("covid", "19")),),)),
        ("*", ()),
    ],
)
def test_what_is_typed_is_read_so(typed, groups):
    assert parse(typed) == Query(groups)


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.text(), SIGNS))
def test_any_text_can_be_read(text):
    parse(text)
    for word in words_of(text).words:
        assert words_of(word).words == (word,)


def test_a_very_long_text_can_be_read():
    assert parse('"' * 100_000) == Query()
    assert len(parse("a b " * 25_000).groups) == 50


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.one_of(st.text(max_size=60), SIGNS))
def test_no_input_breaks_a_database(catalogue, text):
    with catalogue.reading() as conn:
        assert list(posts.find(conn, posts.PostFilter(search=text, limit=3))) == []
