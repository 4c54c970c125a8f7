"""A small town's archive, worked with the real program from end to end."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.cli.main import main
from connectors.tap.bypass import Bypass, BypassWatch
from demo.city import City, build_city, cookie_file
from demo.server import Platforms
from demo.sites import pretend_platforms
from demo.world import World
from storage.warc_reader import members, payload_stream, row_of
from storage.warc_record import Member

IDENTITY = "arsip"

CONFIG = """\
language = "en"

[archive]
path = "archive"
min_free_gb = 0

[network]
proxy = "{proxy}"
ca_file = "{ca_file}"
contact = "arsip@tirtakencana.example"
pause_s = 0
connect_s = 5
read_s = 1.5

[network.limits]
body_mb = 2
text_mb = 1
stall_s = 1.5
redirects = 3

[[identities]]
name = "{identity}"
platform = "instagram"
"""


@dataclass(frozen=True)
class Done:
    """What one command said."""

    code: int
    out: bytes
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The objects of a ``--json`` command."""
        return [json.loads(line) for line in self.out.split(b"\n") if line.strip()]

    @property
    def text(self) -> str:
        """Everything said, for people."""
        return self.out.decode("utf-8", "replace") + self.err


class Bypassed(BaseException):
    """Traffic passed by the taps; no library may take it for a network error."""


@dataclass
class House:
    """One archive and its configuration, and the platforms it reads."""

    folder: Path
    platforms: Platforms
    town: City
    said: list[bytes] = field(default_factory=list)
    older: frozenset[str] = frozenset()
    """Segments that were there before the test."""

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    def jejak(self, *arguments: str) -> Done:
        """Run the program in this process, no traffic allowed but the taps'."""
        before = () if arguments[0] == "init" else ("--config", str(self.config))
        out, err = io.BytesIO(), io.StringIO()
        spoken = io.TextIOWrapper(out, "utf-8", write_through=True)
        found: list[Bypass] = []

        def report(bypass: Bypass) -> None:
            found.append(bypass)
            raise Bypassed(bypass)

        watch = BypassWatch(report, ignore=lambda one: one.thread.startswith("demo-"))
        watch.start()
        try:
            with redirect_stdout(spoken), redirect_stderr(err):
                code = main([*before, *arguments])
        finally:
            watch.stop()
        assert found == []
        self.said += [out.getvalue(), err.getvalue().encode()]
        return Done(code, out.getvalue(), err.getvalue())

    def log_in(self) -> Done:
        """Hand over the visitor's cookies as a browser exports them."""
        cookies = self.folder / "cookies.txt"
        cookies.touch(mode=0o600)
        until = datetime.now(UTC) + timedelta(days=90)
        cookies.write_text(cookie_file(self.town.visitor, until), "utf-8")
        done = self.jejak("login", "instagram", IDENTITY, "--cookies", str(cookies), "--yes")
        cookies.unlink()
        return done

    def rows(self, *arguments: str) -> list[dict[str, Any]]:
        done = self.jejak(*arguments, "--json")
        assert done.code == 0, done.text
        return done.rows

    def configure(self, change: Callable[[str], str]) -> None:
        self.config.write_text(change(self.config.read_text("utf-8")), "utf-8")

    def segments(self) -> list[Path]:
        return sorted((self.archive / "segments").glob("*/*.warc.gz"))

    def members(self) -> Iterator[tuple[Path, Member]]:
        """What the test's own runs recorded."""
        for path in self.segments():
            if path.name not in self.older:
                for member in members(path):
                    yield path, member

    def documents(self, schema: str) -> list[dict[str, Any]]:
        """The ``post/1`` or ``capture/1`` documents, oldest first."""
        return [
            json.loads(b"".join(payload_stream(path, member.offset)))
            for path, member in self.members()
            if row_of(member, path.name).schema == schema
        ]


def _small(city: City) -> City:
    """The same town with a few posts of every kind."""
    for account, kept in (
        (city.instagram, (0, 1, 2)),
        (city.disaster, (0, 2)),
        (city.tiktok, (1, 2, 3)),
        (city.transport, (1, 2)),
    ):
        account.items[:] = [account.items[number] for number in kept]
    return city


@pytest.fixture(scope="session")
def town(demo_media: Path) -> City:
    return _small(build_city(World(), demo_media))


@pytest.fixture(scope="session")
def town_platforms(town: City, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platforms]:
    folder = tmp_path_factory.mktemp("town")
    with pretend_platforms(town.world, folder, keep_body_bytes=4 * 1024**2) as started:
        yield started


def write_config(folder: Path, platforms: Platforms) -> None:
    text = CONFIG.format(proxy=platforms.proxy_url, ca_file=platforms.ca_file, identity=IDENTITY)
    (folder / "config.toml").write_text(text, "utf-8")


def set_up(house: House) -> None:
    """An archive with its four accounts pinned; nothing captured yet."""
    assert house.jejak("init", str(house.folder)).code == 0
    write_config(house.folder, house.platforms)
    done = house.log_in()
    assert done.code == 0, done.text
    for account in house.town.accounts:
        identity = ("--identity", IDENTITY) if account is house.town.instagram else ()
        name = (account.platform, account.handle)
        done = house.jejak("accounts", "add", *name, "--yes", *identity)
        assert done.code == 0, done.text


@pytest.fixture
def make_house(tmp_path: Path) -> Callable[[Platforms, City], House]:
    """An archive set up from nothing, for platforms of a test's own."""

    def make(platforms: Platforms, town: City) -> House:
        (tmp_path / "own-house").mkdir()
        made = House(tmp_path / "own-house", platforms, town)
        set_up(made)
        return made

    return make


@pytest.fixture
def new_house(tmp_path: Path) -> Callable[..., House]:
    """An archive just founded, whose configuration a test writes itself."""

    def make(platforms: Platforms, town: City) -> House:
        (tmp_path / "new-house").mkdir()
        made = House(tmp_path / "new-house", platforms, town)
        assert made.jejak("init", str(made.folder)).code == 0
        return made

    return make


@pytest.fixture(scope="session")
def prepared(
    town: City, town_platforms: Platforms, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    set_up(House(folder, town_platforms, town))
    return folder


@pytest.fixture(scope="session")
def captured(
    prepared: Path, town: City, town_platforms: Platforms, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("captured") / "house"
    shutil.copytree(prepared, folder)
    done = House(folder, town_platforms, town).jejak("capture")
    assert done.code == 0, done.text
    return folder


def _copy(template: Path, folder: Path, platforms: Platforms, town: City) -> House:
    shutil.copytree(template, folder)
    made = House(folder, platforms, town)
    made.older = frozenset(path.name for path in made.segments())
    return made


@pytest.fixture
def house(prepared: Path, town: City, town_platforms: Platforms, tmp_path: Path) -> Iterator[House]:
    """A fresh copy of the prepared archive."""
    town_platforms.faults.clear()
    yield _copy(prepared, tmp_path / "house", town_platforms, town)
    town_platforms.faults.clear()


@pytest.fixture
def full_house(
    captured: Path, town: City, town_platforms: Platforms, tmp_path: Path
) -> Iterator[House]:
    """A fresh copy of the archive after its first night."""
    town_platforms.faults.clear()
    yield _copy(captured, tmp_path / "house", town_platforms, town)
    town_platforms.faults.clear()
