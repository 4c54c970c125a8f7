"""What a night without news asks of a platform, at 100, 1,000 and 10,000 posts.

The whole program over the real libraries and the pretend platforms. Only the
first nights, which fill the archive, are shortened: one file of each sort is
fetched and stands for all. The nights that are counted are as they always are.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import connectors
from archiver.completeness import UNDER_WAY
from archiver.config import Config, load
from archiver.log import open_log
from archiver.run import run_captures
from archiver.world import World
from benchmarks.platforms import COOKIES, VISITOR
from benchmarks.result import Result
from connectors.base import Connector, Gate, Identity
from connectors.model import Media, MediaRecord, Post, RecordId
from demo.past import long_past, maker
from demo.server import Platforms
from demo.sites import pretend_platforms
from demo.world import Visitor
from demo.world import World as Shown
from storage import state
from storage.catalogue import open_catalogue

SIZES = (100, 1_000, 10_000)
QUOTA = 100
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Requests are counted here, not time: a disk would only hold them up."""
LONGEST = 40
"""So many nights are waited for the end of one sweep."""

CONFIG = """\
language = "en"
[archive]
min_free_gb = 0
[network]
proxy = "{proxy}"
ca_file = "{ca_file}"
pause_s = 0
[harvest]
requests_per_night = 150
[schedule]
sweep_requests_per_night = {quota}
[[accounts]]
platform = "{platform}"
handle = "{handle}"
id = "{native_id}"
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Requests of nights without news; media do not count, and none are asked.

    Attributes:
        outside: Of a night without a sweep.
        sweep: The most that one night's sweep added.
        nights: How many nights one sweep of the whole listing took.
    """

    platform: str
    posts: int
    outside: int
    sweep: int
    quota: int
    nights: int


class Filling:
    """A connector that fetches one file of each sort, for the first night."""

    listing_suffices = True

    def __init__(self, real: Connector) -> None:
        self._real = real
        self._fetched: dict[tuple[str, str], RecordId | None] = {}

    def __getattr__(self, name: str) -> Any:
        """Everything else is the real connector's."""
        return getattr(self._real, name)

    def fetch_media(self, post: Post) -> Iterator[MediaRecord]:
        """The post's media, as the first of their sort were answered."""
        wanted = {(media.kind.value, media.role.value) for media in post.media}
        if not wanted <= self._fetched.keys():
            for answer in self._real.fetch_media(post):
                self._fetched[_sort(answer.media)] = answer.record
        for media in post.media:
            yield MediaRecord(media, self._fetched[_sort(media)])


def _sort(media: Media) -> tuple[str, str]:
    return media.kind.value, media.role.value


@dataclass
class Night:
    """Runs the program over one account, and counts what it asks."""

    platforms: Platforms
    folder: Path
    platform: str
    handle: str
    native_id: str
    asked: int = 0

    def run(self, quota: int, *, filling: bool = False) -> int:
        """One run.

        Returns:
            Requests that were made, media included.
        """
        config = self._config(quota)
        self.asked = 0
        world = World(
            config=config,
            log=open_log(config.archive),
            connect=self._connect(filling),
            rules=connectors.rules,
            now=lambda: datetime.now(UTC),
        )
        (result,) = run_captures(world, config.accounts).captures
        if filling and result.reason == UNDER_WAY:
            return self.run(quota, filling=True)
        if result.reason is not None:
            raise RuntimeError(f"{self.platform}: the night was not complete: {result.reason}")
        return self.asked

    def sweep_ended(self) -> str | None:
        """When the last whole sweep of the posts ended."""
        catalogue = open_catalogue(self._config(QUOTA).catalogue_url, read_only=True)
        try:
            with catalogue.reading() as conn:
                found = state.sweep(conn, f"{self.platform}:{self.native_id}", "posts")
        finally:
            catalogue.close()
        return found.ended_at if found else None

    def _config(self, quota: int) -> Config:
        file = self.folder / "config.toml"
        file.write_text(
            CONFIG.format(
                proxy=self.platforms.proxy_url,
                ca_file=self.platforms.ca_file,
                quota=quota,
                platform=self.platform,
                handle=self.handle,
                native_id=self.native_id,
            ),
            encoding="utf-8",
        )
        (self.folder / "archive").mkdir(exist_ok=True)
        return load(file)

    def _connect(self, filling: bool) -> Callable[..., Connector]:
        def connect(platform: str, route: str, *, gate: Gate, **given: Any) -> Connector:
            def counted(url: str) -> None:
                self.asked += 1
                gate(url)

            if platform == "instagram":
                given["identity"] = Identity("bench", platform, COOKIES, VISITOR)
            real = connectors.connect(platform, route, gate=counted, **given)
            return Filling(real) if filling else real

        return connect


@contextmanager
def account_of(platform: str, posts: int, folder: Path) -> Iterator[Night]:
    """An account with so many posts, and its platform running."""
    fresh = folder / "fresh"
    fresh.mkdir()
    shown = Shown()
    shown.visitors.append(Visitor("instagram", "700001", VISITOR, dict(COOKIES)))
    make = maker(platform, folder / "media", fresh)
    account = long_past(platform, make, datetime.now(UTC), posts)
    shown.add(account)
    with pretend_platforms(shown, folder / "tls", keep_body_bytes=0) as platforms:
        yield Night(platforms, folder, platform, account.handle, account.native_id)


def measure(platform: str, posts: int) -> Cost:
    """Fill an archive, then count nights until one sweep has ended."""
    with (
        tempfile.TemporaryDirectory(prefix="jejak-bench-", dir=MEMORY) as folder,
        account_of(platform, posts, Path(folder)) as night,
    ):
        night.run(0, filling=True)
        ended = night.sweep_ended()
        outside = {night.run(0) for _ in range(2)}
        totals: list[int] = []
        while not totals or (night.sweep_ended() == ended and len(totals) < LONGEST):
            totals.append(night.run(QUOTA))
    cost = Cost(platform, posts, max(outside), max(totals) - max(outside), QUOTA, len(totals))
    print(cost, file=sys.stderr, flush=True)
    return cost


def table(costs: list[Cost]) -> Table:
    """For a person."""
    made = Table(title="requests of a night without news")
    headings = ("platform", "posts", "outside the sweep", "in the sweep, at most", "quota")
    for heading in (*headings, "nights for one whole sweep"):
        made.add_column(heading, justify="right" if heading != "platform" else "left")
    for cost in costs:
        figures = (cost.posts, cost.outside, cost.sweep, cost.quota, cost.nights)
        made.add_row(cost.platform, *(f"{figure:,}" for figure in figures))
    return made


def run() -> Iterator[Result]:
    """Measure G14: nights cost the same at any size, and sweeps keep to their quota."""
    for platform in ("instagram", "tiktok"):
        costs = [measure(platform, posts) for posts in SIZES]
        Console(width=120).print(table(costs))
        told = "; ".join(f"{c.posts:,} posts: {c.outside} + {c.sweep}" for c in costs)
        outside = max(cost.outside for cost in costs) / min(cost.outside for cost in costs)
        title = f"requests of a night outside the sweep, 10,000 posts / 100 posts ({platform})"
        yield Result("G14", title, outside, 1.0, note=told)
        most = max(cost.sweep / cost.quota for cost in costs)
        yield Result("G14", f"requests of a sweep / its quota ({platform})", most, 1.0, note=told)


if __name__ == "__main__":
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    Console(width=120).print(
        table([measure(name, size) for name in ("instagram", "tiktok") for size in sizes])
    )
