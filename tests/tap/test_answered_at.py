from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model import RecordId
from connectors.tap.answered_at import answered_at
from connectors.tap.entity import Head
from connectors.tap.journal import JournalEntry

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FRESH = "Tue, 24 Nov 2026 12:00:00 GMT"
EARLIER = "Tue, 24 Nov 2026 10:00:00 GMT"


def told(received_at: datetime | None = NOW, **headers: str) -> datetime | None:
    record = RecordId("urn:uuid:0")
    entry = JournalEntry(record, "GET", "https://x/", headers=headers, received_at=received_at)
    return answered_at(entry)


@pytest.mark.parametrize(
    ("headers", "moment"),
    [
        ({"date": FRESH}, NOW),
        ({"date": FRESH, "age": "0"}, NOW),
        ({"date": EARLIER, "age": "7200"}, NOW - timedelta(hours=2)),
        ({"date": EARLIER}, NOW - timedelta(hours=2)),
        ({"date": FRESH, "age": "7200"}, NOW - timedelta(hours=2)),
        ({"date": FRESH, "age": "7200, 5"}, NOW - timedelta(hours=2)),
        ({"date": FRESH, "age": "soon"}, None),
        ({"date": FRESH, "age": "-5"}, None),
        ({"date": FRESH, "age": "99999999999"}, None),
        ({"date": "yesterday"}, None),
        ({"age": "5"}, None),
        ({}, None),
    ],
)
def test_when_an_answer_was_made(headers: dict[str, str], moment: datetime | None) -> None:
    assert told(**headers) == moment


def test_no_answer_was_made_at_no_time() -> None:
    assert answered_at(None) is None


@given(age=st.integers(0, 10**9), apart=st.integers(-(10**8), 10**8))
def test_a_cache_never_makes_an_answer_younger(age: int, apart: int) -> None:
    received = NOW + timedelta(seconds=apart)
    found = told(received, date=FRESH, age=str(age))
    assert found is not None
    assert found <= NOW
    assert found == NOW or found == received - timedelta(seconds=age)


def test_all_cookies_that_are_set_stand_in_the_head() -> None:
    head = Head(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX: y\r\nset-cookie: b=2\r\nX: z\r\n\r\n")
    assert head.fields["set-cookie"] == "a=1\nb=2" and head.fields["x"] == "y"
