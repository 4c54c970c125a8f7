"""Opening a catalogue: migrations, refusals with a remedy, several users."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_mock_engine, text

from storage import migrations, schema
from storage.catalogue import Catalogue, embedded, open_catalogue, posts, revision
from storage.catalogue.errors import (
    CatalogueBusy,
    CatalogueReadOnly,
    CatalogueTooNew,
    CatalogueTooOld,
    CatalogueUnreadable,
)
from storage.catalogue.intake import commit_post

ROOT = Path(__file__).parents[2]


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """Each database's own search index is none of SQLAlchemy's tables."""
    return kind != "table" or not str(name).startswith("search_index")


def test_migrations_build_what_the_schema_says(catalogue: Catalogue) -> None:
    with catalogue.reading() as conn:
        context = MigrationContext.configure(
            conn, opts={"compare_type": True, "include_name": ours}
        )
        assert compare_metadata(context, schema.metadata) == []
        assert revision.revision_of(conn, "x") == schema.REVISION
    assert migrations.revisions()[-1] == schema.REVISION


def test_the_schema_can_be_built_on_postgresql() -> None:
    statements: list[str] = []
    engine = create_mock_engine(
        "postgresql://", lambda ddl, *_, **__: statements.append(str(ddl.compile(engine)))
    )
    schema.metadata.create_all(engine, checkfirst=False)
    assert sum("CREATE TABLE" in s for s in statements) == len(schema.metadata.tables)


def test_every_table_is_either_derived_or_state() -> None:
    known = {*schema.DERIVED, *schema.STATE, schema.catalogue_info}
    assert known == set(schema.metadata.tables.values())


def test_the_embedded_database_is_durable_and_waits(tmp_path: Path) -> None:
    with open_catalogue(url(tmp_path / "c.db")) as catalogue, catalogue.writing() as conn:
        found = [
            conn.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 2, 1, 60_000]


def test_a_catalogue_newer_than_the_program_is_named(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    open_catalogue(url(path)).close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.execute("UPDATE catalogue_info SET value = 'jejak 7.0.0'")
    raw.close()
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(CatalogueTooNew) as caught:
            open_catalogue(url(path), read_only=read_only)
        for part in ("9999", "jejak 7.0.0", migrations.program(), schema.REVISION, str(path)):
            assert part in str(caught.value)
        assert "jejak reindex" in caught.value.hint
    assert path.read_bytes() == before


def test_what_is_no_catalogue_is_refused_and_left_alone(tmp_path: Path) -> None:
    noise = tmp_path / "noise.db"
    noise.write_bytes(b"these are no database pages, but a letter to the mayor\n" * 100)
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as raw:
        raw.execute("CREATE TABLE letters (id INTEGER)")
    raw.close()
    for path in (noise, other):
        before = path.read_bytes()
        with pytest.raises(CatalogueUnreadable) as caught:
            open_catalogue(url(path))
        assert caught.value.hint
        assert str(path) in str(caught.value)
        assert path.read_bytes() == before
    for absent in (url(tmp_path / "no" / "c.db"), "sqlite://"):
        with pytest.raises(CatalogueUnreadable):
            open_catalogue(absent)
    with pytest.raises(CatalogueUnreadable, match="there is no catalogue"):
        open_catalogue(url(tmp_path / "absent.db"), read_only=True)


def test_an_empty_file_becomes_a_catalogue_unless_only_read(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    path.touch()
    with pytest.raises(CatalogueTooOld):
        open_catalogue(url(path), read_only=True)
    with open_catalogue(url(path)) as catalogue, catalogue.reading() as conn:
        assert list(posts.find(conn)) == []


READ_ONLY = """
import os, sqlite3, sys
from storage.catalogue import open_catalogue, posts
from storage.catalogue.errors import CatalogueReadOnly
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
for name in ("existing.db", "new.db"):
    try:
        open_catalogue(f"sqlite:///{sys.argv[1]}/{name}")
    except CatalogueReadOnly as error:
        print("refused", name, bool(error.hint))
with open_catalogue(f"sqlite:///{sys.argv[1]}/existing.db", read_only=True) as catalogue:
    with catalogue.reading() as conn:
        print("read", len(list(posts.find(conn))))
"""


def test_a_read_only_folder_is_refused_for_writing_and_can_be_read(
    tmp_path: Path, make: Any
) -> None:
    folder = Path("/var/tmp") / f"jejak-{tmp_path.name}-{os.getpid()}"
    folder.mkdir()
    try:
        with open_catalogue(url(folder / "existing.db")) as catalogue, catalogue.writing() as conn:
            commit_post(conn, [], make.record("d"), make.post("A", "2026-11-24T01:00:00Z"))
        (folder / "existing.db").chmod(0o444)
        folder.chmod(0o555)
        told = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(folder)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        folder.chmod(0o755)
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    assert told.stdout.splitlines() == [
        "refused existing.db True",
        "refused new.db True",
        "read 1",
    ], told.stderr


def test_a_catalogue_opened_for_reading_is_never_written(tmp_path: Path) -> None:
    open_catalogue(url(tmp_path / "c.db")).close()
    with (
        open_catalogue(url(tmp_path / "c.db"), read_only=True) as catalogue,
        pytest.raises(CatalogueReadOnly),
        catalogue.writing(),
    ):
        pass


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "arsip 100%20 #1? – Kota"
    folder.mkdir()
    for read_only in (False, True):
        address = embedded(folder / "c.db")
        with open_catalogue(address, read_only=read_only) as catalogue, catalogue.reading() as conn:
            assert list(posts.find(conn)) == []
    assert {path.name for path in tmp_path.iterdir()} == {folder.name}


def test_two_readers_see_what_is_committed_beside_a_writer(tmp_path: Path, make: Any) -> None:
    path = tmp_path / "c.db"
    with (
        open_catalogue(url(path)) as writer,
        open_catalogue(url(path), read_only=True) as one,
        open_catalogue(url(path)) as two,
        one.reading() as first,
        two.reading() as second,
    ):
        assert [len(list(posts.find(c))) for c in (first, second)] == [0, 0]
        with writer.writing() as conn:
            commit_post(conn, [], make.record("d"), make.post("A", "2026-11-24T01:00:00Z"))
            assert [len(list(posts.find(c))) for c in (first, second)] == [0, 0]
        assert [len(list(posts.find(c))) for c in (first, second)] == [0, 0]
        with one.reading() as later:
            assert len(list(posts.find(later))) == 1


def test_a_second_writer_waits_and_then_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.catalogue.connection.BUSY_TIMEOUT_MS", 200)
    path = tmp_path / "c.db"
    with open_catalogue(url(path)) as one, open_catalogue(url(path)) as two:
        with one.writing(), pytest.raises(CatalogueBusy) as caught, two.writing():
            pass
        assert caught.value.hint
        with two.writing():
            pass


def test_threads_share_a_catalogue(catalogue: Catalogue, make: Any) -> None:
    def work(name: str) -> None:
        for number in range(10):
            post = make.post(f"{name}{number}", "2026-11-24T01:00:00Z")
            with catalogue.writing() as conn:
                commit_post(conn, [], make.record(f"{name}{number}"), post)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with catalogue.reading() as conn:
        assert len(list(posts.find(conn))) == 40


def _open_and_close(path: Path) -> None:
    open_catalogue(url(path)).close()


def test_processes_opening_a_new_catalogue_at_once_make_one(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    path = tmp_path / "c.db"
    openers = [context.Process(target=_open_and_close, args=(path,)) for _ in range(3)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join()
    assert [opener.exitcode for opener in openers] == [0, 0, 0]


WRITER = """
import json, sys
from storage.catalogue import open_catalogue
from storage.catalogue.intake import commit_post
document = json.loads(sys.argv[2])
first = int(sys.argv[3])
with open_catalogue(f"sqlite:///{sys.argv[1]}") as catalogue:
    for number in range(first, 10**6):
        document |= {"id": f"instagram:P{number}", "code": f"P{number}"}
        with catalogue.writing() as conn:
            commit_post(conn, [], f"urn:uuid:{number}", document)
        print(number, flush=True)
"""


def test_a_killed_writer_loses_no_acknowledged_post(tmp_path: Path, make: Any) -> None:
    path, acknowledged = tmp_path / "c.db", 0
    document = json.dumps(make.post("P", "2026-11-24T01:00:00Z"))
    for round_number in range(4):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), document, str(acknowledged)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(1 + 7 * round_number)]
        child.send_signal(signal.SIGKILL)
        lines += child.communicate()[0].splitlines()
        acknowledged = max(acknowledged, *(int(line) + 1 for line in lines if line.strip()))
        with open_catalogue(url(path)) as catalogue, catalogue.reading() as conn:
            found = {post.code for post in posts.find(conn)}
            assert conn.scalar(text("PRAGMA quick_check")) == "ok"
        assert {f"P{number}" for number in range(acknowledged)} <= found
    assert acknowledged >= 40
