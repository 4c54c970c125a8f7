"""Bad input: a clear message with a remedy in both languages, and nothing lost."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver.writer_lock import writer_lock
from demo import faults
from demo.instagram.faults import TIMELINE_QUERY

PASSING = ("writer.lock", "catalogue.sqlite-shm", "catalogue.sqlite-wal")
LANGUAGES = ("id", "en")


def tree(archive: Path) -> dict[str, str]:
    """What an archive holds, but for logs, the writer's lock and SQLite's empty side files."""
    return {
        str(path.relative_to(archive)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(archive.rglob("*"))
        if path.is_file() and path.parent.name != "logs" and path.name not in PASSING
    }


def speak(house: Any, language: str) -> None:
    house.configure(lambda text: re.sub('language = "..?"', f'language = "{language}"', text))


@dataclass(frozen=True)
class Mistake:
    """A wrong configuration or command line, and what the answer must name."""

    name: str
    change: Callable[[str], str]
    command: tuple[str, ...]
    names: tuple[str, ...]
    hint: bool = True


def same(text: str) -> str:
    return text


MISTAKES = (
    Mistake(
        "unknown key",
        lambda text: text.replace("pause_s = 0", "pause = 0"),
        ("capture",),
        ("config.toml", "network.pause", "network.pause_s"),
        hint=False,
    ),
    Mistake(
        "unknown section",
        lambda text: text + "\n[xyz]\nnight = 2\n",
        ("capture",),
        ("config.toml", "xyz", "accounts"),
        hint=False,
    ),
    Mistake(
        "wrong value",
        lambda text: text.replace("pause_s = 0", 'pause_s = "long"'),
        ("capture",),
        ("config.toml", "network.pause_s", "'long'"),
        hint=False,
    ),
    Mistake(
        "value out of range",
        lambda text: text.replace("body_mb = 2", "body_mb = 0"),
        ("capture",),
        ("config.toml", "network.limits.body_mb", "0", "1"),
        hint=False,
    ),
    Mistake(
        "no TOML", lambda text: text.replace('"archive"', "archive"), ("capture",), ("config.toml",)
    ),
    Mistake("unknown account", same, ("capture", "nobody.here"), ("nobody.here", "config.toml")),
    Mistake("unknown platform", same, ("accounts", "add", "facebook", "x"), ("facebook",)),
    Mistake("handle with a slash", same, ("accounts", "add", "instagram", "a/b"), ("a/b",)),
    Mistake("handle that climbs", same, ("accounts", "add", "tiktok", "../x"), ("../x",)),
    Mistake("handle of dots", same, ("accounts", "add", "instagram", ".."), ("..",)),
    Mistake(
        "handle with a slash in the file",
        lambda text: text.replace('handle = "bpbd_tirtakencana"', 'handle = "../bpbd"'),
        ("capture",),
        ("config.toml", "accounts[2].handle", "'../bpbd'"),
        hint=False,
    ),
    Mistake("unknown post", same, ("show", "instagram:nowhere"), ("nowhere",)),
    Mistake("unknown command", same, ("captur",), ("captur",)),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_mistakes_are_named_and_change_nothing(house, mistake, language):
    speak(house, language)
    house.configure(mistake.change)
    before, mark = tree(house.archive), house.platforms.log.mark()
    written = house.config.read_bytes()
    done = house.jejak(*mistake.command)
    assert done.code == 2, done.text
    for name in mistake.names:
        assert name in done.err, done.text
    assert ("→" in done.err) or not mistake.hint, done.text
    assert "Traceback" not in done.text
    assert tree(house.archive) == before
    assert house.config.read_bytes() == written
    assert house.platforms.log.mark() == mark


def test_both_languages_say_it_differently(house):
    said = set()
    for language in LANGUAGES:
        speak(house, language)
        said.add(house.jejak("capture", "nobody.here").err)
    assert len(said) == 2


# -- what a platform answers -------------------------------------------------------

ANSWERS = {
    "HTML": (lambda: faults.html(TIMELINE_QUERY, count=None), "malformed_answer"),
    "cut JSON": (lambda: faults.cut_text(TIMELINE_QUERY, count=None), "malformed_answer"),
    "bomb": (lambda: faults.gzip_bomb(5 * 1024**2, TIMELINE_QUERY, count=None), "limit_exceeded"),
    "429": (
        lambda: faults.status(429, TIMELINE_QUERY, retry_after_s=60, count=None),
        "rate_limited",
    ),
    "expired session": (None, "session_expired"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_are_explained_with_a_remedy_and_lose_nothing(full_house, name):
    house = full_house
    posts = house.rows("posts")
    make, reason = ANSWERS[name]
    house.town.visitor.expired = make is None
    if make is not None:
        house.platforms.faults.add(make())
    said = {}
    try:
        for language in LANGUAGES:
            speak(house, language)
            done = house.jejak("capture", house.town.instagram.handle)
            assert done.code == 4, done.text
            assert f"({reason})" in done.text
            said[language] = done.text[done.text.index("→") :]
    finally:
        house.town.visitor.expired = False
    assert said["id"] != said["en"]
    assert [row["media"] for row in house.rows("posts")] == [row["media"] for row in posts]
    assert house.jejak("verify").code == 0


# -- the archive itself ------------------------------------------------------------


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder that cannot be written, for root neither."""
    if os.geteuid() != 0:
        modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
        for path, mode in modes.items():
            path.chmod(mode & ~0o222)
        yield
        for path, mode in modes.items():
            path.chmod(mode)
        return
    place = str(folder)
    steps = (["mount", "--bind", place, place], ["mount", "-o", "remount,ro,bind", place])
    if any(subprocess.run(step, capture_output=True, check=False).returncode for step in steps):
        subprocess.run(["umount", place], capture_output=True, check=False)
        pytest.skip("root writes everywhere here, and nothing may be mounted read-only")
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=True)


def test_a_read_only_archive_is_left_alone_and_can_be_read(full_house):
    house = full_house
    before = tree(house.archive)
    with read_only(house.archive):
        for language in LANGUAGES:
            speak(house, language)
            done = house.jejak("capture")
            assert done.code == 4, done.text
            assert str(house.archive) in done.err
            assert "→" in done.err
        assert len(house.rows("posts")) == 10
        assert house.jejak("verify").code == 0
    assert tree(house.archive) == before
    assert house.jejak("capture").code == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", [("capture",), ("posts",), ("reindex",), ("verify",)])
def test_a_newer_catalogue_is_not_touched(full_house, language, command):
    house = full_house
    speak(house, language)
    with sqlite3.connect(house.archive / "catalogue.sqlite") as catalogue:
        catalogue.execute("UPDATE alembic_version SET version_num = 'r9999'")
    catalogue.close()
    before = tree(house.archive)
    done = house.jejak(*command)
    assert done.code == 2, done.text
    assert "r9999" in done.err
    assert "→" in done.err
    assert "Traceback" not in done.text
    assert tree(house.archive) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_second_writer_is_told_who_writes(house, language):
    speak(house, language)
    before = tree(house.archive)
    with writer_lock(house.archive, datetime.now(UTC)):
        for command in (("capture",), ("reindex",), ("recover",)):
            done = house.jejak(*command)
            assert done.code == 2, done.text
            assert str(os.getpid()) in done.err
            assert "→" in done.err
        assert house.jejak("posts").code == 0
    assert tree(house.archive) == before
    assert house.jejak("capture").code == 0
