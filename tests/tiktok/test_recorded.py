"""Answers that nobody in this project wrote, through our readers and the route."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

from connectors.model import AccountRef, MediaKind, MediaRole, PostKind, PostRef, Presence
from connectors.tiktok import answers, parse
from connectors.tiktok.web import TikTokWeb
from demo.faults import Match, replaced
from demo.tiktok import pages

SOMEBODY = AccountRef("tiktok", "somebody")


def test_a_video_page(recorded_page: Callable[[str], bytes]) -> None:
    answer = answers.video_page(recorded_page("universal-data-video-detail-2026.json"))
    post = parse.post(answers.item(answer), SOMEBODY, from_page=True)
    assert answer.status == 0 and post is not None
    assert post.id == "tiktok:7608826249200356630"
    assert post.kind is PostKind.VIDEO
    assert post.published_at == datetime(2026, 2, 20, 6, 12, 10, tzinfo=UTC)
    assert (post.caption or "").startswith("15 MINUTE CREAMY THAI COCONUT COD CURRY")
    assert (post.metrics.likes, post.metrics.saves) == (105200, 124842)
    film, cover, subtitle = post.media
    assert (film.kind, film.width, film.height, film.duration_s) == (
        MediaKind.VIDEO,
        576,
        1024,
        54.0,
    )
    # The largest H.264 rendition, not the larger H.265 ones, not the www address.
    assert "br=" in film.url or "bt=1267" in film.url
    assert film.url.startswith("https://v16-webapp-prime.us.tiktok.com/")
    assert (cover.role, subtitle.language) == (MediaRole.COVER, "eng-US")


def test_a_deleted_page(recorded_page: Callable[[str], bytes]) -> None:
    answer = answers.video_page(recorded_page("universal-data-deleted-10204.json"))
    assert (answer.form, answer.status) == (answers.Form.DATA, 10204)
    assert answer.message == "item doesn't exist"
    assert answers.item(answer) == {}


def test_a_photo_page_holds_no_item(recorded_page: Callable[[str], bytes]) -> None:
    name = "universal-data-photo-page-without-video-detail.json"
    answer = answers.video_page(recorded_page(name))
    assert (answer.form, answer.status, answer.detail) == (answers.Form.DATA, None, {})


def test_a_profile_page(recorded_page: Callable[[str], bytes]) -> None:
    answer = answers.user_page(recorded_page("universal-data-user-detail-rapvietvevo.json"))
    profile = parse.profile(answer.detail["userInfo"])
    assert profile is not None
    assert (profile.key, profile.handle) == ("tiktok:6935244136946762754", "rapvietvevo")
    assert (profile.followers, profile.following, profile.declared_posts) == (303800, 24, 842)
    assert (profile.locator or "").startswith("MS4wLjABAAAAkkTvK7MIf")
    assert (profile.is_private, profile.is_verified, profile.external_url) == (False, False, None)


def test_a_search_item_without_renditions(recorded: Callable[[str], str]) -> None:
    item = json.loads(recorded("zeeschuimer-search-haberturktv.ndjson").splitlines()[0])["data"]
    post = parse.post(item, SOMEBODY, from_page=False)
    assert post is not None and post.is_complete
    assert post.published_at == datetime(2023, 10, 12, 9, 5, 49, tzinfo=UTC)
    assert [media.role for media in post.media] == [MediaRole.CONTENT, MediaRole.COVER]
    assert post.permalink == "https://www.tiktok.com/@haberturktv/video/7288995634328177926"
    # Not the watermarked download.
    assert "lr=unwatermarked" in post.media[0].url


def test_the_route_judges_recorded_pages(
    web: TikTokWeb, platforms, recorded_page: Callable[[str], bytes]
) -> None:
    cases = [
        ("universal-data-deleted-10204.json", "7276437262283859205", Presence.GONE),
        ("universal-data-video-detail-2026.json", "7608826249200356630", Presence.PRESENT),
        ("universal-data-photo-page-without-video-detail.json", "763", Presence.UNKNOWN),
    ]
    for name, code, presence in cases:
        body = recorded_page(name)
        match = Match(path=f"*/{code}")
        platforms.faults.add(replaced(name, lambda _, b=body: pages.html(b), match, count=None))
        assert web.look(PostRef("tiktok", code, SOMEBODY)).presence is presence
