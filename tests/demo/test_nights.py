"""The demo's clock, the program's beside it, and the claims about states."""

from __future__ import annotations

import gzip
import json
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from demo.claims import Claims
from demo.deeds import Subject
from demo.nights import OFFICE, clock_of, distance_s, nights
from demo.program import Program
from demo.proof import answers_in, check_edit, check_return, check_swap, check_withdrawal
from demo.words import Words
from demo.world import Account

GONE = b'{"message": "Media not found or unavailable"}'


def test_the_nights_are_days_apart_and_none_is_to_come():
    real = datetime.now(OFFICE)
    with nights(6) as calendar:
        assert abs(datetime.now(UTC) - calendar.fall(1)) < timedelta(seconds=5)
        first = calendar.fall(1)
        last = calendar.fall(6)
        assert (first.hour, first.minute, last - first) == (2, 10, timedelta(days=5))
        assert timedelta(hours=1) <= real - last < timedelta(hours=25)
        evening = calendar.go_to(6, 20)
        assert clock_of(evening) == "20.00"
        assert distance_s() == pytest.approx((evening - real).total_seconds(), abs=5)
        before = time.monotonic()
        calendar.go_to(1, 0)
        assert time.monotonic() - before < 60
    assert distance_s() == 0
    assert abs(datetime.now(OFFICE) - real) < timedelta(minutes=1)


def test_the_program_lives_in_the_time_of_the_demo(tmp_path):
    program = Program(tmp_path / "config.toml", "en")
    with nights(3) as calendar:
        moment = calendar.fall(1)
        program.run("init", str(tmp_path))
        program.run("reindex")
    program.run("reindex")
    lines = [
        json.loads(line)
        for part in sorted((tmp_path / "archive" / "ledger").glob("*.jsonl"))
        for line in part.read_text("utf-8").splitlines()
    ]
    then, now = (datetime.fromisoformat(e["at"]) for e in lines if e["type"] == "reindex")
    assert timedelta(0) <= then - moment < timedelta(minutes=1)
    assert now - then > timedelta(days=2)


class Told:
    """Answers as the program would."""

    def __init__(self, row: dict[str, object], text: str = "") -> None:
        self.row, self.text = row, text

    def rows(self, *arguments: str) -> list[dict[str, object]]:
        return [self.row]

    def told(self, *arguments: str) -> str:
        return self.text


def stage_of(folder, row, text=""):
    said: list[str] = []
    world = SimpleNamespace(now=lambda: datetime.now(UTC))
    return SimpleNamespace(
        program=Told(row, text),
        claims=Claims(Words("en"), said.append),
        words=Words("en"),
        folder=folder,
        city=SimpleNamespace(world=world),
    )


POST = Subject(
    Account("instagram", "1", "kota", "Kota"),
    "A",
    "instagram:A",
    "Kabar",
    "photo",
    frozenset({"x"}),
)


def member(record: str, body: bytes, *, coded: bool = False) -> bytes:
    coding = b"Content-Encoding: gzip\r\n" if coded else b""
    body = gzip.compress(body) if coded else body
    head = f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <{record}>\r\n\r\n".encode()
    return gzip.compress(head + b"HTTP/1.1 200 OK\r\n" + coding + b"\r\n" + body + b"\r\n\r\n")


@pytest.fixture
def kept(tmp_path):
    folder = tmp_path / "archive" / "segments" / "2026-11"
    folder.mkdir(parents=True)
    answers = [
        member("urn:uuid:1", GONE),
        member("urn:uuid:2", GONE, coded=True),
        member("urn:uuid:3", b"{}"),
    ]
    (folder / "a.warc.gz").write_bytes(b"".join(answers))
    return tmp_path


def withdrawn(second: str = "urn:uuid:2") -> dict[str, object]:
    steps = [("visited", "urn:uuid:1"), ("control", "urn:uuid:3"), ("visited", second)]
    return {
        "state": "deleted",
        "tombstones": [
            {
                "absent_after": "2026-11-02T19:10:00Z",
                "absent_by": "2026-11-03T19:10:00Z",
                "confirmed_at": "2026-11-04T19:10:00Z",
                "steps": [{"step": step, "records": [record]} for step, record in steps],
            }
        ],
    }


def test_answers_are_read_without_the_program(kept):
    answers = answers_in(kept / "archive", datetime.now(UTC))
    assert set(answers) == {"urn:uuid:1", "urn:uuid:2", "urn:uuid:3"}
    assert GONE in answers["urn:uuid:1"] and GONE in answers["urn:uuid:2"]


@pytest.mark.parametrize(
    ("row", "moment", "held"),
    [
        (withdrawn(), "2026-11-03T07:20:00Z", 2),
        (withdrawn(), "2026-11-02T19:00:00Z", 1),
        (withdrawn(), "2026-11-03T19:30:00Z", 1),
        (withdrawn("urn:uuid:3"), "2026-11-03T07:20:00Z", 1),
        (withdrawn("urn:uuid:9"), "2026-11-03T07:20:00Z", 1),
        ({**withdrawn(), "state": "unavailable"}, "2026-11-03T07:20:00Z", 1),
    ],
)
def test_a_withdrawal_is_believed_with_window_and_records_only(kept, row, moment, held):
    stage = stage_of(kept, row)
    check_withdrawal(stage, POST, datetime.fromisoformat(moment))
    assert (stage.claims.held, len(stage.claims.broken)) == (held, 2 - held)


def test_a_return_needs_its_tombstone(kept):
    gone, back = (datetime(2026, 11, day, 1, tzinfo=UTC) for day in (3, 5))
    row = {
        **withdrawn(),
        "state": "returned",
        "state_since": "2026-11-05T19:10:00Z",
        "first_seen": "2026-11-01T19:10:00Z",
        "versions": [{}],
        "media": [{"sha256": "x"}],
    }
    for row_now, holds in (
        (row, True),
        ({**row, "media": [{"sha256": "y"}]}, False),
        ({**row, "versions": [{}, {}]}, False),
        ({**row, "first_seen": "2026-11-05T19:10:00Z"}, False),
    ):
        stage = stage_of(kept, row_now)
        check_return(stage, POST, gone, back)
        assert stage.claims.held == holds


def test_an_edit_needs_two_versions_and_its_words(tmp_path):
    old = "Siaga banjir di tiga kecamatan. Pintu air 182 cm, siaga dua."
    new = "Siaga banjir di lima kecamatan. Pintu air 204 cm, siaga satu."
    both = {"versions": [{"caption": old}, {"caption": new}]}
    told = "[-tiga-]{+lima+} [-182-]{+204+} [-dua-]{+satu+}"
    for row, text, holds in ((both, told, True), (both, "tiga lima", False)):
        stage = stage_of(tmp_path, row, text)
        check_edit(stage, POST)
        assert stage.claims.held == holds


def test_a_swap_changes_the_last_picture_only(tmp_path):
    def row(*versions: str) -> dict[str, object]:
        media = [[{"media_id": m, "role": "content"} for m in ids] for ids in versions]
        return {"versions": [{"media": one} for one in media]}

    for told, holds in ((row("abc", "abd"), True), (row("abc", "xbd"), False), (row("abc"), False)):
        stage = stage_of(tmp_path, told)
        check_swap(stage, POST)
        assert stage.claims.held == holds
