"""An archive whose catalogue is on a database server: held by one, lost, rebuilt."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from archiver.books import open_books
from archiver.errors import WriterBusy
from archiver.run import run_captures
from archiver.run_report import RunReport
from archiver.verification import verify
from archiver.world import World
from storage.catalogue import embedded, open_catalogue, posts
from storage.catalogue.comparison import differences
from storage.reindex import reindex
from tools.postgres import NoServer, Server, own_server

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from archiver.books import open_books
from archiver.config import load
with open_books(load(Path(sys.argv[1])), lambda: datetime.now(UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""
EVERY_SESSION = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
SESSION_OF_THE_LOCK = """
SELECT pg_terminate_backend(pid) FROM pg_locks
WHERE locktype = 'advisory' AND database = (
    SELECT oid FROM pg_database WHERE datname = current_database()
)
"""


def kept(world: World) -> set[str]:
    url = world.config.catalogue_url
    with open_catalogue(url, read_only=True) as catalogue, catalogue.reading() as conn:
        return {post.id for post in posts.find(conn)}


@contextmanager
def told(world: World, platform) -> Iterator[tuple[World, set[str]]]:
    """The world, and the posts that a run in it says are kept."""
    acknowledged: set[str] = set()
    listed = [post.id for post in platform.posts]
    object.__setattr__(
        world, "tell", lambda account, count, declared: acknowledged.update(listed[:count])
    )
    yield world, acknowledged


def run_while(world: World, platform, at: str, happens: Callable[[], object]) -> RunReport:
    """Run; while a media item is asked for, something happens once."""
    left = [happens]

    def during(what: str) -> None:
        if what == at and left:
            left.pop()()

    platform.during = during
    return run_captures(world, world.config.accounts)


def recovers(world: World, platform, acknowledged: set[str]) -> None:
    """Nothing acknowledged is lost, and the next run mends the rest."""
    assert acknowledged
    assert acknowledged <= kept(world)
    report = run_captures(world, world.config.accounts)
    assert (report.stopped, report.exit_code) == (None, 0)
    assert kept(world) == {post.id for post in platform.posts}
    with open_catalogue(world.config.catalogue_url, read_only=True) as catalogue:
        assert list(verify(world.config.archive, catalogue, full=True)) == []


def test_a_program_elsewhere_is_told_who_writes(
    build_world: Callable[..., World],
    new_postgres_catalogue: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The other one has no file of this archive: only the server knows of both."""
    world = build_world(catalogue=new_postgres_catalogue())
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(world.config.file)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        monkeypatch.setattr("storage.catalogue.server.RUN_LOCK_WAIT_MS", 50)
        with pytest.raises(WriterBusy) as caught, open_books(world.config, world.now):
            pass
        assert str(caught.value.values["since"]).endswith("Z")
        assert int(str(caught.value.values["pid"])) > 0
        assert caught.value.hint()
    finally:
        child.kill()
        child.communicate()
    monkeypatch.setattr("storage.catalogue.server.RUN_LOCK_WAIT_MS", 300_000)
    with open_books(world.config, world.now) as books, books.catalogue.writing():
        pass


@pytest.mark.parametrize("ended", [EVERY_SESSION, SESSION_OF_THE_LOCK])
def test_a_run_whose_session_ended_stops_and_loses_nothing(
    build_world: Callable[..., World],
    new_postgres_catalogue: Callable[[], str],
    postgres_server: Server,
    platform,
    ended: str,
) -> None:
    """Without its lock another program may be writing: nothing more is committed."""
    url = new_postgres_catalogue()
    with told(build_world(catalogue=url), platform) as (world, acknowledged):
        report = run_while(
            world,
            platform,
            "P1-0",
            lambda: postgres_server.run(ended, make_url(url).database),
        )
        assert (report.stopped, report.exit_code) == ("storage_failed", 4)
        assert "CatalogueUnreachable" in report.detail
        assert acknowledged == {"instagram:P3", "instagram:P2"} == kept(world)
        recovers(world, platform, acknowledged)


def test_a_server_that_stops_ends_the_run(build_world: Callable[..., World], platform) -> None:
    try:
        with own_server() as server:
            url = server.address(server.create())
            with told(build_world(catalogue=url), platform) as (world, acknowledged):
                report = run_while(world, platform, "P1-0", server.stop)
                assert (report.stopped, report.exit_code) == ("storage_failed", 4)
                assert "CatalogueUnreachable" in report.detail
                server.start()
                recovers(world, platform, acknowledged)
    except NoServer as error:
        pytest.skip(str(error))


def test_one_archive_gives_the_same_rows_on_both_databases(
    build_world: Callable[..., World],
    new_postgres_catalogue: Callable[[], str],
    platform,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """Three nights of new, edited, broken and vanished posts, kept on neither of the two."""
    world = build_world()
    platform.bodies["P0-0"] = (200, "text/html", b"<!doctype html><html>blokir</html>")
    run_captures(world, world.config.accounts)
    platform.bodies.clear()
    platform.change("P1", caption="ralat \x00 \ud800 \u202e 😀 مرحبا %s :x \\")
    platform.publish("NEW", "baru", slides=3)
    run_captures(world, world.config.accounts, full=True)
    platform.posts.pop()
    platform.native_id = "666"
    run_captures(world, world.config.accounts)
    with (
        open_catalogue(embedded(tmp_path / "rebuilt.sqlite")) as one,
        open_catalogue(new_postgres_catalogue()) as other,
        open_catalogue(world.config.catalogue_url, read_only=True) as live,
    ):
        reports = []
        for catalogue in (one, other):
            begun = time.monotonic()
            reports.append(reindex(world.config.archive, catalogue))
            record_property(catalogue.engine.dialect.name, time.monotonic() - begun)
        assert reports[0] == reports[1]
        assert (reports[0].findings, reports[0].captures) == ((), 3)
        assert differences(one.engine, other.engine) == []
        assert differences(live.engine, other.engine) == []


def test_the_password_of_an_address_is_in_no_file_of_the_archive(
    build_world: Callable[..., World],
    new_postgres_catalogue: Callable[[], str],
    platform,
    caplog: pytest.LogCaptureFixture,
) -> None:
    secret = "s3cr3t-w0rds"
    url = make_url(new_postgres_catalogue()).set(password=secret)
    world = build_world(catalogue=url.render_as_string(hide_password=False))
    assert run_captures(world, world.config.accounts).exit_code == 0
    gone = url.set(database="no_such_database").render_as_string(hide_password=False)
    world = build_world(catalogue=gone, stop=threading.Event())
    with pytest.raises(Exception, match="refuses") as caught:
        run_captures(world, world.config.accounts)
    world.log.write.error("failed", exc_info=caught.value, config=world.config)
    files = [file for file in world.config.archive.rglob("*") if file.is_file()]
    assert any(file.suffix == ".jsonl" for file in files)
    assert any(file.name.endswith(".warc.gz") for file in files)
    for file in files:
        data = file.read_bytes()
        if file.name.endswith(".gz"):
            data = subprocess.run(
                ["/bin/gzip", "-dc", str(file)], capture_output=True, check=True
            ).stdout
        assert secret.encode() not in data, file.name
    assert secret not in repr(world.config) + str(caught.value) + caplog.text
