from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.base import ExchangeStart, Identity, Limits, Network, Truncation, Wire
from connectors.instagram.client import HOSTS
from connectors.instagram.web import InstagramWeb
from connectors.model import AccountRef, RecordId
from demo.ids import instagram_pk
from demo.instagram.site import InstagramSite
from demo.mediahosts import media_hosts
from demo.server import Platforms
from demo.world import (
    Account,
    Asset,
    Collection,
    Item,
    Place,
    Remark,
    Slide,
    Song,
    Visitor,
    World,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SESSION = {"sessionid": "77%3Aabcdefgh%3A1", "csrftoken": "tok0123456789", "ds_user_id": "77"}


@dataclass
class Recorded:
    """One exchange in memory."""

    record_id: RecordId
    start: ExchangeStart
    request: bytearray = field(default_factory=bytearray)
    answer: bytearray = field(default_factory=bytearray)
    body_bytes: int = 0
    truncated: Truncation | None = None
    done: bool = False
    keep: bool = True

    def sent(self, data: bytes) -> None:
        self.request += data

    def wire(self, wire: Wire) -> None:
        pass

    def head(self, raw: bytes) -> None:
        self.answer += raw

    def body(self, data: bytes | memoryview) -> None:
        self.body_bytes += len(data)
        if self.keep:
            self.answer += data

    def finish(self, truncated: Truncation | None = None) -> None:
        self.truncated, self.done = truncated, True

    @property
    def status(self) -> int:
        return int(self.answer.split(b" ", 2)[1]) if self.answer else 0


class MemorySink:
    """Keeps every exchange; counts bytes only when told not to keep bodies."""

    def __init__(self, *, keep: bool = True) -> None:
        self.exchanges: list[Recorded] = []
        self._keep = keep
        self._lock = threading.Lock()

    def begin(self, start: ExchangeStart) -> Recorded:
        record = Recorded(RecordId(f"urn:uuid:{uuid.uuid4()}"), start, keep=self._keep)
        with self._lock:
            self.exchanges.append(record)
        return record

    def get(self, record_id: RecordId | None) -> Recorded:
        return next(e for e in self.exchanges if e.record_id == record_id)


def city(folder: Path) -> World:
    """An account with two and a half pages: every core kind, pins, twins, hidden counts."""
    (folder / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 40)
    (folder / "a.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 400)
    picture = Asset("a.jpg", folder / "a.jpg", "image/jpeg", 1080, 1350)
    film = Asset("a.mp4", folder / "a.mp4", "video/mp4", 720, 1280, 12.5)
    world = World(lambda: NOW)
    account = Account(
        "instagram",
        "4242",
        "tirta_kencana.kota",
        "Pemkot Tirta Kencana",
        "Kanal resmi",
        avatar=picture,
    )
    account.followers = 12345
    start = NOW - timedelta(days=60)
    for number in range(30):
        kind = ("photo", "carousel", "reel")[number % 3]
        pk = f"39{number:05d}"
        first = Slide(pk if kind != "carousel" else f"{pk}01", picture)
        film_slide = Slide(pk if kind == "reel" else f"{pk}02", film, cover=picture)
        slides = {"photo": (first,), "carousel": (first, film_slide), "reel": (film_slide,)}[kind]
        taken = start + timedelta(hours=number if number != 7 else 6)
        account.items.append(
            Item(
                f"C{number:03d}_-x",
                pk,
                kind,
                f"Kiriman {number} #kota",
                taken,
                slides,
                likes=number * 10,
                comments=number,
                plays=number * 100 if kind == "reel" else 0,
                hide_counts=number == 25,
                pinned=number == 2,
            )
        )
    world.add(account)
    world.visitors.append(Visitor("instagram", "77", "arsip.kota", dict(SESSION)))
    return world


@dataclass
class Desk:
    """Pretend platforms and everything a test asks about them."""

    platforms: Platforms
    sink: MemorySink
    folder: Path
    opened: list[InstagramWeb] = field(default_factory=list)
    limits: Limits = field(default_factory=lambda: Limits(connect_s=5, read_s=5))
    asked: list[str] = field(default_factory=list)

    account = AccountRef("instagram", "tirta_kencana.kota", "4242")

    @property
    def city(self) -> Account:
        return self.platforms.world.accounts["instagram:4242"]

    def network(self, *, direct: bool = False) -> Network:
        ca_file = str(self.platforms.ca_file)
        if direct:
            hosts = [*HOSTS[:2], "scontent.cdninstagram.com"]
            return Network(
                ca_file=ca_file, limits=self.limits, connect_to=self.platforms.connect_to(*hosts)
            )
        return Network(proxy=self.platforms.proxy_url, ca_file=ca_file, limits=self.limits)

    def connect(
        self,
        *,
        login: bool = False,
        direct: bool = False,
        sink: MemorySink | None = None,
        gate: Callable[[str], None] | None = None,
        cookies: Mapping[str, str] = SESSION,
    ) -> InstagramWeb:
        identity = Identity("arsip", "instagram", dict(cookies), "arsip.kota") if login else None
        connector = InstagramWeb(
            sink=sink or self.sink,
            network=self.network(direct=direct),
            identity=identity,
            gate=gate or self.asked.append,
        )
        self.opened.append(connector)
        return connector

    def requests(self) -> list[str]:
        """Method and path of every request so far, as the platform saw them."""
        found = self.platforms.log.entries()
        return [f"{e.request.method} {e.request.path}" for e in found]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    world = city(tmp_path)
    with Platforms(world, [InstagramSite(), *media_hosts()], tmp_path / "tls") as platforms:
        desk = Desk(platforms, MemorySink(), tmp_path)
        yield desk
        for connector in desk.opened:
            connector.close()


def story(world: World, hours_ago: float, *, film: bool = False, **facts: Any) -> Item:
    """A story of the city, told at a moment before now."""
    taken = NOW - timedelta(hours=hours_ago)
    pk = str(instagram_pk(taken, f"{hours_ago}{film}"))
    picture = world.assets["a.jpg"]
    slide = Slide(pk, world.assets["a.mp4"], cover=picture) if film else Slide(pk, picture)
    return Item(pk, pk, "story", "", taken, (slide,), **facts)


@pytest.fixture
def full(desk: Desk) -> Desk:
    """The city's account with every kind there is, beside a second account.

    Three stories on show, one past its day, two highlights, a reel off the
    grid, a replay, and a post of the water office that the city shares.
    """
    world, city = desk.platforms.world, desk.city
    on_show = [
        story(world, 20),
        story(world, 5, film=True, song=Song("88", "Indonesia Pusaka", "Ismail Marzuki")),
        story(world, 1, tagged=("pdam.kota",), place=Place("555", "Balai Kota", "Jl. Merdeka 1")),
    ]
    old = [story(world, 400), story(world, 700, film=True), story(world, 30)]
    city.items += [*on_show, *old]
    cover = Asset("cover.jpg", world.assets["a.jpg"].path, "image/jpeg", 320, 320)
    city.collections += [
        Collection("17900000000000001", "Layanan", cover, (old[1].code, old[0].code)),
        Collection("17900000000000002", "Banjir", cover, (old[0].code, on_show[0].code)),
    ]
    film = Slide("3950001", world.assets["a.mp4"], cover=world.assets["a.jpg"])
    taken = NOW - timedelta(days=59, hours=1)
    city.items.append(Item("CZZ0_-x", "3950001", "reel", "Luar", taken, (film,), off_grid=True))
    live = Slide("3950002", world.assets["a.mp4"], cover=world.assets["a.jpg"])
    city.items.append(Item("CZZ1_-x", "3950002", "live", "Siaran", taken, (live,)))
    water = Account("instagram", "5151", "pdam.kota", "PDAM Kota", avatar=world.assets["a.jpg"])
    shared = Slide("3950003", world.assets["a.jpg"])
    water.items.append(
        Item("CZZ2_-x", "3950003", "photo", "Bersama", taken, (shared,), coauthors=("4242",))
    )
    world.add(water)
    for item in (*on_show, *old):
        world._register(item)
    return desk


@pytest.fixture
def comment() -> Callable[..., tuple[Remark, ...]]:
    """Makes comments; see `remarks`."""
    return remarks


def remarks(count: int, *, under: str = "", replies: int = 0) -> tuple[Remark, ...]:
    """Comments of invented citizens; the first one may have replies."""
    found = [
        Remark(f"1800{n:05d}", f"9{n:04d}", f"warga_{n}", f"Komentar {n}", NOW, likes=n)
        for n in range(count)
    ]
    found += [
        Remark(f"1900{n:05d}", f"8{n:04d}", f"tetangga_{n}", f"Balasan {n}", NOW, parent=parent)
        for n in range(replies)
        for parent in (under or found[0].native_id,)
    ]
    return tuple(found)


@pytest.fixture
def recorded_files(real_data: Path) -> Path:
    """Recorded answers of other people, where they are at hand."""
    return real_data / "instagram-graphql"


@pytest.fixture
def licensed() -> Callable[[str], Any]:
    """Recorded answers that may be kept beside the tests."""
    folder = Path(__file__).parents[1] / "data" / "instagram-graphql"
    return lambda name: json.loads((folder / name).read_text())
