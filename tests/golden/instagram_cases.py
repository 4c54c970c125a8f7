"""Golden files of Instagram: media objects, stories, profiles, a checkpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import instaloader
from casework import Case, ForgettingSink, network, plain

from connectors.base import Identity
from connectors.errors import ConnectorError
from connectors.instagram.profile import profile, user_of
from connectors.instagram.story_parse import highlight, story
from connectors.instagram.web import InstagramWeb
from connectors.model import AccountRef
from demo.faults import Match, replaced
from demo.http import Response
from demo.instagram.site import InstagramSite
from demo.server import Platforms
from demo.world import Account, Item, Visitor, World

SESSION = {"sessionid": "77%3Aabcdefgh%3A1", "csrftoken": "tok0123456789", "ds_user_id": "77"}
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
STORIES = "303a4ae99711322310f25250d988f3b7"
KEPT_STORIES = "45246d3fe16ccc6577e0bd297a5db1ab"
"""``query_hash`` of instaloader's questions for stories and for a highlight."""


@contextmanager
def served(accounts: list[Account], folder: Path) -> Iterator[Platforms]:
    """A pretend Instagram with these accounts and one visitor."""
    world = World(lambda: NOW)
    for account in accounts:
        world.add(account)
    world.visitors.append(Visitor("instagram", "77", "arsip.kota", dict(SESSION)))
    with Platforms(world, [InstagramSite()], folder / "tls") as platforms:
        yield platforms


@contextmanager
def reading(platforms: Platforms, *, login: bool) -> Iterator[InstagramWeb]:
    """The route, with a session or as a stranger."""
    identity = Identity("arsip", "instagram", dict(SESSION), "arsip.kota") if login else None
    connector = InstagramWeb(
        sink=ForgettingSink(), network=network(platforms), identity=identity, gate=lambda _: None
    )
    try:
        yield connector
    finally:
        connector.close()


def account_of(objects: list[Mapping[str, Any]]) -> Account:
    """An account whose posts are these objects, byte for byte."""
    user = objects[0]["user"]
    items = [
        Item(
            recorded["code"],
            str(recorded["pk"]),
            "recorded",
            (recorded.get("caption") or {}).get("text") or "",
            datetime.fromtimestamp(int(recorded["taken_at"]), UTC),
            (),
            raw=recorded,
        )
        for recorded in objects
    ]
    return Account("instagram", str(user["pk"]), user["username"], "", items=items)


def media(file: Path, folder: Path) -> Any:
    """Media objects: as listed, and each the same at its own address."""
    content = file.read_text(encoding="utf-8")
    if file.suffix == ".ndjson":
        # Not splitlines: captions may hold U+2028, which it takes for a line end.
        objects = [json.loads(line)["data"] for line in content.split("\n") if line.strip()]
    else:
        value = json.loads(content)
        objects = value["items"] if isinstance(value, dict) else value
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for recorded in objects:
        grouped.setdefault(str(recorded["user"]["pk"]), []).append(recorded)
    accounts = [account_of(group) for group in grouped.values()]
    found = {}
    with (
        served(accounts, folder) as platforms,
        reading(platforms, login=True) as member,
        reading(platforms, login=False) as stranger,
    ):
        for account in accounts:
            ref = AccountRef("instagram", account.handle, account.native_id)
            for page in member.list_posts(ref):
                assert page.problems == ()
                for post in page.posts:
                    assert plain(stranger.look(post.ref).post) == plain(post), post.id
                    found[post.ref.code] = post
    return {"posts": [found[recorded["code"]] for recorded in objects]}


def recorded_answer(body: bytes, match: Match, status: int = 200) -> Any:
    """The pretend platform gives this answer to every question that fits."""
    kind = [("Content-Type", "application/json; charset=utf-8")]
    return replaced("recorded", lambda _: Response(status, kind, body), match, count=None)


def stories(file: Path, folder: Path) -> Any:
    """A ``reels_media`` answer: what the library makes of it, and what we do."""
    answer = json.loads(file.read_text(encoding="utf-8"))
    found = []
    with served([], folder) as platforms, reading(platforms, login=True) as member:
        for reel in answer["data"]["reels_media"]:
            alone = {**answer, "data": {"reels_media": [reel]}}
            body = json.dumps(alone).encode()
            match = Match(fields={"query_hash": _query_of(reel)})
            platforms.faults.clear()
            platforms.faults.add(recorded_answer(body, match))
            found.append(_reel(member, reel))
    return {"reels": found}


def _query_of(reel: Mapping[str, Any]) -> str:
    return KEPT_STORIES if reel["__typename"] == "GraphHighlightReel" else STORIES


def _reel(member: InstagramWeb, reel: Mapping[str, Any]) -> Any:
    client = member._client
    loader = instaloader.Instaloader(quiet=True, iphone_support=False)
    loader.context.close()
    loader.context = client._context
    loader.context.iphone_support = False
    kept = None
    if _query_of(reel) == KEPT_STORIES:
        kept = replace(highlight(reel), title="Sorotan")
        whole = instaloader.Highlight(loader.context, {**reel, "title": kept.title})
        answered = client._ask(lambda: list(whole.get_items()))
    else:
        answered = client._ask(
            lambda: [i for s in loader.get_stories([int(reel["id"])]) for i in s.get_items()]
        )
    assert answered.error is None, answered.error
    said = json.loads(answered.last.body)["data"]["reels_media"][0]
    owner = AccountRef("instagram", reel["owner"]["username"], reel["owner"]["id"])
    posts = [story(item, owner, (), highlight=kept) for item in said["items"]]
    # The library gives a tray's stories newest first.
    library = {i.mediaid: (i.date_utc.replace(tzinfo=UTC), i.is_video) for i in answered.value}
    for post in posts:
        film = any(m.kind == "video" for m in post.media)
        assert library.pop(int(post.ref.native_id or 0)) == (post.published_at, film)
    assert not library
    return {"highlight": kept, "stories": posts}


def web_profile(file: Path, folder: Path) -> Any:
    """A profile answer, given to the library's question for a handle."""
    body = file.read_bytes()
    user = json.loads(body)["data"]["user"]
    with served([], folder) as platforms, reading(platforms, login=True) as member:
        match = Match(path="/api/v1/users/web_profile_info*")
        platforms.faults.add(recorded_answer(body, match))
        answered = member._client.web_profile(user["username"])
    assert answered.error is None and answered.value["data"]["user"]["id"] == user["id"]
    return {"profile": profile(user_of(json.loads(answered.last.body)), ())}


def checkpoint(file: Path, folder: Path) -> Any:
    """A checkpoint where a listing was asked for: a refusal, and which."""
    account = Account("instagram", "4242", "kota", "Kota")
    with served([account], folder) as platforms, reading(platforms, login=True) as member:
        match = Match(path="*graphql*", fields={"doc_id": "*"})
        platforms.faults.add(recorded_answer(file.read_bytes(), match, status=400))
        try:
            list(member.list_posts(AccountRef("instagram", "kota", "4242")))
        except ConnectorError as error:
            return {"refusal": error.code, "hint": error.hint, "answers": len(error.evidence)}
    raise AssertionError("a checkpoint was taken for a listing")


def dump(file: Path, folder: Path) -> Any:
    """A profile that the library wrote to disk, read by it and then by us."""
    loader = instaloader.Instaloader(quiet=True)
    found = instaloader.load_structure_from_file(loader.context, str(file))
    loader.context.close()
    ours = profile(found._node, ())
    assert isinstance(found, instaloader.Profile)
    assert (ours.native_id, ours.handle) == (str(found.userid), found.username)
    assert (ours.followers, ours.is_verified) == (found.followers, found.is_verified)
    return {"profile": ours}


def _case(name: str, file: str, licensed: bool, read: Any) -> Case:
    return Case(f"instagram/{name}", file, licensed, read)


_G, _L = "instagram-graphql", "instagram-instaloader"

CASES = (
    _case("timeline-news", f"{_G}/zeeschuimer-web-timeline-news-2026.ndjson", False, media),
    _case("charity-ride", f"{_G}/charity-ride-api-v1-media-4.json", False, media),
    _case("media-info", f"{_G}/pgrimaud-api-v1-media-info-carousel.json", True, media),
    _case("stories", f"{_G}/pgrimaud-graphql-stories.json", True, stories),
    _case("highlights", f"{_G}/pgrimaud-graphql-highlights.json", True, stories),
    _case("web-profile", f"{_G}/pgrimaud-web-profile-info.json", True, web_profile),
    _case("checkpoint", f"{_G}/pgrimaud-login-checkpoint.json", True, checkpoint),
    _case("dump-natgeo", f"{_L}/natgeo_787132.json", False, dump),
    _case("dump-natgeo-xz", f"{_L}/natgeo_787132.json.xz", False, dump),
    _case("dump-nasa", f"{_L}/nasa_528817151.json.xz", False, dump),
)
