"""An old account is read over many nights through the real libraries.

Nights are cut by ``kill -9`` and by what platforms do to visitors; at the end no
post is there twice and none is missing.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from archiver.acquaintance import CAPTURES_READ
from archiver.coverage import covered
from archiver.leftovers import NEVER_KEPT
from demo.city import archive_visitor
from demo.faults import Fault, Match, status
from demo.instagram import faults as on_instagram
from demo.past import long_past, maker
from demo.program import REPOSITORY
from demo.server import Platforms
from demo.sites import pretend_platforms
from demo.tiktok import faults as on_tiktok
from demo.world import Account, Item, World
from storage import schema
from storage.catalogue import captures, open_catalogue
from storage.catalogue.comparison import differences
from storage.reindex import reindex

MEDIA_HOSTS = ("cdninstagram.com", "tiktokcdn.com", "webapp-prime.tiktok.com")
TURNS = 3
"""An undisturbed night, a killed one, a blocked one, and so on."""

CONFIG = """\
language = "en"
[archive]
path = "archive"
min_free_gb = 0
[network]
proxy = "{proxy}"
ca_file = "{ca_file}"
pause_s = 0
[harvest]
requests_per_night = {quota}
[schedule]
sweep_requests_per_night = 0
[[identities]]
name = "arsip"
platform = "instagram"
[[accounts]]
platform = "{account.platform}"
handle = "{account.handle}"
id = "{account.native_id}"
{identity}
"""


@dataclass
class Clock:
    """The platforms' clock; the archive's nights begin when it says so."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Past:
    """An account with a long past, and an archive that begins to read it.

    Attributes:
        quota: Requests a night.
        visits: Whether a post costs a visit of its own.
    """

    house: Any
    account: Account
    clock: Clock
    quota: int
    visits: bool
    make: Callable[[datetime], Item]
    program: subprocess.Popen[str]
    answers: list[dict[str, Any]] = field(default_factory=list)
    killed: int = 0
    blocked: list[str] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.house.platforms.world

    def night(self, die_at: int | None = None, fault: Fault | None = None) -> dict[str, Any]:
        """One night; with a new post that was published that day."""
        platforms: Platforms = self.house.platforms
        self.clock.at += timedelta(days=1)
        self.world.publish(self.account, self.make(self.clock.at - timedelta(hours=3)))
        platforms.faults.clear()
        if fault is not None:
            platforms.faults.add(fault)
        mark = platforms.log.mark()
        order = {
            "config": str(self.house.config),
            "at": self.clock.at.isoformat(),
            "die_at": die_at,
        }
        assert self.program.stdin is not None and self.program.stdout is not None
        self.program.stdin.write(json.dumps(order) + "\n")
        self.program.stdin.flush()
        answer: dict[str, Any] = json.loads(self.program.stdout.readline())
        assert "broken" not in answer
        platforms.log.settle()
        asked = [e for e in platforms.log.entries(since=mark) if not _is_media(e.request.host)]
        answer["asked"] = len(asked)
        answer["all"] = len(platforms.log.entries(since=mark))
        self.killed += "killed" in answer
        if fault is not None and any(e.fault for e in platforms.log.entries(since=mark)):
            self.blocked.append(fault.kind)
        self.answers.append(answer)
        return answer

    @property
    def account_key(self) -> str:
        return f"{self.account.platform}:{self.account.native_id}"

    def on_show(self) -> set[str]:
        return {f"{self.account.platform}:{item.code}" for item in self.account.items}


def _is_media(host: str) -> bool:
    return host.endswith(MEDIA_HOSTS)


# -- the platforms ------------------------------------------------------------------


@pytest.fixture
def old_account(
    demo_media: Path, tmp_path: Path, new_house: Callable[..., Any]
) -> Iterator[Callable[..., Past]]:
    """Makes a `Past`: an account with so many posts, one an hour."""
    # The pretend TikTok tells a client's own clock from a place in a listing:
    # all nights lie before the present.
    clock = Clock(datetime.now(UTC).replace(microsecond=0) - timedelta(days=200))
    world = World(clock)
    world.visitors.append(archive_visitor())
    (tmp_path / "berkas").mkdir()
    programs: list[subprocess.Popen[str]] = []
    with pretend_platforms(world, tmp_path / "platforms", keep_body_bytes=0) as platforms:

        def make(platform: str, count: int, quota: int, more: str = "") -> Past:
            items = maker(platform, demo_media, tmp_path / "berkas")
            account = long_past(platform, items, clock.at, count)
            world.add(account)
            house = new_house(platforms, SimpleNamespace(visitor=archive_visitor()))
            logged_in = 'identity = "arsip"' if platform == "instagram" else ""
            text = CONFIG.format(
                proxy=platforms.proxy_url,
                ca_file=platforms.ca_file,
                quota=quota,
                account=account,
                identity=f"{logged_in}\n{more}",
            )
            house.config.write_text(text, "utf-8")
            if logged_in:
                assert house.log_in().code == 0
            program = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("night_program.py"))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                env={**os.environ, "PYTHONPATH": str(REPOSITORY), "JEJAK_LANGUAGE": "en"},
            )
            programs.append(program)
            return Past(house, account, clock, quota, platform == "tiktok", items, program)

        yield make
        for program in programs:
            assert program.stdin is not None and program.stdout is not None
            program.stdin.close()
            program.wait(60)
            program.stdout.close()


# -- the nights ----------------------------------------------------------------------


def troubles(platform: str, skip: int) -> list[Fault]:
    """What the platform does to the visitor, after so many requests of a night."""
    if platform == "instagram":
        listing = on_instagram.TIMELINE_QUERY
        return [
            status(429, listing, skip=skip),
            on_instagram.stale_cursor(_midway(listing)),
            _later(on_instagram.login_wall(listing), skip),
            status(503, listing, skip=skip, count=4),
            status(500, on_instagram.MEDIA, skip=skip, count=4),
        ]
    return [
        status(429, on_tiktok.VIDEO_PAGE, skip=skip),
        on_tiktok.login_redirect(on_tiktok.VIDEO_PAGE, skip=skip, count=3),
        on_tiktok.listing_empty_body(skip=1),
        status(503, on_tiktok.LISTING, skip=1),
        status(500, on_tiktok.FILMS, skip=skip, count=4),
    ]


def _later(fault: Fault, skip: int) -> Fault:
    return replace(fault, skip=skip)


def _midway(listing: Match) -> Match:
    """Pages of a listing that are asked for from a place in it."""
    return Match(
        fields=dict(listing.fields),
        where=lambda request: json.loads(request.form["variables"]).get("after") is not None,
    )


def read_all(past: Past, seed: int) -> None:
    """Nights until everything is read; some are killed, some blocked."""
    chance = random.Random(seed)
    planned = troubles(past.account.platform, 6 if past.visits else 1)
    earliest: list[str | None] = []
    for number in range(200):
        turn = number % TURNS
        if turn == 1 and past.killed < 6:
            # An event more than a night has is a night to its end.
            usual = max((a["events"] for a in past.answers if "events" in a), default=100)
            past.night(die_at=chance.randrange(5, usual))
            continue
        fault = planned.pop(0) if turn == 2 and planned else None
        answer = past.night(fault=fault)
        check_quota(past, answer)
        assert twice(past) == 0, f"night {number}"
        earliest.append(begin_of(past))
        assert grows(earliest), earliest
        if "captures" in answer and answer["captures"][0]["outcome"] == "complete":
            break
    assert past.answers[-1]["captures"][0]["outcome"] == "complete", past.answers[-1]
    print(f"{past.account.platform}: {len(past.answers)} nights, {past.killed} killed,", end=" ")
    print(f"blocks met {past.blocked}, {[a['asked'] for a in past.answers]} requests")


def check_quota(past: Past, answer: dict[str, Any]) -> None:
    """The past stays within the quota; what must be tried again comes on top."""
    assert answer["asked"] <= past.quota + NEVER_KEPT, answer


def begin_of(past: Past) -> str | None:
    """Since when the newest stretch is known whole; ``None`` from the first post."""
    with catalogue_of(past) as catalogue, catalogue.reading() as conn:
        rows = captures.of_account(conn, past.account_key, limit=CAPTURES_READ)
    intervals = covered(rows)
    return intervals[-1].begin if intervals else past.clock.at.isoformat()


def grows(earliest: list[str | None]) -> bool:
    told = [moment or "" for moment in earliest]
    return all(later <= before for before, later in pairwise(told))


@contextmanager
def catalogue_of(past: Past) -> Iterator[Any]:
    path = past.house.archive / "catalogue.sqlite"
    with open_catalogue(f"sqlite:///{path}") as catalogue:
        yield catalogue


def twice(past: Past) -> int:
    """Posts that were stored again although they were kept whole."""
    with catalogue_of(past) as catalogue, catalogue.reading() as conn:
        v, m = schema.versions.c, schema.media.c
        cut = select(m.document).where(m.complete.is_(False))
        whole = select(v.post).where(v.document.not_in(cut))
        return len(conn.execute(whole.group_by(v.post).having(func.count() > 1)).all())


def check_shown(past: Past) -> None:
    """What a person was told on the way: how much is read, and until when."""
    under_way = [
        capture["harvest"]
        for answer in past.answers
        for capture in answer.get("captures", ())
        if capture["reason"] == "harvest_under_way"
    ]
    assert under_way
    assert all(row["percentage"] is not None and row["ends"] for row in under_way)
    parts = [row["percentage"] for row in under_way]
    assert parts == sorted(parts)
    planned = [
        answer["exit_code"]
        for answer in past.answers
        for capture in answer.get("captures", ())
        if capture["reason"] == "harvest_under_way"
    ]
    assert set(planned) == {0}


def check_said(past: Past) -> None:
    """The commands say the same of a past that is being read."""
    told = past.answers[-1]["captures"][0]["harvest"]
    (listed,) = past.house.rows("accounts", "list")
    (shown,) = past.house.rows("accounts", "show", past.account_key)
    (run,) = past.house.rows("runs", "--limit", "1")
    assert listed["harvest"] == shown["harvest"] == told
    assert run["harvests"] == [{"account": past.account_key, **told}]
    assert listed["covered"] == shown["covered"] != []
    part = f"{told['percentage']} %"
    for command in (("accounts", "list"), ("accounts", "show", past.account_key), ("runs",)):
        said = past.house.jejak(*command).text
        assert part in said and told["ends"] in said, command


def check_end(past: Past, folder: Path) -> None:
    """Everything on show is kept once, and the archive agrees with itself."""
    with catalogue_of(past) as live:
        with live.reading() as conn:
            kept = set(conn.scalars(select(schema.posts.c.id)))
            documents = conn.execute(select(func.count()).select_from(schema.versions)).scalar_one()
            cut = conn.scalars(
                select(schema.media.c.document).where(schema.media.c.complete.is_(False))
            )
            retried = len(set(cut))
            rows = captures.of_account(conn, past.account_key, limit=CAPTURES_READ)
        assert kept == past.on_show()
        assert documents == len(kept) + retried
        (whole,) = covered(rows)
        assert whole.begin is None
        with open_catalogue(f"sqlite:///{folder / 'rebuilt.sqlite'}") as rebuilt:
            reindex(past.house.archive, rebuilt)
            assert differences(live.engine, rebuilt.engine) == []
    done = past.house.jejak("verify", "--full")
    assert done.code == 0, done.text
    # The head stands for all of it again.
    answer = past.night()
    assert answer["captures"][0]["outcome"] == "complete"
    assert answer["asked"] < 12


def harvest(past: Past, folder: Path, seed: int = 20261124) -> None:
    read_all(past, seed)
    assert past.killed >= 2
    assert len(past.blocked) >= 3, past.blocked
    check_shown(past)
    check_end(past, folder)


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@needs_fork
def test_instagram_over_some_nights(old_account: Callable[..., Past], tmp_path: Path) -> None:
    harvest(old_account("instagram", 600, quota=14), tmp_path)


@needs_fork
def test_tiktok_over_some_nights(old_account: Callable[..., Past], tmp_path: Path) -> None:
    harvest(old_account("tiktok", 600, quota=100), tmp_path)


@needs_fork
@pytest.mark.parametrize(
    ("platform", "count", "quota"), [("instagram", 500, 20), ("tiktok", 160, 60)]
)
def test_a_plan_after_one_night_tells_the_next(
    old_account: Callable[..., Past], platform: str, count: int, quota: int
) -> None:
    past = old_account(platform, count, quota, 'capture = ["posts"]')
    first = past.night()
    assert first["captures"][0]["reason"] == "harvest_under_way"
    check_said(past)
    visitor, account, _disk = past.house.rows("plan")
    assert account["past_posts"] == count + 1 - first["captures"][0]["new"]
    actual = past.night()["all"]
    assert 0.75 < visitor["requests"] / actual < 1.33, (visitor, actual)


@needs_fork
@pytest.mark.soak
def test_five_thousand_posts_on_instagram(old_account: Callable[..., Past], tmp_path: Path) -> None:
    harvest(old_account("instagram", 5000, quota=40), tmp_path)


@needs_fork
@pytest.mark.soak
def test_five_thousand_posts_on_tiktok(old_account: Callable[..., Past], tmp_path: Path) -> None:
    harvest(old_account("tiktok", 5000, quota=400), tmp_path)
