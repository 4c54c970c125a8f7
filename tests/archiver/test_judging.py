"""From nights to tombstones: withdrawals, returns, and what a crash leaves undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import Connection

import archiver.absence.last_sighting
import archiver.books
import archiver.run
from archiver.orders import CaptureResult
from archiver.run import run_captures
from archiver.verdict_acts import confirm, dispute, state_cause
from archiver.verification import verify
from archiver.world import World
from connectors.errors import RateLimited
from connectors.model import Presence
from storage.catalogue import checks, open_catalogue, posts, records, tombstones
from storage.catalogue.tombstones import TombstoneRow
from storage.ledger import Ledger, LedgerEvent, LedgerNotStored
from storage.reindex import differences, reindex
from storage.timestamps import stamp
from storage.warc_reader import members, payload_stream, row_of

Build = Callable[..., World]
FIRST = datetime.fromisoformat("2026-12-01T19:00:00Z")
POST = "instagram:P2"


def at(number: int) -> datetime:
    return FIRST + timedelta(days=number)


def night(world: World, number: int) -> CaptureResult:
    with time_machine.travel(at(number), tick=True):
        report = run_captures(world, world.config.accounts)
    assert len(report.captures) == 1, report
    return report.captures[0]


@contextmanager
def catalogue_of(world: World) -> Iterator[Connection]:
    catalogue = open_catalogue(world.config.catalogue_url, read_only=True)
    try:
        with catalogue.reading() as conn:
            yield conn
    finally:
        catalogue.close()


def state(world: World, post: str = POST) -> tuple[str, str | None]:
    with catalogue_of(world) as conn:
        found = posts.get(conn, post)
    assert found is not None
    return found.state, found.state_reason


def stones(world: World, post: str = POST) -> tuple[TombstoneRow, ...]:
    with catalogue_of(world) as conn:
        return tombstones.of_post(conn, post)


def events(world: World, type: str) -> list[LedgerEvent]:
    return [e for e in Ledger(world.config.archive / "ledger").events() if e.type == type]


def take_down(platform, code: str = "P2"):
    post = next(p for p in platform.posts if p.ref.code == code)
    platform.posts.remove(post)
    return post


def withdrawn(world: World, platform) -> CaptureResult:
    """Three nights: seen, then twice gone."""
    night(world, 0)
    take_down(platform)
    night(world, 1)
    return night(world, 2)


def documents(archive: Path) -> dict[str, bytes]:
    """Every record of an archive with what it holds."""
    return {
        row.record_id: b"".join(payload_stream(path, row.offset))
        for path in sorted((archive / "segments").glob("*/*.warc.gz"))
        for member in members(path)
        if (row := row_of(member, path.name)).record_id and row.type == "response"
    }


def test_two_nights_of_absence_make_a_tombstone(make_world: Build, platform, tmp_path) -> None:
    world = make_world()
    night(world, 0)
    take_down(platform)
    first = night(world, 1)
    assert (first.withdrawn, first.outcome.value) == ((), "complete")
    assert state(world) == ("unavailable", "awaiting_confirmation")
    second = night(world, 2)
    assert (second.withdrawn, second.returned) == ((POST,), ())
    assert state(world) == ("deleted", None)
    (stone,) = stones(world)
    window = [datetime.fromisoformat(t) for t in (stone.absent_after, stone.absent_by)]
    minute = timedelta(minutes=1)
    assert at(0) <= window[0] < at(0) + minute and at(1) <= window[1] < at(1) + minute
    assert stamp(at(2)) <= stone.confirmed_at < stamp(at(2) + minute)
    assert night(world, 3).withdrawn == ()
    assert len(events(world, "post withdrawn")) == 1
    rebuilt = open_catalogue(f"sqlite:///{tmp_path / 'rebuilt.sqlite'}")
    live = open_catalogue(world.config.catalogue_url, read_only=True)
    reindex(world.config.archive, rebuilt)
    assert differences(live.engine, rebuilt.engine) == []
    assert list(verify(world.config.archive, live, full=True)) == []
    live.close()
    rebuilt.close()


def test_every_step_of_a_tombstone_stands_in_the_warc(make_world: Build, platform) -> None:
    world = make_world()
    withdrawn(world, platform)
    (event,) = events(world, "post withdrawn")
    assert event.agent.startswith("program jejak")
    assert (event.detail["cycle_hours"], event.detail["rule"]) == (20.0, "1")
    assert event.objects.keys() == {"account", "post", "run"}
    steps = event.detail["steps"]
    assert isinstance(steps, list)
    absence = ["not_listed", "visited", "control"]
    assert [step["step"] for step in steps] == ["seen", *absence, *absence]
    assert [step["at"] for step in steps] == sorted(step["at"] for step in steps)
    assert len({step["capture"] for step in steps}) == 3
    kept = documents(world.config.archive)
    asked = {"seen": b"list", "not_listed": b"list", "visited": b"look", "control": b"look"}
    with catalogue_of(world) as conn:
        for step in steps:
            assert step["records"]
            for record in step["records"]:
                assert records.place(conn, record) is not None
                assert asked[step["step"]] in kept[record]
    visited = [step for step in steps if step["step"] == "visited"]
    assert {step["reason"] for step in visited} == {"item_missing"}
    controls = {step["post"] for step in steps if step["step"] == "control"}
    assert controls and POST not in controls


def test_a_post_that_comes_back_is_returned_and_may_go_again(make_world: Build, platform) -> None:
    world = make_world()
    night(world, 0)
    post = take_down(platform)
    night(world, 1)
    assert night(world, 2).withdrawn == (POST,)
    platform.posts.append(post)
    back = night(world, 3)
    assert (back.withdrawn, back.returned, state(world)) == ((), (POST,), ("returned", None))
    (event,) = events(world, "post returned")
    (stone,) = stones(world)
    assert event.objects["tombstone"] == str(stone.number)
    kept = documents(world.config.archive)
    assert event.detail["records"] and all(r in kept for r in event.detail["records"])
    assert stamp(at(3)) <= str(event.detail["seen_at"]) < stamp(at(3) + timedelta(minutes=1))
    assert stone.returned_at is not None
    assert night(world, 4).returned == ()
    platform.posts.remove(post)
    night(world, 5)
    assert night(world, 6).withdrawn == (POST,)
    first, second = stones(world)
    assert first.confirmed_at < str(first.returned_at) <= second.absent_after < second.absent_by
    assert state(world) == ("deleted", None)


def test_a_crash_before_the_event_is_healed_by_the_next_capture(
    make_world: Build, platform, monkeypatch
) -> None:
    world = make_world()
    night(world, 0)
    take_down(platform)
    night(world, 1)

    def dies(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(archiver.run, "judge", dies)
        night(world, 2)
    assert state(world) == ("unavailable", "awaiting_confirmation")
    # Only a little later, when this capture alone proves nothing new.
    with time_machine.travel(at(2) + timedelta(hours=1), tick=True):
        (healed,) = run_captures(world, world.config.accounts).captures
    assert (healed.withdrawn, state(world)) == ((POST,), ("deleted", None))
    (stone,) = stones(world)
    assert stone.confirmed_at < stamp(at(2) + timedelta(minutes=1)), "by the night that died"


def test_a_crash_behind_the_ledger_is_no_second_tombstone(
    make_world: Build, platform, monkeypatch
) -> None:
    world = make_world()
    night(world, 0)
    take_down(platform)
    night(world, 1)
    real = archiver.books.apply_event

    def dies(conn: Connection, event: LedgerEvent) -> None:
        if event.type == "post withdrawn":
            raise KeyboardInterrupt
        real(conn, event)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(archiver.books, "apply_event", dies)
        night(world, 2)
    assert len(events(world, "post withdrawn")) == 1
    assert night(world, 3).withdrawn == ()
    assert (len(events(world, "post withdrawn")), state(world)) == (1, ("deleted", None))


def test_a_blocked_night_between_starts_the_count_anew(make_world: Build, platform) -> None:
    world = make_world()
    night(world, 0)
    take_down(platform)
    night(world, 1)
    platform.raises["profile"] = RateLimited("slow down")
    assert night(world, 2).outcome.value == "failed"
    platform.raises.clear()
    assert night(world, 3).withdrawn == ()
    assert night(world, 4).withdrawn == (POST,)


@pytest.mark.parametrize(
    "answer",
    [(Presence.RESTRICTED, "private_post"), (Presence.UNKNOWN, "malformed_answer")],
)
def test_what_is_only_hidden_is_never_withdrawn(make_world: Build, platform, answer) -> None:
    world = make_world()
    night(world, 0)
    take_down(platform)
    platform.answers["P2"] = answer
    for number in range(1, 5):
        assert night(world, number).withdrawn == ()
    assert state(world)[0] == "unavailable"
    assert stones(world) == ()


def test_a_post_that_is_there_but_not_listed_is_never_withdrawn(
    make_world: Build, platform
) -> None:
    world = make_world()
    night(world, 0)
    platform.hidden.add("P2")
    for number in range(1, 5):
        assert night(world, number).withdrawn == ()
    assert state(world)[0] == "present"


def dated(platform) -> None:
    """A day between each two posts, in the order of the listing."""
    for place, post in enumerate(tuple(platform.posts)):
        platform.change(post.ref.code, published_at=FIRST - timedelta(days=2 + place))


def test_a_post_that_the_account_still_counts_is_not_withdrawn(make_world: Build, platform) -> None:
    dated(platform)
    world = make_world()
    platform.declared = 4
    night(world, 0)
    take_down(platform)
    for number in (1, 2, 3):
        assert night(world, number).withdrawn == ()
        assert state(world)[0] == "unavailable"
    platform.declared = 3
    assert night(world, 4).withdrawn == (POST,)


def test_a_post_that_came_meanwhile_is_counted_too(make_world: Build, platform) -> None:
    dated(platform)
    world = make_world()
    night(world, 0)
    take_down(platform)
    platform.publish("P9")
    platform.change("P9", published_at=at(1) - timedelta(hours=2))
    night(world, 1)
    assert night(world, 2).withdrawn == (POST,)


def test_two_captures_in_one_cycle_are_one_absence(make_world: Build, platform) -> None:
    world = make_world()
    night(world, 0)
    take_down(platform)
    for hours in (1, 7, 13, 19):
        with time_machine.travel(at(1) + timedelta(hours=hours), tick=True):
            assert run_captures(world, world.config.accounts).captures[0].withdrawn == ()
    with time_machine.travel(at(1) + timedelta(hours=22), tick=True):
        report = run_captures(world, world.config.accounts)
    assert report.captures[0].withdrawn == (POST,)
    assert report.exit_code == 0, "a withdrawal is news, not a failure"


def test_a_cleared_account_has_no_control_and_loses_no_post(make_world: Build, platform) -> None:
    """An empty profile looks the same as a listing that is kept from us."""
    world = make_world()
    night(world, 0)
    platform.posts = []
    for number in range(1, 4):
        assert night(world, number).withdrawn == ()
    assert (stones(world), state(world)[0]) == ((), "unavailable")


def test_what_a_person_disputes_is_not_said_again(make_world: Build, platform, tmp_path) -> None:
    world = make_world()
    withdrawn(world, platform)
    dispute(world.config, world.now, POST, "it opens in my browser", "photograph 3")
    assert state(world) == ("unavailable", "disputed")
    for number in (3, 4, 5):
        assert night(world, number).withdrawn == ()
    assert state(world) == ("unavailable", "disputed")
    assert len(stones(world)) == 1
    platform.publish("P2", "kabar 2")
    assert night(world, 6).returned == (), "it never was withdrawn"
    assert state(world)[0] == "present"
    take_down(platform)
    night(world, 7)
    assert night(world, 8).withdrawn == (POST,), "a new absence is judged for itself"
    first, second = stones(world)
    assert (first.disputed_reason, second.disputed_at) == ("it opens in my browser", None)
    state_cause(world.config, world.now, POST, "owner_deleted", "the owner's letter")
    assert stones(world)[-1].cause == "owner_deleted"
    rebuilt = open_catalogue(f"sqlite:///{tmp_path / 'rebuilt.sqlite'}")
    live = open_catalogue(world.config.catalogue_url, read_only=True)
    reindex(world.config.archive, rebuilt)
    assert differences(live.engine, rebuilt.engine) == []
    live.close()
    rebuilt.close()


def test_a_confirmation_ends_a_dispute(make_world: Build, platform) -> None:
    world = make_world()
    withdrawn(world, platform)
    confirm(world.config, world.now, POST, "asked the owner")
    assert stones(world)[0].confirmed_reason == "asked the owner"
    dispute(world.config, world.now, POST, "wrong")
    confirm(world.config, world.now, POST, "the dispute was a mistake")
    assert state(world) == ("deleted", None)
    assert night(world, 3).withdrawn == ()
    assert [e.type for e in Ledger(world.config.archive / "ledger").events()].count(
        "verdict confirmed"
    ) == 2


def test_no_claim_without_evidence(make_world: Build, platform, monkeypatch) -> None:
    """A sighting, visit, listing or control that no record shows proves nothing."""
    world = make_world()
    night(world, 0)
    take_down(platform)
    night(world, 1)
    real = checks.open_cases

    def blind(conn: Connection, account: str, *, without: str) -> Mapping[str, object]:
        return {
            post: tuple(replace(row, **{without: ()}) for row in rows)
            for post, rows in real(conn, account).items()
        }

    for number, without in enumerate(("evidence", "listing_evidence", "control_evidence"), 2):
        with monkeypatch.context() as patch:
            patch.setattr(checks, "open_cases", partial(blind, without=without))
            assert night(world, number).withdrawn == ()
    with monkeypatch.context() as patch:
        patch.setattr(archiver.absence.last_sighting, "evidence_of", lambda *_: {})
        assert night(world, 5).withdrawn == ()
    assert state(world) == ("unavailable", "awaiting_confirmation")
    assert night(world, 6).withdrawn == (POST,)


def test_a_ledger_that_cannot_be_written_ends_the_run(
    make_world: Build, platform, monkeypatch
) -> None:
    world = make_world()
    night(world, 0)
    take_down(platform)
    night(world, 1)
    real = Ledger.append

    def full(self: Ledger, type: str, **more: object) -> LedgerEvent:
        if type == "post withdrawn":
            raise LedgerNotStored("no space", hint="")
        return real(self, type, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch, time_machine.travel(at(2), tick=True):
        patch.setattr(Ledger, "append", full)
        report = run_captures(world, world.config.accounts)
    assert (report.stopped, report.exit_code) == ("storage_failed", 4)
    assert report.captures[0].outcome.value == "complete", "the capture itself is acknowledged"
    assert state(world) == ("unavailable", "awaiting_confirmation")
    assert night(world, 3).withdrawn == (POST,)
