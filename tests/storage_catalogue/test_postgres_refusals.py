"""A PostgreSQL server that refuses, is busy, or goes away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text

from storage.catalogue import open_catalogue, posts
from storage.catalogue.errors import (
    CatalogueBusy,
    CatalogueRefused,
    CatalogueUnreachable,
    CatalogueUnreadable,
)
from storage.catalogue.intake import commit_post
from tools.postgres import NoServer, Server, own_server

AT = "2026-11-24T01:00:00Z"


def test_a_second_program_is_told_who_holds_it(new_postgres_catalogue: Callable[[], str]) -> None:
    url = new_postgres_catalogue()
    with open_catalogue(url) as one, open_catalogue(url) as two:
        with one.held() as first, two.held() as second:
            assert first is None
            assert second is not None
            assert int(second[0]) > 0
            assert second[1].endswith("Z")
        with two.held() as again:
            assert again is None


def test_a_writer_waits_and_then_is_told(
    new_postgres_catalogue: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.catalogue.connection.BUSY_TIMEOUT_MS", 200)
    url = new_postgres_catalogue()
    with open_catalogue(url) as one, open_catalogue(url) as two:
        with one.writing(), pytest.raises(CatalogueBusy), two.writing():
            pass
        with two.writing(), one.reading() as conn:
            assert list(posts.find(conn)) == []


def test_somebody_elses_database_is_refused(
    new_database: Callable[..., str], postgres_server: Server
) -> None:
    url = new_database()
    postgres_server.run("CREATE TABLE letters (id int)", make_url(url).database)
    with pytest.raises(CatalogueUnreadable) as caught:
        open_catalogue(url)
    assert caught.value.hint


def test_refusals_name_no_password(tmp_path: Path, new_database: Callable[..., str]) -> None:
    url = make_url(new_database())
    cases = [
        (url.set(database="no_such_database", password="s3cr3t"), CatalogueRefused),
        (url.set(query={"host": str(tmp_path)}, password="s3cr3t"), CatalogueUnreachable),
    ]
    for address, expected in cases:
        with pytest.raises(expected) as caught:
            open_catalogue(address.render_as_string(hide_password=False))
        assert caught.value.hint
        assert "s3cr3t" not in str(caught.value)


def test_a_server_that_goes_away_loses_nothing_acknowledged(make: Any) -> None:
    try:
        with own_server() as server:
            url = server.address(server.create())
            with open_catalogue(url) as catalogue:
                with catalogue.writing() as conn:
                    commit_post(conn, [], make.record("A"), make.post("A", AT))
                with pytest.raises(CatalogueUnreachable), catalogue.writing() as conn:
                    commit_post(conn, [], make.record("B"), make.post("B", AT))
                    pid = conn.scalar(text("SELECT pg_backend_pid()"))
                    server.run(f"SELECT pg_terminate_backend({pid})")
                    conn.execute(text("SELECT 1"))
                server.stop()
                with pytest.raises(CatalogueUnreachable), catalogue.writing():
                    pass
                server.start()
                with catalogue.reading() as conn:
                    assert [post.code for post in posts.find(conn)] == ["A"]
    except NoServer as error:
        pytest.skip(str(error))
