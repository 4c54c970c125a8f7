"""Pace, gate, signals, media judgement, sessions, lock, TOML edits, space."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.accounts import with_accounts, with_changes
from archiver.checkup import program_checks
from archiver.cli.capture import _stopping
from archiver.errors import UsageProblem, WriterBusy
from archiver.gate import PacedGate
from archiver.health import Health
from archiver.media_check import media_problem
from archiver.post_address import post_id
from archiver.run import run_captures
from archiver.sections import AccountSection
from archiver.sessions import read_session, refresh, write_session
from archiver.version import library_version
from archiver.versions.changes import Change, Kept, content_digest, judge
from archiver.world import World
from archiver.writer_lock import writer_lock
from connectors.base import Identity
from connectors.model import (
    AccountRef,
    Media,
    MediaKind,
    MediaRecord,
    MediaRole,
    Metrics,
    Post,
    PostKind,
    PostRef,
    RecordId,
)
from schedules.pace import LONGEST_MEANS, next_pause_s, remaining_s
from storage.records import Stored

NOW = datetime(2026, 11, 24, tzinfo=UTC)
chances = st.floats(min_value=0, max_value=1, exclude_max=True)


@given(st.floats(min_value=0, max_value=600), chances)
def test_pauses_stay_in_bounds(mean_s: float, chance: float) -> None:
    assert 0 <= next_pause_s(mean_s, chance) <= LONGEST_MEANS * mean_s


def test_the_mean_of_pauses_is_the_mean() -> None:
    drawn = [next_pause_s(1.7, n / 10_000) for n in range(10_000)]
    assert sum(drawn) / len(drawn) == pytest.approx(1.7, rel=0.01)
    assert remaining_s(5, None) == 0
    assert remaining_s(5, 2) == 3
    assert remaining_s(5, 9) == 0


def test_the_gate_waits_between_requests_and_wakes_for_a_stop() -> None:
    waited: list[float] = []

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout or 0)
            return False

    gate = PacedGate(2.0, Stop(), clock=lambda: 100.0, chance=lambda: 0.5)
    gate("https://a/")
    gate("https://b/")
    assert waited == [pytest.approx(1.386, abs=0.01)]


def test_signals_ask_first_and_insist_later() -> None:
    stop = threading.Event()
    with _stopping(stop):
        signal.raise_signal(signal.SIGTERM)
        assert stop.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


@given(st.text(max_size=20), st.text(max_size=20))
def test_versions_follow_content_and_not_addresses(first: str, second: str) -> None:
    media = Media("m1", MediaKind.IMAGE, MediaRole.CONTENT, 0, "https://a/?sig=1")
    cover = Media("c1", MediaKind.IMAGE, MediaRole.COVER, 0, "https://a/c")
    ref = PostRef("tiktok", "1", AccountRef("tiktok", "a", "9"))
    post = Post(ref, PostKind.VIDEO, first, media=(media, cover))
    moved = replace(
        post,
        metrics=Metrics(likes=5),
        pinned=True,
        media=(replace(media, url="https://b/"), replace(cover, media_id="c2")),
    )
    assert content_digest(post) == content_digest(moved)
    edited = replace(post, caption=second)
    assert (content_digest(post) == content_digest(edited)) == (first == second)
    kept = {post.id: Kept(content_digest(post), True)}
    assert judge(moved, kept) is Change.UNCHANGED
    assert judge(moved, {}) is Change.NEW
    assert judge(moved, {post.id: Kept("x", False)}) is Change.UNFINISHED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"http_status": 404}, "http_status"),
        ({"truncated": "length"}, "cut"),
        ({"sha256": None}, "undecodable"),
        ({"size_bytes": 0}, "empty"),
        ({"identified": "text/html"}, "not_a_picture"),
        ({"identified": None}, "not_a_picture"),
        ({"identified": "video/mp4"}, "not_a_picture"),
    ],
)
def test_what_is_wrong_with_a_media_answer(changes: dict[str, object], code: str | None) -> None:
    media = Media("m", MediaKind.IMAGE, MediaRole.CONTENT, 0, "https://a/")
    record = RecordId("urn:uuid:1")
    given: dict[str, object] = {
        "record_id": record,
        "http_status": 200,
        "sha256": "sha256:0",
        "size_bytes": 9,
        "identified": "image/jpeg",
        "truncated": None,
        "source": record,
        "target_uri": "https://a/",
        "date": "2026-11-24T00:00:00Z",
    }
    stored = Stored(**(given | changes))  # type: ignore[arg-type]
    problem = media_problem(MediaRecord(media, record), stored, "p")
    assert (problem.code if problem else None) == code
    missing = media_problem(MediaRecord(media, None), None, "p")
    assert missing is not None
    assert missing.code == "no_record"


def test_sessions_are_for_their_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "identities" / "instagram-humas.json"
    identity = Identity("humas", "instagram", {"sessionid": "s3cr3t-1", "rur": "a"}, "humas.kota")
    before = os.umask(0)
    try:
        write_session(file, identity, NOW)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    session = read_session(file)
    assert session.identity == identity
    assert "s3cr3t" not in repr(session)
    assert refresh(file, session, {"sessionid": "s3cr3t-2"}, NOW)
    assert not refresh(file, session, {"rur": "b"}, NOW), "a logged-out jar is not kept"
    assert read_session(file).identity.cookies == {"sessionid": "s3cr3t-2"}
    file.chmod(0o640)
    with pytest.raises(UsageProblem, match="read by others"):
        read_session(file)
    file.chmod(0o600)
    file.write_text('{"name": "s3cr3t-3"')
    with pytest.raises(UsageProblem) as caught:
        read_session(file)
    assert "s3cr3t" not in str(caught.value)


def test_one_writer(tmp_path: Path) -> None:
    with writer_lock(tmp_path, NOW), pytest.raises(WriterBusy), writer_lock(tmp_path, NOW):
        pass
    with writer_lock(tmp_path, NOW):
        assert json.loads((tmp_path / "writer.lock").read_text())["pid"] == os.getpid()


def test_comments_survive_edits() -> None:
    text = '# mine\nlanguage = "id" # spoken\n\n[[accounts]] # first\nplatform = "tiktok"\n'
    text += 'handle = "Satu" # keep\n'
    edited = with_accounts(text, [{"platform": "instagram", "handle": "dua", "unit": None}])
    satu = AccountSection(platform="tiktok", handle="satu")
    edited = with_changes(edited, [(satu, {"active": False})])
    for comment in ("# mine", "# spoken", "# first", "# keep"):
        assert comment in edited
    accounts = tomllib.loads(edited)["accounts"]
    assert accounts == [
        {"platform": "tiktok", "handle": "Satu", "active": False},
        {"platform": "instagram", "handle": "dua"},
    ]
    with pytest.raises(UsageProblem):
        with_changes(text, [(satu.model_copy(update={"handle": "none"}), {})])
    with pytest.raises(UsageProblem):
        with_changes(text, [(satu.model_copy(update={"id": "7"}), {})])


def test_an_old_ytdlp_is_doubtful() -> None:
    def health(now: datetime) -> Health:
        return next(c.health for c in program_checks(now) if c.name == "yt-dlp")

    year, month, day = map(int, (library_version("yt-dlp") or "").split(".")[:3])
    released = datetime(year, month, day, tzinfo=UTC)
    assert health(released) is Health.GOOD
    assert health(released.replace(year=year + 1)) is Health.DOUBTFUL


def test_the_reserve_ends_a_run_between_posts(
    make_world: Callable[..., World], platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world()
    usage = shutil.disk_usage(world.config.archive)

    def shrinking(path: Path) -> object:
        full = platform.asked.count("P2-0") > 0
        return usage._replace(free=-1) if full else usage

    monkeypatch.setattr("archiver.space.shutil.disk_usage", shrinking)
    report = run_captures(world, world.config.accounts)
    assert (report.stopped, report.captures[0].new, report.exit_code) == ("space_low", 2, 4)


def test_nothing_happens_on_import() -> None:
    code = "import archiver.cli.main, sys; print(*({'instaloader', 'yt_dlp'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        ("https://www.instagram.com/stories/pemkot/3141592653589793238/", "3141592653589793238"),
        ("instagram.com/stories/pemkot/31415?igsh=x", "31415"),
        ("instagram:story:31415", "31415"),
    ],
)
def test_a_story_is_found_by_its_address(pasted: str, found: str) -> None:
    assert post_id(pasted) == f"instagram:story:{found}"


@pytest.mark.parametrize(
    "pasted",
    ["https://www.instagram.com/stories/highlights/17912345/", "instagram.com/s/aGlnaGxpZ2h0OjE3"],
)
def test_a_highlight_is_explained(pasted: str) -> None:
    with pytest.raises(UsageProblem, match="collection of stories"):
        post_id(pasted)
    for wrong in ("instagram:story:abc", "instagram.com/stories/pemkot/"):
        with pytest.raises(UsageProblem, match="names no post"):
            post_id(wrong)
