"""Rows are a function of the documents, not of the order they came in."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.model import RecordId
from storage.catalogue import Catalogue
from storage.catalogue.comparison import differences
from storage.catalogue.intake import apply_event, commit_capture, commit_post, take_records
from storage.catalogue.merging import groups, numbers
from storage.ledger import Ledger
from storage.records import RecordRow

RUN_EVENTS = ("run started", "run interrupted", "run ended")


def documents(make: Any) -> list[tuple[str, str, dict]]:
    found = []
    for number, (code, content, complete) in enumerate(
        [("A", 1, False), ("A", 1, True), ("A", 2, True), ("B", 1, False), ("A", 1, True)]
    ):
        medium = make.medium("m", complete=complete, record=make.record(f"r{number}"))
        post = make.post(
            code,
            f"2026-11-{10 + number}T01:00:00Z",
            content_digest=make.digest(f"content {content}"),
            native_id=None if number % 2 else f"{number}",
            media=[medium],
        )
        found.append(("post/1", make.record(f"post {number}"), post))
    for number in range(3):
        day = 10 + 2 * number
        capture = make.capture(
            f"c{number}",
            f"2026-11-{day}T00:00:00Z",
            f"2026-11-{day}T02:00:00Z",
            seen=[make.seen("instagram:A", make.record(f"r{number}"), number)],
            profile=make.profile(handle=f"h{number}", evidence=[make.record(f"r{number}")]),
        )
        found.append(("capture/1", make.record(f"capture {number}"), capture))
    return found


def record_rows(make: Any) -> list[RecordRow]:
    """Five records, one of which came before all others."""
    times = [f"2026-11-1{n}T00:00:01Z" for n in range(5)]
    times[2] = "2026-11-03T00:00Z"
    return [
        RecordRow(RecordId(make.record(f"r{n}")), "S", n, 1, "response", None, at)
        for n, at in enumerate(times)
    ]


def test_any_order_gives_the_same_rows(
    databases: Any, tmp_path_factory: pytest.TempPathFactory, make: Any
) -> None:
    @settings(max_examples=databases.examples(30), deadline=None)
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        folder = tmp_path_factory.mktemp("order")
        ledger = Ledger(folder / "ledger")
        objects = {"run": make.uuid("run 1"), "account": "instagram:1001"}
        events = [ledger.append(t, agent="person R", objects=objects) for t in RUN_EVENTS]
        inputs: list[Any] = [*documents(make), *events]
        with (
            databases.fresh(folder / "first.db") as first,
            databases.fresh(folder / "second.db") as second,
        ):
            fill(first, record_rows(make), inputs)
            fill(second, record_rows(make), data.draw(st.permutations(inputs)))
            assert differences(first.engine, second.engine) == []

    holds()


def fill(catalogue: Catalogue, rows: list[RecordRow], inputs: list[Any]) -> None:
    with catalogue.writing() as conn:
        take_records(conn, rows)
        for one in inputs:
            if not isinstance(one, tuple):
                apply_event(conn, one)
            elif one[0] == "post/1":
                commit_post(conn, [], RecordId(one[1]), one[2])
            else:
                commit_capture(conn, [], RecordId(one[1]), one[2])


@given(digests=st.lists(st.sampled_from("ab")))
def test_numbers_rise_exactly_where_the_content_changes(digests: list[str]) -> None:
    found = numbers(digests)
    for index, number in enumerate(found):
        before = found[index - 1] if index else 0
        changed = index == 0 or digests[index] != digests[index - 1]
        assert number == before + changed
    names = [str(index) for index in range(len(digests))]
    assert [name for group in groups(names, found) for name in group] == names
    assert len(groups(names, found)) == len(set(found))
