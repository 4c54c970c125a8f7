"""Whether a post is shown: the same from whatever order of documents and events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from storage import schema
from storage.catalogue import Catalogue, checks, posts
from storage.catalogue.comparison import differences
from storage.catalogue.intake import commit_capture, commit_post
from storage.catalogue.states import DELETED, EXPIRED, RETURNED, STATES
from storage.reindex import reindex

POST = "instagram:A"


def state(catalogue: Catalogue, post_id: str = POST) -> tuple[str, str | None, str]:
    with catalogue.reading() as conn:
        found = posts.get(conn, post_id)
    assert found is not None
    return found.state, found.state_reason, found.state_since[8:10]


def after(catalogue: Catalogue, nights: Any, *whole: tuple[str, ...]) -> Any:
    for found in whole:
        nights.night(*found)
    nights.take(catalogue, nights.inputs)
    return state(catalogue)


NIGHT_BY_NIGHT = {
    "seen each night": ("post seen", "seen", "present - 02"),
    "missed once": ("post", "absent", "unavailable awaiting_confirmation 03"),
    "not reached after an absence": (
        *("post", "absent", "not_visited"),
        "unavailable awaiting_confirmation 03",
    ),
    "never reached": ("post", "not_visited", "not_visited", "unavailable not_visited 03"),
    "reached at last": ("post", "not_visited", "absent", "unavailable awaiting_confirmation 03"),
    "a doubt after an absence": (
        "post",
        "absent",
        "control_failed",
        "unavailable control_failed 03",
    ),
    "a doubt, then not reached": (
        *("post", "absent", "blocked", "not_visited"),
        "unavailable not_visited 03",
    ),
    "seen again": ("post", "absent", "absent", "seen", "present - 02"),
    "kept again": ("post", "absent", "post", "present - 02"),
    "seen by a visit alone": ("post", "absent", "checked", "present - 02"),
    "missed, seen, missed": ("post", "absent", "seen", "unknown", "unavailable unknown 05"),
    "missed and seen in one capture": ("post", "seen absent", "present - 02"),
    "a story past its day": ("post", "expired", "expired", "expired item_missing 03"),
    "a story missed, then past its day": ("post", "absent", "expired", "expired item_missing 04"),
    "in a highlight after its day": ("post", "expired", "seen", "present - 02"),
    "nights without it": ("post", "", "absent", "", "unavailable awaiting_confirmation 04"),
}


@pytest.mark.parametrize("whole", NIGHT_BY_NIGHT.values(), ids=NIGHT_BY_NIGHT)
def test_what_nights_make_of_a_post(whole: tuple[str, ...], catalogue: Catalogue, nights) -> None:
    *found, told = whole
    name, reason, since = told.split()
    expected = (name, None if reason == "-" else reason, since)
    assert after(catalogue, nights, *(tuple(one.split()) for one in found)) == expected


def test_a_withdrawal_holds_until_the_post_is_seen_again(catalogue: Catalogue, nights) -> None:
    after(catalogue, nights, ("post",), ("absent",), ("absent",))
    nights.withdrawn()
    nights.take(catalogue, nights.inputs[-1:])
    assert state(catalogue) == ("deleted", None, "03")
    nights.night("absent")
    nights.take(catalogue, nights.inputs[-2:])
    assert state(catalogue) == ("deleted", None, "03")
    nights.night("seen")
    nights.take(catalogue, nights.inputs[-2:])
    assert state(catalogue) == ("returned", None, "06")
    nights.night("seen")
    assert after(catalogue, nights) == ("returned", None, "06")
    nights.night("absent")
    assert after(catalogue, nights) == ("unavailable", "awaiting_confirmation", "08")
    nights.night("seen")
    assert after(catalogue, nights) == ("returned", None, "06")


def test_another_account_that_shows_it_in_the_same_run_brings_it_back(
    catalogue: Catalogue, nights
) -> None:
    after(catalogue, nights, ("post",), ("absent",), ("absent",))
    nights.withdrawn()
    nights.night("seen", same_run=True, account="instagram:2002")
    assert after(catalogue, nights) == ("returned", None, "04")


def test_a_disputed_withdrawal_is_a_doubt_until_a_person_confirms_it(
    catalogue: Catalogue, nights
) -> None:
    after(catalogue, nights, ("post",), ("absent",), ("absent",))
    number = nights.withdrawn()
    nights.said("verdict disputed", number, reason="masih ada")
    assert after(catalogue, nights) == ("unavailable", "disputed", "03")
    nights.night("absent")
    assert after(catalogue, nights) == ("unavailable", "disputed", "03")
    with catalogue.reading() as conn:
        assert checks.open_cases(conn, "instagram:1001") == {}
    nights.said("verdict confirmed", number, reason="memang ditarik")
    assert after(catalogue, nights) == ("deleted", None, "03")
    nights.said("verdict disputed", number, reason="ternyata ada")
    nights.night("seen")
    assert after(catalogue, nights) == ("present", None, "02")


def test_runs_are_ordered_by_the_ledger_though_clocks_jump(catalogue: Catalogue, nights) -> None:
    nights.night("post", day=20)
    nights.night("absent", day=3)
    assert after(catalogue, nights) == ("unavailable", "awaiting_confirmation", "04")
    nights.night("seen", day=1)
    assert after(catalogue, nights) == ("present", None, "02")


def test_runs_that_the_ledger_does_not_know_are_ordered_by_time(
    catalogue: Catalogue, nights
) -> None:
    for day, found in ((1, "post"), (2, "absent"), (4, "seen"), (3, "absent")):
        nights.night(found, day=day, recorded=False)
    assert after(catalogue, nights) == ("present", None, "02")
    nights.night("absent", day=5, recorded=False)
    assert after(catalogue, nights) == ("unavailable", "awaiting_confirmation", "06")
    nights.night("seen", day=6)
    assert after(catalogue, nights) == ("present", None, "02")
    nights.night("absent", day=5, recorded=False)
    assert after(catalogue, nights) == ("present", None, "02")


def test_a_check_is_told_with_its_records(catalogue: Catalogue, nights, make) -> None:
    after(catalogue, nights, ("post",), ("absent",), ("blocked",), ("expired",), ("absent",))
    with catalogue.reading() as conn:
        told = checks.of_post(conn, POST)
        opened = checks.open_cases(conn, "instagram:1001")
        assert checks.open_cases(conn, "instagram:2002") == {}
    assert [check.order for check in told] == [2, 3, 4, 5]
    assert opened == {POST: (told[0], told[1], told[3])}
    first = told[0]
    assert (first.run, first.found, first.verdict, first.covered, first.cursor) == (
        *(make.uuid("run 2"), "absent", "absent", True, "page 2"),
    )
    assert first.at == first.control_at == first.answered_at == "2026-11-03T01:00:00.000000Z"
    assert first.conditions["control"] and len(first.conditions) == 7
    assert (first.control_post, first.control_reason) == ("instagram:CONTROL", "shown")
    assert first.evidence == (make.record("visit"),)
    assert first.listing_evidence == (make.record("listing"), make.record("page 2"))
    assert first.control_evidence == (make.record("control"),)


def test_a_check_without_control_or_clock_is_kept(catalogue: Catalogue, make) -> None:
    check = make.check(POST, "not_visited", "2026-11-02T01:00:00Z")
    check |= {"control": None, "answered_at": None, "cursor": None, "evidence": []}
    check["conditions"] = check["conditions"] | {"listing": False}
    document = make.capture("c", "2026-11-02T00:00:00Z", "2026-11-02T01:00:00Z", checks=[check])
    with catalogue.writing() as conn:
        commit_capture(conn, [], make.record("c"), document)
    with catalogue.reading() as conn:
        [told] = checks.of_post(conn, POST)
    assert (told.covered, told.control_post, told.control_evidence) == (False, None, ())


def test_a_capture_from_before_checks_is_still_read(catalogue: Catalogue, make) -> None:
    document = make.capture("c", "2026-11-02T00:00:00Z", "2026-11-02T01:00:00Z")
    for name in ("checks", "canary", "blocked"):
        del document[name]
    with catalogue.writing() as conn:
        commit_capture(conn, [], make.record("c"), document)
    with catalogue.reading() as conn:
        row = conn.execute(select(schema.captures)).one()
    assert (row.blocked, row.canary) == (False, None)


def test_blocked_runs_are_those_of_the_visitor(catalogue: Catalogue, nights) -> None:
    nights.night(blocked=True)
    nights.night(blocked=True, identity="arsip")
    nights.night(blocked=False, canary="passed")
    nights.night(blocked=True, account="tiktok:1")
    nights.night(blocked=True, account="instagramx:1")
    nights.take(catalogue, nights.inputs)
    with catalogue.reading() as conn:
        assert checks.blocked_runs(conn, "instagram", None) == {1}
        assert checks.blocked_runs(conn, "instagram", "arsip") == {2}
        assert checks.blocked_runs(conn, "tiktok", None) == {4}
        row = conn.execute(select(schema.captures.c.canary).where(~schema.captures.c.blocked)).one()
    assert row.canary == "passed"


def test_the_search_finds_a_post_by_its_new_state(catalogue: Catalogue, nights) -> None:
    def found(wanted: str) -> int:
        with catalogue.reading() as conn:
            return sum(1 for _ in posts.find(conn, posts.PostFilter(search="banjir", state=wanted)))

    after(catalogue, nights, ("post",), ("absent",), ("absent",))
    assert [found(name) for name in STATES] == [0, 1, 0, 0, 0]
    nights.withdrawn()
    nights.take(catalogue, nights.inputs[-1:])
    assert [found(name) for name in STATES] == [0, 0, 1, 0, 0]
    nights.night("seen")
    nights.take(catalogue, nights.inputs[-2:])
    assert [found(name) for name in STATES] == [0, 0, 0, 1, 0]


def test_when_a_story_goes_is_known(catalogue: Catalogue, make) -> None:
    told = make.post("A", "2026-11-02T01:00:00Z", expires_at="2026-11-03T00:00:00Z")
    silent = make.post("A", "2026-11-04T01:00:00Z")
    del silent["expires_at"]
    with catalogue.writing() as conn:
        commit_post(conn, [], make.record("1"), told)
        commit_post(conn, [], make.record("2"), silent)
    with catalogue.reading() as conn:
        post, known = posts.get(conn, POST), posts.known(conn, "instagram:1001")[POST]
    assert post is not None
    assert post.expires_at == known.expires_at == "2026-11-03T00:00:00.000000Z"
    assert known.published_at == post.published_at


def test_many_posts_seen_again_cost_few_questions(catalogue: Catalogue, make) -> None:
    ids = [f"instagram:P{number}" for number in range(3000)]
    asked: list[str] = []
    with catalogue.writing() as conn:
        seen = [make.seen(post, make.record("r")) for post in ids]
        commit_post(conn, [], make.record("p"), make.post("P1", "2026-11-02T00:00:00Z"))
        event.listen(conn, "before_cursor_execute", lambda *a: asked.append(a[2]))
        document = make.capture("c", "2026-11-02T00:00:00Z", "2026-11-02T01:00:00Z", seen=seen)
        commit_capture(conn, [], make.record("c"), document)
    assert 10 < len(asked) < 100


@dataclass(frozen=True)
class Step:
    """A night, and what is said after it."""

    found: str
    said: str
    post: str
    day: int
    recorded: bool


STEPS = st.lists(
    st.builds(
        Step,
        found=st.sampled_from(
            ["post", "seen", "absent", "absent", "blocked", "not_visited", "expired", "checked"]
        ),
        said=st.sampled_from(
            ["", "", "post withdrawn", "verdict disputed", "verdict confirmed", "post returned"]
        ),
        post=st.sampled_from("AAB"),
        day=st.integers(1, 9),
        recorded=st.sampled_from([True, True, True, False]),
    ),
    min_size=1,
    max_size=8,
)


def told(nights: Any, steps: list[Step]) -> None:
    number = 1
    for step in steps:
        nights.night(step.found, post=step.post, day=step.day, recorded=step.recorded)
        if step.said == "post withdrawn":
            number = nights.withdrawn(step.post)
        elif step.said:
            nights.said(step.said, number, post=step.post, reason="x", seen_at="2026")
    nights.close()


def test_any_order_and_a_reindex_give_the_same_rows(
    databases: Any, tmp_path_factory: pytest.TempPathFactory, new_nights
) -> None:
    reached: set[str] = set()

    @settings(
        max_examples=databases.examples(60),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(steps=STEPS, data=st.data())
    def holds(steps: list[Step], data: st.DataObject) -> None:
        folder = tmp_path_factory.mktemp("states")
        nights = new_nights(folder / "archive")
        told(nights, steps)
        with (
            databases.fresh(folder / "live.db") as live,
            databases.fresh(folder / "shuffled.db") as shuffled,
        ):
            nights.take(live, nights.inputs)
            nights.take(shuffled, data.draw(st.permutations(nights.inputs)))
            assert differences(live.engine, shuffled.engine) == []
            assert reindex(folder / "archive", shuffled).findings == ()
            assert differences(live.engine, shuffled.engine) == []
            with live.reading() as conn:
                reached.update(conn.scalars(select(schema.posts.c.state)))

    holds()
    assert databases.name != "sqlite" or reached >= {DELETED, RETURNED, EXPIRED}
