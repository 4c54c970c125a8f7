"""Bad input: a clear message, a remedy, the right code, nothing lost."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver.cli.main import main
from archiver.writer_lock import writer_lock

Run = Callable[..., Any]


def test_unknown_key_and_value(jejak: Run, add: Run) -> None:
    add('\n[archiv]\npath = "x"\n')
    said = jejak("capture")
    assert said.code == 2
    assert "config.toml: archiv: unknown key" in said.err
    assert "Did you mean archive?" in said.err
    assert said.out == ""


def test_unknown_account(jejak: Run, add: Run) -> None:
    add()
    said = jejak("capture", "nobody")
    assert (said.code, "no account nobody" in said.err) == (2, True)
    assert "jejak accounts list" in said.err


@pytest.mark.parametrize("handle", ["a/b", "..", "../../etc", "a..b", "https://x", "a b", "%2e"])
def test_handles_that_are_paths(jejak: Run, handle: str, office: Path) -> None:
    said = jejak("accounts", "add", "instagram", handle, "--yes")
    assert (said.code, "cannot be a handle" in said.err) == (2, True)
    assert not (office / "archive" / "segments").exists()


def test_unknown_platform_command_and_option(jejak: Run) -> None:
    assert jejak("accounts", "add", "facebook", "x").code == 2
    assert jejak("frobnicate").code == 2
    assert jejak("posts", "--kind", "poem").code == 2
    assert jejak("posts", "--since", "yesterday").code == 2


def test_an_account_without_an_id_is_not_captured(jejak: Run, add: Run) -> None:
    add('\n[[accounts]]\nplatform = "tiktok"\nhandle = "dishub"\n')
    said = jejak("capture")
    assert (said.code, "jejak accounts check tiktok/dishub" in said.err) == (2, True)


def test_a_missing_session_fails_that_account(jejak: Run, add: Run) -> None:
    add('\n[[identities]]\nname = "humas"\nplatform = "instagram"\n')
    add('\n[[accounts]]\nplatform = "instagram"\nhandle = "p"\nid = "1"\nidentity = "humas"\n')
    said = jejak("capture", "--json")
    assert said.code == 4
    assert json.loads(said.out)["reason"] == "no_session"
    assert "jejak login" in said.err


def test_a_session_that_others_can_read_is_refused(jejak: Run, add: Run, office: Path) -> None:
    add('\n[[identities]]\nname = "humas"\nplatform = "instagram"\n')
    folder = office / "archive" / "identities"
    folder.mkdir(parents=True)
    file = folder / "instagram-humas.json"
    file.write_text("{}")
    file.chmod(0o644)
    said = jejak("identities", "--json")
    assert "can be read by others" in json.loads(said.out)["problem"]
    assert jejak("doctor").code == 3


def test_no_network_is_said_so(jejak: Run, add: Run) -> None:
    add()
    said = jejak("capture", "--json")
    assert said.code == 4
    row = json.loads(said.out)
    assert (row["outcome"], row["reason"]) == ("failed", "network_failure")
    assert "proxy" in said.err
    run = json.loads(jejak("runs", "--json").out)
    assert (run["failed"], len(run["missed"])) == (1, 1)
    assert run["missed"][0] == {
        **{"account": "instagram:1001", "handle": "pemkot"},
        **{"outcome": "failed", "reason": "network_failure"},
    }
    told = jejak("runs").out
    assert "failed: instagram/pemkot" in told and "the network did not work" in told
    assert "[network] proxy" in told
    assert jejak("verify", "--full").code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into read-only folders")
def test_read_only_archive_folder(jejak: Run, add: Run, office: Path) -> None:
    add()
    (office / "archive").chmod(0o555)
    try:
        said = jejak("capture")
    finally:
        (office / "archive").chmod(0o755)
    assert (said.code, "cannot be written" in said.err) == (4, True)


def test_an_archive_that_takes_no_lock(jejak: Run, add: Run, office: Path) -> None:
    """As a read-only folder, also for root: the lock file cannot be opened."""
    add()
    (office / "archive" / "writer.lock").mkdir()
    said = jejak("capture")
    assert (said.code, "cannot be written" in said.err) == (4, True)
    assert "jejak doctor" in said.err


def test_an_archive_that_is_not_there(jejak: Run, add: Run, office: Path) -> None:
    add()
    (office / "archive").rmdir()
    for command in ("capture", "posts", "verify", "recover", "reindex"):
        said = jejak(command)
        assert (said.code, "no archive folder" in said.err) == (2, True)
    assert not (office / "archive").exists(), "an unmounted disk must not be papered over"


def test_an_archive_in_which_nothing_is_yet(jejak: Run, office: Path) -> None:
    for command in (("posts",), ("runs",), ("show", "instagram:A"), ("verify",)):
        said = jejak(*command)
        assert (said.code, said.out) == (2, "")
        assert "Nothing was captured" in said.err and "jejak capture" in said.err
    assert jejak("recover").code == 0
    (office / "archive" / "ledger").mkdir(exist_ok=True)
    (office / "archive" / "catalogue.sqlite").unlink()
    assert "jejak reindex" in jejak("posts").err
    assert jejak("reindex").code == 0
    assert "No post that is kept fits" in jejak("posts").err
    assert "There was no run yet" in jejak("runs").err


def test_a_catalogue_newer_than_the_program(jejak: Run, add: Run, office: Path) -> None:
    assert jejak("recover").code == 0
    file = office / "archive" / "catalogue.sqlite"
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = file.read_bytes()
    for command in ("posts", "recover", "reindex"):
        said = jejak(command)
        assert (said.code, "newer jejak" in said.err) == (2, True)
        assert "Update jejak" in said.err
    assert file.read_bytes() == before


def test_a_second_writer(jejak: Run, add: Run, office: Path) -> None:
    add()
    with writer_lock(office / "archive", datetime(2026, 11, 24, tzinfo=UTC)):
        said = jejak("capture")
    assert said.code == 2
    assert f"Process {os.getpid()}" in said.err
    assert "2026-11-24" in said.err
    assert jejak("recover").code == 0, "the lock goes with its holder"


def test_no_room(jejak: Run, add: Run, office: Path) -> None:
    add()
    file = office / "config.toml"
    file.write_text(file.read_text().replace("min_free_gb = 0", "min_free_gb = 999999"))
    said = jejak("capture")
    assert (said.code, "are kept free" in said.err) == (4, True)


def test_a_bug_shows_no_traceback_and_no_secret(
    jejak: Run, add: Run, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = office / "archive" / "identities"
    folder.mkdir(parents=True)
    (folder / "instagram-humas.json").write_text('{"cookies": {"sessionid": "s3cr3t-42%3A"}}')

    def broken(*args: object, **more: object) -> None:
        raise RuntimeError("cookie was s3cr3t-42%3A")

    monkeypatch.setattr("archiver.cli.posts.find", broken)
    assert jejak("recover").code == 0
    said = jejak("posts")
    assert said.code == 1
    assert "Traceback" not in said.err
    log = next((office / "archive" / "logs").glob("*.jsonl")).read_text()
    assert "Traceback" in log
    assert "s3cr3t" not in log + said.err + said.out


def test_cookies_that_are_none(jejak: Run, add: Run, tmp_path: Path) -> None:
    add('\n[[identities]]\nname = "humas"\nplatform = "instagram"\n')
    file = tmp_path / "cookies.txt"
    file.write_text("hello")
    assert jejak("login", "instagram", "humas", "--cookies", str(file)).code == 2
    assert jejak("login", "instagram", "humas", "--cookies", str(tmp_path / "no")).code == 2
    assert jejak("login", "instagram", "who", "--cookies", str(file)).code == 2


def test_the_program_as_a_process(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "JEJAK_LANGUAGE": "id",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    done = subprocess.run(
        [sys.executable, "-m", "archiver.cli.main", "--config", str(tmp_path / "no.toml"), "runs"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Tidak ada konfigurasi" in done.stderr


def test_init_never_overwrites(office: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = (office / "config.toml").read_bytes()
    assert main(["init", str(office)]) == 2
    assert (office / "config.toml").read_bytes() == before


def test_version_and_help(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capfd.readouterr().out.startswith("jejak ")
    assert main(["--help"]) == 0
    assert main(["capture", "--help"]) == 0
