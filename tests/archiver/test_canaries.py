"""The canary of a night: asked first, recorded, and what follows when it fails."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import Connection

from archiver.run import run_captures
from archiver.run_report import RunReport
from archiver.world import World
from connectors.base import SinkFailed
from connectors.errors import NetworkFailure, RateLimited, SessionExpired
from connectors.model import Presence
from storage.catalogue import open_catalogue, posts, records
from storage.ledger import Ledger, LedgerEvent

Build = Callable[..., World]
FIRST = datetime.fromisoformat("2026-12-01T19:00:00Z")

CONFIG = """
language = "en"
[archive]
min_free_gb = 0
[network]
pause_s = 0
[harvest]
requests_per_night = 40
[[accounts]]
platform = "instagram"
handle = "pemkot"
id = "1001"
[[canaries]]
platform = "instagram"
handle = "contoh"
id = "1001"
"""
POST = 'post = "P3"\n'


def night(world: World, number: int = 0) -> RunReport:
    with time_machine.travel(FIRST + timedelta(days=number), tick=True):
        return run_captures(world, world.config.accounts)


@contextmanager
def catalogue_of(world: World) -> Iterator[Connection]:
    catalogue = open_catalogue(world.config.catalogue_url, read_only=True)
    try:
        with catalogue.reading() as conn:
            yield conn
    finally:
        catalogue.close()


def checked(world: World) -> list[LedgerEvent]:
    ledger = Ledger(world.config.archive / "ledger")
    return [event for event in ledger.events() if event.type == "canary checked"]


def canary_of(world: World, schemas) -> list[object]:
    """What the captures say of it."""
    found = schemas.documents(world.config.archive)
    return [json.loads(body)["canary"] for name, body in found if name == "capture/1"]


def at_first(platform, what: str, error: BaseException) -> None:
    """The first time that something is asked, it fails."""
    asked: list[str] = []

    def during(asking: str) -> None:
        asked.append(asking)
        platform.raises.pop(what, None)
        if asked.count(what) == 1 and asking == what:
            platform.raises[what] = error

    platform.during = during


@pytest.mark.parametrize("named", [POST, ""])
def test_a_canary_is_asked_before_the_first_account(
    make_world: Build, platform, schemas, named: str
) -> None:
    world = make_world(CONFIG + named)
    report = night(world)
    assert (report.exit_code, report.mute) == (0, ())
    first = ["profile", "look"] if named else ["profile", "list", "look"]
    assert platform.asked[: len(first)] == first
    assert not platform.asked[len(first) - 1].startswith("P"), "no media of it"
    (event,) = checked(world)
    told = {name: event.detail[name] for name in ("platform", "account", "post", "presence")}
    assert told == {
        "platform": "instagram",
        "account": "instagram:1001",
        "post": "instagram:P3",
        "presence": "present",
    }
    assert (event.outcome, event.objects["run"]) == ("success", report.run)
    cited = event.detail["records"]
    assert isinstance(cited, list) and len(cited) == len(first)
    with catalogue_of(world) as conn:
        assert all(records.place(conn, record) for record in cited)
    assert canary_of(world, schemas) == ["passed"]


def test_without_one_nothing_is_asked_or_said(build_world: Build, platform, schemas) -> None:
    world = build_world()
    night(world)
    assert (checked(world), canary_of(world, schemas)) == ([], [None])
    assert platform.asked[:2] == ["profile", "list"]


def test_a_canary_of_another_platform_is_not_asked(build_world: Build, platform) -> None:
    other = CONFIG.replace(
        '[[canaries]]\nplatform = "instagram"', '[[canaries]]\nplatform = "tiktok"'
    )
    world = build_world(other)
    night(world)
    assert checked(world) == []


@pytest.mark.parametrize("presence", [Presence.GONE, Presence.RESTRICTED, Presence.UNKNOWN])
def test_when_it_does_not_show_its_post_the_night_judges_nothing(
    make_world: Build, platform, schemas, presence: Presence
) -> None:
    world = make_world(CONFIG + POST)
    night(world)
    gone = next(post for post in platform.posts if post.ref.code == "P1")
    platform.posts.remove(gone)
    for number in (1, 2, 3):
        platform.answers["P3"] = (presence, "some_reason")
        report = night(world, number)
        assert report.exit_code == 3, "somebody must look at it"
        (name, wrong) = report.mute[0]
        assert name == "instagram/contoh" and "some_reason" in wrong
        assert report.captures[0].withdrawn == ()
    assert canary_of(world, schemas) == ["passed", "failed", "failed", "failed"]
    with catalogue_of(world) as conn:
        found = posts.get(conn, "instagram:P1")
    assert found is not None and found.state != "deleted"
    platform.answers.clear()
    assert night(world, 4).captures[0].withdrawn == (), "the count begins anew"
    assert night(world, 5).captures[0].withdrawn == ("instagram:P1",)


def test_its_block_is_the_visitors_block(build_world: Build, platform, schemas) -> None:
    """Nothing more is asked as a visitor that was refused."""
    for error in (RateLimited("slow down"), SessionExpired("log in")):
        platform.asked.clear()
        world = build_world(CONFIG + POST)
        platform.raises["profile"] = error
        report = night(world)
        assert platform.asked == ["profile"]
        assert (report.captures[0].reason, report.exit_code) == ("identity_refused", 4)
        event = checked(world)[-1]
        assert (event.outcome, event.detail["reason"]) == ("failure", error.code)
        assert event.detail["post"] is None
        assert canary_of(world, schemas)[-1] == "failed"


@pytest.mark.parametrize("error", [NetworkFailure("no answer"), RuntimeError("a bug")])
def test_one_that_cannot_be_read_stops_no_capture(
    build_world: Build, platform, schemas, error: Exception
) -> None:
    world = build_world(CONFIG + POST)
    at_first(platform, "profile", error)
    report = night(world)
    assert report.captures[0].new == 4
    code = getattr(error, "code", "bug")
    assert checked(world)[0].detail["reason"] == code
    assert canary_of(world, schemas) == ["failed"]
    assert report.exit_code == 3


def test_an_identity_without_a_session_is_no_proof(build_world: Build, platform) -> None:
    named = '[[identities]]\nname = "humas"\nplatform = "instagram"\n'
    world = build_world(
        CONFIG.replace("[[accounts]]", named + "[[accounts]]") + 'identity = "humas"\n'
    )
    report = night(world)
    assert checked(world)[0].detail["reason"] == "no_session"
    assert report.captures[0].new == 4
    assert report.mute


def test_another_account_under_its_handle(build_world: Build, platform, schemas) -> None:
    world = build_world(
        CONFIG.replace('handle = "contoh"\nid = "1001"', 'handle = "contoh"\nid = "7"')
    )
    night(world)
    assert checked(world)[0].detail["reason"] == "wrong_account"
    assert canary_of(world, schemas) == ["failed"]


def test_its_requests_count_to_the_visitors_quota(build_world: Build, platform) -> None:
    platform.posts.clear()
    for number in range(60):
        platform.publish(f"A{number:03d}", "lama")
    platform.page_size, platform.cursors = 1, True
    without = CONFIG.partition("[[canaries]]")[0].replace("_night = 40", "_night = 10")
    night(build_world(without))
    asked = sum("-" not in what for what in platform.asked)
    platform.asked.clear()
    for path in sorted((build_world(without).config.archive).rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    named = 'post = "A059"\n'
    night(build_world(CONFIG.replace("_night = 40", "_night = 10") + named))
    assert sum("-" not in what for what in platform.asked) == asked


def test_a_full_archive_ends_the_run(build_world: Build, platform) -> None:
    world = build_world(CONFIG + POST)
    at_first(platform, "look", SinkFailed("no space left"))
    report = night(world)
    assert (report.stopped, report.captures) == ("storage_failed", ())
    assert report.missed == ("instagram/pemkot",)
    platform.during = lambda what: None
    platform.raises.clear()
    assert night(world, 1).captures[0].new == 4
