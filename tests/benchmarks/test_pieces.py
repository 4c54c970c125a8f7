"""What the benchmarks measure is the real thing; how fast it is, no test asks."""

from __future__ import annotations

import hashlib

import pytest
import requests

from benchmarks.__main__ import main, pieces
from benchmarks.origin import Origin, running
from benchmarks.result import Result
from benchmarks.warc_writing import Bench, json_bodies, media_bodies, write_responses
from storage.conformance import check
from storage.warc_reader import members, payload_stream


def test_every_goal_has_a_piece():
    assert sorted(pieces()) == [
        "exactness",
        "media_500mb",
        "night_requests",
        "per_post",
        "search_speed",
        "sixty_videos",
        "warc_writing",
    ]


def test_an_unknown_piece_is_named(capsys):
    assert main(["nothing"]) == 2
    assert "no such piece: nothing" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("better", "ratio", "met"),
    [("lower", 1.0, True), ("lower", 1.1, False), ("higher", 0.9, False)],
)
def test_a_goal_is_met_on_its_own_side(better, ratio, met):
    assert Result("G0", "", ratio, 1.0, better).met is met


def test_what_is_written_for_speed_is_whole(tmp_path):
    media, texts = media_bodies(2_000_000), json_bodies(3)
    bench = Bench(tmp_path)
    bench.record_all(media, "image/jpeg")
    bench.record_all(texts, "application/json")
    write_responses(bench.writer, texts)
    (closed,) = bench.writer.close()
    (segment,) = bench.folder.glob(f"segments/**/{closed.name}")
    assert list(check(segment)) == []
    answers = [one for one in members(segment) if one.field("WARC-Type") == "response"]
    found = [digest(payload_stream(segment, one.offset)) for one in answers]
    assert found == [digest([body]) for body in (*media, *texts, *texts)]
    bench.remove()


def test_the_origin_sends_films_of_the_size_asked_for(tmp_path):
    with running(tmp_path) as place:
        bodies = [asked(place, seed) for seed in ("a", "a", "b")]
    assert [len(body) for body in bodies] == [3_000_000] * 3
    assert bodies[0][4:8] == b"ftyp"
    assert bodies[0] == bodies[1] != bodies[2]


def asked(place: Origin, seed: str) -> bytes:
    """One body."""
    url = place.url(3_000_000, seed)
    return requests.get(url, proxies={"https": place.proxy}, verify=place.ca_file).content


def digest(parts) -> str:
    """sha256 of parts one after the other."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
    return whole.hexdigest()
