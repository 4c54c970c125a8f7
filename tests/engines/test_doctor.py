"""What doctor says of the engines, and its exit code."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest

from archiver.checkup import program_checks
from archiver.cli.main import main
from archiver.engines.age import OLD_DAYS, date_in_version
from archiver.health import Health
from archiver.i18n import speak
from archiver.version import library_version


def days_after_release(days: int) -> datetime:
    """So many days after the built-in yt-dlp came out."""
    born = date_in_version(library_version("yt-dlp") or "")
    assert isinstance(born, date)
    return datetime.combine(born + timedelta(days=days), time(12), UTC)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JEJAK_LANGUAGE", "en")
    speak("en")


@pytest.mark.parametrize(
    ("canaries", "command"),
    [
        (frozenset({"tiktok"}), "jejak engines update yt-dlp"),
        (frozenset({"instagram"}), "jejak engines update yt-dlp --without-canary"),
    ],
)
def test_an_old_engine_is_a_warning_with_the_command_that_works(canaries, command: str) -> None:
    now = days_after_release(OLD_DAYS + 1)
    found = {c.name: c for c in program_checks(now, None, canaries)}["yt-dlp"]
    assert (found.health, found.advice()) == (Health.DOUBTFUL, f"Run `{command}`.")
    assert f"{OLD_DAYS + 1} days old" in found.said()
    young = {c.name: c for c in program_checks(days_after_release(OLD_DAYS), None, canaries)}
    assert (young["yt-dlp"].health, young["yt-dlp"].advice()) == (Health.GOOD, "")


def test_an_age_nobody_knows_is_said_and_is_no_fault() -> None:
    found = {c.name: c for c in program_checks(days_after_release(900))}["instaloader"]
    assert (found.health, found.advice()) == (Health.GOOD, "")
    assert "age unknown" in found.said()


@pytest.mark.parametrize(("days", "code"), [(OLD_DAYS, 0), (OLD_DAYS + 1, 3)])
def test_the_exit_code_tells_an_old_engine(
    office, monkeypatch: pytest.MonkeyPatch, capsys, days: int, code: int
) -> None:
    monkeypatch.setattr("archiver.cli.doctor.utc_now", lambda: days_after_release(days))
    assert main(["--config", str(office.config), "doctor", "--json"]) == code
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (row,) = [row for row in rows if row["check"] == "yt-dlp"]
    assert row["health"] == ("good" if code == 0 else "doubtful")
    assert row["hint"] == (
        "" if code == 0 else "Run `jejak engines update yt-dlp --without-canary`."
    )
