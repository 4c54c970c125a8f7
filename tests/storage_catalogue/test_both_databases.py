"""What PostgreSQL must do as SQLite does it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from storage.catalogue import Catalogue, posts
from storage.catalogue.comparison import differences
from storage.catalogue.intake import commit_capture, commit_post

AT = "2026-11-24T01:00:00Z"
ODD = 'a\x00b \ud800 "\u202e مرحبا 😀 %s :x \\ ' + "x" * 100_000


def test_text_is_ordered_by_its_bytes(catalogue: Catalogue, make: Any) -> None:
    codes = ["a", "B", "_", "-", "b", "A", "ä", "Z", "0"]
    with catalogue.writing() as conn:
        for code in codes:
            commit_post(conn, [], make.record(code), make.post(code, AT))
        undated = make.post("undated", AT, published_at=None)
        commit_post(conn, [], make.record("undated"), undated)
    with catalogue.reading() as conn:
        found = [post.code for post in posts.find(conn)]
    assert found == [*sorted(codes, key=str.encode, reverse=True), "undated"]


def test_odd_text_gives_the_same_rows(
    databases: Any, catalogue: Catalogue, tmp_path: Path, make: Any
) -> None:
    """Compared with SQLite, whichever database is in use."""
    from storage.catalogue import embedded, open_catalogue

    with open_catalogue(embedded(tmp_path / "other.db")) as other:
        for one in (catalogue, other):
            with one.writing() as conn:
                post = make.post("A", AT, caption=ODD, extra={"title": ODD})
                commit_post(conn, [], make.record("d"), post)
                seen = [make.seen("instagram:A", make.record("r"), 2**62)]
                profile = make.profile(name=ODD, is_private=None, followers=2**63 - 1)
                capture = make.capture("c", AT, AT, seen=seen, profile=profile)
                commit_capture(conn, [], make.record("c"), capture)
        assert differences(catalogue.engine, other.engine) == []
    with catalogue.reading() as conn:
        assert [post.caption for post in posts.find(conn)] == [
            ODD.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")
        ]


def test_readers_see_what_is_committed_beside_a_writer(
    databases: Any, tmp_path: Path, make: Any
) -> None:
    from storage.catalogue import open_catalogue

    databases.fresh(tmp_path / "c.db").close()
    url = databases.address(tmp_path / "c.db")

    def count(conn: Any) -> int:
        return len(list(posts.find(conn)))

    with (
        open_catalogue(url) as writer,
        open_catalogue(url, read_only=True) as reader,
        reader.reading() as before,
    ):
        assert count(before) == 0
        with writer.writing() as conn:
            commit_post(conn, [], make.record("d"), make.post("A", AT))
            with reader.reading() as beside:
                assert (count(before), count(beside)) == (0, 0)
        with reader.reading() as after:
            assert (count(before), count(after)) == (0, 1)
