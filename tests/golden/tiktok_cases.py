"""TikTok's recorded answers, each served by the pretend platform and captured."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from casework import Case, ForgettingSink, network

from connectors.model import AccountRef, Page, PostRef
from connectors.tiktok.web import TikTokWeb, build
from demo.faults import Match, replaced
from demo.mediahosts import media_hosts, with_addresses
from demo.realtiktok import tiktok_account
from demo.server import Platforms
from demo.standins import StandIns, with_stand_ins
from demo.tiktok import pages
from demo.tiktok.site import TikTokSite
from demo.world import World

SOMEBODY = AccountRef("tiktok", "somebody")
Json = Mapping[str, Any]


@contextmanager
def visitor(folder: Path) -> Iterator[tuple[TikTokWeb, Platforms]]:
    """The route, and an empty pretend platform behind it."""
    with Platforms(World(), (TikTokSite(), *media_hosts()), folder / "tls") as platforms:
        sink, way = ForgettingSink(), network(platforms)
        web = build(sink=sink, network=way, identity=None, gate=lambda url: None)
        assert isinstance(web, TikTokWeb)
        try:
            yield web, platforms
        finally:
            web.close()


def page_without_item(file: Path, folder: Path) -> Any:
    """A post's page without an item: what one visit concludes."""
    scopes = _scopes(file)
    code = scopes["seo.abtest"]["canonical"].rsplit("/", 1)[1]
    with visitor(folder) as (web, platforms):
        _serve(platforms, f"/@*/video/{code}", scopes)
        return web.look(PostRef("tiktok", code, SOMEBODY))


def profile(file: Path, folder: Path) -> Any:
    """A profile page and the avatar it names."""
    scopes = _scopes(file)
    handle = scopes["webapp.user-detail"]["userInfo"]["user"]["uniqueId"]
    avatar = StandIns(folder, handle).avatar()
    with visitor(folder) as (web, platforms):
        world = platforms.world
        world.assets[avatar.name] = avatar
        served = with_stand_ins(scopes, lambda keys: avatar)
        _serve(platforms, f"/@{handle}", with_addresses(served, world, world.now()))
        found = web.profile(AccountRef("tiktok", handle))
        assert found.avatar is not None
        return {"profile": found, "avatar": web.fetch(found.avatar).problem}


def video_page(file: Path, folder: Path) -> Any:
    """The item of a video page."""
    item = _scopes(file)["webapp.video-detail"]["itemInfo"]["itemStruct"]
    return _captured(item, folder)


def listed_item(file: Path, folder: Path) -> Any:
    """An item that a search listed."""
    return _captured(json.loads(file.read_text("utf-8").split("\n")[0])["data"], folder)


def _captured(item: Json, folder: Path) -> dict[str, Any]:
    """One item object: listed, looked at, its files fetched."""
    with visitor(folder) as (web, platforms):
        account = platforms.world.add(tiktok_account([item], folder))
        owner = AccountRef("tiktok", account.handle, account.native_id, account.sec_uid)
        (page,) = web.list_posts(owner)
        sighting = web.look(page.posts[0].ref)
        assert sighting.post is not None
        problems = [record.problem for record in web.fetch_media(sighting.post)]
    return {"listing": _without_cursor(page), "page": sighting, "media": problems}


def _without_cursor(page: Page) -> dict[str, Any]:
    return {"posts": page.posts, "end": page.end, "problems": page.problems}


def _scopes(file: Path) -> dict[str, Any]:
    found = json.loads(file.read_text("utf-8"))["__DEFAULT_SCOPE__"]
    assert isinstance(found, dict)
    return found


def _serve(platforms: Platforms, path: str, scopes: Any) -> None:
    body = pages.rehydration(scopes)
    match = Match("www.tiktok.com", path)
    platforms.faults.add(replaced("recorded", lambda _: pages.html(body), match, count=None))


def _case(name: str, file: str, read: Callable[[Path, Path], Any], licensed: bool = False) -> Case:
    return Case(f"tiktok/{name}", f"tiktok-web/{file}", licensed, read)


CASES = (
    _case("deleted", "universal-data-deleted-10204.json", page_without_item, True),
    _case("photo-page", "universal-data-photo-page-without-video-detail.json", page_without_item),
    _case("user-detail", "universal-data-user-detail-rapvietvevo.json", profile),
    _case("video-detail", "universal-data-video-detail-2026.json", video_page),
    _case("search-item", "zeeschuimer-search-haberturktv.ndjson", listed_item),
)
