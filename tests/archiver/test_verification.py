"""What somebody changed by hand is found, wherever it was changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from archiver.run import run_captures
from archiver.verification import verify
from archiver.world import World
from storage.catalogue import open_catalogue


@pytest.fixture
def archive(make_world: Callable[..., World], platform) -> World:
    """An archive of one good night."""
    world = make_world()
    assert run_captures(world, world.config.accounts).exit_code == 0
    return world


def codes(world: World, *, full: bool = True) -> set[str]:
    catalogue = open_catalogue(world.config.catalogue_url, read_only=True)
    try:
        return {found.code for found in verify(world.config.archive, catalogue, full=full)}
    finally:
        catalogue.close()


def one(world: World, pattern: str) -> Path:
    path = next(world.config.archive.glob(pattern))
    path.chmod(0o644)
    return path


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE versions SET caption = 'lain'",
        "UPDATE posts SET first_seen = '2020-01-01T00:00:00.000000Z'",
        "DELETE FROM observations",
        "DELETE FROM posts WHERE id = (SELECT min(id) FROM posts)",
        "UPDATE captures SET outcome = 'partial'",
        "INSERT INTO posts SELECT 'instagram:PALSU', * FROM (SELECT {rest} FROM posts LIMIT 1) p",
    ],
)
def test_a_catalogue_that_was_edited_is_found(archive: World, statement: str) -> None:
    assert codes(archive) == set()
    engine = create_engine(archive.config.catalogue_url)  # without the catalogue's own rules
    with engine.begin() as conn:
        if engine.dialect.name == "postgresql":
            conn.execute(text("SET LOCAL session_replication_role = replica"))
        columns = [column["name"] for column in inspect(conn).get_columns("posts")]
        assert columns[0] == "id"
        assert conn.execute(text(statement.replace("{rest}", ", ".join(columns[1:])))).rowcount
    engine.dispose()
    assert "A011" in codes(archive)
    assert codes(archive, full=False) == set(), "only the full check derives every row again"


def test_a_sidecar_that_does_not_fit_is_found(archive: World) -> None:
    sidecar = one(archive, "segments/*/*.cdxj")
    sidecar.write_bytes(sidecar.read_bytes().replace(b'"status": "200"', b'"status": "404"', 1))
    assert codes(archive) == {"A010"}
    sidecar.unlink()
    assert codes(archive, full=False) == {"A010"}


def test_every_change_of_a_segment_is_found(archive: World) -> None:
    segment = one(archive, "segments/*/*.warc.gz")
    whole = segment.read_bytes()
    for place in range(7, len(whole), len(whole) // 23):
        segment.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert "A003" in codes(archive, full=False), f"byte {place}"
    segment.write_bytes(whole[:-1])
    assert "A002" in codes(archive, full=False)
    segment.unlink()
    assert {"A001", "A011"} <= codes(archive)


def test_an_open_segment_is_told_and_not_taken_for_an_edit(archive: World) -> None:
    segment = one(archive, "segments/*/*.warc.gz")
    segment.rename(segment.with_name(segment.name + ".open"))
    assert "A012" in codes(archive)
    assert "A011" not in codes(archive)
