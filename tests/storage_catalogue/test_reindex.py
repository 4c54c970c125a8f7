"""The catalogue is disposable: rebuilt or completed, no row differs."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.base import ExchangeStart, Limits, SecretRules, Wire
from storage import state
from storage.catalogue import Catalogue, media, open_catalogue, posts, runs, segments
from storage.catalogue.intake import apply_event, commit_capture, commit_post
from storage.ledger import Ledger
from storage.ledger_check import heal
from storage.recorder import CaptureSink, Recorder
from storage.recovery import recover
from storage.reindex import complete, differences, reindex, segment_files
from storage.warc_writer import SegmentWriter

AGENT = "program jejak 0.1.0"
START = datetime(2026, 11, 24, 1, tzinfo=UTC)


@dataclass
class Action:
    """One post met by a capture."""

    code: str
    content: int
    media: tuple[bool, ...]
    """One entry an item: whether its bytes arrive."""


@dataclass
class Night:
    """A run written through the real recorder, one capture after another."""

    archive: Path
    catalogue: Catalogue
    make: Any
    commits_left: int = 10**6
    """After so many transactions the program is as good as killed."""
    hour: int = 0
    acks: int | None = None
    """Descriptor to tell each acknowledged post's id to."""

    def run(self, captures: list[list[Action]]) -> None:
        run_id = str(uuid.uuid4())
        ledger = Ledger(self.archive / "ledger")
        self.event(ledger, "run started", {"run": run_id})
        begun = START + timedelta(days=self.hour)
        writer = SegmentWriter.open(
            self.archive / "segments",
            started_at=begun,
            host="h",
            info={},
            max_bytes=3000,
            clock=lambda: begun,
        )
        recorder = Recorder(
            writer,
            spool_dir=self.archive / "spool",
            limits=Limits(),
            known_payload=self.find_payload,
        )
        for number, actions in enumerate(captures):
            self.capture(recorder, run_id, begun + timedelta(hours=number), actions)
        recorder.close()
        for closed in writer.close():
            detail = {"size_bytes": closed.size_bytes, "sha256": closed.sha256}
            self.event(ledger, "segment closed", {"segment": closed.name}, detail)
        self.event(ledger, "run ended", {"run": run_id})
        self.hour += 1

    def event(self, ledger: Ledger, type: str, objects: dict, detail: dict | None = None) -> None:
        if self.commits_left <= 0:
            return
        event = ledger.append(type, agent=AGENT, objects=objects, detail=detail, at=START)
        self.commit(lambda conn: apply_event(conn, event))

    def commit(self, write: Any) -> None:
        self.commits_left -= 1
        if self.commits_left >= 0:
            with self.catalogue.writing() as conn:
                write(conn)

    def find_payload(self, account: str, sha256: str) -> Any:
        with self.catalogue.reading() as conn:
            return media.find_payload(conn, account, sha256)

    def capture(self, recorder: Recorder, run_id: str, at: datetime, actions: list[Action]) -> None:
        sink = recorder.scope("instagram:1001", SecretRules(), ())
        listing = fetch(sink, "https://www.instagram.com/list", b"[]" * 40, at)
        ids = {"capture": str(uuid.uuid4()), "run": run_id}
        seen = []
        for number, action in enumerate(actions):
            moment = at + timedelta(seconds=number)
            items = list(self.items(sink, action, moment))
            document = self.make.post(
                action.code,
                stamp(moment),
                content_digest=self.make.digest(f"content {action.content}"),
                caption=f"isi {action.content}",
                media=items,
                evidence=[listing],
                **ids,
            )
            self.write(sink, "post/1", document, moment, commit_post)
            if self.acks is not None:
                os.write(self.acks, f"instagram:{action.code}\n".encode())
            seen.append(self.make.seen(f"instagram:{action.code}", listing, action.content))
            recorder.writer.roll_if_full()
        document = self.make.capture(
            "x", stamp(at), stamp(at + timedelta(minutes=1)), seen=seen, **ids
        )
        document["profile"] = self.make.profile(evidence=[listing], followers=len(actions))
        self.write(sink, "capture/1", document, at, commit_capture)

    def items(self, sink: CaptureSink, action: Action, at: datetime) -> Iterator[dict]:
        for position, arrives in enumerate(action.media):
            item = self.make.medium(f"m{position}", complete=arrives) | {"position": position}
            if arrives:
                body = bytes([255, 216, 255, position]) * 400
                record = fetch(sink, f"https://cdn.example/{position}.jpg", body, at)
                stored = sink.stored(record)
                assert stored is not None
                item |= {"record": record, "sha256": stored.sha256, "size_bytes": len(body)}
            yield item

    def write(
        self, sink: CaptureSink, schema: str, document: dict, at: datetime, into: Any
    ) -> None:
        record = sink.write_metadata(schema, document, target_uri="https://x.example/", at=at)
        sink.sync()
        rows = sink.take_rows()
        self.commit(lambda conn: into(conn, rows, record, document))


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def fetch(sink: CaptureSink, url: str, body: bytes, at: datetime) -> str:
    exchange = sink.begin(ExchangeStart("GET", url, at))
    exchange.sent(b"GET / HTTP/1.1\r\nHost: x.example\r\n\r\n")
    exchange.wire(Wire(None, ("http/1.1",)))
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n"
    exchange.head(head.encode())
    exchange.body(body)
    exchange.finish()
    return exchange.record_id


@pytest.fixture
def night(tmp_path: Path, catalogue: Catalogue, make: Any) -> Night:
    return Night(tmp_path / "archive", catalogue, make)


ACTIONS = st.builds(
    Action,
    code=st.sampled_from("ABC"),
    content=st.integers(1, 2),
    media=st.lists(st.booleans(), max_size=2).map(tuple),
)
NIGHTS = st.lists(st.lists(st.lists(ACTIONS, max_size=4), max_size=2), min_size=1, max_size=3)


def costly(databases: Any) -> settings:
    return settings(
        max_examples=databases.examples(15),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def test_a_rebuilt_catalogue_has_no_differing_row(
    databases: Any, tmp_path_factory: pytest.TempPathFactory, make: Any
) -> None:
    @costly(databases)
    @given(nights=NIGHTS)
    def holds(nights: list[list[list[Action]]]) -> None:
        folder = tmp_path_factory.mktemp("archive")
        with (
            databases.fresh(folder / "live.db") as live,
            databases.fresh(folder / "rebuilt.db") as rebuilt,
        ):
            night = Night(folder / "archive", live, make)
            for captures in nights:
                night.run(captures)
            report = reindex(folder / "archive", rebuilt)
            assert report.findings == ()
            assert report.captures == sum(map(len, nights))
            assert differences(live.engine, rebuilt.engine) == []
            reindex(folder / "archive", live)
            assert differences(live.engine, rebuilt.engine) == []

    holds()


def test_a_catalogue_completed_after_a_crash_has_no_differing_row(
    databases: Any, tmp_path_factory: pytest.TempPathFactory, make: Any
) -> None:
    """Records reached the disk, some transactions did not; segments have been
    closed by recovery, and the run's end was never recorded."""

    @costly(databases)
    @given(nights=NIGHTS, commits=st.integers(0, 25))
    def holds(nights: list[list[list[Action]]], commits: int) -> None:
        folder = tmp_path_factory.mktemp("archive")
        with (
            databases.fresh(folder / "live.db") as live,
            databases.fresh(folder / "rebuilt.db") as rebuilt,
        ):
            night = Night(folder / "archive", live, make, commits_left=commits)
            for captures in nights:
                night.run(captures)
            assert complete(folder / "archive", live).findings == ()
            assert complete(folder / "archive", live).records == 0
            assert reindex(folder / "archive", rebuilt).findings == ()
            assert differences(live.engine, rebuilt.engine) == []

    holds()


def test_an_older_catalogue_put_back_is_completed(
    night: Night, tmp_path: Path, databases: Any
) -> None:
    if databases.name != "sqlite":
        pytest.skip("a copy of an embedded file")
    night.run([[Action("A", 1, (True,))]])
    with sqlite3.connect(tmp_path / "catalogue.db") as source:
        source.execute("VACUUM INTO ?", (str(tmp_path / "old.db"),))
    source.close()
    night.run([[Action("A", 2, (True,)), Action("B", 1, (True, False))], []])
    with open_catalogue(f"sqlite:///{tmp_path}/old.db") as old:
        assert complete(night.archive, old).posts == 2
        assert differences(night.catalogue.engine, old.engine) == []


def _write_until_killed(archive: Path, database: str, make: Any, acks: Any) -> None:
    with open_catalogue(database) as catalogue:
        night = Night(archive, catalogue, make, hour=os.getpid() % 3000, acks=acks)
        for number in range(10**6):
            night.run([[Action(f"{os.getpid()}x{number}", 1, (True, True))] * 2])


def test_a_killed_program_loses_no_acknowledged_post(
    tmp_path: Path, databases: Any, make: Any
) -> None:
    """Killed anywhere between record, sync, commit and ledger; then recovery."""
    archive = tmp_path / "archive"
    databases.fresh(tmp_path / "live.db").close()
    database = databases.address(tmp_path / "live.db")
    context = multiprocessing.get_context("fork")
    acknowledged: list[str] = []
    for wanted in (1, 4, 6, 9, 13):
        reading, writing = os.pipe()
        child = context.Process(target=_write_until_killed, args=(archive, database, make, writing))
        child.start()
        os.close(writing)
        told = b""
        with os.fdopen(reading, "rb", 0) as pipe:
            while told.count(b"\n") < wanted and (piece := pipe.read(100)):
                told += piece
            child.kill()
            child.join()
            told += pipe.read()
        acknowledged += told.decode().splitlines()
        heal(archive / "ledger", archive / "quarantine")
        recover(archive)
        with open_catalogue(database) as live, databases.fresh(tmp_path / "new.db") as rebuilt:
            assert complete(archive, live).findings == ()
            assert reindex(archive, rebuilt).findings == ()
            assert differences(live.engine, rebuilt.engine) == []
            with live.reading() as conn:
                assert set(acknowledged) <= {post.id for post in posts.find(conn)}
    assert len(acknowledged) >= 33


def test_reindex_keeps_logins_and_counts_what_it_did(night: Night) -> None:
    night.run([[Action("A", 1, (True,)), Action("B", 1, (True, False))]])
    with night.catalogue.writing() as conn:
        state.imported(
            conn, "arsip", platform="instagram", username=None, cookies_file="c.txt", at=START
        )
    report = reindex(night.archive, night.catalogue)
    assert (report.posts, report.captures) == (2, 1)
    assert report.segments == len(segment_files(night.archive)) >= 2
    assert report.events == 2 + report.segments
    with night.catalogue.reading() as conn:
        assert state.login(conn, "arsip") is not None
        assert all(s.sha256 and s.records for s in segments.every(conn))
        assert [p.media_complete for p in posts.find(conn)] == [False, True]
        assert [r.state for r in runs.newest(conn)] == ["ended"]


def test_a_payload_kept_once_is_referred_to_and_found(night: Night) -> None:
    """The second night's picture is a revisit; both lead to the first record."""
    night.run([[Action("A", 1, (True,))]])
    night.run([[Action("A", 2, (True,))]])
    with night.catalogue.reading() as conn:
        post = posts.get(conn, "instagram:A")
        assert post is not None
        [picture] = post.media
        assert picture.record is not None
        original = media.original(conn, picture.record)
        found = media.find_payload(conn, "instagram:1001", picture.sha256 or "")
    assert post.versions == 2
    assert original is not None
    assert found is not None
    assert original.record_id != picture.record
    assert (found.record_id, found.date) == (original.record_id, original.date)


def test_what_cannot_be_used_is_a_finding_and_the_rest_is_kept(night: Night) -> None:
    night.run([[Action("A", 1, (True,))]])
    writer = SegmentWriter.open(
        night.archive / "segments", started_at=START + timedelta(days=9), host="h", info={}
    )
    recorder = Recorder(
        writer, spool_dir=night.archive / "spool", limits=Limits(), known_payload=lambda a, s: None
    )
    sink = recorder.scope("instagram:1001", SecretRules(), ())
    for schema, document in (
        ("post/1", {"schema": "jejak:post/1"}),
        ("capture/1", {"schema": "jejak:post/1"}),
        ("post/1", night.make.post("B", "2026-12-03T01:00:00Z")),
    ):
        sink.write_metadata(schema, document, target_uri="https://x.example/", at=START)
    sink.sync()
    recorder.close()
    [closed] = writer.close()
    path = next(night.archive.glob(f"segments/*/{closed.name}"))
    report = reindex(night.archive, night.catalogue)
    assert [f.code for f in report.findings] == ["R002", "R002"]
    assert closed.name in report.findings[0].where
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-7])
    report = reindex(night.archive, night.catalogue)
    assert [f.code for f in report.findings] == ["R002", "R002", "R001"]
    with night.catalogue.reading() as conn:
        assert [p.code for p in posts.find(conn)] == ["A"]


def test_a_record_at_two_places_is_a_finding(night: Night) -> None:
    night.run([[]])
    path = segment_files(night.archive)[0]
    copy = path.with_name(path.name.replace("-h.", "-z."))
    copy.write_bytes(path.read_bytes())
    report = reindex(night.archive, night.catalogue)
    assert {f.code for f in report.findings} == {"R003"}
    assert len(report.findings) == report.records


def test_a_damaged_ledger_line_costs_only_itself(night: Night) -> None:
    night.run([[Action("A", 1, ())]])
    part = next((night.archive / "ledger").glob("*.jsonl"))
    part.write_bytes(part.read_bytes().replace(b'"type":"run started"', b'"type":"run strted"'))
    report = reindex(night.archive, night.catalogue)
    assert [f.code for f in report.findings] == ["L002"]
    with night.catalogue.reading() as conn:
        assert posts.get(conn, "instagram:A") is not None
