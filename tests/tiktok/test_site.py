"""The pretend TikTok itself: what the unmodified library needs of it."""

from __future__ import annotations

import time
from datetime import timedelta

from connectors.tiktok import answers
from demo.http import Request
from demo.tiktok.listing import Orders, page_of
from demo.tiktok.site import TikTokSite
from demo.world import World


def ask(world: World, path: str, method: str = "GET", host: str = "www.tiktok.com", **query: str):
    request = Request(method, host, path, query, {}, {}, {}, b"", b"GET " + path.encode())
    return TikTokSite().answer(request, world, world.now())


def test_video_pages_answer_head(city) -> None:
    item = city.video()
    path = f"/@{city.account.handle}/video/{item.code}"
    whole, head = ask(city.world, path), ask(city.world, path, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert abs(int(head.header("content-length") or 0) - len(whole.body)) < 64


def test_short_addresses_lead_to_the_post(city) -> None:
    item = city.video()
    answer = ask(city.world, f"/{item.code}/", "HEAD", "vm.tiktok.com")
    assert answer.status == 301
    assert f"/video/{item.code}" in (answer.header("location") or "")


def test_photo_pages_carry_no_item_and_video_pages_do(city) -> None:
    item = city.photos()
    for form, there in (("photo", False), ("video", True)):
        page = ask(city.world, f"/@{city.account.handle}/{form}/{item.code}")
        found = answers.item(answers.video_page(page.whole_body()))
        assert bool(found.get("imagePost")) is there


def test_states_of_a_post_and_of_an_account(city) -> None:
    item = city.video()
    path = f"/@{city.account.handle}/video/{item.code}"

    def status() -> int | None:
        return answers.video_page(ask(city.world, path).whole_body()).status

    assert status() == 0
    city.world.hide(city.account, item.code)
    assert status() == 10216
    city.world.delete(city.account, item.code)
    assert status() == 10204
    city.world.restore(city.account, item.code)
    city.account.private = True
    assert status() == 10222
    city.account.gone = True
    assert status() == 10204
    profile = answers.user_page(ask(city.world, f"/@{city.account.handle}").whole_body())
    assert profile.status == 10221


def test_addresses_differ_on_every_listing(city) -> None:
    city.video()
    query = {"secUid": city.account.sec_uid, "cursor": str(int(time.time() * 1000))}
    first = ask(city.world, "/api/creator/item_list/", **query).whole_body()
    second = ask(city.world, "/api/creator/item_list/", **query).whole_body()
    urls = [
        answers.listing(body).detail["itemList"][0]["video"]["playAddr"] for body in (first, second)
    ]
    assert urls[0] != urls[1]


def test_captions_cannot_close_the_script(city) -> None:
    item = city.video(caption="</script><script>alert(1)</script> \u2028 & <b>")
    page = ask(city.world, f"/@{city.account.handle}/video/{item.code}").whole_body()
    assert answers.item(answers.video_page(page))["desc"] == item.caption
    assert b"<script>alert" not in page


def test_a_walk_sees_every_post_once(city) -> None:
    for number in range(50):
        city.video(taken_at=city.start - timedelta(seconds=number // 3))
    seen: list[str] = []
    cursor, more = int(time.time() * 1000), True
    while more:
        known = Orders().of(city.world, city.account)
        shown, more = page_of(known, cursor, 15, city.world.now())
        seen += [item.code for item in shown]
        cursor = int(shown[-1].taken_at.timestamp()) * 1000
    assert len(seen) == len(set(seen)) == 50


def test_unknown_paths_and_queries_are_answered(city) -> None:
    assert ask(city.world, "/aweme/v1/play/").status == 404
    for query in ({}, {"secUid": city.account.sec_uid, "cursor": "soon"}):
        answer = answers.listing(ask(city.world, "/api/creator/item_list/", **query).whole_body())
        assert answer.status in (10221, 10201)
