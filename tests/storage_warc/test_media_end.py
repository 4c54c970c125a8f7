"""Files that were cut tell it themselves."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from connectors.media_type import sniff
from demo.films import film, sound
from demo.pictures import PALETTES, Scene, picture
from storage.media_end import ends_early


@pytest.fixture(scope="session")
def files(demo_media):
    """Whole real files by their type."""
    scene = Scene("Banjir", "Siaga", "banjir", sorted(PALETTES)[0], "Kota", (432, 768))
    made = {
        "image/jpeg": picture(demo_media, scene).path.read_bytes(),
        "video/mp4": film(demo_media, scene).path.read_bytes(),
        "audio/mp4": sound(demo_media, "Banjir").path.read_bytes(),
    }
    for form in ("PNG", "WEBP"):
        out = io.BytesIO()
        Image.new("RGB", (64, 64), "teal").save(out, form)
        made[f"image/{form.lower()}"] = out.getvalue()
    return made


def judged(data: bytes) -> bool:
    return ends_early(sniff(data), len(data), lambda start, size: data[start : start + size])


def test_whole_files_do_not_end_early(files):
    for name, data in files.items():
        assert sniff(data) == name
        assert not judged(data), name
        assert not judged(data + b"\x00 a little more"), name


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(missing=st.integers(1, 5000), name=st.sampled_from(["image/jpeg", "video/mp4", "audio/mp4"]))
def test_cut_files_end_early(files, missing, name):
    assert judged(files[name][:-missing])


@pytest.mark.parametrize("left", range(9))
def test_a_cut_before_the_description_is_seen(files, left):
    sound = files["audio/mp4"]
    assert judged(sound[: sound.rindex(b"moov") - 4 + left])


@pytest.mark.parametrize("name", ["image/png", "image/webp"])
def test_cut_small_pictures_end_early(files, name):
    assert judged(files[name][:-9])


@settings(max_examples=200)
@given(st.binary(max_size=400), st.sampled_from([b"\0\0\0\x18ftypmp42", b"\xff\xd8\xff", b"RIFF"]))
def test_broken_files_are_judged_without_an_error(data, beginning):
    judged(beginning + data)


def test_the_sink_tells_of_a_cut_file_in_memory_and_spooled(desk, files):
    sink = desk.scope()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n"
    film_bytes = files["video/mp4"]
    # A large box in front of nothing else keeps the walk and fills a spool.
    large = film_bytes + (2 * 1024**2 + 8).to_bytes(4, "big") + b"free" + bytes(2 * 1024**2)
    for whole in (film_bytes, large):
        for body, early in ((whole, False), (whole[:-1], True)):
            record_id = desk.exchange(sink, body, head=head)
            stored = sink.stored(record_id)
            assert stored is not None
            assert stored.ends_early is early
