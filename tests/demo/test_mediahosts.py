from __future__ import annotations

import hashlib

import pytest

from demo.mediahosts import address, with_addresses


@pytest.fixture
def picture_url(bench):
    world = bench.platforms.world
    return address(world, bench.film, "instagram", world.now())


def test_a_signed_address_gives_the_file(bench, picture_url):
    answer = bench.client.get(picture_url)
    assert answer.content == bench.film.path.read_bytes()
    assert answer.headers["Content-Type"] == "video/mp4"
    assert {"ETag", "Last-Modified", "Date"} <= set(answer.headers)
    bench.platforms.log.settle()
    (entry,) = bench.platforms.log.entries()
    assert entry.body_sha256() == hashlib.sha256(answer.content).hexdigest()


def test_addresses_differ_on_every_listing_and_expire(bench, picture_url):
    world = bench.platforms.world
    assert address(world, bench.film, "instagram", world.now()) != picture_url
    assert bench.client.get(picture_url.replace("oe=", "oe=f")).text == "URL signature mismatch"
    bench.tomorrow()
    answer = bench.client.get(picture_url)
    assert (answer.status_code, answer.text) == (403, "URL signature expired")


@pytest.mark.parametrize(
    ("asked", "status", "content_range", "size"),
    [
        ("bytes=0-9", 206, "bytes 0-9/1048576", 10),
        ("bytes=1048570-", 206, "bytes 1048570-1048575/1048576", 6),
        ("bytes=-4", 206, "bytes 1048572-1048575/1048576", 4),
        ("bytes=1048576-", 416, "bytes */1048576", 0),
        ("pages=1-2", 200, None, 1048576),
    ],
)
def test_ranges(bench, picture_url, asked, status, content_range, size):
    answer = bench.client.get(picture_url, headers={"Range": asked})
    assert answer.status_code == status
    assert answer.headers.get("Content-Range") == content_range
    assert len(answer.content) == size


def test_head_and_validators_send_no_body(bench, picture_url):
    head = bench.client.head(picture_url)
    assert head.headers["Content-Length"] == "1048576"
    again = bench.client.get(picture_url, headers={"If-None-Match": head.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_tiktok_films_want_the_chain_cookie_and_a_referer(bench):
    world = bench.platforms.world
    url = address(world, bench.film, "tiktok", world.now())
    referer = {"Referer": "https://www.tiktok.com/@x/video/7"}
    cookies = {"Cookie": "tt_chain_token=abc"}
    assert bench.client.get(url, headers=referer).status_code == 403
    assert bench.client.get(url, headers=cookies).status_code == 403
    assert bench.client.get(url, headers=referer | cookies).status_code == 200
    assert bench.platforms.log.cookies_at("*.tiktok.com") == {"tt_chain_token"}


def test_recorded_objects_get_fresh_addresses(bench):
    world = bench.platforms.world
    raw = {"a": ["asset://scontent-lga3-1.cdninstagram.com/film.mp4"], "b": 1, "c": "asset://x/no"}
    filled = with_addresses(raw, world, world.now())
    assert filled["a"][0].startswith("https://scontent-lga3-1.cdninstagram.com/v/film.mp4?oe=")
    assert (filled["b"], filled["c"]) == (1, "")
    assert bench.client.get(filled["a"][0]).status_code == 200
