from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.instagram.facts import extra_of
from connectors.instagram.parse import post
from connectors.instagram.reading import Unreadable
from connectors.instagram.story_parse import highlight, story
from connectors.model import AccountRef, Highlight, PostKind

OWNER = AccountRef("instagram", "kota", "9")
PICTURE = {"url": "https://scontent.cdninstagram.com/v/7_8_9_n.jpg?x=1", "width": 9, "height": 16}
MOBILE: dict[str, Any] = {
    "pk": 301,
    "id": "301_9",
    "media_type": 1,
    "taken_at": 1764000000,
    "expiring_at": 1764086400,
    "user": {"pk": 9, "username": "kota"},
    "caption": None,
    "image_versions2": {"candidates": [PICTURE]},
    "story_link_stickers": [
        {"story_link": {"url": "https://l.instagram.com/?u=https%3A%2F%2Fkota.go.id%2Fa&e=AT1"}}
    ],
    "reel_mentions": [{"user": {"username": "dinas"}}, {"user": {"username": "dinas"}}],
    "story_hashtags": [{"hashtag": {"name": "kota"}}],
    "story_locations": [{"location": {"pk": 5, "name": "Alun-alun", "address": "Jl. 1"}}],
    "story_polls": [
        {"poll_sticker": {"question": "Setuju?", "tallies": [{"text": "Ya"}, {"text": "Tidak"}]}}
    ],
    "story_questions": [{"question_sticker": {"question": "Usul?"}}],
    "story_music_stickers": [
        {"music_asset_info": {"title": "Lagu", "display_artist": "Kita", "id": "77"}}
    ],
}
LEGACY: dict[str, Any] = {
    "id": "301",
    "is_video": False,
    "owner": {"id": "9", "username": "kota"},
    "taken_at_timestamp": 1764000000,
    "expiring_at_timestamp": 1764086400,
    "dimensions": {"width": 9, "height": 16},
    "display_resources": [{"src": PICTURE["url"], "config_width": 9, "config_height": 16}],
    "tappable_objects": [{"__typename": "GraphTappableMention", "username": "dinas"}],
}


def test_what_a_story_shows() -> None:
    found = story(MOBILE, OWNER, ())
    assert (found.id, found.ref.native_id, found.kind) == (
        "instagram:story:301",
        "301",
        PostKind.STORY,
    )
    assert found.permalink == "https://www.instagram.com/stories/kota/301/"
    assert found.expires_at == datetime.fromtimestamp(1764086400, UTC)
    assert found.is_complete and found.caption == ""
    assert found.extra == {
        "links": ["https://kota.go.id/a"],
        "mentions": ["dinas"],
        "hashtags": ["kota"],
        "location": "Alun-alun",
        "location_id": "5",
        "location_address": "Jl. 1",
        "music": {"title": "Lagu", "artist": "Kita", "id": "77"},
        "questions": ["Usul?"],
        "polls": [{"question": "Setuju?", "options": ["Ya", "Tidak"]}],
    }


def test_both_dialects_tell_the_same_story() -> None:
    old, new = story(LEGACY, OWNER, ()), story(MOBILE, OWNER, ())
    assert (old.ref, old.media, old.authors, old.permalink) == (
        new.ref,
        new.media,
        new.authors,
        new.permalink,
    )
    assert (old.published_at, old.expires_at) == (new.published_at, new.expires_at)
    assert old.extra == {"mentions": ["dinas"]} and old.caption is None


def test_a_kept_story_has_the_same_id_and_does_not_expire() -> None:
    kept = story(MOBILE, OWNER, (), highlight=Highlight("18", "Banjir"))
    assert (kept.id, kept.kind, kept.expires_at) == (
        "instagram:story:301",
        PostKind.HIGHLIGHT,
        None,
    )
    assert kept.extra["highlights"] == ["Banjir"]


def test_a_story_of_another_account_is_refused() -> None:
    for item in (MOBILE, LEGACY):
        with pytest.raises(Unreadable) as told:
            story(item, AccountRef("instagram", "lain", "10"), ())
        assert told.value.code == "wrong_object"
    for item in (None, 7, [], {"id": "x_9"}, {"pk": -1}):
        with pytest.raises(Unreadable):
            story(item, OWNER, ())


def test_highlights_of_both_dialects() -> None:
    cover = "https://scontent.cdninstagram.com/v/c.jpg"
    web = {"id": "18", "title": "Banjir", "cover_media": {"thumbnail_src": cover}}
    tray = {
        "id": "highlight:18",
        "title": "Banjir",
        "cover_media": {"cropped_image_version": {"url": cover}},
    }
    assert highlight(web) == highlight(tray)
    assert (highlight(web).native_id, highlight(web).title) == ("18", "Banjir")
    for node in (None, {}, {"id": "highlight:x"}):
        with pytest.raises(Unreadable):
            highlight(node)


def test_recorded_reels(licensed: Callable[[str], Any]) -> None:
    for reel in licensed("pgrimaud-graphql-highlights.json")["data"]["reels_media"]:
        kept = highlight(reel)
        posts = [
            story(
                item, AccountRef("instagram", "statement.paris", "5670185369"), (), highlight=kept
            )
            for item in reel["items"]
        ]
        assert all(p.is_complete and p.media[0].width == 1080 for p in posts)
        assert len({p.id for p in posts}) == len(reel["items"])


FILM: dict[str, Any] = {
    "pk": "5",
    "code": "Cfilm",
    "media_type": 2,
    "taken_at": 1764000000,
    "caption": None,
    "image_versions2": {"candidates": [PICTURE]},
    "video_versions": [{"url": "https://scontent.cdninstagram.com/v/f.mp4"}],
}


def test_replays_and_labels() -> None:
    owner = AccountRef("instagram", "kota", None)
    assert post({**FILM, "product_type": "clips"}, owner, ()).kind is PostKind.REEL
    replay = {**FILM, "product_type": "clips", "is_post_live_clips_media": True}
    assert post(replay, owner, ()).kind is PostKind.LIVE
    label = {"gen_ai_detection_method": {"detection_method": "SELF_DISCLOSURE_FLOW"}}
    told = extra_of({**FILM, **label, "title": "Siaran", "sponsor_tags": [{"username": "bank"}]})
    assert told == {
        "cover": "7_8_9_n",
        "title": "Siaran",
        "is_ai_generated": True,
        "sponsors": ["bank"],
        "paid_partnership": True,
    }
    song = {"music_info": {"music_asset_info": {"title": "Lagu", "audio_asset_id": "3"}}}
    assert extra_of({"media_type": 1, "music_metadata": song})["music"] == {
        "title": "Lagu",
        "id": "3",
    }
    json.dumps(told)
