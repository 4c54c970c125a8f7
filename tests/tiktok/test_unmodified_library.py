"""The unmodified yt-dlp, with browser impersonation, talks to the pretend TikTok."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from demo.faults import Match, replaced
from demo.server import Platforms
from demo.tiktok import faults, pages


def address(city, item) -> str:
    return f"https://www.tiktok.com/@{city.account.handle}/video/{item.code}"


def test_it_downloads(city, platforms: Platforms, library, tmp_path: Path) -> None:
    newest = city.video()
    (film,) = library(address(city, newest), download=True)
    assert film["id"] == newest.code
    assert film["timestamp"] == int(newest.taken_at.timestamp())
    assert (film["likes"], film["subtitles"]) == (31, ["eng-US", "ind-ID"])
    assert len(film["formats"]) >= 2
    saved = (tmp_path / f"{newest.code}.mp4").read_bytes()
    assert saved == newest.slides[0].asset.path.read_bytes()
    assert platforms.log.count(host="v16-webapp-prime.tiktok.com") >= 1


def test_it_walks_the_listing(city, platforms: Platforms, library) -> None:
    items = [city.video(days=days) for days in range(17)]
    url = f"https://www.tiktok.com/@{city.account.handle}"
    platforms.faults.add(faults.waf_challenge(count=None))
    (listed,) = library(url)
    assert listed["entries"] == [item.code for item in items]
    # profile, two pages, and each video's page twice because of the challenge
    assert platforms.log.count(path="/api/creator/item_list/") == 2
    assert platforms.log.count(path="/@*/video/*") == 34


def test_it_gives_photo_posts_as_sound_only(city, library) -> None:
    item = city.photos()
    (photo,) = library(address(city, item))
    assert photo["formats"] == ["audio"]


def test_it_calls_removed_and_private_alike(city, library) -> None:
    item, other = city.video(), city.video(days=1)
    city.world.delete(city.account, item.code)
    city.world.hide(city.account, other.code)
    removed, hidden = library(address(city, item), address(city, other))
    assert "IP address is blocked" in removed["error"]
    assert "do not have permission" in hidden["error"]


def test_it_finds_the_sec_uid_through_the_embed_page(city, platforms, library) -> None:
    item = city.video()
    platforms.faults.add(faults.shell(faults.USER_PAGE, count=None))
    (listed,) = library(f"https://www.tiktok.com/@{city.account.handle}")
    assert listed["id"] == city.account.sec_uid
    assert listed["entries"] == [item.code]
    assert platforms.log.count(path="/embed/@*") == 1


def test_it_follows_a_short_address(city, platforms, library) -> None:
    item = city.video()
    (film,) = library(f"https://vm.tiktok.com/{item.code}/")
    assert film["id"] == item.code
    heads = platforms.log.entries(method="HEAD")
    assert [head.request.host for head in heads] == ["vm.tiktok.com", "www.tiktok.com"]


def test_recorded_pages(
    platforms: Platforms, library, recorded_page: Callable[[str], bytes]
) -> None:
    names = {
        "7608826249200356630": "universal-data-video-detail-2026.json",
        "7276437262283859205": "universal-data-deleted-10204.json",
        "7631060535387163925": "universal-data-photo-page-without-video-detail.json",
    }
    for code, name in names.items():
        body, match = recorded_page(name), Match(path=f"*/video/{code}")
        platforms.faults.add(replaced(name, lambda _, b=body: pages.html(b), match, count=None))
    there, gone, photo = library(
        *(f"https://www.tiktok.com/@somebody/video/{code}" for code in names)
    )
    assert there["id"] == "7608826249200356630"
    assert (there["timestamp"], there["likes"]) == (1771567930, 105200)
    assert "IP address is blocked" in gone["error"]
    assert "status code 0" in photo["error"]


def test_a_recorded_profile_and_item(
    platforms: Platforms, library, recorded_page: Callable[[str], bytes], recorded
) -> None:
    body = recorded_page("universal-data-user-detail-rapvietvevo.json")
    line = recorded("zeeschuimer-search-haberturktv.ndjson").splitlines()[0]
    item = json.loads(line)["data"]
    listing = pages.data({"itemList": [item], "hasMorePrevious": False, "statusCode": 0})
    scopes = {"webapp.video-detail": {"itemInfo": {"itemStruct": item}, "statusCode": 0}}
    page = pages.html(pages.rehydration(scopes))
    for kind, answer, path in (
        ("profile", pages.html(body), "/@rapvietvevo"),
        ("listing", listing, "/api/creator/item_list/"),
        ("item", page, "/@*/video/*"),
    ):
        found = replaced(kind, lambda _, a=answer: a, Match(path=path), count=None)
        platforms.faults.add(found)
    (listed,) = library("https://www.tiktok.com/@rapvietvevo")
    assert listed["id"].startswith("MS4wLjABAAAAkkTvK7MIf")
    assert listed["entries"] == ["7288995634328177926"]
