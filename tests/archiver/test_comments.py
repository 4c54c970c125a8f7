"""Comments are kept without the names of those who wrote them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import pytest

from archiver.checkup import checks
from archiver.completeness import Outcome
from archiver.errors import ConfigProblem
from archiver.health import Health
from archiver.pseudonyms import KEY_FILE
from archiver.run import run_captures
from archiver.world import World
from connectors.model import Comment, Metrics
from storage.catalogue import comments, open_catalogue
from storage.catalogue.comparison import differences
from storage.reindex import reindex

Build = Callable[..., World]
CITIZENS = ("budi_santoso", "siti.aminah")


def remarks() -> list[Comment]:
    return [
        Comment("1", "setuju @siti.aminah, lihat @pemkot", "501", "budi_santoso"),
        Comment("2", "terima kasih BUDI_SANTOSO!", "502", "siti.aminah", parent_id="1"),
        Comment("3", "Sama-sama @siti.aminah.", "1001", "pemkot", parent_id="2"),
    ]


@contextmanager
def reading(world: World):
    catalogue = open_catalogue(world.config.catalogue_url, read_only=True)
    try:
        with catalogue.reading() as conn:
            yield conn
    finally:
        catalogue.close()


def night(world: World, platform) -> int:
    platform.asked.clear()
    run_captures(world, world.config.accounts)
    return int(platform.asked.count("comments"))


@pytest.fixture
def commented(make_world: Build, platform) -> World:
    platform.has_remarks = True
    platform.remarks["P3"] = remarks()
    world = make_world()
    return make_world(world.config.file.read_text() + "comments = true\n")


def test_no_name_of_a_citizen_is_kept(commented: World, platform, schemas, tmp_path: Path) -> None:
    world = commented
    assert night(world, platform) == 4
    with reading(world) as conn:
        kept = comments.of_post(conn, "instagram:P3")
    assert [c.account for c in kept] == [None, None, "instagram:1001"]
    assert kept[0].author != kept[1].author and "@pemkot" in kept[0].text
    assert kept[1].author is not None and kept[1].author in kept[2].text
    assert {c.classification for c in kept} == {"terbatas"}
    said: list[str] = []
    database = sqlite3.connect(world.config.archive / "catalogue.sqlite")
    said += database.iterdump()
    database.close()
    for name, document in schemas.documents(world.config.archive):
        schemas.check(name, json.loads(document))
        said.append(document.decode())
    said += [file.read_text() for file in (world.config.archive / "logs").glob("*")]
    everything = "\n".join(said).lower()
    assert "comments/1" in everything
    assert not [name for name in CITIZENS if name in everything]
    key = world.config.archive / KEY_FILE
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.read_text().strip() not in everything
    live = open_catalogue(world.config.catalogue_url)
    other = open_catalogue(f"sqlite:///{tmp_path / 'rebuilt.sqlite'}")
    reindex(world.config.archive, other)
    assert differences(live.engine, other.engine) == []
    live.close()
    other.close()


def test_comments_are_read_again_when_their_count_moves(commented: World, platform) -> None:
    assert night(commented, platform) == 4
    assert night(commented, platform) == 0
    platform.change("P3", metrics=Metrics(likes=3, comments=4))
    assert night(commented, platform) == 1
    assert night(commented, platform) == 0


def test_a_visitor_who_is_shown_none_is_no_silence(make_world: Build, platform) -> None:
    world = make_world()
    world = make_world(world.config.file.read_text() + "comments = true\n")
    for _ in range(2):
        platform.asked.clear()
        (result,) = run_captures(world, world.config.accounts).captures
        assert (result.outcome, result.reason) == (Outcome.PARTIAL, "comments_unreadable")
        assert result.failed == 0
    assert platform.asked.count("list") == 1, "the posts themselves are known whole"
    (check,) = (c for c in checks(world.config, world.now()) if c.name.startswith("comments "))
    assert check.health is Health.DOUBTFUL and "without an identity" in check.said()


def test_off_by_default_and_refused_where_there_are_none(make_world: Build, platform) -> None:
    platform.has_remarks = True
    world = make_world()
    assert night(world, platform) == 0
    assert not (world.config.archive / KEY_FILE).exists()
    text = world.config.file.read_text()
    with pytest.raises(ConfigProblem, match="comments"):
        make_world(
            text + '[[accounts]]\nplatform = "tiktok"\nhandle = "x"\nid = "3"\ncomments = true\n'
        )
