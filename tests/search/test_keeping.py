"""The index says what the posts say, whatever happened between."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from storage import migrations, search
from storage.catalogue import open_catalogue, posts
from storage.search.keeping import vector

OLD_POST = {
    "posts": "id, platform, account, code, kind, state, caption, published_at, first_seen, "
    "last_seen, versions, content_digest, media_complete, document",
    "versions": "document, post, account, number, platform, code, capture, run, route, engine, "
    "captured_at, kind, caption, published_at, pinned, extra, content_digest, authors",
}
DAY = "2026-10-01T00:00:00.000000Z"


def found(catalogue, typed):
    with catalogue.reading() as conn:
        return [post.code for post in posts.find(conn, posts.PostFilter(search=typed, limit=9))]


def assert_index_is_whole(catalogue):
    """Each database's own index holds what `search_posts` holds, and no more."""
    with catalogue.writing() as conn:
        kept = conn.execute(text("SELECT key, words FROM search_posts ORDER BY key")).all()
        if conn.dialect.name == "postgresql":
            indexed = text("SELECT key, CAST(vector AS text) FROM search_index ORDER BY key")
            same = text("SELECT CAST(CAST(:words AS tsvector) AS text)")
            expected = [(k, conn.scalar(same, {"words": vector(k, w)})) for k, w in kept]
            assert [tuple(row) for row in conn.execute(indexed)] == expected
        else:
            check = "INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)"
            conn.execute(text(check))
    return kept


def test_changed_posts_leave_nothing_behind(catalogue, keep):
    with catalogue.writing() as conn:
        for code in "ABC":
            keep(conn, code, f"Rapat {code} dibatalkan")
    with catalogue.writing() as conn:
        keep(conn, "B", "Rapat ditunda", version=2, published_at="2026-10-05T00:00:00Z")
    before = assert_index_is_whole(catalogue)
    with catalogue.writing() as conn:
        ids = [f"instagram:{code}" for code in "CAB"]
        search.index(conn, ids)
    assert assert_index_is_whole(catalogue) == before
    with catalogue.writing() as conn:
        search.clear(conn)
        conn.execute(text("DELETE FROM search_posts"))
        assert search.fill(conn) == 3
        search.settle(conn)
    assert assert_index_is_whole(catalogue) == before
    assert found(catalogue, "tunda") == ["B"]


def test_a_post_and_its_words_are_kept_together_or_not_at_all(catalogue, keep):
    with pytest.raises(KeyboardInterrupt), catalogue.writing() as conn:
        keep(conn, "A", "Rapat warga")
        raise KeyboardInterrupt
    assert found(catalogue, "rapat") == found(catalogue, "-rapat") == []
    assert assert_index_is_whole(catalogue) == []


def test_names_of_authors_are_found(catalogue, keep):
    authors = [{"native_id": "9", "account": None, "handle": "humas.kota", "role": "owner"}]
    with catalogue.writing() as conn:
        keep(conn, "A", None, authors=authors)
    assert found(catalogue, "@humas.kota") == found(catalogue, "humas") == ["A"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_older_catalogue_finds_its_posts(kind, tmp_path, request):
    address = f"sqlite:///{tmp_path / 'old.db'}"
    if kind == "postgresql":
        server = request.getfixturevalue("server")
        address = server.address(server.create())
    engine = create_engine(address)
    with engine.begin() as conn:
        config = migrations.configuration()
        config.attributes["connection"] = conn
        command.upgrade(config, "0002")
        values = {
            "posts": (
                *("instagram:A", "instagram", "instagram:1", "A", "photo", "present"),
                *("Membagikan air", DAY, DAY, DAY, 1, "d", True, "r"),
            ),
            "versions": (
                *("r", "instagram:A", "instagram:1", 1, "instagram", "A", "c", "u"),
                *("w", "e", DAY, "photo", "Membagikan air", DAY, False, "{}", "d", "[]"),
            ),
        }
        for table, columns in OLD_POST.items():
            row = dict(zip(columns.split(", "), values[table], strict=True))
            places = ", ".join(f":{name}" for name in row)
            conn.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({places})"), row)
    engine.dispose()
    with open_catalogue(address) as catalogue:
        assert found(catalogue, "pembagian") == ["A"]
        assert_index_is_whole(catalogue)
