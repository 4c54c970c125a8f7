from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.instagram import parse
from connectors.instagram.profile import is_detailed, profile, user_of, user_of_page
from connectors.instagram.reading import Unreadable, number
from connectors.instagram.slides import best_film, best_picture
from connectors.model import AccountRef, Author, AuthorRole, MediaKind, MediaRole, PostKind

OWNER = AccountRef("instagram", "kota", None)
Licensed = Callable[[str], Any]


def test_a_recorded_carousel(licensed: Licensed) -> None:
    answer = licensed("pgrimaud-api-v1-media-info-carousel.json")
    (item,) = parse.single(answer)
    post = parse.post(item, OWNER, ())
    assert (post.id, post.ref.native_id) == ("instagram:CAnqPB-Jzcj", "2317006284167526179")
    assert (post.kind, post.is_complete) == (PostKind.CAROUSEL, True)
    assert post.published_at == datetime(2020, 5, 25, 17, 44, 54, tzinfo=UTC)
    assert post.caption and post.caption.startswith("Today, #LetsGetLoud")
    assert (post.metrics.likes, post.metrics.comments, post.metrics.plays) == (820750, 4647, None)
    assert [m.media_id for m in post.media] == [
        "2317006281046924667",
        "2317006281030202874",
        "2317006281046781386",
    ]
    assert [(m.width, m.position) for m in post.media] == [(1440, 0), (1242, 1), (1440, 2)]
    assert post.extra == {"caption_edited": True}


def test_a_recorded_profile(licensed: Licensed) -> None:
    found = profile(user_of(licensed("pgrimaud-web-profile-info.json")), ())
    assert (found.native_id, found.handle) == ("1518284433", "robertdowneyjr")
    assert (found.followers, found.following, found.declared_posts) == (52979346, 5, 419)
    assert found.is_verified is True and found.is_private is False and is_detailed(found)
    assert found.avatar and "s320x320" in found.avatar.url


def test_recorded_timeline_objects(recorded_files: Path) -> None:
    lines = (recorded_files / "zeeschuimer-web-timeline-news-2026.ndjson").read_text().splitlines()
    posts = [parse.post(json.loads(line)["data"], OWNER, ()) for line in lines]
    assert [p.kind for p in posts].count(PostKind.PHOTO) == 7
    assert all(p.is_complete and p.caption and p.metrics.likes is not None for p in posts)
    carousel = next(p for p in posts if p.kind is PostKind.CAROUSEL)
    assert len(carousel.media) == 6 and carousel.extra["location"] == "New York, New York"
    assert len(carousel.extra["alt_text"]) == 6  # type: ignore[arg-type]
    reel = next(p for p in posts if p.kind is PostKind.REEL)
    assert [m.role for m in reel.media] == [MediaRole.CONTENT, MediaRole.COVER]
    sound = {"title": "Original audio", "artist": "mets", "id": "26116887637929836"}
    assert reel.extra["music"] == sound
    assert (reel.media[1].width, reel.media[1].height) == (1080, 1920)
    (shared,) = (p for p in posts if len(p.authors) > 1)
    assert [(a.role, a.native_id) for a in shared.authors][1] == (
        AuthorRole.COAUTHOR,
        "400340236",
    )
    assert shared.extra["tagged"] == [shared.authors[1].handle] == ["shahanafrombk"]


def test_recorded_mobile_objects(recorded_files: Path) -> None:
    items = json.loads((recorded_files / "charity-ride-api-v1-media-4.json").read_text())
    owner = AccountRef("instagram", "coast2coast4charity", "65164823671")
    photo, carousel, *reels = (parse.post(item, owner, ()) for item in items)
    assert photo.media[0].width == 1179, "a landscape picture, not its larger square crop"
    assert len(carousel.media) == 4
    assert [r.media[0].duration_s for r in reels] == [17.482999801635742, 12.258000373840332]
    assert [r.metrics.plays for r in reels] == [9234, 2820]
    stranger = AccountRef("instagram", "lain", "1")
    with pytest.raises(Unreadable, match="65164823671") as told:
        parse.post(items[0], stranger, ())
    assert told.value.code == "wrong_object"


def test_projections_are_no_posts_but_cost_nothing_else(recorded_files: Path) -> None:
    nodes = json.loads((recorded_files / "google-user-posts-2026.json").read_text())[:5]
    whole = {"pk": "1", "code": "Cwhole", "media_type": 1, "taken_at": 1764000000, "caption": None}
    edges = [{"node": node} for node in [*nodes, whole, None, 7]]
    found = parse.listing({"edges": edges, "page_info": {"has_next_page": False}}, OWNER, ())
    assert found.entries == len(found.posts) + len(found.problems) == 8
    assert found.posts[-1].ref.code == "Cwhole" and len(found.problems) >= 2


BASE: dict[str, Any] = {
    "pk": "100",
    "code": "Cbase",
    "media_type": 1,
    "taken_at": 1764000000,
    "caption": {"text": "Halo"},
    "user": {"pk": "9", "username": "kota"},
    "like_count": 5,
    "comment_count": 2,
    "original_width": 1080,
    "original_height": 1080,
    "image_versions2": {
        "candidates": [
            {"url": "https://scontent.cdninstagram.com/a", "width": 1080, "height": 1080}
        ]
    },
}


def test_hidden_counts_are_not_told() -> None:
    assert parse.post({**BASE, "like_count": -1}, OWNER, ()).metrics.likes is None
    hidden = {**BASE, "like_and_view_counts_disabled": True, "like_count": 3, "play_count": 9}
    metrics = parse.post(hidden, OWNER, ()).metrics
    assert (metrics.likes, metrics.plays, metrics.comments) == (None, None, 2)


def test_no_caption_is_not_an_untold_caption() -> None:
    assert parse.post({**BASE, "caption": None}, OWNER, ()).caption == ""
    untold = {key: value for key, value in BASE.items() if key != "caption"}
    post = parse.post(untold, OWNER, ())
    assert post.caption is None and not post.is_complete


def test_a_shared_post_is_the_same_under_each_account() -> None:
    owner = AccountRef("instagram", "kota", "9")
    sharer = AccountRef("instagram", "dinas_lama", "10")
    shared = {
        **BASE,
        "coauthor_producers": [{"pk": 10, "username": "dinas"}],
        "invited_coauthor_producers": [{"pk": 11, "username": "diundang"}],
        "timeline_pinned_user_ids": [10],
    }
    first, second = (parse.post(shared, found_under, ()) for found_under in (owner, sharer))
    assert replace(second, ref=first.ref) == first
    assert (second.id, second.ref.owner, first.pinned) == (first.id, sharer, False)
    assert first.authors == (
        Author("kota", AuthorRole.OWNER, "9"),
        Author("dinas", AuthorRole.COAUTHOR, "10"),
    )
    assert parse.post({**shared, "timeline_pinned_user_ids": ["9"]}, sharer, ()).pinned
    for other in ("11", "12"):
        with pytest.raises(Unreadable, match="account 9"):
            parse.post(shared, AccountRef("instagram", "lain", other), ())


def test_slides_without_an_address_make_a_post_incomplete() -> None:
    film = {"pk": "101", "media_type": 2, "image_versions2": BASE["image_versions2"]}
    post = parse.post({**BASE, "media_type": 8, "carousel_media": [BASE, film]}, OWNER, ())
    assert not post.is_complete
    assert [(m.media_id, m.role) for m in post.media] == [
        ("100", MediaRole.CONTENT),
        ("101-cover", MediaRole.COVER),
    ]
    assert all(m.kind is MediaKind.IMAGE for m in post.media)
    assert not parse.post({**BASE, "image_versions2": None}, OWNER, ()).is_complete


def test_the_best_version_is_taken() -> None:
    def size(width: int, height: int, name: str = "x", **more: int) -> dict[str, object]:
        return {"url": f"https://h/{name}", "width": width, "height": height, **more}

    films = {"video_versions": [size(720, 1280, "a"), size(720, 1280, "b", bandwidth=9)]}
    best = best_film(films)
    assert best and best["url"] == "https://h/b"
    odd = {"image_versions2": {"candidates": [size(0, 0, "first"), size(9, 9)]}}
    picture = best_picture(odd)
    assert picture and picture["url"] == "https://h/first"
    unsafe = {"image_versions2": {"candidates": [{"url": "http://h/a"}, {"url": 5}, None]}}
    assert best_picture(unsafe) is None


def test_pages_are_searched_for_their_data() -> None:
    data = {"xig_user_by_username": {"pk": "1", "id": "178", "username": "kota"}}
    inner = json.dumps({"a": [{"__bbox": {"result": {"data": data}}}]})
    script = '<script type="application/json"'
    html = f"{script}>x</script>{script} z>{inner}</script>"
    page = parse.embedded(html.encode())
    assert page == (data,) and user_of_page(page)["id"] == "1"
    deep = b'<script type="application/json">' + b"[" * 100_000 + b"</script>"
    assert parse.embedded(deep) == () == parse.embedded(b"<html>")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from(sorted(BASE)), JSON)
def test_no_value_of_any_field_breaks_a_listing(key: str, value: object) -> None:
    node = {**copy.deepcopy(BASE), key: value}
    edges = [{"node": BASE}, {"node": node}, {"node": {**BASE, "code": "Clast"}}]
    found = parse.listing({"edges": edges}, OWNER, ())
    assert found.posts[0].ref.code == "Cbase" and found.posts[-1].ref.code == "Clast"
    assert len(found.posts) + len(found.problems) == 3
    for post in found.posts:
        json.dumps(post.extra)
        (post.caption or "").encode()


@given(JSON)
def test_counts_are_whole_and_never_negative(value: object) -> None:
    found = number(value)
    assert found is None or (isinstance(found, int) and found >= 0)
