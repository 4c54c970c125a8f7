"""Every kind of post through the real program, and accounts that behave oddly."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from archiver.cli.main import main
from demo.acts.opening import demo_config, with_comments
from demo.citizens import HANDLES
from demo.city import build_city, cookie_file
from demo.city_life import LivelyCity, live_in
from demo.claims import captions_of, files_of, id_of, names_beyond_answers, on_show, sha256_of
from demo.server import Platforms
from demo.sites import pretend_platforms
from demo.stage import IDENTITY
from demo.words import Words
from demo.world import Account, Item, World

NOT_CAPTURED = 4


@dataclass
class Office:
    """An archive of the lively city after its first night."""

    folder: Path
    life: LivelyCity
    platforms: Platforms

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def jejak(self, *arguments: str) -> tuple[int, str]:
        """The program's exit code, and all it says."""
        before = () if arguments[0] == "init" else ("--config", str(self.config))
        said = io.BytesIO()
        stream = io.TextIOWrapper(said, "utf-8", write_through=True)
        with redirect_stdout(stream), redirect_stderr(stream):
            code = main([*before, *arguments])
        return code, said.getvalue().decode()

    def done(self, *arguments: str) -> str:
        """What a command says that must succeed."""
        code, said = self.jejak(*arguments)
        assert code == 0, said
        return said

    def rows(self, *arguments: str) -> list[dict]:
        said = self.done(*arguments, "--json")
        return [json.loads(line) for line in said.split("\n") if line.strip()]

    def posts(self, *arguments: str) -> dict[str, dict]:
        return {row["id"]: row for row in self.rows("posts", *arguments)}

    def show(self, item: Item, platform: str = "instagram") -> dict:
        (row,) = self.rows("show", id_of(platform, item))
        return row

    def facts(self, item: Item, platform: str = "instagram") -> dict:
        """What was told and is so; what was told not to be so is left out."""
        told = self.show(item, platform)["versions"][-1]["extra"]
        return {name: value for name, value in told.items() if value}


def _few(life: LivelyCity) -> LivelyCity:
    """The same city with fewer ordinary posts; all special ones stay."""
    city = life.city
    # Mixed carousel, place, music, comments off, emoji and 2,200 characters.
    for account, kept, ordinary in (
        (city.instagram, {0, 1, 2, 3, 8, 9, 12}, 34),
        (city.disaster, {0, 6}, 13),
        (city.tiktok, {0, 1, 2, 3, 12}, 23),
        (city.transport, {1}, 6),
    ):
        account.items[:] = [
            item for n, item in enumerate(account.items) if n in kept or n >= ordinary
        ]
    return life


@pytest.fixture(scope="module")
def archived(demo_media: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An archive after its first night; do not capture into it."""
    folder = tmp_path_factory.mktemp("office") / "arsip"
    world = World()
    life = _few(live_in(build_city(world, demo_media), demo_media))
    with pretend_platforms(world, folder / "platform-tiruan") as platforms:
        office = Office(folder, life, platforms)
        _set_up(office)
        office.done("capture")
        yield office


def _set_up(office: Office) -> None:
    life = office.life
    office.done("init", str(office.folder))
    stage = SimpleNamespace(words=Words("en"), platforms=office.platforms, folder=office.folder)
    office.config.write_text(demo_config(stage), "utf-8")
    cookies = office.folder / "cookies.txt"
    cookies.touch(mode=0o600)
    cookies.write_text(cookie_file(life.city.visitor, datetime.now(UTC) + timedelta(days=9)))
    office.done("login", "instagram", IDENTITY, "--cookies", str(cookies), "--yes")
    for account in (*life.accounts, life.village):
        stranger = account.platform == "tiktok" or account is life.fire
        identity = () if stranger else ("--identity", IDENTITY)
        office.done("accounts", "add", account.platform, account.handle, "--yes", *identity)
    config = office.config.read_text("utf-8")
    office.config.write_text(with_comments(config, life.city.disaster.handle), "utf-8")


@pytest.fixture
def office(archived: Office, tmp_path: Path) -> Iterator[Office]:
    """A copy to capture into; the world's clock is set right afterwards."""
    folder, world = tmp_path / "arsip", archived.life.city.world
    shutil.copytree(archived.folder, folder)
    now = world.now
    yield Office(folder, archived.life, archived.platforms)
    world.now = now


@pytest.fixture
def stranger(archived: Office) -> Iterator[Account]:
    """The village office's name in other hands; given back afterwards."""
    life, world = archived.life, archived.life.city.world
    handle = life.village.handle
    opened = life.lose_name()
    yield opened
    del world.accounts[f"instagram:{opened.native_id}"]
    life.village.handle, life.village.gone = handle, False


def _item(office: Office, code: str) -> Item:
    found = office.life.city.world.item("instagram", code)
    assert found is not None
    return found[1]


# -- kinds --------------------------------------------------------------------------


def test_every_kind_is_kept_as_what_it_is(archived: Office) -> None:
    life, world = archived.life, archived.life.city.world
    kept = {code for account in life.accounts for c in account.collections for code in c.codes}
    wanted = {
        id_of(account.platform, item): "highlight" if item.code in kept else item.kind
        for account in (*life.accounts, life.village)
        for item in on_show(world, account, logged_in=account is not life.fire)
    }
    rows = archived.posts()
    assert {post: row["kind"] for post, row in rows.items()} == wanted
    assert set(wanted.values()) == {
        *("photo", "carousel", "reel", "video", "story", "highlight", "live", "photo-mode")
    }
    for account in world.accounts.values():
        for item in account.items:
            row = rows[id_of(account.platform, item)]
            files = {sha256_of(part.path) for part in files_of(item)}
            assert {medium["sha256"] for medium in row["media"]} == files
            assert row["media_complete"]


def test_captions_are_kept_letter_by_letter(archived: Office) -> None:
    written, rows = captions_of(archived.life.city.world), archived.posts()
    assert {post: rows[post]["caption"] or "" for post in written} == written
    texts = list(written.values())
    assert max(map(len, texts)) == 2200
    assert all(any(sign in text for text in texts) for sign in ("تقبل", "ꦱꦸꦒꦼꦁ", "👨‍👩‍👧‍👦🇮🇩"))


def test_what_people_see_on_a_post_is_kept(archived: Office) -> None:
    own, disaster = archived.life.city.instagram, archived.life.city.disaster
    album, bridge, _, _, hall = own.items[2:7]
    assert archived.facts(bridge) == {
        "alt_text": {bridge.slides[0].media_id: bridge.alt_texts[0]},
        "caption_edited": True,
        "location": bridge.place.name,
        "location_address": bridge.place.address,
        "location_id": bridge.place.native_id,
    }
    assert list(archived.facts(album)["alt_text"].values()) == [t for t in album.alt_texts if t]
    facts = archived.facts(hall)
    assert facts["comments_disabled"] and facts["tagged"] == [disaster.handle]
    (apart,) = (item for item in own.items if item.off_grid)
    assert archived.facts(apart)["music"] == {
        "artist": apart.song.artist,
        "id": apart.song.native_id,
        "title": apart.song.title,
    }


def test_stories_tell_their_stickers_and_highlights_their_titles(archived: Office) -> None:
    city = archived.life.city
    told = {item.caption: archived.facts(item) for item in city.instagram.items if not item.likes}
    queue = told["Loket Sabtu masih buka"]
    assert queue["links"] == ["https://tirtakencana.example/antrean?loket=sabtu"]
    assert queue["highlights"] == ["Layanan"]
    assert told["Simulasi gempa siang ini"] == {"mentions": [city.disaster.handle]}
    assert told["Akta lahir selesai sehari"]["highlights"] == ["Layanan"]
    (gauge, *kept) = (item for item in city.disaster.items if item.kind == "story")
    assert archived.facts(gauge)["location"] == gauge.place.name
    assert [archived.facts(item)["highlights"] for item in kept] == [["Banjir 2026"]] * 2
    assert archived.show(gauge)["permalink"] == (
        f"https://www.instagram.com/stories/{city.disaster.handle}/{gauge.code}/"
    )


def test_tiktok_tells_languages_places_sounds_and_switches(archived: Office) -> None:
    spoken, place, quiet, photos, pinned = archived.life.city.tiktok.items
    texts = archived.facts(spoken, "tiktok")["subtitles"]
    assert sorted(key.rpartition("-subtitle-")[2] for key in texts) == [
        "eng-US",
        "ind-ID",
        "jav-ID",
    ]
    facts = archived.facts(place, "tiktok")
    assert (facts["location"], facts["location_id"]) == (place.place.name, place.place.native_id)
    assert facts["music"]["title"] == place.song.title
    assert archived.facts(quiet, "tiktok")["comments_disabled"] is True
    row = archived.show(photos, "tiktok")
    assert [m["kind"] for m in row["media"]].count("image") == 3
    assert [m["role"] for m in row["media"]].count("sound") == 1
    assert pinned.pinned and archived.show(pinned, "tiktok")["state"] == "present"


# -- accounts -----------------------------------------------------------------------


def test_a_post_of_two_accounts_is_one(archived: Office) -> None:
    life, city = archived.life, archived.life.city
    item = _item(archived, life.shared)
    row = archived.show(item)
    assert [(author["handle"], author["role"]) for author in row["versions"][-1]["authors"]] == [
        (city.disaster.handle, "owner"),
        (city.instagram.handle, "coauthor"),
    ]
    assert {(one["account"], one["role"]) for one in row["accounts"]} == {
        (f"instagram:{city.disaster.native_id}", "owner"),
        (f"instagram:{city.instagram.native_id}", "coauthor"),
    }
    assert len(row["versions"]) == 1
    for account in (city.disaster, city.instagram):
        assert row["id"] in archived.posts("--account", f"instagram/{account.handle}")
    paths = [entry.request.path for entry in archived.platforms.log.entries()]
    assert [paths.count(f"/v/{part.name}") for part in files_of(item)] == [1] * len(files_of(item))


def test_a_post_of_somebody_else_keeps_its_owner(archived: Office) -> None:
    life = archived.life
    row = archived.show(_item(archived, life.invited))
    assert [author["handle"] for author in row["versions"][-1]["authors"]] == [
        life.festival.handle,
        life.city.instagram.handle,
    ]
    handles = {f"{a['account']}" for a in archived.rows("accounts", "list")}
    assert f"instagram:{life.festival.native_id}" not in handles


def test_names_with_dots_and_underscores_are_found(archived: Office) -> None:
    for account in archived.life.accounts:
        found = archived.posts("--account", f"{account.platform}/{account.handle}")
        own = {id_of(account.platform, i) for i in account.items}
        assert own <= found.keys()


def test_comments_are_kept_without_names(archived: Office) -> None:
    item = _item(archived, archived.life.shared)
    (row,) = archived.rows("show", id_of("instagram", item), "--comments")
    told = {comment["text"] for comment in row["comments"]}
    assert len(row["comments"]) == len(item.remarks)
    assert {remark.text for remark in item.remarks if "@" not in remark.text} <= told
    assert names_beyond_answers(archived.folder / "archive", HANDLES) == set()
    other = archived.show(archived.life.city.instagram.items[0])
    assert other["comments"] == {"kept": 0, "classification": "terbatas"}


def test_an_expired_story_stays_and_a_highlight_stays_one(office: Office) -> None:
    city = office.life.city
    accounts = [f"instagram/{account.handle}" for account in (city.instagram, city.disaster)]
    before = office.posts()
    office.done("capture", *accounts)
    again = office.posts()
    assert {post: row["kind"] for post, row in again.items()} == {
        post: row["kind"] for post, row in before.items()
    }
    assert {post: row["versions"] for post, row in again.items()} == {
        post: row["versions"] for post, row in before.items()
    }
    later = city.world.now() + timedelta(hours=25)
    city.world.now = lambda: later
    assert city.world.stories(city.instagram, later) == []
    office.done("capture", *accounts)
    rows = office.posts("--kind", "story")
    assert rows.keys() == {post for post, row in before.items() if row["kind"] == "story"}
    assert len(rows) == 2
    for post, row in rows.items():
        # The platform's clock is a day ahead of ours: nothing is concluded of them.
        assert row["state"] == "unavailable"
        file = office.folder / f"{post.rpartition(':')[2]}.bin"
        office.done("show", post, "--media", "1", "-o", str(file))
        assert sha256_of(file) == row["media"][0]["sha256"]


def test_a_name_in_other_hands_is_not_captured(office: Office, stranger: Account) -> None:
    log, before = office.platforms.log, office.posts()
    mark = log.mark()
    code, told = office.jejak("capture")
    log.settle()
    assert code == NOT_CAPTURED
    assert stranger.native_id in told
    assert office.life.village.native_id in told
    (run,) = office.rows("runs", "--limit", "1")
    outcomes = (run["complete"], run["partial"], run["failed"])
    assert outcomes == (len(office.life.accounts), 0, 1)
    assert office.posts().keys() == before.keys()
    own = {id_of("instagram", item) for item in office.life.village.items}
    assert own <= before.keys()
    fetched = {entry.request.path.removeprefix("/v/") for entry in log.entries(since=mark)}
    assert not fetched & {part.name for item in stranger.items for part in files_of(item)}
