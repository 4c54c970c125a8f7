from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from connectors.errors import (
    AccountNotFound,
    AccountPrivate,
    AccountUnavailable,
    HandleTaken,
    SessionExpired,
    WrongObject,
)
from connectors.model import AccountRef, MediaRole, PageEnd, PostKind, PostRef, Presence
from demo.instagram import faults


@pytest.mark.parametrize("direct", [False, True], ids=["proxy", "direct"])
@pytest.mark.parametrize("login", [False, True], ids=["anonymous", "logged in"])
def test_a_whole_account_is_read(desk: Any, login: bool, direct: bool) -> None:
    connector = desk.connect(login=login, direct=direct)
    profile = connector.profile(desk.account)
    assert (profile.native_id, profile.handle) == ("4242", "tirta_kencana.kota")
    assert (profile.followers, profile.declared_posts) == (12345, 30)
    assert profile.biography == "Kanal resmi" and profile.is_private is False
    assert profile.avatar and connector.fetch(profile.avatar).problem is None
    pages = list(connector.list_posts(desk.account))
    assert [len(page.posts) for page in pages] == [12, 12, 6]
    assert [page.end for page in pages] == [PageEnd.MORE, PageEnd.MORE, PageEnd.END]
    assert all(page.evidence and not page.problems for page in pages)
    posts = [post for page in pages for post in page.posts]
    assert len({post.id for post in posts}) == 30
    assert [post.pinned for post in posts].count(True) == 1 and posts[0].pinned
    assert all(post.is_complete is login for post in posts)
    known = {e.record_id for e in desk.sink.exchanges}
    assert all(set(page.evidence) <= known for page in pages)


def test_each_core_kind_is_complete(desk: Any) -> None:
    connector = desk.connect(login=True)
    posts = {p.ref.code: p for page in connector.list_posts(desk.account) for p in page.posts}
    photo, carousel, reel = posts["C000_-x"], posts["C001_-x"], posts["C002_-x"]
    assert [photo.kind, carousel.kind, reel.kind] == [
        PostKind.PHOTO,
        PostKind.CAROUSEL,
        PostKind.REEL,
    ]
    assert [(m.kind, m.role, m.position) for m in carousel.media] == [
        ("image", MediaRole.CONTENT, 0),
        ("video", MediaRole.CONTENT, 1),
        ("image", MediaRole.COVER, 1),
    ]
    assert len({m.media_id for m in carousel.media}) == 3
    assert reel.permalink == "https://www.instagram.com/reel/C002_-x/"
    assert (reel.metrics.likes, reel.metrics.plays) == (20, 200)
    assert posts["C006_-x"].published_at == posts["C007_-x"].published_at
    hidden = posts["C025_-x"]
    assert hidden.metrics.likes is None and hidden.extra["counts_hidden"] is True
    for post in (photo, carousel, reel):
        records = list(connector.fetch_media(post))
        assert [r.media for r in records] == list(post.media)
        assert all(r.problem is None and desk.sink.get(r.record).done for r in records)


def test_a_stranger_looks_each_post_up(desk: Any) -> None:
    connector = desk.connect()
    seen = connector.look(PostRef("instagram", "C001_-x", desk.account))
    assert seen.presence is Presence.PRESENT and seen.post and seen.post.is_complete
    assert len(seen.post.media) == 3 and seen.post.caption == "Kiriman 1 #kota"
    connector.look(PostRef("instagram", "C002_-x", desk.account))
    assert desk.requests() == ["GET /", "POST /api/graphql", "POST /api/graphql"]


def test_the_number_of_requests_is_as_small_as_it_can_be(desk: Any) -> None:
    connector = desk.connect(login=True)
    connector.profile(desk.account)
    list(connector.list_posts(desk.account))
    timeline = ["POST /api/graphql"] * 3
    asked = ["GET /tirta_kencana.kota/", "POST /graphql/query", "GET /", *timeline]
    assert desk.requests() == asked
    assert len(desk.asked) == len(asked) == len(desk.sink.exchanges)
    desk.platforms.log.settle()
    desk.platforms.log.clear()
    stranger = desk.connect()
    stranger.profile(desk.account)
    list(stranger.list_posts(desk.account))
    assert desk.requests() == ["GET /tirta_kencana.kota/", "GET /", *timeline[:2]]


def test_a_listing_is_lazy(desk: Any) -> None:
    pages = desk.connect(login=True).list_posts(desk.account)
    assert desk.requests() == []
    next(pages)
    assert desk.requests().count("POST /api/graphql") == 1
    pages.close()


def test_media_ids_stay_and_addresses_change(desk: Any) -> None:
    connector = desk.connect(login=True)
    first, second = (next(connector.list_posts(desk.account)).posts for _ in range(2))
    assert [m.media_id for p in first for m in p.media] == [
        m.media_id for p in second for m in p.media
    ]
    urls = {m.url for p in first for m in p.media} & {m.url for p in second for m in p.media}
    assert urls == set()


def test_no_cookie_reaches_a_media_host(desk: Any) -> None:
    connector = desk.connect(login=True)
    for post in next(connector.list_posts(desk.account)).posts:
        list(connector.fetch_media(post))
    log = desk.platforms.log
    assert log.count(host="scontent.cdninstagram.com") > 12
    assert log.cookies_at("scontent.cdninstagram.com") == set()
    media = [e for e in log.entries() if e.request.host == "scontent.cdninstagram.com"]
    assert all("authorization" not in e.request.headers for e in media)
    assert {e.request.method for e in media} == {"GET"}


def test_nothing_that_the_platform_saw_goes_unrecorded(desk: Any) -> None:
    connector = desk.connect(login=True)
    profile = connector.profile(desk.account)
    connector.fetch(profile.avatar)
    for page in connector.list_posts(desk.account):
        list(connector.fetch_media(page.posts[0]))
    connector.look(PostRef("instagram", "C004_-x", desk.account))
    connector.whoami()
    desk.platforms.log.settle()
    seen = [(e.request.method, e.url) for e in desk.platforms.log.entries()]
    assert [(e.start.method, e.start.url) for e in desk.sink.exchanges] == seen
    assert all(e.done and e.truncated is None for e in desk.sink.exchanges)


def test_deleted_hidden_and_restored_posts(desk: Any) -> None:
    world, ref = desk.platforms.world, PostRef("instagram", "C003_-x", desk.account)
    logged_in, stranger = desk.connect(login=True), desk.connect()
    world.delete(desk.city, ref.code)
    assert logged_in.look(ref).presence is Presence.GONE
    gone = stranger.look(ref)
    assert (gone.presence, gone.reason) == (Presence.GONE, "media_not_found") and gone.evidence
    world.hide(desk.city, ref.code)
    assert logged_in.look(ref).reason == "item_missing"
    assert logged_in.look(ref).presence is Presence.GONE
    assert stranger.look(ref).presence is Presence.UNKNOWN
    world.restore(desk.city, ref.code)
    assert stranger.look(ref).presence is Presence.PRESENT


@pytest.mark.parametrize("login", [False, True])
def test_accounts_that_cannot_be_listed(desk: Any, login: bool) -> None:
    connector = desk.connect(login=login)
    with pytest.raises(AccountNotFound):
        connector.profile(AccountRef("instagram", "tak.ada"))
    desk.city.private = True
    assert connector.profile(desk.account).is_private is True
    with pytest.raises(AccountPrivate):
        next(connector.list_posts(desk.account))


@pytest.mark.parametrize("handle", ["../x", "a/b", "..", "a b", "", "x" * 31, "ä"])
def test_a_handle_that_is_none_asks_nothing(desk: Any, handle: str) -> None:
    with pytest.raises(AccountNotFound):
        desk.connect().profile(AccountRef("instagram", handle))
    assert desk.requests() == []


def test_a_renamed_account_keeps_its_id(desk: Any) -> None:
    desk.platforms.world.rename(desk.city, "tirta.baru")
    with pytest.raises(AccountNotFound):
        desk.connect().profile(desk.account)
    assert desk.connect().profile(AccountRef("instagram", "tirta.baru")).native_id == "4242"


def test_a_stranger_on_the_handle_is_never_listed(desk: Any) -> None:
    handle = desk.city.handle
    desk.platforms.world.rename(desk.city, "tirta.baru")
    squatter = dataclasses.replace(desk.city, native_id="666", handle=handle, items=[])
    squatter.items = [dataclasses.replace(desk.city.items[0], code="Cfake", native_id="6660")]
    desk.platforms.world.add(squatter)
    stranger, identity = desk.connect(), desk.connect(login=True)
    assert stranger.profile(desk.account).native_id == "666"
    with pytest.raises(HandleTaken):
        next(stranger.list_posts(desk.account))
    assert identity.profile(desk.account).native_id == "666"
    posts = [p.ref.code for page in identity.list_posts(desk.account) for p in page.posts]
    assert len(posts) == 30 and "Cfake" not in posts, "listed by the pinned id"


def test_the_session_is_known_and_its_cookies_rotate(desk: Any) -> None:
    connector = desk.connect(login=True)
    assert connector.whoami() == "arsip.kota"
    next(connector.list_posts(desk.account))
    cookies = connector.cookies()
    assert cookies["sessionid"] == "77%3Aabcdefgh%3A1" and "rur" in cookies
    assert desk.connect().whoami() is None


def test_a_dead_session_is_told(desk: Any) -> None:
    desk.platforms.world.visitors[0].expired = True
    connector = desk.connect(login=True)
    with pytest.raises(SessionExpired) as told:
        connector.whoami()
    assert told.value.evidence and "browser" in told.value.hint
    with pytest.raises(SessionExpired):
        next(connector.list_posts(desk.account))
    with pytest.raises(SessionExpired, match="csrftoken"):
        desk.connect(login=True, cookies={"sessionid": "1", "ds_user_id": "2"})


def test_an_account_is_asked_for_by_its_number(desk: Any) -> None:
    identity, stranger = desk.connect(login=True), desk.connect()
    desk.platforms.world.rename(desk.city, "tirta.baru")
    assert identity.profile_by_id(desk.account).handle == "tirta.baru"
    before = len(desk.requests())
    with pytest.raises(AccountUnavailable, match="strangers"):
        stranger.profile_by_id(desk.account)
    assert len(desk.requests()) == before
    other = dataclasses.replace(desk.account, native_id="666")
    with pytest.raises(AccountNotFound):
        identity.profile_by_id(other)
    with pytest.raises(ValueError, match="number"):
        identity.profile_by_id(AccountRef("instagram", "tirta.baru"))


def test_a_wrong_answer_by_number_names_nobody(desk: Any) -> None:
    identity = desk.connect(login=True)

    def another(answer: dict[str, Any]) -> None:
        answer["data"]["user"] |= {"pk": "666", "id": "666"}

    def broken(answer: dict[str, Any]) -> None:
        answer |= {"data": {"user": None}, "errors": [{"message": "no"}]}

    desk.platforms.faults.add(faults.edited("another", another, faults.PROFILE_QUERY))
    with pytest.raises(WrongObject):
        identity.profile_by_id(desk.account)
    desk.platforms.faults.add(faults.edited("broken", broken, faults.PROFILE_QUERY))
    with pytest.raises(AccountUnavailable) as told:
        identity.profile_by_id(desk.account)
    assert not isinstance(told.value, AccountNotFound)
