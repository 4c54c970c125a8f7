"""Archives that are killed, filled up and looked into again.

The platforms run in the test's own process; the real program runs in others
and is killed there with SIGKILL. What it acknowledged is known from two
sides: it says so at the moment it happens, and the catalogue is copied
after its death, before any other program could mend it.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.playback import media_bytes
from demo.city import archive_visitor, cookie_file
from demo.program import REPOSITORY
from demo.server import Platforms
from demo.sites import pretend_platforms
from demo.village import MIB, Village, build_village
from demo.world import World
from storage import schema
from storage.catalogue import events, history, open_catalogue, posts
from storage.quarantine import files as set_aside_files
from storage.reindex import differences, reindex


class WarmProgram:
    """See ``warm_program.py``."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("warm_program.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "JEJAK_LANGUAGE": "en"},
        )

    def start(self, argv: list[str], out: Path, acks: Path, *, hold: bool = False) -> int:
        """Begin a command; its process id."""
        order = {"argv": argv, "out": str(out), "acks": str(acks), "hold": hold}
        return int(self._ask(order)["pid"])

    def wait(self, pid: int) -> int:
        """The exit code of a command; a negative signal when it was killed."""
        return int(self._ask({"wait": pid})["code"])

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


@pytest.fixture(scope="session")
def warm() -> Iterator[WarmProgram]:
    program = WarmProgram()
    yield program
    program.close()


@pytest.fixture
def village(demo_media: Path, tmp_path: Path) -> Village:
    fresh = tmp_path / "berkas"
    fresh.mkdir()
    return build_village(World(), demo_media, fresh)


CONFIG = """\
language = "en"
[archive]
path = "archive"
min_free_gb = 0
{more}
[network]
proxy = "{proxy}"
ca_file = "{ca_file}"
pause_s = 0
[[identities]]
name = "arsip"
platform = "instagram"
"""


@dataclass
class Keep:
    """One archive, the program that fills it, and what it promised.

    Attributes:
        promised: Posts acknowledged so far, with all their media.
        killed: Commands that SIGKILL ended.
    """

    folder: Path
    village: Village
    platforms: Platforms
    warm: WarmProgram
    promised: set[str] = field(default_factory=set)
    killed: int = 0
    catalogue: Path = Path()

    def __post_init__(self) -> None:
        self.catalogue = self.archive / "catalogue.sqlite"

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    @property
    def acks(self) -> Path:
        return self.folder / "acks.txt"

    @property
    def said(self) -> str:
        """What the last command said."""
        return (self.folder / "out.txt").read_text("utf-8", "replace")

    def copy(self, folder: Path, mount: Callable[[Path], SmallDisk]) -> tuple[Keep, SmallDisk]:
        """The same archive on a disk of its own."""
        twin = Keep(folder, self.village, self.platforms, self.warm, set(self.promised))
        disk = mount(twin.archive)
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return twin, disk

    def start(self, *argv: str, hold: bool = False, out: str = "out.txt") -> int:
        """Begin a command; its process id."""
        command = ["--config", str(self.folder / "config.toml"), *argv]
        return self.warm.start(command, self.folder / out, self.acks, hold=hold)

    def run(self, *argv: str, code: int | None = 0) -> int:
        """Run a command to its end and look at its exit code."""
        ended = self.warm.wait(self.start(*argv))
        assert code is None or ended == code, f"{argv} ended with {ended}:\n{self.said}"
        return ended

    def kill(self, pid: int, *, after_s: float, growing: int | None = None) -> bool:
        """Kill a command after a time; whether it was still running.

        Args:
            growing: Then wait until so many bytes enter the segment at one
                go, to cut them off from what follows.
        """
        ended = os.pidfd_open(pid)
        try:
            if not select.select([ended], [], [], after_s)[0] and growing:
                self._watch(ended, growing)
        finally:
            os.close(ended)
        os.kill(pid, signal.SIGKILL)
        hit = self.warm.wait(pid) == -signal.SIGKILL
        self.killed += hit
        return hit

    def _watch(self, ended: int, growing: int) -> None:
        deadline = time.monotonic() + 5
        before = rested = self._open_bytes()
        while time.monotonic() < deadline and not select.select([ended], [], [], 0)[0]:
            # A few looks between two questions whether it still runs.
            for _ in range(200):
                size = self._open_bytes()
                if size == before:
                    rested = size
                elif size - rested >= growing:
                    return
                before = size

    def _open_bytes(self) -> int:
        month = max((self.archive / "segments").iterdir(), default=None, key=lambda p: p.name)
        if month is None:
            return 0
        size = 0
        with contextlib.suppress(OSError), os.scandir(month) as entries:
            for entry in entries:
                if entry.name.endswith(".open"):
                    size += entry.stat().st_size
        return size

    def note_promises(self) -> None:
        """Take down what was acknowledged, and that nothing of it is missing.

        Reads a copy of the catalogue: to open the real one would mend it.
        """
        told = set(self.acks.read_text().split()) if self.acks.exists() else set()
        kept = self._copied_posts()
        lost = (told | self.promised) - kept
        assert not lost, f"acknowledged, and not in the catalogue: {lost}"
        self.promised |= kept

    def _copied_posts(self) -> set[str]:
        copy = self.folder / "copied"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for ending in ("", "-wal"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(f"{self.catalogue}{ending}", copy / f"catalogue.sqlite{ending}")
        with open_catalogue(f"sqlite:///{copy}/catalogue.sqlite") as catalogue:
            return set(whole_media(catalogue))

    def torn(self) -> list[Path]:
        """Tails that were cut off and set aside."""
        return list(set_aside_files(self.archive / "quarantine"))

    def left_open(self) -> list[Path]:
        return sorted((self.archive / "segments").rglob("*.open"))

    def check(self) -> None:
        """Everything that must hold when nothing is running."""
        self.note_promises()
        assert self.left_open() == []
        self.run("verify", "--full")
        with open_catalogue(f"sqlite:///{self.catalogue}", read_only=True) as live:
            self._check_media(live)
            self._check_quarantine(live)
            fresh = self.folder / "fresh.sqlite"
            for old in self.folder.glob("fresh.sqlite*"):
                old.unlink()
            with open_catalogue(f"sqlite:///{fresh}") as again:
                assert reindex(self.archive, again).findings == ()
                assert differences(live.engine, again.engine) == []

    def _check_quarantine(self, catalogue: Any) -> None:
        """Whatever was set aside stands in the ledger."""
        with catalogue.reading() as conn:
            for file in self.torn():
                noted = list(events.of(conn, "file", file.name))
                assert [event.type for event in noted] == ["quarantine"], file.name

    def _check_media(self, catalogue: Any) -> None:
        served, found = self.village.served(), whole_media(catalogue)
        for post in self.promised:
            assert set(found[post]) == served[post], post
        with catalogue.reading() as conn:
            for items in found.values():
                for item in items.values():
                    # Raises when the bytes have another digest.
                    assert sum(map(len, media_bytes(self.archive, conn, item))) > 0

    def logins(self) -> list[dict[str, Any]]:
        """The state that no reindex may touch."""
        with (
            open_catalogue(f"sqlite:///{self.catalogue}", read_only=True) as catalogue,
            catalogue.reading() as conn,
        ):
            return [dict(row._mapping) for row in conn.execute(schema.state_logins.select())]


def whole_media(catalogue: Any) -> dict[str, dict[str, Any]]:
    """Post id to its media by digest, for posts of which everything is there."""
    found: dict[str, dict[str, Any]] = {}
    with catalogue.reading() as conn:
        for post in posts.find(conn):
            newest = history.versions(conn, post.id)[-1]
            if newest.media and all(item.complete and item.sha256 for item in newest.media):
                found[post.id] = {str(item.sha256): item for item in newest.media}
    return found


class SmallDisk:
    """A file system in memory that can be made nearly full and large again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", str(folder)],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            pytest.skip(f"a small file system cannot be mounted here: {done.stderr.strip()}")

    def leave(self, free_bytes: int) -> None:
        """Leave so much free space."""
        page = os.sysconf("SC_PAGE_SIZE")
        state = os.statvfs(self.folder)
        used = (state.f_blocks - state.f_bfree) * state.f_frsize
        self._resize(used + free_bytes // page * page)

    def free(self) -> None:
        """Leave plenty."""
        self._resize(256 * MIB)

    def _resize(self, size_bytes: int) -> None:
        option = f"remount,size={size_bytes}"
        subprocess.run(["mount", "-o", option, str(self.folder)], check=True)

    def unmount(self) -> None:
        if self.folder.is_mount():
            subprocess.run(["umount", "-l", str(self.folder)], check=True)


@pytest.fixture
def small_disk() -> Iterator[Callable[[Path], SmallDisk]]:
    """Mounts a `SmallDisk` on a folder; unmounted at the end. Skips where not allowed."""
    mounted: list[SmallDisk] = []

    def mount(folder: Path) -> SmallDisk:
        folder.mkdir(parents=True, exist_ok=True)
        mounted.append(SmallDisk(folder))
        return mounted[-1]

    try:
        yield mount
    finally:
        for disk in reversed(mounted):
            disk.unmount()


MakeKeep = Callable[..., Keep]


@pytest.fixture
def make_keep(village: Village, tmp_path: Path, warm: WarmProgram) -> Iterator[MakeKeep]:
    """Makes an archive with both accounts added; the platforms run."""
    with pretend_platforms(village.world, tmp_path / "platforms") as platforms:

        def make(name: str = "keep", more: str = "") -> Keep:
            keep = Keep(tmp_path / name, village, platforms, warm)
            keep.folder.mkdir()
            warm.wait(warm.start(["init", str(keep.folder)], keep.folder / "out.txt", keep.acks))
            text = CONFIG.format(more=more, proxy=platforms.proxy_url, ca_file=platforms.ca_file)
            (keep.folder / "config.toml").write_text(text)
            cookies = keep.folder / "cookies.txt"
            until = village.world.now() + timedelta(days=90)
            cookies.write_text(cookie_file(archive_visitor(), until))
            keep.run("login", "instagram", "arsip", "--cookies", str(cookies), "--yes")
            for account in (village.instagram, village.tiktok):
                more_words = ["--identity", "arsip"] if account.platform == "instagram" else []
                words = ["accounts", "add", account.platform, account.handle, "--yes"]
                keep.run(*words, *more_words)
            return keep

        yield make


@pytest.fixture
def keep(make_keep: MakeKeep) -> Keep:
    return make_keep()
