from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image

from connectors.base import ExchangeStart, Limits, Network, Truncation, Wire
from connectors.model import AccountRef, RecordId
from connectors.tiktok.web import TikTokWeb, build
from demo.mediahosts import media_hosts
from demo.server import Platforms
from demo.tiktok.site import TikTokSite
from demo.world import Account, Asset, Item, Slide, World

ASK = """
import json, sys
import yt_dlp
from yt_dlp.networking._curlcffi import CurlCFFIRH

params = {"quiet": True, "no_warnings": True, "noprogress": True, "cachedir": False,
          "compat_opts": {"no-certifi"}, "outtmpl": sys.argv[1] + "/%(id)s.%(ext)s",
          "allowed_extractors": ["TikTok", "tiktok:user", "vm.tiktok"], "retries": 0,
          "writesubtitles": True, "subtitleslangs": ["all"],
          "logger": type("Log", (), {n: lambda self, m: None for n in ("debug", "warning", "error")})()}
answers = []
with yt_dlp.YoutubeDL(params) as library:
    assert library._impersonate_target_available(yt_dlp.networking.impersonate.ImpersonateTarget())
    for download, url in json.loads(sys.argv[2]):
        try:
            info = library.extract_info(url, download=download)
            entries = [entry["id"] for entry in info.get("entries") or ()]
            formats = [f["format_id"] for f in info.get("formats") or ()]
            answers.append({"id": info["id"], "entries": entries, "formats": formats,
                            "timestamp": info.get("timestamp"), "subtitles": sorted(info.get("subtitles") or ()),
                            "likes": info.get("like_count"), "title": info.get("title")})
        except yt_dlp.utils.DownloadError as error:
            answers.append({"error": str(error)})
print(json.dumps(answers))
"""  # noqa: E501

ROOT = Path(__file__).resolve().parents[2]
HOSTS = (
    "www.tiktok.com",
    "v16-webapp-prime.tiktok.com",
    "p16-sign-sg.tiktokcdn.com",
)


@dataclass
class KeptExchange:
    start: ExchangeStart
    record_id: RecordId = field(default_factory=lambda: RecordId(f"urn:uuid:{uuid4()}"))
    request: bytes = b""
    response_head: bytes = b""
    response_body: bytes = b""
    how: Wire | None = None
    finished: bool = False
    truncated: Truncation | None = None

    def sent(self, data: bytes) -> None:
        self.request += data

    def wire(self, wire: Wire) -> None:
        self.how = wire

    def head(self, raw: bytes) -> None:
        self.response_head = raw

    def body(self, data: bytes | memoryview) -> None:
        self.response_body += bytes(data)

    def finish(self, truncated: Truncation | None = None) -> None:
        self.finished, self.truncated = True, truncated


class MemorySink:
    """Keeps every exchange, in the order they began."""

    def __init__(self) -> None:
        self.exchanges: list[KeptExchange] = []

    def begin(self, start: ExchangeStart) -> KeptExchange:
        exchange = KeptExchange(start)
        self.exchanges.append(exchange)
        return exchange

    def of(self, record_id: str | None) -> KeptExchange:
        return next(kept for kept in self.exchanges if kept.record_id == record_id)


class City:
    """A small official account, built piece by piece."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.world = World()
        self._ids = count(7_400_000_000_000_000_001)
        self.start = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
        self.account = self.world.add(
            Account(
                platform="tiktok",
                native_id="6900000000000000001",
                handle="pemkot_tirta.kencana",
                name="Pemkot Tirta Kencana",
                biography="Akun resmi",
                external_url="https://tirtakencana.example/",
                followers=1200,
                following=7,
                sec_uid="MS4wLjABAAAA" + "k" * 64,
                avatar=self.picture("wajah"),
            )
        )

    def picture(self, name: str) -> Asset:
        data = BytesIO()
        Image.new("RGB", (32, 48), (10, 80, 160)).save(data, "JPEG")
        return self._asset(f"{name}.jpg", data.getvalue(), "image/jpeg", 32, 48)

    def film(self, name: str, size: int = 40_000) -> Asset:
        head = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
        body = head + os.urandom(size)
        return self._asset(f"{name}.mp4", body, "video/mp4", 576, 1024, 5.0)

    def sound(self, name: str) -> Asset:
        head = b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42"
        return self._asset(f"{name}.m4a", head + os.urandom(5000), "audio/mp4", duration=9.0)

    def subtitle(self, name: str) -> Asset:
        text = f"WEBVTT\n\n00:00.000 --> 00:02.000\n{name}\n"
        return self._asset(f"{name}.vtt", text.encode(), "text/vtt")

    def _asset(
        self,
        name: str,
        data: bytes,
        mime: str,
        width: int = 0,
        height: int = 0,
        duration: float = 0,
    ) -> Asset:
        path = self.folder / name
        path.write_bytes(data)
        return Asset(name, path, mime, width, height, duration)

    def video(self, *, days: int = 0, **fields: object) -> Item:
        code = str(next(self._ids))
        slide = Slide(
            code,
            self.film(code),
            cover=self.picture(f"{code}-sampul"),
            subtitles=(
                ("ind-ID", self.subtitle(f"{code}-id")),
                ("eng-US", self.subtitle(f"{code}-en")),
            ),
        )
        return self._publish(code, "video", (slide,), days, fields)

    def photos(self, images: int = 3, *, days: int = 0, **fields: object) -> Item:
        code = str(next(self._ids))
        sound = self.sound(f"{code}-musik")
        slides = tuple(
            Slide(f"{code}img{n}", self.picture(f"{code}-{n}"), sound=None if n else sound)
            for n in range(images)
        )
        return self._publish(code, "photo-mode", slides, days, fields)

    def _publish(
        self, code: str, kind: str, slides: tuple[Slide, ...], days: int, fields: dict[str, object]
    ) -> Item:
        given: dict[str, object] = {
            "caption": f"Kabar kota {code} #tirtakencana",
            "taken_at": self.start - timedelta(days=days, seconds=int(code) % 50),
            "likes": 31,
            "comments": 4,
            "plays": 900,
            "shares": 2,
            **fields,
        }
        item = Item(code=code, native_id=code, kind=kind, slides=slides, **given)  # type: ignore[arg-type]
        return self.world.publish(self.account, item)

    def ref(self) -> AccountRef:
        account = self.account
        return AccountRef("tiktok", account.handle, account.native_id, account.sec_uid)


@pytest.fixture
def city(tmp_path: Path) -> City:
    folder = tmp_path / "files"
    folder.mkdir()
    return City(folder)


@pytest.fixture(scope="session")
def authority_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("authority")


@pytest.fixture
def platforms(city: City, authority_folder: Path) -> Iterator[Platforms]:
    started = Platforms(city.world, (TikTokSite(), *media_hosts()), authority_folder).start()
    yield started
    started.stop()


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


@pytest.fixture
def gate() -> list[str]:
    """The addresses the gate was asked about."""
    return []


@pytest.fixture(params=["proxy", "direct"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def network_to(platforms: Platforms, way: str = "proxy", limits: Limits | None = None) -> Network:
    proxied = way == "proxy"
    return Network(
        proxy=platforms.proxy_url if proxied else None,
        ca_file=str(platforms.ca_file),
        limits=limits or Limits(),
        connect_to={} if proxied else platforms.connect_to(*HOSTS),
    )


@pytest.fixture
def connect(
    platforms: Platforms, sink: MemorySink, gate: list[str]
) -> Iterator[Callable[..., TikTokWeb]]:
    """Opens connectors to the pretend platform and closes them afterwards."""
    opened: list[TikTokWeb] = []

    def open_one(way: str = "proxy", limits: Limits | None = None) -> TikTokWeb:
        network = network_to(platforms, way, limits)
        made = build(sink=sink, network=network, identity=None, gate=gate.append)
        assert isinstance(made, TikTokWeb)
        opened.append(made)
        return made

    yield open_one
    for connector in opened:
        connector.close()


@pytest.fixture
def web(connect: Callable[..., TikTokWeb]) -> TikTokWeb:
    return connect()


@pytest.fixture
def library(platforms: Platforms, tmp_path: Path) -> Callable[..., list[dict]]:
    """Asks the unmodified library for addresses; downloads where told to.

    It runs in an interpreter of its own: curl_cffi reads its certificates from
    the environment when it is imported.
    """

    def ask(*urls: str, download: bool = False) -> list[dict]:
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "HTTPS_PROXY": platforms.proxy_url,
            "SSL_CERT_FILE": str(platforms.ca_file),
        }
        wanted = json.dumps([[download, url] for url in urls])
        done = subprocess.run(
            [sys.executable, "-c", ASK, str(tmp_path), wanted],
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return list(json.loads(done.stdout))

    return ask


@pytest.fixture(scope="session")
def recorded() -> Callable[[str], str]:
    """Reads a recorded answer of others; skips the test where there is none."""
    other = Path(os.environ.get("JEJAK_REAL_DATA", ROOT / "../shared/real-data"))

    def read(name: str) -> str:
        for folder in (ROOT / "tests" / "data", other):
            path = folder / "tiktok-web" / name
            if path.is_file():
                return path.read_text(encoding="utf-8")
        pytest.skip(f"{name} is not in {other}; set JEJAK_REAL_DATA")

    return read


@pytest.fixture
def recorded_page(recorded: Callable[[str], str]) -> Callable[[str], bytes]:
    """A recorded answer's scopes in the page they came in."""

    def read(name: str) -> bytes:
        data = json.dumps(json.loads(recorded(name)))
        opening = '<script id="__UNIVERSAL_DATA_FOR_REHYDRATION__" type="application/json">'
        return f"<html><body>{opening}{data}</script></body></html>".encode()

    return read
