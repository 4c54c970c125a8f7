"""Withdrawals: what a program proved and people said, from the ledger."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.model import RecordId
from storage import state
from storage.catalogue import Catalogue, events, posts, records, tombstones
from storage.catalogue.comparison import differences
from storage.catalogue.intake import apply_event, commit_records
from storage.catalogue.tombstones import TombstoneRow
from storage.ledger import Ledger
from storage.records import RecordRow
from storage.state import Sweep

ACCOUNT, POST = "instagram:1001", "instagram:A"


def only(catalogue: Catalogue) -> TombstoneRow:
    with catalogue.reading() as conn:
        [row] = tombstones.of_post(conn, POST)
        assert tombstones.get(conn, row.number) == row
        assert tombstones.get(conn, row.number + 1) is None
    return row


def test_a_withdrawal_is_kept_with_its_steps(catalogue: Catalogue, nights, make) -> None:
    nights.night("post")
    number = nights.withdrawn()
    nights.take(catalogue, nights.inputs)
    row = only(catalogue)
    assert (row.number, row.account, row.run) == (number, ACCOUNT, make.uuid("run 1"))
    assert row.agent == "program jejak 0.1.0"
    assert (row.absent_after[:10], row.absent_by[:10], row.confirmed_at[:10]) == (
        *("2026-11-02", "2026-11-03", "2026-11-04"),
    )
    assert row.absent_by == "2026-11-03T01:00:00.000000Z"
    assert [step["step"] for step in row.steps] == ["seen"]
    assert (row.cause, row.disputed_at, row.confirmed_by_person, row.returned_at) == (None,) * 4
    with catalogue.reading() as conn:
        assert [one.type for one in events.of(conn, "post", POST)] == ["post withdrawn"]


def test_people_confirm_dispute_and_state_a_cause(catalogue: Catalogue, nights) -> None:
    nights.night("post")
    number = nights.withdrawn()
    nights.said("verdict confirmed", number, reason="sudah dicek")
    nights.take(catalogue, nights.inputs)
    row = only(catalogue)
    assert (row.confirmed_by_person, row.confirmed_reason) == ("person arsip", "sudah dicek")
    nights.said("verdict disputed", number, reason="masih ada")
    nights.said("cause stated", number, cause="owner_deleted", source="surat 12/2026")
    nights.take(catalogue, nights.inputs)
    row = only(catalogue)
    assert (row.disputed_by, row.disputed_reason) == ("person arsip", "masih ada")
    assert row.confirmed_by_person is row.confirmed_by_person_at is row.confirmed_reason is None
    assert (row.cause, row.cause_source, row.cause_by) == (
        *("owner_deleted", "surat 12/2026", "person arsip"),
    )
    nights.said("verdict confirmed", number, reason="keliru")
    nights.said("cause stated", number, cause="dihapus hantu")
    nights.take(catalogue, nights.inputs)
    row = only(catalogue)
    assert row.disputed_at is row.disputed_by is row.disputed_reason is None
    assert (row.cause, row.cause_source) == ("unknown", None)


def test_a_return_is_asked_for_until_the_ledger_says_it(catalogue: Catalogue, nights, make) -> None:
    def unreturned() -> Any:
        nights.take(catalogue, nights.inputs)
        with catalogue.reading() as conn:
            assert tombstones.unreturned(conn, "instagram:2002") == ()
            return tombstones.unreturned(conn, ACCOUNT)

    nights.night("post")
    nights.night("absent")
    nights.night("absent")
    number = nights.withdrawn()
    assert unreturned() == ()
    nights.night("absent")
    assert unreturned() == ()
    nights.night("seen")
    nights.night("seen")
    [(row, seen_at, cited)] = unreturned()
    assert (row.number, seen_at) == (number, "2026-11-06T01:00:00.000000Z")
    assert cited == (make.record("listing"),)
    nights.said("verdict disputed", number, reason="x")
    assert unreturned() == ()
    nights.said("verdict confirmed", number, reason="x")
    assert len(unreturned()) == 1
    nights.said("post returned", number, seen_at=seen_at, records=list(cited))
    assert unreturned() == ()
    assert only(catalogue).returned_at == seen_at


def test_each_later_withdrawal_is_one_of_its_own(catalogue: Catalogue, nights) -> None:
    numbers = []
    for _ in range(2):
        nights.night("post")
        nights.night("absent")
        nights.night("absent")
        numbers.append(nights.withdrawn())
    nights.night("post")
    nights.take(catalogue, nights.inputs)
    with catalogue.reading() as conn:
        assert [row.number for row in tombstones.of_post(conn, POST)] == numbers
        returned = tombstones.unreturned(conn, ACCOUNT)
        found = posts.get(conn, POST)
    assert [(row.number, at[8:10]) for row, at, _ in returned] == [
        (numbers[0], "05"),
        (numbers[1], "08"),
    ]
    assert found is not None
    assert (found.state, found.state_since[8:10]) == ("returned", "08")


def test_events_about_posts_that_are_not_kept_do_no_harm(catalogue: Catalogue, nights) -> None:
    number = nights.withdrawn("GONE")
    nights.said("verdict disputed", number, post="GONE")
    nights.said("verdict disputed", 999, post="GONE")
    nights.said("cause stated", 999, post="NEVER")
    nights.take(catalogue, nights.inputs)
    with catalogue.reading() as conn:
        [row] = tombstones.of_post(conn, "instagram:GONE")
        assert tombstones.unreturned(conn, ACCOUNT) == ()
        assert list(posts.find(conn)) == []
    assert row.disputed_at is not None


def test_a_withdrawal_in_another_shape_is_kept_with_its_own_time(
    catalogue: Catalogue, nights
) -> None:
    nights.said("post withdrawn", absent_after=None, absent_by=7, steps={"a": 1})
    nights.said("post withdrawn", steps=["x", {"step": "seen\0"}], confirmed_at="kemarin")
    nights.take(catalogue, nights.inputs)
    with catalogue.reading() as conn:
        first, second = tombstones.of_post(conn, POST)
    assert first.absent_after == first.absent_by == first.confirmed_at == first.at
    assert first.steps == ()
    assert [list(step) for step in second.steps] == [["step"]]
    assert second.confirmed_at == second.at


SAID = st.lists(
    st.sampled_from(["confirmed", "disputed", "cause", "returned", "withdrawn"]), max_size=7
)


def test_what_was_said_counts_in_the_order_of_the_ledger(
    databases: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    @settings(
        max_examples=databases.examples(40),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(said=SAID, data=st.data())
    def holds(said: list[str], data: st.DataObject) -> None:
        folder = tmp_path_factory.mktemp("said")
        ledger = Ledger(folder / "ledger")
        told = [announce(ledger, one, number) for number, one in enumerate(["withdrawn", *said])]
        with (
            databases.fresh(folder / "a.db") as first,
            databases.fresh(folder / "b.db") as second,
        ):
            for catalogue, order in ((first, told), (second, data.draw(st.permutations(told)))):
                with catalogue.writing() as conn:
                    for one in order:
                        apply_event(conn, one)
            assert differences(first.engine, second.engine) == []
            with first.reading() as conn:
                row = tombstones.of_post(conn, POST)[0]
            heard = [one for one in said if one in ("confirmed", "disputed")]
            assert (row.disputed_at is not None) == (heard[-1:] == ["disputed"])
            assert (row.confirmed_by_person is not None) == (heard[-1:] == ["confirmed"])

    holds()


def announce(ledger: Ledger, what: str, number: int) -> Any:
    types = {"cause": "cause stated", "returned": "post returned", "withdrawn": "post withdrawn"}
    objects = {"account": ACCOUNT, "post": POST, "tombstone": "1"}
    detail = {"reason": f"{number}", "cause": "unknown", "source": f"{number}"}
    type = types.get(what, f"verdict {what}")
    return ledger.append(type, agent="person arsip", objects=objects, detail=detail)


def test_a_sweep_goes_on_where_it_stood(catalogue: Catalogue) -> None:
    begun = Sweep(ACCOUNT, "posts", "page 4", None, "2026-11-01", "2026-11-01", None)
    ended = Sweep(ACCOUNT, "posts", None, "2020-01-01", "2026-11-01", "2026-11-09", "2026-11-09")
    with catalogue.writing() as conn:
        assert state.sweep(conn, ACCOUNT, "posts") is None
        state.swept(conn, begun)
        assert state.sweep(conn, ACCOUNT, "posts") == begun
        assert state.sweep(conn, ACCOUNT, "reels") is None
        state.swept(conn, ended)
        assert state.sweep(conn, ACCOUNT, "posts") == ended


def test_exchanges_that_belong_to_no_post_have_a_place(catalogue: Catalogue, make) -> None:
    record = RecordId(make.record("canary"))
    row = RecordRow(record, "S", 7, 1, "response", "https://x.example/", "2026-11-01T00:00:00Z")
    with catalogue.writing() as conn:
        commit_records(conn, [row])
        commit_records(conn, [row])
        found = records.place(conn, record)
    assert found is not None
    assert (found.segment, found.offset) == ("S", 7)
