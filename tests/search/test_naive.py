"""Both databases against a matcher that knows no index."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime

import pytest
import snowballstemmer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.catalogue import posts

WORDS = (
    *("banjir", "kebanjiran", "membanjiri", "bantu", "membantu", "bantuan", "pembagian"),
    *("membagikan", "bagian", "warga", "kota", "balai", "air", "jalan", "berjalan"),
    *("di", "ke", "pelajar", "belajar"),
)
ACCOUNTS = ("instagram:1", "instagram:2")
SINCE = (None, datetime(2022, 1, 1, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC))
STEMMER = snowballstemmer.stemmer("indonesian")


def corpus():
    """Code, caption, account and date of sixty posts; the codes are in the order of the dates."""
    chance = random.Random(3)
    for number in range(60):
        words = [chance.choice(WORDS) for _ in range(chance.randint(1, 6))]
        words += ["#" + chance.choice(WORDS)] * chance.randint(0, 1)
        day = f"{2015 + number // 6}-{1 + number % 6 * 2:02}-03T00:00:00Z"
        yield f"P{number:02}", " ".join(words), chance.choice(ACCOUNTS), day


def words_of(caption):
    return re.findall("[a-z]+", caption)


def has(term, caption):
    """Whether a caption matches one term as it is typed."""
    if term.startswith("-"):
        return not has(term[1:], caption)
    if term.startswith("#"):
        return term in caption.split()
    words = words_of(caption)
    if term.startswith('"'):
        wanted = term.strip('"').split()
        return any(words[n : n + len(wanted)] == wanted for n in range(len(words)))
    if term.endswith("*"):
        return any(word.startswith(term[:-1]) for word in words)
    root = STEMMER.stemWord(term)
    return any(root in (word, STEMMER.stemWord(word)) for word in words)


WORD = st.sampled_from(WORDS)
SIMPLE = st.one_of(
    WORD,
    WORD.map("#{}".format),
    WORD.map(lambda word: word[:3] + "*"),
    st.lists(WORD, min_size=1, max_size=2).map(lambda words: f'"{" ".join(words)}"'),
)
TERM = st.one_of(SIMPLE, SIMPLE.map("-{}".format))
QUERY = st.lists(st.lists(TERM, min_size=1, max_size=3), min_size=1, max_size=3)


@pytest.fixture
def filled(catalogue, keep, monkeypatch):
    # So few are looked at one by one that every further way is taken too.
    monkeypatch.setattr("storage.search.newest.WALKED", 2)
    monkeypatch.setattr("storage.search.newest.WALKED_FOR_BEGINNINGS", 3)
    monkeypatch.setattr("storage.search.newest.SPARE", 0.4)
    with catalogue.writing() as conn:
        for code, caption, account, day in corpus():
            keep(conn, code, caption, account=account, published_at=day)
    return catalogue


@settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    QUERY,
    st.sampled_from([None, 1, 3, 10]),
    st.sampled_from([None, *ACCOUNTS]),
    st.sampled_from(SINCE),
)
def test_what_is_found_is_what_matches(filled, query, limit, account, since):
    typed = " ".join(" OR ".join(group) for group in query)
    expected = [
        code
        for code, caption, owner, day in reversed(list(corpus()))
        if account in (None, owner)
        and (since is None or datetime.fromisoformat(day) >= since)
        and all(any(has(term, caption) for term in group) for group in query)
    ]
    wanted = posts.PostFilter(search=typed, limit=limit, account=account, since=since)
    with filled.reading() as conn:
        assert [post.code for post in posts.find(conn, wanted)] == expected[:limit]
