"""A pretend platform behind a real recorder and a real catalogue."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from archiver.config import load
from archiver.log import open_log
from archiver.world import World
from connectors.base import ExchangeSink, Gate, Identity, Network, SecretRules
from connectors.model import (
    AccountRef,
    Comment,
    Highlight,
    Media,
    MediaKind,
    MediaRole,
    Metrics,
    PageEnd,
    Post,
    PostKind,
    PostRef,
    Presence,
    Section,
)
from tools.nights import Nights
from tools.schemas import Schemas


def _beside(name: str) -> ModuleType:
    """A module of this folder."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


connector_of = _beside("pretend_connector")
START = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


@dataclass
class Platform:
    """What a pretend platform shows; tests change it between runs."""

    handle: str = "pemkot"
    native_id: str = "1001"
    led_to: dict[str, str | None] = field(default_factory=dict)
    """Handle to the number that answers under it, or to nobody."""
    knows_ids: bool = True
    """Whether accounts can be asked for by their number."""
    is_private: bool | None = False
    posts: list[Post] = field(default_factory=list)
    page_size: int = 3
    declared: int | None = -1
    """-1 declares what is there."""
    ends: PageEnd = PageEnd.END
    ends_reason: str | None = None
    stubs: bool = False
    raises: dict[str, BaseException] = field(default_factory=dict)
    """By what is asked: ``profile``, ``list``, ``look``, ``whoami`` or a media id."""
    bodies: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    """Media id to status, type and bytes; a JPEG otherwise."""
    forgets: set[str] = field(default_factory=set)
    """Media ids of which the connector yields nothing."""
    sections: tuple[Section, ...] = (Section.POSTS,)
    reels: list[Post] = field(default_factory=list)
    stories: list[Post] = field(default_factory=list)
    highlights: list[tuple[Highlight, list[Post]]] = field(default_factory=list)
    remarks: dict[str, list[Comment]] = field(default_factory=dict)
    """Comments by post code; a post without an entry has none."""
    has_remarks: bool = False
    cursors: bool = False
    """Whether a listing can be entered midway."""
    refuses: set[str] = field(default_factory=set)
    """Cursors that are no longer taken; ``*`` refuses all."""
    hidden: set[str] = field(default_factory=set)
    """Codes of posts that no listing shows and that are there."""
    answers: dict[str, tuple[Presence, str]] = field(default_factory=dict)
    """What the own address of a post says, by code, whatever the listings show."""
    looked: list[str] = field(default_factory=list)
    """Codes of posts whose own address was asked."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    """The platform's own; behind by the age of an answer out of a cache."""
    is_dated: bool = True
    """Whether answers tell when they were made."""
    asked: list[str] = field(default_factory=list)
    during: Callable[[str], None] = lambda what: None

    def publish(self, code: str, caption: str = "", *, slides: int = 1, **more: object) -> Post:
        """Put up a post on top."""
        owner = AccountRef("instagram", self.handle, self.native_id)
        media = tuple(
            Media(
                f"{code}-{n}",
                MediaKind.IMAGE,
                MediaRole.CONTENT,
                n,
                f"https://media.example/{code}-{n}.jpg",
            )
            for n in range(slides)
        )
        post = Post(
            PostRef("instagram", code, owner, code),
            PostKind.PHOTO,
            caption,
            START - timedelta(days=10),
            f"https://www.instagram.com/p/{code}/",
            media,
            Metrics(likes=3),
            **more,  # type: ignore[arg-type]
        )
        self.posts.insert(0, post)
        return post

    def change(self, code: str, **changes: object) -> None:
        """Edit a post."""
        self.posts = [
            replace(p, **changes) if p.ref.code == code else p  # type: ignore[arg-type]
            for p in self.posts
        ]

    def connect(
        self,
        platform: str,
        route: str,
        *,
        sink: ExchangeSink,
        network: Network,
        identity: Identity | None,
        gate: Gate,
    ) -> Any:
        """As `connectors.connect`."""
        return connector_of.FakeConnector(self, sink, gate, identity)


@pytest.fixture
def platform() -> Platform:
    """A platform with four posts over two pages."""
    site = Platform()
    for number in range(4):
        site.publish(f"P{number}", f"kabar {number}", slides=1 + number % 2)
    return site


CONFIG = """
language = "en"
[archive]
min_free_gb = 0
[network]
pause_s = 0
[[accounts]]
platform = "instagram"
handle = "pemkot"
id = "1001"
"""


@pytest.fixture
def build_world(tmp_path: Path, platform: Platform) -> Callable[..., World]:
    """Builds a `World` over the pretend platform, from a configuration text.

    ``catalogue`` is the address of a catalogue; the embedded one without it.
    """

    def build(config_text: str = CONFIG, *, catalogue: str | None = None, **more: object) -> World:
        if catalogue is not None and catalogue not in config_text:
            line = f'[archive]\ncatalogue = "{catalogue}"\n'
            assert "[archive]\n" in config_text
            config_text = config_text.replace("[archive]\n", line, 1)
        (tmp_path / "config.toml").write_text(config_text)
        (tmp_path / "archive").mkdir(exist_ok=True)
        config = load(tmp_path / "config.toml")
        given: dict[str, object] = {
            "config": config,
            "log": open_log(config.archive),
            "connect": platform.connect,
            "rules": lambda platform: SecretRules(),
            "now": lambda: datetime.now(UTC),
            "stop": threading.Event(),
        }
        return World(**(given | more))  # type: ignore[arg-type]

    return build


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue_address(request: pytest.FixtureRequest) -> str | None:
    """Where the catalogue is; what uses it runs once on each database."""
    if request.param == "sqlite":
        return None
    return str(request.getfixturevalue("new_postgres_catalogue")())


@pytest.fixture
def make_world(
    build_world: Callable[..., World], catalogue_address: str | None
) -> Callable[..., World]:
    """As `build_world`, once on each database."""
    return partial(build_world, catalogue=catalogue_address)


@pytest.fixture
def schemas() -> Schemas:
    """See `Schemas`."""
    return Schemas(Path(__file__).parents[2] / "docs" / "schemas")


@pytest.fixture
def make_nights(build_world: Callable[..., World], platform: Platform) -> Callable[..., Nights]:
    """Builds `Nights` over an old account: a post an hour, the newest before the first night.

    The posts are ``A000`` (the oldest) to the newest; five on a page.
    """

    def make(count: int = 12, *, quota: int = 100, more: str = "") -> Nights:
        platform.posts.clear()
        platform.cursors, platform.page_size = True, 5
        for number in range(count):
            at = START - timedelta(hours=count - number)
            platform.publish(f"A{number:03d}", f"kabar {number}")
            platform.posts[0] = replace(platform.posts[0], published_at=at)
        text = CONFIG.replace("[[acc", f"[schedule]\nsweep_requests_per_night = {quota}\n[[acc")
        return Nights(build_world(text + more), platform, START)

    return make
