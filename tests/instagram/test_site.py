"""The pretend Instagram, as stock instaloader finds it: no tap, no patch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import instaloader
import pytest
import requests

from demo.instagram.tokens import Tokens


@pytest.fixture
def stock(desk: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> instaloader.Instaloader:
    monkeypatch.setenv("HTTPS_PROXY", desk.platforms.proxy_url)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(desk.platforms.ca_file))
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    loader = instaloader.Instaloader(
        quiet=True, sleep=False, max_connection_attempts=1, dirname_pattern=str(tmp_path / "out")
    )
    loader.context.raise_all_errors = True
    return loader


@pytest.mark.parametrize("login", [False, True], ids=["anonymous", "logged in"])
def test_stock_instaloader_downloads_an_account(
    desk: Any, stock: instaloader.Instaloader, tmp_path: Path, login: bool
) -> None:
    if login:
        stock.context.load_session("arsip.kota", dict(desk.platforms.world.visitors[0].cookies))
        assert stock.test_login() == "arsip.kota"
    profile = instaloader.Profile.from_username(stock.context, "tirta_kencana.kota")
    assert (profile.userid, profile.followers, profile.mediacount) == (4242, 12345, 30)
    assert profile.biography == "Kanal resmi"
    stock.download_profilepic(profile)
    posts = list(profile.get_posts())
    assert len({post.shortcode for post in posts}) == 30
    kinds = {post.typename: post for post in posts}
    assert sorted(kinds) == ["GraphImage", "GraphSidecar", "GraphVideo"]
    for post in kinds.values():
        assert stock.download_post(post, "kota")
    suffixes = [path.suffix for path in (tmp_path / "out").iterdir()]
    assert suffixes.count(".mp4") == 2 and suffixes.count(".jpg") >= 4
    assert stock.context.error_log == []
    alone = instaloader.Post.from_shortcode(stock.context, "C001_-x")
    assert [node.is_video for node in alone.get_sidecar_nodes()] == [False, True]


def test_a_dead_session_gets_the_login_page(desk: Any, stock: instaloader.Instaloader) -> None:
    desk.platforms.world.visitors[0].expired = True
    stock.context.load_session("arsip.kota", dict(desk.platforms.world.visitors[0].cookies))
    assert stock.test_login() is None
    with pytest.raises(instaloader.AbortDownloadException, match="login page"):
        list(instaloader.Profile(stock.context, {"id": 4242, "username": "x"}).get_posts())


def test_the_older_and_the_mobile_interface(desk: Any, stock: instaloader.Instaloader) -> None:
    answer = stock.context.get_json(
        "api/v1/users/web_profile_info/", {"username": "tirta_kencana.kota"}
    )
    assert answer["data"]["user"]["edge_owner_to_timeline_media"]["count"] == 30
    with pytest.raises(instaloader.ConnectionException):
        stock.context.get_iphone_json("api/v1/users/4242/info/", {})
    stock.context.load_session("arsip.kota", dict(desk.platforms.world.visitors[0].cookies))
    media = stock.context.get_iphone_json("api/v1/media/3900003/info/", {})
    assert media["items"][0]["code"] == "C003_-x"
    desk.platforms.world.delete(desk.city, "C003_-x")
    with pytest.raises(instaloader.QueryReturnedBadRequestException, match="not found"):
        stock.context.get_iphone_json("api/v1/media/3900003/info/", {})


def test_a_browser_gets_cookies_once(desk: Any) -> None:
    with requests.Session() as browser:
        browser.trust_env = False
        browser.proxies = {"https": desk.platforms.proxy_url}
        browser.verify = str(desk.platforms.ca_file)
        first = browser.get("https://www.instagram.com/")
        assert {c.name for c in browser.cookies} == {"csrftoken", "mid", "ig_did"}
        assert {c.domain for c in browser.cookies} == {".instagram.com"}
        again = browser.get("https://www.instagram.com/")
        assert "Set-Cookie" not in again.headers and first.text != again.text
        query = {"doc_id": "27128499623469141", "variables": json.dumps({"shortcode": "C003_-x"})}
        refused = browser.post("https://www.instagram.com/api/graphql", data=query)
        assert refused.status_code == 400, "no page token was sent"
        unknown = browser.get("https://www.instagram.com/p/C003_-x/what/")
        assert unknown.status_code == 404


def test_tokens_are_fresh_and_belong_to_one_session() -> None:
    tokens, others = Tokens(), Tokens()
    one = tokens.dtsg("a")
    assert tokens.dtsg_valid(one, "a") and one != tokens.dtsg("a")
    assert not tokens.dtsg_valid(one, "b") and not others.dtsg_valid(one, "a")
    assert tokens.lsd_valid(tokens.lsd()) and not tokens.lsd_valid(others.lsd())
    assert not any(tokens.lsd_valid(text) for text in ("", "NA", one.partition(":")[0]))


def test_stock_instaloader_reads_what_a_session_shows(
    full: Any, stock: instaloader.Instaloader, comment: Any
) -> None:
    stock.context.load_session("arsip.kota", dict(full.platforms.world.visitors[0].cookies))
    (story,) = stock.get_stories([4242])
    items = list(story.get_items())
    assert story.owner_username == "tirta_kencana.kota" and story.itemcount == 3
    assert [item.is_video for item in items] == [False, True, False]
    assert all("iphone_struct" in item._node for item in items)
    assert all(stock.download_storyitem(item, "kota") for item in items)
    highlights = list(stock.get_highlights(4242))
    assert [h.title for h in highlights] == ["Layanan", "Banjir"]
    assert [len(list(h.get_items())) for h in highlights] == [2, 2]
    profile = instaloader.Profile.from_id(stock.context, 4242)
    reels = {post.shortcode for post in profile.get_reels()}
    assert len(reels) == 11 and "CZZ0_-x" in reels
    for count, replies in ((8, 2), (40, 25)):
        remarks = comment(count, replies=replies)
        full.platforms.world.edit(full.city, "C003_-x", remarks=remarks, comments=len(remarks))
        post = instaloader.Post.from_shortcode(stock.context, "C003_-x")
        found = list(post.get_comments())
        assert len(found) == count and found[0].owner.username.startswith("warga_")
        answers = [len(list(one.answers)) for one in found]
        # The library asks for one page of replies only.
        assert sum(answers) == min(replies, 20)
    assert stock.context.error_log == []


def test_a_stranger_gets_neither_stories_nor_reels(
    full: Any, stock: instaloader.Instaloader
) -> None:
    profile = instaloader.Profile(stock.context, {"id": 4242, "username": "tirta_kencana.kota"})
    with pytest.raises(TypeError):
        list(profile.get_reels())  # the platform answers null
    with pytest.raises(instaloader.ConnectionException, match="401"):
        stock.context.graphql_query("303a4ae99711322310f25250d988f3b7", {"reel_ids": [4242]})
    with pytest.raises(instaloader.ConnectionException, match="403"):
        stock.context.get_iphone_json("api/v1/feed/reels_media/?reel_ids=4242", {})
