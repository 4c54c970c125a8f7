from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.engines import contract
from archiver.engines.choice import use
from archiver.engines.shelf import read_shelf
from archiver.engines.trial import examine
from archiver.writer_lock import writer_lock
from connectors.tiktok.client import yt_dlp_version

LATER = "2099.1.2"
TIKTOK = "yt_dlp/extractor/tiktok.py"


@pytest.mark.parametrize("name", ["instaloader", "yt-dlp"])
def test_the_engines_we_came_with_keep_the_contract(name: str) -> None:
    from archiver.version import library_version

    version = library_version(name)
    assert version is not None
    assert examine(name, version, None).found == ()


def test_a_newer_engine_is_taken_used_and_taken_back(office, make_wheel) -> None:
    make_wheel("yt-dlp", LATER)
    done = office.update("yt-dlp", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["before"], told["after"]) == (yt_dlp_version, LATER)
    assert told["checks"] == {"contract": "passed", "canary": "left out"}
    assert office.current() == {"yt-dlp": LATER}
    kept = read_shelf(office.archive).current_of("yt-dlp")
    (event,) = office.events()
    assert event["detail"]["wheel_sha256"] == kept.wheel_sha256 == told["wheel_sha256"]
    assert event["detail"]["tree_sha256"] == kept.tree_sha256
    assert _metadata_version(office) == LATER
    again = office.update("yt-dlp", "--json")
    assert (again.returncode, json.loads(again.stdout)["changed"]) == (0, False)
    back = office.run("engines", "rollback", "yt-dlp", "--json")
    assert (back.returncode, json.loads(back.stdout)["after"]) == (0, yt_dlp_version)
    assert (office.current(), _metadata_version(office)) == ({}, yt_dlp_version)
    assert [e["type"] for e in office.events()] == ["engine changed", "engine rolled back"]
    assert office.run("engines", "rollback", "yt-dlp").returncode == 2


def _metadata_version(office) -> str:
    """What a run of the program would import, and write into its WARC files."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path;"
        "from archiver.engines.choice import use; use(Path(sys.argv[2]));"
        "from archiver.version import library_versions; import yt_dlp;"
        "print(library_versions()['yt-dlp'], yt_dlp.__file__)"
    )
    root = office.command()[3]
    command = [office.command()[0], "-c", code, root, str(office.archive)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    version, file = done.stdout.split()
    assert Path(file).is_relative_to(office.shelf) == (version == LATER)
    return version


BROKEN = {
    "a function renamed": (
        (TIKTOK, "_extract_web_data_and_status", "_extract_web_data"),
        "TikTokIE._extract_web_data_and_status is not there any more",
    ),
    "an exception nobody knows": (
        (
            "yt_dlp/networking/exceptions.py",
            "class HTTPError(",
            "class Throttled(RequestError):\n    pass\n\n\nclass HTTPError(",
        ),
        "Throttled is an exception that no table knows",
    ),
    "another question": (
        (TIKTOK, "'secUid': sec_uid", "'secUid': sec_uid[::-1]"),
        "listing: asked GET www.tiktok.com/api/creator/item_list/ without",
    ),
    "its own files": (
        (
            "yt_dlp/version.py",
            "CHANNEL = 'stable'",
            "CHANNEL = 'stable'\nopen(__file__ + '.txt', 'w').close()",
        ),
        "changed its own files while it was examined",
    ),
    "no import": (
        ("yt_dlp/version.py", "CHANNEL = 'stable'", "raise OSError(1)"),
        "OSError: 1",
    ),
}


@pytest.mark.parametrize("what", sorted(BROKEN))
def test_a_broken_engine_is_refused_and_all_stays(office, make_wheel, what: str) -> None:
    change, said = BROKEN[what]
    make_wheel("yt-dlp", LATER, change)
    done = office.update("yt-dlp")
    assert done.returncode == 3, done.stderr
    assert said in done.stderr
    assert (office.current(), office.events()) == ({}, [])
    assert office.kept_folders() == []


def test_an_instaloader_that_asks_for_another_post_is_refused(office, make_wheel) -> None:
    source = "instaloader/structures.py"
    make_wheel("instaloader", "4.99", (source, "'shortcode': shortcode", "'shortcode': 'x'"))
    done = office.update("instaloader")
    assert done.returncode == 3, done.stderr
    assert office.current() == {}


def test_an_engine_that_garbles_what_it_reads_changes_no_post(office, make_wheel) -> None:
    """What a post says is read from the record of the answer, never from the library."""
    page = "html = self._get_page(anonymous_session, path)"
    changed = f"{page}.replace('Baris kedua', 'Baris ketiga')"
    make_wheel("instaloader", "4.99", ("instaloader/instaloadercontext.py", page, changed))
    done = office.update("instaloader")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("platform", "old", "new", "where"),
    [
        ("instagram", "Baris kedua", "Baris ketiga", "listing: [0].posts[0].caption: expected "),
        ("instagram", "Layanan", "Warta", "highlights: [0].highlight.title: expected "),
        ("tiktok", "kotacontoh", "kotalain", "post: caption: expected "),
    ],
)
def test_another_caption_is_named_where_it_stands(
    monkeypatch: pytest.MonkeyPatch, platform: str, old: str, new: str, where: str
) -> None:
    held = contract.read_contract(platform)
    answers = {
        step: tuple(replace(a, body=a.body.replace(old.encode(), new.encode())) for a in each)
        for step, each in held.answers.items()
    }
    monkeypatch.setattr(contract, "read_contract", lambda _: replace(held, answers=answers))
    found = contract.differences(platform)
    assert any(line.startswith(where) and new in line for line in found), found
    assert not any("raised" in line or "refused" in line for line in found), found


def test_a_library_that_is_too_old_is_named(office, make_wheel) -> None:
    make_wheel("yt-dlp", LATER, requires="requests>=99")
    done = office.update("yt-dlp")
    assert done.returncode == 3
    assert "requests>=99 [" in done.stderr


def test_one_version_never_has_two_contents(office, make_wheel) -> None:
    make_wheel("yt-dlp", LATER)
    assert office.update("yt-dlp").returncode == 0
    assert office.run("engines", "rollback", "yt-dlp").returncode == 0
    make_wheel("yt-dlp", LATER, ("yt_dlp/version.py", "CHANNEL = 'stable'", "CHANNEL = 'other'"))
    done = office.update("yt-dlp")
    assert done.returncode == 3
    assert "another file" in done.stderr
    assert office.current() == {}


def test_a_damaged_engine_is_not_used(office, make_wheel, forget) -> None:
    make_wheel("yt-dlp", LATER)
    assert office.update("yt-dlp").returncode == 0
    folder = office.shelf / f"yt-dlp-{LATER}"
    (folder / "yt_dlp" / "version.py").write_text("__version__ = 'evil'\n")
    assert [f.reason for f in use(office.archive)] == ["altered"]
    told = office.run("doctor")
    assert "on the shelf is damaged" in told.stdout
    forget(folder)
    assert [f.reason for f in use(office.archive)] == ["missing"]
    assert office.update("yt-dlp").returncode == 0  # mended
    assert (folder / "yt_dlp" / "version.py").is_file()


def test_it_waits_for_nobody_and_says_who_writes(office, make_wheel) -> None:
    from datetime import UTC, datetime

    make_wheel("yt-dlp", LATER)
    with writer_lock(office.archive, datetime.now(UTC)):
        done = office.update("yt-dlp")
    assert done.returncode == 2
    assert "has been writing" in done.stderr


def test_without_a_canary_it_must_be_waived(office) -> None:
    done = office.run("engines", "update", "yt-dlp")
    assert done.returncode == 2
    assert "--without-canary" in done.stderr
    both = office.run("engines", "update", "--json")
    rows = [json.loads(line) for line in both.stdout.splitlines()]
    assert [(row["engine"], row["changed"]) for row in rows] == [
        ("instaloader", False),
        ("yt-dlp", False),
    ], "one that cannot be tried keeps no other from it"
