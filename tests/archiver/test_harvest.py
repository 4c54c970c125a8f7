"""5,000 posts over many nights, with blocks and ``kill -9``: none twice, none missing.

Without the sweep, which has tests of its own (``test_sweep.py``)."""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from archiver.completeness import Outcome
from archiver.run import run_captures
from archiver.run_report import RunReport
from archiver.verification import verify
from archiver.world import World
from connectors.errors import LoginWall, RateLimited
from storage import schema
from storage.catalogue import open_catalogue, posts
from storage.catalogue.comparison import differences
from storage.reindex import reindex

Build = Callable[..., World]
FIRST = datetime(2026, 1, 1, 18, 0, tzinfo=UTC)
POSTS = int(os.environ.get("JEJAK_HARVEST_POSTS", "5000"))

CONFIG = """
language = "en"
[archive]
min_free_gb = 0
[network]
pause_s = 0
[harvest]
requests_per_night = {quota}
[schedule]
sweep_requests_per_night = 0
[[accounts]]
platform = "instagram"
handle = "pemkot"
id = "1001"
"""


@contextmanager
def catalogue_of(world: World):
    catalogue = open_catalogue(world.config.catalogue_url)
    try:
        yield catalogue
    finally:
        catalogue.close()


@dataclass
class Clock:
    """Moves only when told."""

    at: datetime = FIRST

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


def fill(platform, count: int, page_size: int) -> None:
    """An old account: one post an hour before the first night."""
    platform.posts.clear()
    platform.cursors, platform.page_size = True, page_size
    for number in range(count):
        platform.publish(f"A{number:05d}", f"kabar {number}")
        platform.posts[0] = replace(
            platform.posts[0], published_at=FIRST - timedelta(hours=count - number)
        )


def asked_of_platform(platform) -> int:
    return sum("-" not in what for what in platform.asked)


def night(world: World, platform, clock: Clock) -> RunReport:
    clock.at += timedelta(days=1)
    platform.asked.clear()
    platform.raises.clear()
    return run_captures(world, world.config.accounts)


def killed(world: World, platform, clock: Clock, at_request: int) -> None:
    """A night in a child that dies by ``kill -9`` when it asks the Nth time."""
    clock.at += timedelta(days=1)
    platform.raises.clear()
    child = os.fork()
    if child == 0:
        asked = 0

        def dies(what: str) -> None:
            nonlocal asked
            asked += 1
            if asked == at_request:
                os.kill(os.getpid(), signal.SIGKILL)

        platform.during = dies
        try:
            run_captures(world, world.config.accounts)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


@dataclass
class Blocks:
    """Blocks the visitor at the Nth request of a night."""

    platform: object
    at: int
    error: Exception
    asked: int = field(default=0)

    def __call__(self, what: str) -> None:
        self.asked += 1
        if self.asked == self.at:
            self.platform.raises[what] = self.error  # type: ignore[attr-defined]


def twice(world: World) -> int:
    """Posts that were stored again although they were kept whole."""
    with catalogue_of(world) as catalogue, catalogue.reading() as conn:
        v, m = schema.versions.c, schema.media.c
        cut = select(m.document).where(m.complete.is_(False))
        whole = select(v.post).where(v.document.not_in(cut))
        grouped = whole.group_by(v.post).having(func.count() > 1)
        return len(conn.execute(grouped).all())


def kept(world: World) -> set[str]:
    with catalogue_of(world) as catalogue, catalogue.reading() as conn:
        return set(conn.scalars(select(schema.posts.c.id)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_years_of_posts_over_many_nights(make_world: Build, platform, tmp_path: Path) -> None:
    quota, chance, clock = 40, random.Random(20261124), Clock()
    fill(platform, POSTS, page_size=24)
    world = make_world(CONFIG.format(quota=quota), now=clock)
    reports: list[RunReport] = []
    for number in range(40):
        platform.during = lambda what: None
        if number < 12 and number % 3 == 0:
            killed(world, platform, clock, chance.randrange(3, 300))
            continue
        if number < 12 and number % 3 == 1:
            wall = chance.choice([RateLimited("slow down"), LoginWall("login")])
            platform.during = Blocks(platform, chance.randrange(3, 400), wall)
        platform.publish(f"N{number:03d}", "baru")
        platform.posts[0] = replace(platform.posts[0], published_at=clock.at)
        report = night(world, platform, clock)
        assert asked_of_platform(platform) <= quota, f"night {number}"
        assert twice(world) == 0, f"night {number}"
        reports.append(report)
        if report.captures[0].outcome is Outcome.COMPLETE:
            break
    ended = reports[-1].captures[0]
    assert ended.outcome is Outcome.COMPLETE, ended.reason
    assert {post.id for post in platform.posts} == kept(world)
    planned = [r for r in reports if r.captures[0].reason == "harvest_under_way"]
    assert planned and all(report.exit_code == 0 for report in planned)
    assert night(world, platform, clock).captures[0].outcome is Outcome.COMPLETE
    assert platform.asked.count("list") == 1, "the head stands for all of it again"
    rebuilt = open_catalogue(f"sqlite:///{tmp_path / 'rebuilt.sqlite'}")
    with catalogue_of(world) as live:
        reindex(world.config.archive, rebuilt)
        assert differences(live.engine, rebuilt.engine) == []
    rebuilt.close()


def test_a_lost_state_and_a_refused_cursor_cost_only_listing(make_world: Build, platform) -> None:
    clock = Clock()
    fill(platform, 60, page_size=3)
    world = make_world(CONFIG.format(quota=10), now=clock)
    assert night(world, platform, clock).captures[0].reason == "harvest_under_way"
    with catalogue_of(world) as catalogue, catalogue.writing() as conn:
        conn.execute(delete(schema.state_harvests))
    before = len(kept(world))
    assert night(world, platform, clock).captures[0].new > 0
    assert len(kept(world)) > before
    platform.refuses.add("*")
    for _ in range(12):
        report = night(world, platform, clock)
        assert [what for what in platform.asked if what[:6] in kept(world)] == []
        if report.captures[0].outcome is Outcome.COMPLETE:
            break
        platform.refuses.clear()
    assert report.captures[0].outcome is Outcome.COMPLETE
    assert (len(kept(world)), twice(world)) == (60, 0)
    with catalogue_of(world) as live:
        assert list(verify(world.config.archive, live, full=True)) == []


def test_since_ends_the_past(make_world: Build, platform, schemas) -> None:
    clock = Clock()
    fill(platform, 60, page_size=3)
    since = (FIRST - timedelta(hours=12)).date().isoformat()
    world = make_world(CONFIG.format(quota=100) + f"since = {since}\n", now=clock)
    report = night(world, platform, clock)
    assert (report.captures[0].outcome, report.exit_code) == (Outcome.COMPLETE, 0)
    assert 12 < len(kept(world)) < 60
    night(world, platform, clock)
    assert platform.asked == ["profile", "list"]
    for name, document in schemas.documents(world.config.archive):
        schemas.check(name, json.loads(document))


def test_a_post_that_fails_is_tried_again_and_holds_nothing_up(make_world: Build, platform) -> None:
    clock = Clock()
    fill(platform, 60, page_size=3)
    platform.change("A00030", kind=None, media=(), is_complete=False)
    world = make_world(CONFIG.format(quota=15), now=clock)
    for _ in range(8):
        report = night(world, platform, clock)
    assert report.captures[0].reason == "posts_failed"
    whole = platform.publish("X", "x")
    del platform.posts[0]
    platform.change("A00030", kind=whole.kind, media=whole.media, is_complete=True)
    assert night(world, platform, clock).captures[0].outcome is Outcome.COMPLETE
    with catalogue_of(world) as catalogue, catalogue.reading() as conn:
        assert posts.get(conn, "instagram:A00030") is not None
