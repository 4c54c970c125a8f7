"""``kill -9`` at random moments of a run: nothing acknowledged is lost.

50 rounds over one archive that keeps growing, fewer on a database server;
``JEJAK_KILL_ROUNDS`` asks for more (the soak test). Needs no hand in between.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.books import open_books
from archiver.run import run_captures
from archiver.startup import start_up
from archiver.verification import verify
from archiver.world import World
from archiver.writer_lock import writer_lock
from storage.catalogue import open_catalogue, posts
from storage.catalogue.comparison import differences
from storage.ledger import Ledger
from storage.reindex import reindex

ROUNDS = int(os.environ.get("JEJAK_KILL_ROUNDS", "50"))


def killed_run(world: World, listed: list[str], delay_s: float) -> set[str]:
    """Run in a child until it is killed; the ids it said were acknowledged."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            told = replace(
                world,
                tell=lambda account, count, declared: os.write(writer, bytes([count])) and None,
            )
            run_captures(told, world.config.accounts, full=True)
        finally:
            os._exit(0)
    os.close(writer)
    # The child says how many posts of its listing are done; wait for the
    # first word, so that kills fall into the work and not before it.
    said = os.read(reader, 1)
    time.sleep(delay_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while piece := os.read(reader, 4096):
        said = piece
    os.close(reader)
    return set(listed[: said[-1]]) if said else set()


def kept(world: World) -> set[str]:
    catalogue = open_catalogue(world.config.catalogue_url, read_only=True)
    try:
        with catalogue.reading() as conn:
            return {post.id for post in posts.find(conn)}
    finally:
        catalogue.close()


def interrupted(world: World) -> int:
    """How many kills met a run that was under way."""
    events = Ledger(world.config.archive / "ledger").events()
    return sum(event.type == "run interrupted" for event in events)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_nothing_acknowledged_is_lost(
    make_world: Callable[..., World],
    catalogue_address: str | None,
    platform,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A busy server may take its time to notice that a killed program is gone.
    monkeypatch.setattr("storage.catalogue.server.RUN_LOCK_WAIT_MS", 300_000)
    rounds = ROUNDS if catalogue_address is None else max(ROUNDS // 8, 5)
    world = make_world()
    chance = random.Random(20261124)
    acknowledged: set[str] = set()
    window_s, hits = 0.06, 0
    for number in range(rounds):
        for serial in range(3):
            platform.publish(f"K{number}-{serial}", slides=2)
        platform.posts = platform.posts[:12]
        listed = [post.id for post in platform.posts]
        acknowledged |= killed_run(world, listed, chance.random() * window_s)
        archive = world.config.archive
        with writer_lock(archive, world.now()), open_books(world.config, world.now) as books:
            start_up(archive, books)
        assert acknowledged <= kept(world), f"round {number}"
        # A fast machine ends its runs before the kill: then kill earlier.
        window_s *= 1.1 if interrupted(world) > hits else 0.7
        hits = interrupted(world)
    assert hits >= rounds // 5, "kills must fall into runs"
    run_captures(world, world.config.accounts)
    assert {post.id for post in platform.posts} <= kept(world)
    live = open_catalogue(world.config.catalogue_url)
    rebuilt = open_catalogue(f"sqlite:///{tmp_path / 'rebuilt.sqlite'}")
    try:
        assert list(verify(world.config.archive, live, full=True)) == []
        reindex(world.config.archive, rebuilt)
        assert differences(live.engine, rebuilt.engine) == []
    finally:
        live.close()
        rebuilt.close()
