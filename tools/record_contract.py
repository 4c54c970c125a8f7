"""Records the answers of the engines' contract anew, and what is made of them.

    python tools/record_contract.py              all of it: answers and results
    python tools/record_contract.py --expected   only the results, from the answers as they are

The answers come from the pretend platforms (an invented office) and, for a
deleted post, from an answer that TikTok gave. Look at the difference in the
recorded files before it is kept: it is what jejak will demand of every engine.
"""

from __future__ import annotations

import base64
import json
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote_plus, urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from archiver.engines.answering import RECORDED  # noqa: E402
from archiver.engines.contract import FORMAT, attempt, read_contract, replayed  # noqa: E402
from archiver.engines.heard import HeardExchange, HeardSink  # noqa: E402
from archiver.engines.script import (  # noqa: E402
    DELETED,
    INSTAGRAM,
    PHOTO_MODE,
    SCRIPTS,
    SESSION,
    SLIDES,
    TIKTOK,
)
from connectors import connect  # noqa: E402
from connectors.base import Connector, Identity, Limits, Network  # noqa: E402
from demo.faults import Match, replaced, status  # noqa: E402
from demo.http import Site  # noqa: E402
from demo.instagram import faults as instagram_faults  # noqa: E402
from demo.instagram.site import InstagramSite  # noqa: E402
from demo.mediahosts import media_hosts  # noqa: E402
from demo.server import Platforms  # noqa: E402
from demo.tiktok import faults as tiktok_faults  # noqa: E402
from demo.tiktok import pages  # noqa: E402
from demo.tiktok.site import TikTokSite  # noqa: E402
from demo.world import (  # noqa: E402
    Account,
    Asset,
    Collection,
    Item,
    Place,
    Slide,
    Song,
    Visitor,
    World,
)

T = TypeVar("T")

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
REMOVED = ROOT / "tests" / "data" / "tiktok-web" / "universal-data-deleted-10204.json"
KEYS = frozenset(
    {"after", "shortcode", "secUid", "cursor", "username", "id", "user_id", "user_ids", "reel_ids"}
    | {"highlight_reel_ids", "target_user_id"}
)
"""Parameters by which a question is this question and no other."""
FLEETING = ("date:", "last-modified:", "etag:")
"""What differs at each recording, and says nothing about the answer."""


def office(folder: Path) -> World:
    """An invented office on both platforms, each with two pages of posts."""
    picture = Asset("a.jpg", folder / "a.jpg", "image/jpeg", 1080, 1350)
    film = Asset("a.mp4", folder / "a.mp4", "video/mp4", 720, 1280, 12.5)
    sound = Asset("a.m4a", folder / "a.m4a", "audio/mp4", duration_s=9.0)
    words = Asset("a.vtt", folder / "a.vtt", "text/vtt")
    picture.path.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(64)))
    film.path.write_bytes(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(range(64)))
    sound.path.write_bytes(b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42" + bytes(range(64)))
    words.path.write_bytes(b"WEBVTT\n\n00:00.000 --> 00:02.000\nKabar kota\n")
    world = World(lambda: NOW)
    world.url_lifetime = timedelta(days=365)
    given: dict[str, Any] = {
        "name": "Pemerintah Kota Contoh",
        "biography": "Kanal resmi · layanan 112",
        "external_url": "https://kota.example/",
        "followers": 12345,
        "following": 7,
        "avatar": picture,
    }
    instagram = Account("instagram", INSTAGRAM.native_id or "", INSTAGRAM.handle, **given)
    tiktok = Account("tiktok", TIKTOK.native_id or "", TIKTOK.handle, **given)
    tiktok.sec_uid = TIKTOK.locator or ""
    for number in range(14):
        instagram.items.append(_instagram_post(number, picture, film))
    for number in range(17):
        tiktok.items.append(_tiktok_post(number, picture, film, sound, words))
    instagram.items.extend(_story(number, picture, film) for number in range(4))
    kept = tuple(item.code for item in instagram.items if item.kind == "story")[:2]
    instagram.collections.append(Collection("17900000000000001", "Layanan", picture, kept))
    world.add(instagram)
    world.add(tiktok)
    world.visitors.append(Visitor("instagram", "77", "arsip.contoh", dict(SESSION.cookies)))
    return world


def _instagram_post(number: int, picture: Asset, film: Asset) -> Item:
    kind = ("photo", "carousel", "reel")[number % 3]
    pk = f"39000000000000{number:05d}"
    first = Slide(pk if kind != "carousel" else f"{pk}01", picture)
    second = Slide(pk if kind == "reel" else f"{pk}02", film, cover=picture)
    slides = {"photo": (first,), "carousel": (first, second), "reel": (second,)}[kind]
    return Item(
        SLIDES if number == 4 else f"Ckontoh{number:02d}_-",
        pk,
        kind,
        f"Kiriman {number} 🚒 #kotacontoh @dinas.contoh\nBaris kedua",
        NOW - timedelta(days=30 - number),
        slides,
        likes=number * 10,
        comments=number,
        plays=number * 100 if kind == "reel" else 0,
        hide_counts=number == 12,
        pinned=number == 2,
        place=Place("213", "Balai Kota") if number == 13 else None,
    )


def _story(number: int, picture: Asset, film: Asset) -> Item:
    """The first two are past, and stand in a highlight only."""
    pk = f"38000000000000{number:05d}"
    slide = Slide(pk, film, cover=picture) if number % 2 else Slide(pk, picture)
    taken = NOW - timedelta(hours=50 - 16 * number)
    return Item(pk, pk, "story", "", taken, (slide,), tagged=("dinas.contoh",))


def _tiktok_post(number: int, picture: Asset, film: Asset, sound: Asset, words: Asset) -> Item:
    photos = number == 15
    code = PHOTO_MODE if photos else f"74000000000000001{number:02d}"
    slides: tuple[Slide, ...] = (Slide(code, film, cover=picture, subtitles=(("ind-ID", words),)),)
    if photos:
        slides = tuple(
            Slide(f"{code}img{n}", picture, sound=None if n else sound) for n in range(2)
        )
    return Item(
        code,
        code,
        "photo-mode" if photos else "video",
        f"Kabar {number} #kotacontoh 🌊",
        NOW - timedelta(days=40 - number),
        slides,
        likes=31 + number,
        comments=4,
        plays=900,
        shares=2,
        song=Song("7000000000000000123", "Lagu Kota", "Sanggar Contoh") if photos else None,
    )


def _before(platforms: Platforms, platform: str, step: str) -> None:
    """What the platforms do otherwise from a step on."""
    faults = platforms.faults
    if (platform, step) == ("tiktok", "deleted"):
        scopes = json.loads(REMOVED.read_text(encoding="utf-8"))["__DEFAULT_SCOPE__"]
        body = pages.html(pages.rehydration(scopes))
        match = Match(path=f"*/video/{DELETED['tiktok']}")
        faults.add(replaced("removed", lambda _: body, match))
    elif (platform, step) == ("tiktok", "challenge sum"):
        faults.add(tiktok_faults.waf_challenge(tiktok_faults.USER_PAGE))
    elif (platform, step) == ("tiktok", "blocked"):
        faults.add(status(403, tiktok_faults.USER_PAGE, count=None))
    elif (platform, step) == ("instagram", "blocked"):
        faults.add(instagram_faults.please_wait(instagram_faults.SINGLE_QUERY))
    elif (platform, step) == ("instagram", "stranger blocked"):
        page = instagram_faults.profile_of(INSTAGRAM.handle)
        faults.add(instagram_faults.login_wall(page, count=None))


class RecordingStage:
    """Plays a script before the pretend platforms and keeps what they answer."""

    def __init__(self, platforms: Platforms, platform: str) -> None:
        self.sink = HeardSink()
        self.answers: dict[str, list[dict[str, Any]]] = {}
        self._platforms = platforms
        self._platform = platform
        self._opened: list[Connector] = []
        self._known = "\n".join(
            str(part)
            for ref in (INSTAGRAM, TIKTOK)
            for part in (ref.handle, ref.native_id, ref.locator, *DELETED.values(), SLIDES)
        )

    def visitor(self, platform: str, identity: Identity | None) -> Connector:
        """A connector on the pretend platform."""
        network = Network(
            proxy=self._platforms.proxy_url,
            ca_file=str(self._platforms.ca_file),
            limits=Limits(connect_s=20, read_s=20),
        )
        opened = connect(
            platform, "web", sink=self.sink, network=network, identity=identity,
            gate=lambda url: None,
        )  # fmt: skip
        self._opened.append(opened)
        return opened

    def step(self, name: str, ask: Callable[[], T], show: Callable[[T], object]) -> T | None:
        """Play one step, and keep its answers."""
        _before(self._platforms, self._platform, name)
        first = len(self.sink.exchanges)
        outcome = attempt(ask, show)
        self.answers[name] = [self._kept(heard) for heard in self.sink.exchanges[first:]]
        return outcome[0]

    def close(self) -> None:
        """Close every visitor."""
        for opened in self._opened:
            opened.close()

    def _kept(self, heard: HeardExchange) -> dict[str, Any]:
        parts = urlsplit(heard.start.url)
        lines = heard.answer_head.decode("latin-1").split("\r\n")
        dropped = (*FLEETING, "content-length:", "transfer-encoding:", "connection:")
        head = [line for line in lines if line and not line.lower().startswith(dropped)]
        body = bytes(heard.answer)
        kept = {
            "method": heard.start.method,
            "host": parts.hostname,
            "path": parts.path,
            "needs": self._needs(heard),
            "head": head,
        }
        try:
            text = body.decode()
            kept["text"] = text
            self._known += text
        except UnicodeDecodeError:
            kept["base64"] = base64.b64encode(body).decode()
        return kept

    def _needs(self, heard: HeardExchange) -> list[str]:
        """What the request holds that it can only have from the caller or an answer."""
        form = bytes(heard.request).partition(b"\r\n\r\n")[2].decode("latin-1")
        found: dict[str, object] = {}
        for asked in (urlsplit(heard.start.url).query, form):
            for name, value in parse_qsl(asked):
                try:
                    held = json.loads(value) if name == "variables" else {name: value}
                except ValueError:
                    continue
                found |= {key: held[key] for key in KEYS & held.keys()}
        told = [one for value in found.values() for one in _each(value)]
        return sorted(
            {
                unquote_plus(str(value))
                for value in told
                if value and len(str(value)) > 1 and str(value) in self._known
            }
        )


def _each(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def record(platform: str) -> dict[str, object]:
    """The answers of one platform, by step."""
    with tempfile.TemporaryDirectory() as folder:
        world = office(Path(folder))
        sites: tuple[Site, ...] = (InstagramSite(), TikTokSite(), *media_hosts())
        platforms = Platforms(world, sites, Path(folder) / "tls", compress=False)
        with platforms:
            stage = RecordingStage(platforms, platform)
            try:
                SCRIPTS[platform](stage)
            finally:
                stage.close()
    return dict(stage.answers)


def write(platform: str, answers: object, expected: object) -> None:
    """Write one platform's contract."""
    held = {"format": FORMAT, "answers": answers, "expected": expected}
    text = json.dumps(held, ensure_ascii=False, indent=1) + "\n"
    (RECORDED / f"{platform}.json").write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Record; see the module's own words."""
    RECORDED.mkdir(exist_ok=True)
    for platform in SCRIPTS:
        if "--expected" in arguments:
            held = json.loads((RECORDED / f"{platform}.json").read_text(encoding="utf-8"))
            answers: object = held["answers"]
        else:
            answers = record(platform)
            write(platform, answers, {})
        stage = replayed(platform, read_contract(platform))
        write(platform, answers, stage.results)
        for step, result in stage.results.items():
            print(f"{platform}: {step}: {json.dumps(result, ensure_ascii=False)[:150]}")
        for step, strayed in stage.strayed.items():
            print(f"{platform}: {step}: STRAYED {strayed}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
