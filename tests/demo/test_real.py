from __future__ import annotations

import json

import pytest

from demo.mediahosts import with_addresses
from demo.real import LICENSED, real_accounts, real_story_accounts
from demo.world import World


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def assert_served_as_recorded(account):
    """Only addresses differ, and each new one leads to a file of the world."""
    world = World()
    world.add(account)
    for item in account.items:
        filled = with_addresses(item.raw, world, world.now())
        assert "" not in {text for text in texts(filled) if text.startswith("asset:")}
        placed = [text for text in texts(item.raw) if text.startswith("asset://")]
        assert placed
        for text in placed:
            assert text.rsplit("/", 1)[1] in world.assets, text


def test_the_licensed_accounts(demo_media):
    real = real_accounts(None, demo_media)
    assert (real.instagram.platform, real.tiktok.platform) == ("instagram", "tiktok")
    assert "MIT" in real.sentence_id and "MIT" in real.sentence_en
    records = json.loads(
        (LICENSED / "tiktok-web/tiktok-api-odai_mie_japan_videos.json").read_text("utf-8")
    )
    told = {i.code: (i.caption, int(i.taken_at.timestamp()), i.likes) for i in real.tiktok.items}
    assert told == {r["videoId"]: (r["title"], r["publishedDate"], r["likeCount"]) for r in records}
    for account in real.all:
        assert_served_as_recorded(account)


def test_the_other_accounts(demo_media, real_data):
    real = real_accounts(real_data, demo_media)
    assert "MIT" not in real.sentence_en
    assert {item.kind for item in real.instagram.items} == {"photo", "carousel", "reel"}
    assert len(real.all) > 8
    for account in real.all:
        assert_served_as_recorded(account)


def test_nothing_but_addresses_is_touched(demo_media, real_data):
    path = real_data / "instagram-graphql/charity-ride-api-v1-media-4.json"
    recorded = {entry["code"]: entry for entry in json.loads(path.read_text("utf-8"))}
    for item in real_accounts(real_data, demo_media).instagram.items:
        before, after = list(texts(recorded[item.code])), list(texts(item.raw))
        pairs = zip(before, after, strict=True)
        changed = [(old, new) for old, new in pairs if old != new]
        assert all(old.startswith("https://") for old, _ in changed)
        assert all(new.startswith("asset://") for _, new in changed)


@pytest.mark.parametrize("name", ["instagram-graphql", "tiktok-web"])
def test_every_licensed_file_is_named_with_its_licence(name):
    readme = (LICENSED / "README.md").read_text("utf-8")
    for path in (LICENSED / name).iterdir():
        line = next(line for line in readme.splitlines() if f"{name}/{path.name} " in line)
        assert "| MIT |" in line


def test_recorded_stories_and_highlights(demo_media):
    tray, kept = real_story_accounts(demo_media)
    (story,) = tray.items
    assert (tray.handle, story.kind, story.tagged) == ("starwars", "story", ("geico",))
    world = World()
    world.add(tray)
    world.add(kept)
    assert world.stories(tray, story.taken_at) == [story]
    assert [len(c.codes) for c in kept.collections] == [33, 8, 9]
    codes = {item.code for item in kept.items}
    assert all(code in codes for c in kept.collections for code in c.codes)
    assert kept.public() == []
    assert all(c.cover.name in world.assets for c in kept.collections)
