from __future__ import annotations

import time
from dataclasses import replace

import pytest
import requests

from demo import faults
from demo.faults import Fault, Match
from demo.mediahosts import address

WEB = "https://www.instagram.com"


def film_url(bench):
    world = bench.platforms.world
    return address(world, bench.film, "instagram", world.now())


def test_a_fault_skips_then_fires_then_is_over(bench):
    planned = bench.platforms.faults.add(
        faults.status(429, Match(path="/api/*"), retry_after_s=60, skip=1, count=2)
    )
    codes = [bench.client.get(f"{WEB}/api/x").status_code for _ in range(4)]
    assert bench.client.get(f"{WEB}/other").status_code == 200
    assert codes == [200, 429, 429, 200]
    assert bench.platforms.faults.fired(planned) == 2
    assert [entry.fault for entry in bench.platforms.log.entries(path="/api/*")][1] == "status-429"


def test_matches_look_at_fields_method_and_host(bench):
    match = Match("www.*", "/graphql", "POST", {"doc_id": "12*"}, lambda r: "x" in r.query)
    bench.platforms.faults.add(faults.empty_object(match, count=None))
    ask = bench.client.post
    assert ask(f"{WEB}/graphql?x=1", data={"doc_id": "123"}).json() == {}
    assert ask(f"{WEB}/graphql", data={"doc_id": "123"}).json() != {}
    assert ask(f"{WEB}/graphql?x=1", data={"doc_id": "7"}).json() != {}
    assert bench.client.get(f"{WEB}/graphql?x=1&doc_id=12").json() != {}


def test_transforms_change_the_platforms_own_answer(bench):
    bench.platforms.faults.add(
        Fault("teapot", transform=lambda answer: replace(answer, status=418))
    )
    answer = bench.client.get(WEB)
    assert (answer.status_code, answer.json()["path"]) == (418, "/")


def test_planning_words_are_checked():
    with pytest.raises(TypeError, match="cuont"):
        faults.html(cuont=3)


@pytest.mark.parametrize(
    "fault",
    [faults.truncated(1000), faults.reset(1000), faults.reset(0), faults.wrong_length(50)],
    ids=["truncated", "reset", "reset-at-once", "longer"],
)
def test_broken_bodies_are_noticed_by_the_client(bench, fault):
    bench.platforms.faults.add(fault)
    with pytest.raises(requests.exceptions.RequestException):
        bench.client.get(film_url(bench))
    bench.platforms.log.settle()
    assert bench.client.get(film_url(bench)).status_code == 200


def test_a_shorter_length_hides_the_rest(bench):
    bench.platforms.faults.add(faults.wrong_length(-50))
    assert len(bench.client.get(film_url(bench)).content) == 1048576 - 50


def test_tls_fails_for_the_named_host_only(bench):
    bench.platforms.faults.add(faults.tls_failure("*.cdninstagram.com"))
    assert bench.client.get(WEB).status_code == 200
    with pytest.raises(requests.exceptions.SSLError):
        bench.client.get(film_url(bench))
    assert bench.client.get(film_url(bench)).status_code == 200


def test_stalls_and_drips_take_their_time(bench):
    bench.platforms.faults.add(faults.stall(0.3, Match(path="/stall"), after_bytes=100))
    bench.platforms.faults.add(faults.drip(500, 0.02, Match(path="/drip")))
    plain = {"Accept-Encoding": "identity"}
    for path, least_s in (("/stall", 0.3), ("/drip", 0.08)):
        start = time.monotonic()
        assert bench.client.get(WEB + path, headers=plain).json()["path"] == path
        assert time.monotonic() - start >= least_s


def test_a_stop_does_not_wait_for_a_stall(bench):
    bench.platforms.faults.add(faults.stall(60))
    with pytest.raises(requests.exceptions.ConnectionError):
        bench.client.get(WEB, timeout=0.2)
    start = time.monotonic()
    bench.platforms.stop()
    assert time.monotonic() - start < 30


def test_hostile_bodies(bench):
    plan = bench.platforms.faults.add
    plan(faults.gzip_bomb(5_000_000, Match(path="/bomb")))
    plan(faults.deep_json(3000, Match(path="/deep")))
    plan(faults.oversized(300_000, Match(path="/big"), announced=False))
    plan(faults.cut_text(Match(path="/cut")))
    plan(faults.exact(b"HTTP/1.1 200 OK\r\nX-Odd:  a\r\n\r\nrest", Match(path="/exact")))
    get = bench.client.get
    assert len(get(f"{WEB}/bomb").content) == 5_000_008
    assert get(f"{WEB}/deep").text == "[" * 3000 + "]" * 3000
    assert get(f"{WEB}/big").content == bytes(300_000)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        get(f"{WEB}/cut").json()
    assert get(f"{WEB}/exact").text == "rest"


def test_redirects(bench):
    bench.platforms.faults.add(faults.redirect_loop(Match(path="/loop")))
    bench.platforms.faults.add(faults.redirect("http://127.0.0.1:9/x", Match(path="/away")))
    with pytest.raises(requests.exceptions.TooManyRedirects):
        bench.client.get(f"{WEB}/loop")
    away = bench.client.get(f"{WEB}/away", allow_redirects=False)
    assert away.headers["Location"] == "http://127.0.0.1:9/x"
