from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta

import imageio_ffmpeg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from demo.city import build_city, cookie_file
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


def test_one_moment_gives_one_city(demo_media):
    first, second = (build_city(World(lambda: NOW), demo_media) for _ in range(2))
    assert all_items(first) == all_items(second)
    codes = [item.code for item in all_items(first)]
    assert len(codes) == len(set(codes))
    later = build_city(World(lambda: NOW + timedelta(days=1)), demo_media)
    assert not set(codes) & {item.code for item in all_items(later)}


def test_upcoming_posts_come_newest(city):
    before = len(city.instagram.items)
    published = city.publish_upcoming()
    assert len(city.instagram.items) == before + 2
    newest = [item for item in city.instagram.public() if not item.pinned][:2]
    assert set(published) >= set(newest)
    assert all(item.taken_at <= city.world.now() for item in published)


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
