from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.errors import AccountNotFound, AccountUnavailable, WrongObject
from connectors.model import AccountRef, MediaKind, MediaRole, PageEnd, PostKind, Presence
from connectors.tiktok.web import TikTokWeb
from demo.faults import Fault
from demo.tiktok import faults as tiktok
from demo.world import Account


def test_profile(city, connect: Callable[..., TikTokWeb], way: str, sink) -> None:
    city.video()
    profile = connect(way).profile(city.ref())
    assert profile.key == "tiktok:6900000000000000001"
    assert profile.handle == "pemkot_tirta.kencana"
    assert profile.locator == city.account.sec_uid
    assert (profile.followers, profile.following, profile.declared_posts) == (1200, 7, 1)
    assert profile.external_url == "https://tirtakencana.example/"
    assert profile.avatar is not None and profile.avatar.role is MediaRole.AVATAR
    assert profile.evidence == (sink.exchanges[0].record_id,)


def test_avatar(city, web: TikTokWeb, sink) -> None:
    avatar = web.profile(city.ref()).avatar
    assert avatar is not None
    record = web.fetch(avatar)
    assert record.problem is None
    assert sink.of(record.record).response_body == city.account.avatar.path.read_bytes()


def test_listing_pages(city, web: TikTokWeb, platforms) -> None:
    made = [city.video(days=n) for n in range(40)]
    pages = list(web.list_posts(city.ref()))
    assert [len(page.posts) for page in pages] == [15, 15, 10]
    assert [page.end for page in pages] == [PageEnd.MORE, PageEnd.MORE, PageEnd.END]
    listed = [post.ref.code for page in pages for post in page.posts]
    assert listed == [item.code for item in made]
    assert platforms.log.count() == 3


def test_listing_is_lazy(city, web: TikTokWeb, platforms) -> None:
    for days in range(40):
        city.video(days=days)
    next(iter(web.list_posts(city.ref())))
    assert platforms.log.count() == 1


def test_pinned_posts_stand_first_and_are_told_apart(city, web: TikTokWeb) -> None:
    old = city.video(days=100, pinned=True)
    new = city.video(days=1)
    (page,) = web.list_posts(city.ref())
    assert [(post.ref.code, post.pinned) for post in page.posts] == [
        (old.code, True),
        (new.code, False),
    ]


def test_listing_and_page_show_the_same_post(city, web: TikTokWeb) -> None:
    for item in (city.video(), city.photos()):
        listed = next(
            post
            for page in web.list_posts(city.ref())
            for post in page.posts
            if post.ref.code == item.code
        )
        sighting = web.look(listed.ref)
        assert sighting.presence is Presence.PRESENT
        seen = sighting.post
        assert seen is not None
        assert (seen.caption, seen.kind) == (listed.caption, listed.kind)
        assert [m.media_id for m in seen.media] == [m.media_id for m in listed.media]
        assert seen.published_at == listed.published_at == item.taken_at
        assert seen.metrics == listed.metrics


def test_video_with_cover_and_subtitles(
    city, connect: Callable[..., TikTokWeb], way: str, sink, platforms
) -> None:
    item = city.video()
    web = connect(way)
    (page,) = web.list_posts(city.ref())
    (post,) = page.posts
    records = list(web.fetch_media(post))
    assert [record.problem for record in records] == [None] * 4
    assert [(r.media.kind, r.media.role, r.media.language) for r in records] == [
        (MediaKind.VIDEO, MediaRole.CONTENT, None),
        (MediaKind.IMAGE, MediaRole.COVER, None),
        (MediaKind.SUBTITLE, MediaRole.SUBTITLE, "ind-ID"),
        (MediaKind.SUBTITLE, MediaRole.SUBTITLE, "eng-US"),
    ]
    slide = item.slides[0]
    files = [slide.asset, slide.cover, *(asset for _, asset in slide.subtitles)]
    for record, asset in zip(records, files, strict=True):
        assert sink.of(record.record).response_body == asset.path.read_bytes()
    # listing, the post's page, and one request for each file
    assert platforms.log.count() == 2 + 4


def test_photo_mode_has_its_images_and_its_sound(city, web: TikTokWeb, sink) -> None:
    item = city.photos(3)
    (page,) = web.list_posts(city.ref())
    (post,) = page.posts
    assert post.kind is PostKind.PHOTO_MODE
    records = list(web.fetch_media(post))
    assert [record.problem for record in records] == [None] * 4
    assert [(r.media.role, r.media.position) for r in records] == [
        (MediaRole.CONTENT, 0),
        (MediaRole.CONTENT, 1),
        (MediaRole.CONTENT, 2),
        (MediaRole.SOUND, 0),
    ]
    files = [slide.asset for slide in item.slides] + [item.slides[0].sound]
    for record, asset in zip(records, files, strict=True):
        assert sink.of(record.record).response_body == asset.path.read_bytes()


def test_hidden_counts_are_not_zero(city, web: TikTokWeb) -> None:
    city.video(hide_counts=True)
    (page,) = web.list_posts(city.ref())
    assert page.posts[0].metrics.likes is None
    assert page.posts[0].metrics.plays is None


def test_two_posts_in_one_second_are_both_listed_across_pages(city, web: TikTokWeb) -> None:
    for _ in range(20):
        city.video(taken_at=city.start)
    listed = [post.id for page in web.list_posts(city.ref()) for post in page.posts]
    assert len(set(listed)) == 20


def test_a_renamed_account_is_listed_by_its_sec_uid(city, web: TikTokWeb) -> None:
    item = city.video()
    ref = city.ref()
    city.world.rename(city.account, "nama.baru")
    (page,) = web.list_posts(ref)
    assert [post.ref.code for post in page.posts] == [item.code]


def test_without_a_sec_uid_the_profile_is_read_first(city, web: TikTokWeb, platforms) -> None:
    city.video()
    ref = AccountRef("tiktok", city.account.handle)
    assert len(next(iter(web.list_posts(ref))).posts) == 1
    assert platforms.log.count() == 2
    assert len(next(iter(web.list_posts(ref))).posts) == 1
    assert platforms.log.count() == 3


def test_a_page_read_before_is_not_read_again_for_its_files(
    city, web: TikTokWeb, platforms
) -> None:
    city.video()
    (page,) = web.list_posts(city.ref())
    post = web.look(page.posts[0].ref).post
    assert post is not None
    list(web.fetch_media(post))
    assert platforms.log.count(path="/@*/video/*") == 1


def test_cookies_go_only_where_they_belong(city, web: TikTokWeb, platforms) -> None:
    city.video()
    city.photos()
    for page in web.list_posts(city.ref()):
        for post in page.posts:
            assert all(record.problem is None for record in web.fetch_media(post))
    assert "tt_chain_token" in platforms.log.cookies_at("v16-webapp-prime.tiktok.com")
    assert platforms.log.cookies_at("*.tiktokcdn.com") == set()
    assert "tt_chain_token" in web.cookies()


def test_everything_is_recorded_and_the_gate_is_asked_first(
    city, web: TikTokWeb, platforms, sink, gate
) -> None:
    city.video()
    web.profile(city.ref())
    (page,) = web.list_posts(city.ref())
    list(web.fetch_media(page.posts[0]))
    platforms.log.settle()
    asked = [entry.url for entry in platforms.log.entries()]
    assert [kept.start.url for kept in sink.exchanges] == asked == gate
    assert all(kept.finished and kept.truncated is None for kept in sink.exchanges)
    for entry, kept in zip(platforms.log.entries(), sink.exchanges, strict=True):
        assert kept.request == entry.request.raw


def test_who_posts_nothing_is_not_found_by_id(city, web: TikTokWeb, platforms) -> None:
    city.world.rename(city.account, "nama.baru")
    platforms.faults.add(tiktok.endless(count=None))
    with pytest.raises(AccountUnavailable) as told:
        web.profile_by_id(city.ref())
    assert not isinstance(told.value, AccountNotFound)
    assert platforms.log.count() == len(told.value.evidence) == 4
    without = AccountRef("tiktok", city.account.handle, city.account.native_id)
    with pytest.raises(AccountUnavailable, match="secUid"):
        web.profile_by_id(without)
    assert platforms.log.count() == 4


def test_a_listing_that_names_an_old_handle_leads_to_nobody_else(
    city, web: TikTokWeb, platforms
) -> None:
    city.video()
    stranger = "stranger.here"
    city.world.add(Account("tiktok", "7999", stranger, "Orang Lain", sec_uid="MS4wLjABAAAAx"))

    def named(handle: str) -> Fault:
        def change(answer: tiktok.Json) -> tiktok.Json:
            for item in answer["itemList"]:
                item["author"]["uniqueId"] = handle
            return answer

        return tiktok.listing_changed("named", change)

    platforms.faults.add(named(stranger))
    with pytest.raises(WrongObject):
        web.profile_by_id(city.ref())
    platforms.faults.add(named("nobody.here"))
    with pytest.raises(AccountUnavailable) as told:
        web.profile_by_id(city.ref())
    assert not isinstance(told.value, AccountNotFound) and len(told.value.evidence) == 2
