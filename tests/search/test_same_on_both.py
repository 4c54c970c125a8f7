"""One corpus, one table of queries: both databases find the same posts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage.catalogue import posts

CORPUS = {
    "A": ("Warga mengungsi karena banjir di Jalan Melati", {}),
    "B": ("Posko #SiagaBanjir dibuka 24 jam, hubungi @dinsos_kota.", {"kind": "reel"}),
    "C": ("Pembagian bantuan untuk pengungsi 🌊 di Balai Kota", {"account": "instagram:1002"}),
    "D": ("Kebanjiran lagi! #banjir #Melati", {}),
    "E": ("Jum'at bersih: CAFÉ 𝗚𝗿𝗮𝘁𝗶𝘀 المَدينة ꦗꦮ", {}),
    "F": (None, {"extra": {"alt_text": {"1": "Poster vaksinasi"}, "location": "Taman Kencana"}}),
    "G": (
        "Balai warga, kota tua",
        {"authors": [{"native_id": "9", "account": None, "handle": "humas.kota", "role": "owner"}]},
    ),
}
QUERIES = {
    "banjir": "DBA",
    "BANJIR jalan": "A",
    "ungsikan": "CA",
    "membagikan": "C",
    "#banjir": "D",
    "#siaga*": "B",
    "#SiagaBanjir": "B",
    "siagabanjir": "B",
    "siaga": "B",
    "@dinsos_kota": "B",
    "@humas.kota": "G",
    '"balai kota"': "C",
    '"kota balai"': "",
    '"balai ko*': "",
    '"balai ko"*': "C",
    "balai kota": "GC",
    "banjir -#banjir": "BA",
    "vaksin* OR melati": "FDA",
    "vaksin* ATAU jumat": "FE",
    "-banjir": "GFEC",
    "banjir OR -warga": "FEDCBA",
    "🌊": "C",
    "cafe gratis": "E",
    "المدينة": "E",
    "ꦗꦮ": "E",
    "jum'at": "E",
    "taman": "F",
    "tidakada": "",
    '" ( ) * - NOT AND :': "",
    "( ) * - : -- ^": "GFEDCBA",
}


@pytest.fixture
def filled(catalogue, keep):
    with catalogue.writing() as conn:
        for day, (code, (caption, changes)) in enumerate(CORPUS.items(), 1):
            keep(conn, code, caption, published_at=f"2026-10-{day:02}T00:00:00Z", **changes)
    return catalogue


def found(catalogue, text, **filters):
    with catalogue.reading() as conn:
        return "".join(p.code for p in posts.find(conn, posts.PostFilter(search=text, **filters)))


def test_every_query_finds_its_posts_newest_first(filled):
    assert {q: found(filled, q) for q in QUERIES} == QUERIES
    assert {q: found(filled, q, limit=2) for q in QUERIES} == {q: w[:2] for q, w in QUERIES.items()}


def test_filters_hold_too(filled):
    day = datetime(2026, 10, 2, tzinfo=UTC)
    assert found(filled, "banjir", kind="reel") == "B"
    assert found(filled, "di", account="instagram:1002") == "C"
    assert found(filled, "banjir", since=day) == "DB"
    assert found(filled, "banjir", until=day) == "A"
    assert found(filled, "banjir", until=day, limit=1) == "A"
    assert found(filled, "banjir", state="present", limit=1) == "D"


def test_words_edited_away_are_still_found(catalogue, keep):
    with catalogue.writing() as conn:
        keep(conn, "A", "Rapat dibatalkan", version=1)
        keep(conn, "A", "Rapat ditunda", version=2)
        keep(conn, "A", "Rapat ditunda", version=3, published_at="2026-10-09T00:00:00Z")
    assert found(catalogue, "batal") == found(catalogue, "tunda") == "A"
    assert found(catalogue, '"dibatalkan rapat"') == ""
    assert found(catalogue, "rapat", since=datetime(2026, 10, 8, tzinfo=UTC)) == "A"


def test_posts_of_one_second_do_not_lose_each_other(catalogue, keep, monkeypatch):
    monkeypatch.setattr("storage.search.keeping.wanted_key", lambda post, at: 7)
    with catalogue.writing() as conn:
        for code in "CADB":
            keep(conn, code, f"kata {code}")
        keep(conn, "A", "kata lain", version=2)
    assert found(catalogue, "kata") == "DCBA"
    assert found(catalogue, "lain") == "A"
