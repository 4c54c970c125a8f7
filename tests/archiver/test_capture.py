"""What one capture keeps, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection

from archiver.completeness import Outcome
from archiver.orders import CaptureResult
from archiver.run import run_captures
from archiver.run_report import RunReport
from archiver.verification import verify
from archiver.world import World
from connectors.base import SinkFailed
from connectors.errors import MalformedAnswer, NetworkFailure, RateLimited
from connectors.model import PageEnd, PostKind
from storage.catalogue import captures, open_catalogue, posts
from storage.ledger import Ledger

Build = Callable[..., World]


@contextmanager
def catalogue_of(world: World) -> Iterator[Connection]:
    catalogue = open_catalogue(world.config.catalogue_url, read_only=True)
    try:
        with catalogue.reading() as conn:
            yield conn
    finally:
        catalogue.close()


def one(world: World, **options: bool) -> CaptureResult:
    report = run_captures(world, world.config.accounts, **options)
    assert len(report.captures) == 1
    return report.captures[0]


def findings(world: World) -> list[object]:
    catalogue = open_catalogue(world.config.catalogue_url, read_only=True)
    try:
        return list(verify(world.config.archive, catalogue, full=True))
    finally:
        catalogue.close()


def test_first_capture_keeps_everything(make_world: Build, platform) -> None:
    world = make_world()
    report = run_captures(world, world.config.accounts)
    result = report.captures[0]
    assert (result.outcome, result.reason, result.new, report.exit_code) == (
        Outcome.COMPLETE,
        None,
        4,
        0,
    )
    with catalogue_of(world) as conn:
        kept = {post.id: post for post in posts.find(conn)}
    assert set(kept) == {f"instagram:P{n}" for n in range(4)}
    assert all(post.media_complete and post.evidence for post in kept.values())
    assert findings(world) == []


def test_readers_see_what_is_acknowledged_while_a_run_writes(make_world: Build, platform) -> None:
    world = make_world()
    acknowledged: list[int] = []

    def read(what: str) -> None:
        if what.endswith("-0"):
            with catalogue_of(world) as conn:
                acknowledged.append(len(list(posts.find(conn))))

    platform.during = read
    assert one(world).outcome is Outcome.COMPLETE
    assert acknowledged == [0, 1, 2, 3]


def test_second_capture_asks_only_for_what_is_new(make_world: Build, platform) -> None:
    world = make_world()
    one(world)
    platform.publish("NEW", "baru")
    platform.asked.clear()
    result = one(world)
    assert (result.new, result.edited, result.outcome) == (1, 0, Outcome.COMPLETE)
    media_asked = [what for what in platform.asked if "-" in what]
    assert media_asked == ["NEW-0"]
    assert platform.asked.count("list") == 2, "the first page held something new"
    platform.asked.clear()
    result = one(world)
    assert (result.new, platform.asked) == (0, ["profile", "list"])


def test_an_edited_caption_is_a_new_version(make_world: Build, platform) -> None:
    world = make_world()
    one(world)
    platform.change("P1", caption="ralat")
    result = one(world, full=True)
    assert (result.new, result.edited) == (0, 1)
    with catalogue_of(world) as conn:
        row = posts.get(conn, "instagram:P1")
    assert row is not None
    assert (row.versions, row.caption) == (2, "ralat")


def test_a_deletion_and_a_publication_do_not_hide_each_other(make_world: Build, platform) -> None:
    """The count agrees with what is held, yet something old is missing from below."""
    world = make_world()
    one(world)
    platform.posts.pop()
    platform.asked.clear()
    one(world)
    assert platform.asked.count("list") == 1, "one page holds all three now"
    platform.publish("OLD", "dipulihkan")
    moved = platform.posts.pop(0)
    platform.posts.append(moved)
    result = one(world)
    assert result.new == 1, "a restored post at the end is found although page one is known"


def test_what_a_killed_run_did_not_reach_is_found(make_world: Build, platform) -> None:
    """Its first page is kept, the count agrees, and no document tells of the run."""
    world = make_world()
    one(world)
    for number in range(4):
        platform.publish(f"N{number}")
    del platform.posts[4:]

    def dies(what: str) -> None:
        if what == "N0-0":
            raise KeyboardInterrupt

    platform.during = dies
    with pytest.raises(KeyboardInterrupt):
        one(world)
    platform.during = lambda what: None
    result = one(world)
    assert (result.new, result.outcome) == (1, Outcome.COMPLETE)
    platform.asked.clear()
    one(world)
    assert platform.asked.count("list") == 1, "a whole listing later, the head is enough again"


def test_missing_media_are_tried_again(make_world: Build, platform) -> None:
    platform.bodies["P0-0"] = (200, "text/html", b"<!doctype html><html>blokir</html>")
    world = make_world()
    result = one(world)
    assert (result.outcome, result.reason) == (Outcome.PARTIAL, "media_incomplete")
    with catalogue_of(world) as conn:
        row = posts.get(conn, "instagram:P0")
        assert row is not None
        assert not row.media_complete
        problems = captures.problems(conn, result.capture)
        assert [problem.code for problem in problems] == ["not_a_picture"]
    platform.bodies.clear()
    result = one(world)
    assert (result.outcome, result.new, result.edited) == (Outcome.COMPLETE, 0, 0)
    with catalogue_of(world) as conn:
        row = posts.get(conn, "instagram:P0")
    assert row is not None
    assert row.media_complete
    assert row.versions == 1


def test_a_lost_post_is_met_again(make_world: Build, platform) -> None:
    """The first page is known and the count agrees, yet the last post was never kept."""
    platform.change("P0", kind=None, media=(), is_complete=False)
    world = make_world()
    platform.raises["look"] = MalformedAnswer("cut")
    assert (one(world).failed, one(world).failed) == (1, 1)
    platform.raises.clear()
    platform.change("P0", kind=PostKind.PHOTO, is_complete=True)
    assert one(world).new == 1


def test_an_unfinished_post_that_is_gone_does_no_harm(make_world: Build, platform) -> None:
    platform.bodies["P0-0"] = (404, "text/html", b"<html>")
    world = make_world()
    one(world)
    platform.posts.pop()
    result = one(world)
    assert result.outcome is Outcome.COMPLETE
    assert platform.asked[-1] == "look"


def test_an_item_without_a_record_is_a_failure(make_world: Build, platform) -> None:
    platform.forgets.add("P1-1")
    result = one(make_world())
    assert (result.outcome, result.reason, result.unfinished) == (
        Outcome.PARTIAL,
        "media_incomplete",
        1,
    )


@pytest.mark.parametrize("reason", ["empty_page", "repeated_page", "no_page_info"])
def test_a_silent_end_is_partial(make_world: Build, platform, reason: str) -> None:
    platform.ends, platform.ends_reason = PageEnd.SILENT, reason
    result = one(make_world())
    assert (result.outcome, result.reason) == (Outcome.PARTIAL, reason)


def test_a_gap_is_news_once(make_world: Build, platform) -> None:
    platform.declared = 6
    world = make_world()
    assert one(world).reason == "fewer_than_declared"
    assert one(world, full=True).outcome is Outcome.COMPLETE
    platform.declared = 7
    assert one(world, full=True).reason == "fewer_than_declared"


def test_a_taken_handle_is_never_captured(make_world: Build, platform) -> None:
    platform.native_id = "666"
    world = make_world()
    report = run_captures(world, world.config.accounts)
    result = report.captures[0]
    assert (result.outcome, result.reason, report.exit_code) == (Outcome.FAILED, "handle_taken", 4)
    assert platform.asked == ["profile"]
    types = [event.type for event in Ledger(world.config.archive / "ledger").events()]
    assert "account handle taken" in types
    with catalogue_of(world) as conn:
        assert list(posts.find(conn)) == []


def test_a_block_keeps_what_was_acknowledged(make_world: Build, platform) -> None:
    world = make_world()
    platform.during = lambda what: (
        platform.raises.update(list=RateLimited("slow down"))
        if platform.asked.count("list") == 2
        else None
    )
    result = one(world)
    assert (result.outcome, result.reason, result.new) == (Outcome.PARTIAL, "rate_limited", 3)
    assert result.visitor_refused


def test_the_same_visitor_is_not_asked_again(make_world: Build, platform) -> None:
    second = '[[accounts]]\nplatform = "instagram"\nhandle = "dinas"\nid = "1002"\n'
    world = make_world()
    text = world.config.file.read_text() + second
    platform.raises["profile"] = RateLimited("slow down")
    world = make_world(text)
    report = run_captures(world, world.config.accounts)
    assert [c.reason for c in report.captures] == ["rate_limited", "identity_refused"]
    assert platform.asked == ["profile"]
    with catalogue_of(world) as conn:
        assert len(captures.of_run(conn, report.run)) == 2, "no account without a record"


def test_one_broken_post_does_not_end_a_capture(make_world: Build, platform) -> None:
    platform.stubs = True
    world = make_world()
    platform.during = lambda what: (
        platform.raises.update(look=MalformedAnswer("cut"))
        if platform.asked.count("look") == 2
        else platform.raises.clear()
    )
    result = one(world)
    assert (result.new, result.failed, result.reason) == (3, 1, "posts_failed")


def test_only_the_head_of_known_stubs_is_visited_again(make_world: Build, platform) -> None:
    platform.stubs = True
    world = make_world()
    assert one(world).new == 4
    platform.asked.clear()
    assert one(world, full=True).outcome is Outcome.COMPLETE
    assert platform.asked.count("list") == 2
    assert platform.asked.count("look") == platform.page_size


def test_three_network_failures_end_a_capture(make_world: Build, platform) -> None:
    platform.stubs = True
    platform.raises["look"] = NetworkFailure("reset")
    result = one(make_world())
    assert (result.reason, platform.asked.count("look")) == ("network_failure", 3)


def test_a_full_disk_ends_the_run_and_loses_nothing(make_world: Build, platform) -> None:
    world = make_world()
    platform.raises["P1-0"] = SinkFailed("no space left on device")
    report = run_captures(world, world.config.accounts)
    assert (report.stopped, report.exit_code, report.missed) == (
        "storage_failed",
        4,
        ("instagram/pemkot",),
    )
    platform.raises.clear()
    assert one(world).new == 2, "two posts had been acknowledged before"
    assert findings(world) == []


def test_stopping_finishes_the_post_at_hand(make_world: Build, platform) -> None:
    world = make_world()
    platform.during = lambda what: world.stop.set() if what == "P2-0" else None
    report = run_captures(world, world.config.accounts)
    result = report.captures[0]
    assert (report.stopped, result.reason, result.new) == ("interrupted", "interrupted", 2)
    assert report.exit_code == 4


def test_a_bug_is_one_failed_account(make_world: Build, platform) -> None:
    world = make_world()
    platform.raises["profile"] = ZeroDivisionError("oops")
    report = run_captures(world, world.config.accounts)
    assert (report.captures[0].reason, report.exit_code) == ("bug", 1)
    log = next((world.config.archive / "logs").glob("*.jsonl")).read_text()
    assert "ZeroDivisionError" in log


def test_a_crash_is_mended_at_the_next_start(make_world: Build, platform) -> None:
    class Killed(BaseException):
        pass

    world = make_world()
    platform.raises["P0-0"] = Killed()
    with pytest.raises(Killed):
        run_captures(world, world.config.accounts)
    ledger = Ledger(world.config.archive / "ledger")
    assert [e.type for e in ledger.events()].count("run started") == 1
    platform.raises.clear()
    report: RunReport = run_captures(world, world.config.accounts)
    assert report.captures[0].new == 1
    assert findings(world) == []


def test_documents_of_a_run_fit_their_schemas(make_world: Build, platform, schemas) -> None:
    platform.bodies["P3-1"] = (404, "text/html", b"<html>gone</html>")
    platform.change("P2", caption="half a character \ud83d and a whole one 😀")
    world = make_world()
    one(world)
    seen = list(schemas.documents(world.config.archive))
    assert {name for name, _ in seen} == {"post/1", "capture/1"}
    for name, document in seen:
        schemas.check(name, json.loads(document))
