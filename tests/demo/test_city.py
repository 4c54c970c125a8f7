from __future__ import annotations

import subprocess
import unicodedata
from datetime import UTC, datetime, timedelta

import imageio_ffmpeg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from demo.citizens import HANDLES
from demo.city import build_city, cookie_file
from demo.city_life import live_in
from demo.ids import instagram_code, instagram_pk, instagram_pk_of, tiktok_id
from demo.pictures import MOTIFS, PALETTES, Scene, picture
from demo.world import World

NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


def all_items(city):
    return [item for account in city.accounts for item in account.items]


def test_every_core_kind_is_there(city):
    kinds = {
        platform: {i.kind for a in city.accounts if a.platform == platform for i in a.items}
        for platform in ("instagram", "tiktok")
    }
    assert kinds["instagram"] == {"photo", "carousel", "reel"}
    assert kinds["tiktok"] == {"video", "photo-mode"}
    mixed = [i for i in city.instagram.items if i.kind == "carousel"]
    assert any({s.asset.mime for s in i.slides} == {"image/jpeg", "video/mp4"} for i in mixed)


def test_the_city_has_the_awkward_posts(city):
    items = city.instagram.items
    moments = [item.taken_at for item in items]
    pictures = [i.slides[0].asset.name for i in items if i.kind == "photo"]
    assert len(items) >= 30 and len(city.tiktok.items) >= 20
    assert len(moments) - len(set(moments)) == 1
    assert len(pictures) - len(set(pictures)) == 1
    assert any(item.hide_counts for item in items) and any(item.pinned for item in items)
    assert max(len(item.caption) for item in items) == 2200
    assert min(len(item.caption) for item in items) == 0
    assert city.instagram.public()[0].pinned
    assert any(slide.subtitles for i in city.tiktok.items for slide in i.slides)
    assert any(slide.sound for i in city.tiktok.items for slide in i.slides)


def test_life_brings_every_further_kind(life):
    city = life.city
    own, disaster = city.instagram, city.disaster
    kinds = {i.kind for a in life.accounts if a.platform == "instagram" for i in a.items}
    assert kinds == {"photo", "carousel", "reel", "video", "story", "live"}
    stories = city.world.stories(own, NOW)
    assert {s.slides[0].asset.mime for s in stories} == {"image/jpeg", "video/mp4"}
    assert any(s.links for s in stories) and any(s.tagged for s in stories)
    codes = {story.code for story in stories}
    titles = [c.title for a in (own, disaster) for c in a.collections]
    assert titles == ["Layanan", "Banjir 2026"]
    assert len(codes & set(own.collections[0].codes)) == 1
    assert any(i.off_grid for i in own.items) and not any(i.off_grid for i in own.public())
    assert {life.shared, life.invited} <= {i.code for _, i in city.world.timeline(own)}
    assert life.festival not in life.accounts
    tiktok = city.tiktok.items
    assert len(tiktok[0].slides[0].subtitles) == 3
    assert tiktok[1].place and tiktok[1].song and tiktok[2].comments_off
    assert tiktok[3].kind == "photo-mode" and tiktok[3].slides[0].sound and tiktok[3].song


def test_life_brings_difficult_captions_names_and_comments(life):
    own, world = life.city.instagram, life.city.world
    captions = [i.caption for i in (*own.items, *life.festival.items)]
    assert any(unicodedata.bidirectional(letter) == "AL" for text in captions for letter in text)
    assert any("\ua980" <= letter <= "\ua9df" for text in captions for letter in text)
    assert life.fire.handle[0] == life.fire.handle[-1] == "_"
    item = world.item("instagram", life.shared)[1]
    parents = [r for r in item.remarks if r.parent is None]
    assert len(parents) > 12 and len(item.remarks) == item.comments
    ids = [r.native_id for r in item.remarks]
    assert len(ids) == len(set(ids))
    assert {r.parent for r in item.remarks} - {None} <= set(ids)
    said = " ".join(f"{r.author} {r.text}" for r in item.remarks)
    assert all(handle in said for handle in HANDLES)
    assert not any(i.remarks for a in life.accounts for i in a.items if i.code != life.shared)


def test_a_name_falls_into_a_strangers_hands(life):
    world, village = life.city.world, life.village
    handle, native_id = village.handle, village.native_id
    assert world.by_handle("instagram", handle) is village
    stranger = life.lose_name()
    assert world.by_handle("instagram", handle) is stranger
    assert stranger.native_id != native_id and village.gone
    files = [{i.slides[0].asset.name for i in a.items} for a in (stranger, village)]
    assert not files[0] & files[1]


def test_one_moment_gives_one_city(demo_media):
    first, second = (
        live_in(build_city(World(lambda: NOW), demo_media), demo_media) for _ in range(2)
    )
    assert all_items(first) == all_items(second)
    codes = [item.code for item in all_items(first)]
    assert len(codes) == len(set(codes))
    later = live_in(build_city(World(lambda: NOW + timedelta(days=1)), demo_media), demo_media)
    assert not set(codes) & {item.code for item in all_items(later)}


def test_upcoming_posts_come_newest(city):
    before = len(city.instagram.items)
    published = city.publish_upcoming()
    assert len(city.instagram.items) == before + 2
    newest = [item for item in city.instagram.public() if not item.pinned][:2]
    assert set(published) >= set(newest)
    assert all(item.taken_at <= city.world.now() for item in published)


def test_the_story_of_the_day_is_on_show_at_once(life):
    published = life.city.publish_upcoming()
    (story,) = (item for item in published if item.kind == "story")
    assert story.code == story.native_id == story.slides[0].media_id
    assert story in life.city.world.stories(life.city.disaster, NOW)


def test_files_are_real(city):
    assets = list(city.world.assets.values())
    for asset in assets:
        if asset.mime == "image/jpeg":
            with Image.open(asset.path) as image:
                assert (image.format, image.size) == ("JPEG", (asset.width, asset.height))
        elif asset.mime == "text/vtt":
            assert asset.path.read_text(encoding="utf-8").startswith("WEBVTT\n")
    film = next(a for a in assets if a.mime == "video/mp4")
    tune = next(a for a in assets if a.mime == "audio/mp4")
    data = film.path.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")
    for asset, streams in ((film, ("Video: h264", "Audio: aac")), (tune, ("Audio: aac",))):
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(asset.path)]
        played = subprocess.run([*command, "-f", "null", "-"], capture_output=True, check=True)
        assert played.stderr == b""
        probe = subprocess.run(
            [imageio_ffmpeg.get_ffmpeg_exe(), "-i", str(asset.path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert all(stream in probe.stderr for stream in streams)


@pytest.mark.parametrize("motif", sorted(MOTIFS))
def test_every_motif_can_be_drawn(tmp_path, motif):
    for palette in PALETTES:
        scene = Scene("Kota", "Tirta Kencana", motif, palette, "Kantor", (96, 120))
        assert picture(tmp_path, scene).path.stat().st_size > 1000


def test_cookie_files_are_what_browsers_export(city):
    text = cookie_file(city.visitor, NOW)
    rows = [line.split("\t") for line in text.splitlines()[1:]]
    assert {row[5]: row[6] for row in rows} == city.visitor.cookies
    assert all(len(row) == 7 and row[0].endswith(".instagram.com") for row in rows)


@given(st.datetimes(min_value=datetime(2016, 1, 1), max_value=datetime(2040, 1, 1)), st.text())
def test_ids_hold_their_time_and_come_back(moment, seed):
    moment = moment.replace(tzinfo=UTC)
    pk = instagram_pk(moment, seed)
    assert instagram_pk_of(instagram_code(pk)) == pk
    assert int(tiktok_id(moment, seed)) >> 32 == int(moment.timestamp())
