"""A PostgreSQL server that refuses, is busy, or goes away."""

from __future__ import annotations

import traceback
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text

from storage.catalogue import open_catalogue, posts, server_facts
from storage.catalogue.errors import (
    CatalogueBusy,
    CatalogueError,
    CatalogueRefused,
    CatalogueTooNew,
    CatalogueUnreachable,
    CatalogueUnreadable,
    CatalogueUnsuitable,
)
from storage.catalogue.intake import commit_post
from tools.postgres import NoServer, OwnServer, Server, own_server

AT = "2026-11-24T01:00:00Z"


def test_a_second_program_is_told_who_holds_it(
    new_postgres_catalogue: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.catalogue.server.RUN_LOCK_WAIT_MS", 50)
    url = new_postgres_catalogue()
    with open_catalogue(url) as one, open_catalogue(url) as two:
        with one.held() as first, two.held() as second:
            assert first is None
            assert second is not None
            assert int(second[0]) > 0
            assert second[1].endswith("Z")
        monkeypatch.setattr("storage.catalogue.server.RUN_LOCK_WAIT_MS", 300_000)
        with two.held() as again:
            assert again is None


def test_who_lost_the_run_lock_commits_nothing(
    new_postgres_catalogue: Callable[[], str], make: Any
) -> None:
    url = new_postgres_catalogue()
    with open_catalogue(url) as one, open_catalogue(url) as two, one.held():
        with one.writing() as conn:
            commit_post(conn, [], make.record("A"), make.post("A", AT))
        with two.writing() as conn:
            conn.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                    " AND pid <> pg_backend_pid()"
                )
            )
        with two.held() as holder, pytest.raises(CatalogueUnreachable) as caught:
            assert holder is None
            with one.writing() as conn:
                commit_post(conn, [], make.record("B"), make.post("B", AT))
        assert caught.value.hint
        with two.reading() as conn:
            assert [post.code for post in posts.find(conn)] == ["A"]


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
    for read_only in (False, True):
        with pytest.raises(CatalogueUnsuitable, match="not a catalogue") as caught:
            open_catalogue(url, read_only=read_only)
        assert caught.value.hint


def test_a_newer_catalogue_is_named(
    new_postgres_catalogue: Callable[[], str], postgres_server: Server
) -> None:
    url = new_postgres_catalogue()
    newer = "UPDATE alembic_version SET version_num = '9999'"
    postgres_server.run(newer, make_url(url).database)
    with pytest.raises(CatalogueTooNew, match="9999") as caught:
        open_catalogue(url)
    assert "aside" not in caught.value.hint


def test_another_encoding_is_refused(postgres_server: Server) -> None:
    name = "jejak_latin_" + uuid.uuid4().hex[:8]
    postgres_server.run(
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    try:
        url = postgres_server.address(name)
        with pytest.raises(CatalogueUnsuitable, match="LATIN1") as caught:
            open_catalogue(url)
        assert "UTF8" in caught.value.hint
        assert server_facts(url).encoding == "LATIN1"
    finally:
        postgres_server.drop(name)


SECRET = "s3cr3t"


def shown_by(error: BaseException) -> str:
    """Everything that a traceback in a log would hold."""
    return "".join(traceback.format_exception(error)) + repr(error)


def test_refusals_name_no_password(tmp_path: Path, new_database: Callable[..., str]) -> None:
    url = make_url(new_database()).set(password=SECRET)
    nowhere = url.query | {"host": str(tmp_path)}
    cases: list[tuple[str, type[CatalogueError]]] = [
        (address.render_as_string(hide_password=False), expected)
        for address, expected in (
            (url.set(database="no_such_database"), CatalogueRefused),
            (url.set(query=nowhere), CatalogueUnreachable),
            (url.set(query=url.query | {"no_such_option": "1"}), CatalogueUnreachable),
            (url.set(query=url.query | {"sslmode": "perhaps"}), CatalogueUnreachable),
        )
    ]
    cases += [
        (f"postgresql+psycopg://u:{SECRET}/db", CatalogueUnreadable),
        (f"{SECRET} no address", CatalogueUnreadable),
    ]
    for address, expected in cases:
        with pytest.raises(expected) as caught:
            open_catalogue(address)
        assert caught.value.hint
        assert SECRET not in shown_by(caught.value), address


def test_a_wrong_password_is_told_without_it(postgres_server: Server) -> None:
    if not isinstance(postgres_server, OwnServer):
        pytest.skip("only a server of our own asks its users for passwords as this needs it")
    name = postgres_server.create()
    postgres_server.run("CREATE ROLE locked LOGIN PASSWORD 'the right one'")
    try:
        postgres_server.run(f"ALTER DATABASE {name} OWNER TO locked")
        for password in (SECRET, None):
            with pytest.raises(CatalogueRefused) as caught:
                open_catalogue(postgres_server.address(name, username="locked", password=password))
            assert SECRET not in shown_by(caught.value)
            assert "password" in caught.value.hint
        right = postgres_server.address(name, username="locked", password="the right one")
        with open_catalogue(right) as catalogue, catalogue.held() as holder:
            assert holder is None
    finally:
        postgres_server.drop(name)
        postgres_server.run("DROP ROLE locked")


def test_a_user_without_rights_is_refused_and_may_still_read(
    postgres_server: Server, new_postgres_catalogue: Callable[[], str], make: Any
) -> None:
    user, url = "jejak_reader_" + uuid.uuid4().hex[:8], new_postgres_catalogue()
    database = make_url(url).database
    empty = postgres_server.create()
    postgres_server.run(f"CREATE ROLE {user} LOGIN")
    try:
        for name in (database, empty):
            postgres_server.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC", name)
        with open_catalogue(url) as owner, owner.writing() as conn:
            commit_post(conn, [], make.record("A"), make.post("A", AT))
        theirs = postgres_server.address(str(database), username=user)
        for address in (theirs, postgres_server.address(empty, username=user)):
            with pytest.raises(CatalogueRefused):
                open_catalogue(address)
        postgres_server.run(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {user}", database)
        with pytest.raises(CatalogueRefused):
            open_catalogue(theirs)
        with open_catalogue(theirs, read_only=True) as reader, reader.reading() as conn:
            assert [post.code for post in posts.find(conn)] == ["A"]
    finally:
        postgres_server.run(f"DROP OWNED BY {user}", database)
        postgres_server.drop(empty)
        postgres_server.run(f"DROP ROLE {user}")


def test_nothing_waits_for_ever(new_postgres_catalogue: Callable[[], str]) -> None:
    with open_catalogue(new_postgres_catalogue()) as catalogue, catalogue.writing() as conn:
        raw = conn.connection.driver_connection
        assert raw is not None
        told = raw.info.get_parameters()
        assert 0 < int(told["connect_timeout"]) <= 60
        for name in ("statement_timeout", "lock_timeout"):
            assert conn.scalar(text(f"SHOW {name}")) not in ("0", None)


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
