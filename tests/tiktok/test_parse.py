from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.model import AccountRef, Media, MediaKind, MediaRole, PostKind
from connectors.tiktok import answers, fields, film, parse

OWNER = AccountRef("tiktok", "warta.kota", "69")

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=9)
    | st.sampled_from(["7", "https://a.tiktokcdn.com/x", "//b/y", "\ud800", "v1_h264_540p_9"])
)
NAMES = """
    id desc createTime video author music stats statsV2 imagePost images imageURL urlList uri
    bitrateInfo PlayAddr UrlList UrlKey CodecType subtitleInfos Url LanguageCodeName playAddr
    originCover cover playUrl challenges title uniqueId diggCount isPinnedItem duetInfo user
"""
KEYS = st.sampled_from(NAMES.split()) | st.text(max_size=3)
ITEMS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=20,
)
ROBUST = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def texts(media: tuple[Media, ...]) -> list[str]:
    return [text for item in media for text in (item.media_id, item.url, item.language or "")]


@ROBUST
@given(st.dictionaries(KEYS, ITEMS, max_size=9))
def test_no_item_breaks_the_reader(item: dict[str, object]) -> None:
    post = parse.post(item, OWNER, from_page=False)
    if post is None:
        assert parse.item_id(item) is None
        return
    assert post.ref.code.isdigit()
    for text in [post.caption or "", *texts(post.media)]:
        text.encode("utf-8")
    assert all(media.url.startswith("https://") for media in post.media)
    assert len({media.media_id for media in post.media if media.role is MediaRole.SUBTITLE}) == len(
        [media for media in post.media if media.role is MediaRole.SUBTITLE]
    )
    json.dumps(dict(post.extra))


@ROBUST
@given(ITEMS)
def test_no_user_breaks_the_reader(info: object) -> None:
    profile = parse.profile(fields.mapping({"userInfo": info}, "userInfo"))
    assert profile is None or profile.native_id.isdigit()


@given(st.binary(max_size=300))
def test_no_bytes_break_the_readers(body: bytes) -> None:
    for read in (answers.video_page, answers.user_page, answers.listing):
        read(body)
    wrapped = b'<script id="__UNIVERSAL_DATA_FOR_REHYDRATION__">' + body + b"</script>"
    answers.video_page(wrapped)


def test_broken_text_is_mended_and_huge_numbers_are_not_counts() -> None:
    item = {"id": "7", "desc": "a\ud800b\x00c", "stats": {"diggCount": 10**30, "playCount": -1}}
    post = parse.post(item, OWNER, from_page=True)
    assert post is not None
    assert post.caption == "a\ufffdb\ufffdc"
    assert (post.metrics.likes, post.metrics.plays) == (None, None)


def test_json_bombs_are_cut_answers() -> None:
    deep = b'<script id="__UNIVERSAL_DATA_FOR_REHYDRATION__">' + b"[" * 100_000 + b"</script>"
    assert answers.video_page(deep).form is answers.Form.CUT
    assert answers.listing(b'{"a":' * 100_000).form is answers.Form.CUT
    assert answers.listing(b'{"cursor":' + b"9" * 10_000 + b"}").form is answers.Form.CUT


@pytest.mark.parametrize("time", [1760000000, "1760000000"])
def test_times_are_numbers_or_text(time: object) -> None:
    post = parse.post({"id": "7", "createTime": time}, OWNER, from_page=False)
    assert post is not None
    assert post.published_at == datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)


@pytest.mark.parametrize("time", [0, -5, "soon", None, 10**15, True])
def test_times_that_are_none(time: object) -> None:
    post = parse.post({"id": "7", "createTime": time}, OWNER, from_page=False)
    assert post is not None and post.published_at is None


@pytest.mark.parametrize("code", ["", "7/../8", "abc", None, 7.5, True, "9" * 30])
def test_ids_that_are_none(code: object) -> None:
    assert parse.post({"id": code}, OWNER, from_page=False) is None


def test_exact_counts_win_over_rounded_ones() -> None:
    item = {
        "id": "7",
        "stats": {"diggCount": 105200, "playCount": 5},
        "statsV2": {"diggCount": "105234", "playCount": ""},
    }
    metrics = parse.metrics(item)
    assert (metrics.likes, metrics.plays, metrics.comments) == (105234, 5, None)


@pytest.mark.parametrize("name", ["isPinnedItem", "isTop"])
@pytest.mark.parametrize(("value", "pinned"), [(True, True), (1, True), (0, False), (None, False)])
def test_pinned(name: str, value: object, pinned: bool) -> None:
    post = parse.post({"id": "7", name: value}, OWNER, from_page=False)
    assert post is not None and post.pinned is pinned


def rendition(codec: str, lines: int, bitrate: int, *hosts: str, width: int | None = None) -> dict:
    return {
        "Bitrate": bitrate,
        "CodecType": codec,
        "PlayAddr": {
            "UrlList": [f"https://{host}/{codec}-{lines}-{bitrate}" for host in hosts],
            "UrlKey": f"v1_{codec.split('_')[0]}_{lines}p_{bitrate}",
            **({"Width": width, "Height": width} if width else {}),
        },
    }


def test_everybody_gets_the_largest_h264_rendition() -> None:
    good, cdn = "v16.tiktok.com", "www.tiktok.com"
    video = {
        "bitrateInfo": [
            rendition("h264", 540, 700, good),
            rendition("h265_hvc1", 1080, 1100, good),
            rendition("h264", 720, 900, cdn, good),
            rendition("h264", 1080, 2000, cdn),
            rendition("bytevc2", 1080, 2000, good),
        ],
        "playAddr": "https://v16.tiktok.com/play",
    }
    chosen = film.best(video)
    assert chosen is not None and chosen.url == "https://v16.tiktok.com/h264-720-900"


def test_the_watermarked_download_is_the_last_resort() -> None:
    video = {"downloadAddr": "https://v16.tiktok.com/marked", "bitrateInfo": []}
    chosen = film.best(video)
    assert chosen is not None and chosen.watermarked
    better = film.best({**video, "bitrateInfo": [rendition("bytevc1", 540, 9, "v16.tiktok.com")]})
    assert better is not None and not better.watermarked
    assert film.best({"playAddr": "https://www.tiktok.com/aweme/v1/play/"}) is None
    assert film.best({}) is None


def test_a_listed_film_without_an_address_must_be_looked_at() -> None:
    item = {"id": "7", "video": {"id": "7", "duration": 5}}
    listed = parse.post(item, OWNER, from_page=False)
    seen = parse.post(item, OWNER, from_page=True)
    assert listed is not None and not listed.is_complete
    assert seen is not None and seen.is_complete and seen.kind is PostKind.VIDEO


def test_photo_ids_are_the_storage_keys() -> None:
    images = [
        {"imageURL": {"uri": "tos-alisg-i-photomode-sg/abc123~tplv", "urlList": ["https://a/1"]}},
        {"imageURL": {"urlList": ["", "https://a/2"]}},
        {"imageURL": {"urlList": []}},
    ]
    item = {"id": "7", "imagePost": {"images": images}, "video": {"id": "7"}}
    post = parse.post(item, OWNER, from_page=True)
    assert post is not None and post.kind is PostKind.PHOTO_MODE
    assert [(media.media_id, media.position) for media in post.media] == [("abc123", 0), ("7-2", 1)]


def test_several_subtitles_of_one_language_are_all_kept() -> None:
    subtitles = [
        {"Url": "https://a/1", "LanguageCodeName": "ind-ID", "Format": "webvtt", "Source": "ASR"},
        {"Url": "https://a/2", "LanguageCodeName": "ind-ID", "Format": "webvtt", "Source": "MT"},
        {"Url": "https://a/3", "LanguageCodeName": "ind-ID", "Format": "creator_caption"},
        {"Url": "", "LanguageCodeName": "eng-US"},
    ]
    item = {"id": "7", "video": {"subtitleInfos": subtitles}}
    post = parse.post(item, OWNER, from_page=True)
    assert post is not None
    assert [media.media_id for media in post.media] == [
        "7-subtitle-ind-ID",
        "7-subtitle-ind-ID-2",
        "7-subtitle-ind-ID-creator_caption",
    ]
    assert {media.kind for media in post.media} == {MediaKind.SUBTITLE}
