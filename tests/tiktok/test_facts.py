"""What a person sees of a post, from the pretend platform and from odd objects."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import errors
from connectors.model import AccountRef, AuthorRole, PageEnd, Presence
from connectors.tiktok import facts, parse, subtitles
from connectors.tiktok.web import TikTokWeb
from demo.world import Account, Place, Song, World

OWNER = AccountRef("tiktok", "warta.kota", "69")
RTL = "إعلان رسمي 🚨 ‏من المدينة — שלום 👩🏽‍🚒🇮🇩"


def seen(web: TikTokWeb, city) -> Any:
    """The one post of the city, read from its page; the listing says the same."""
    (page,) = web.list_posts(city.ref())
    (listed,) = page.posts
    found = web.look(listed.ref).post
    assert found is not None
    assert (found.extra, found.authors, found.caption) == (
        listed.extra,
        listed.authors,
        listed.caption,
    )
    return found


def test_place_song_mentions_and_comment_switch(city, web: TikTokWeb) -> None:
    city.video(
        place=Place("22535796482835066", "Alun-alun Tirta Kencana", "Jalan Merdeka 1"),
        song=Song("6817391027364510722", "Garuda", "Paduan Suara Kota"),
        comments_off=True,
        caption="Apel pagi #tirtakencana #ASN bersama @pemkot_tirta.kencana dan @dinas_pu",
    )
    post = seen(web, city)
    extra = dict(post.extra)
    assert extra.pop("cover").endswith("-sampul.jpg")
    assert extra == {
        "location": "Alun-alun Tirta Kencana",
        "location_id": "22535796482835066",
        "location_address": "Jalan Merdeka 1",
        "music": {"title": "Garuda", "artist": "Paduan Suara Kota", "id": "6817391027364510722"},
        "hashtags": ["tirtakencana", "ASN"],
        "mentions": ["pemkot_tirta.kencana", "dinas_pu"],
        "comments_disabled": True,
        "subtitles": {
            f"{post.ref.code}-subtitle-ind-ID": "automatic",
            f"{post.ref.code}-subtitle-eng-US": "translated",
        },
    }
    (author,) = post.authors
    assert (author.handle, author.native_id, author.role) == (
        "pemkot_tirta.kencana",
        "6900000000000000001",
        AuthorRole.OWNER,
    )


def test_an_own_sound_is_told_from_a_song(city, web: TikTokWeb) -> None:
    city.photos()
    extra = seen(web, city).extra
    assert extra["music"]["original"] is True and extra["comments_disabled"] is False


def test_every_language_is_fetched(city, web: TikTokWeb, sink) -> None:
    item = city.video()
    languages = ("ind-ID", "eng-US", "jav-ID", "ara-SA", "zho-Hans-CN")
    files = tuple((name, city.subtitle(f"{item.code}-{name}")) for name in languages)
    city.world.edit(city.account, item.code, slides=(replace(item.slides[0], subtitles=files),))
    records = [r for r in web.fetch_media(seen(web, city)) if r.media.language]
    assert [record.media.language for record in records] == list(languages)
    for record, (_, asset) in zip(records, files, strict=True):
        assert record.problem is None
        assert sink.of(record.record).response_body == asset.path.read_bytes()


def test_a_cover_keeps_its_key_until_it_is_changed(city, web: TikTokWeb) -> None:
    item = city.video()
    before, again = seen(web, city), seen(web, city)
    assert before.extra["cover"] == again.extra["cover"]
    cover = city.picture("sampul-baru")
    city.world.edit(city.account, item.code, slides=(replace(item.slides[0], cover=cover),))
    assert seen(web, city).extra["cover"] == "sampul-baru.jpg"


@pytest.mark.parametrize(
    "caption",
    [RTL, "🎉" * 2200, "#banjir" * 3 + "\u2028@walikota", "</script>\u202e", "a" * 2200, ""],
)
def test_captions_of_every_kind(city, web: TikTokWeb, caption: str) -> None:
    city.video(caption=caption)
    assert seen(web, city).caption == caption


@pytest.mark.parametrize("handle", ["pemkot_tirta.kencana", "_.kota._", "a.b.c_d", "kota_"])
def test_handles_with_dots_and_underscores(city, web: TikTokWeb, handle: str) -> None:
    city.world.rename(city.account, handle)
    city.account.name = RTL
    city.video()
    profile = web.profile(AccountRef("tiktok", handle))
    assert (profile.handle, profile.name) == (handle, RTL)
    post = seen(web, city)
    assert post.permalink == f"https://www.tiktok.com/@{handle}/video/{post.ref.code}"
    assert all(record.problem is None for record in web.fetch_media(post))


def recreated(city) -> Account:
    """The account is deleted, and another one takes its handle."""
    world: World = city.world
    city.account.gone = True
    return world.add(
        Account(
            "tiktok",
            "7500000000000000009",
            city.account.handle,
            "Bukan pemerintah kota",
            sec_uid="MS4wLjABAAAA" + "z" * 64,
        )
    )


def test_a_handle_that_somebody_else_took(city, web: TikTokWeb) -> None:
    item = city.video()
    ref, taker = city.ref(), recreated(city)
    profile = web.profile(ref)
    assert (profile.native_id, profile.locator) == (taker.native_id, taker.sec_uid)
    assert profile.native_id != ref.native_id
    with pytest.raises(errors.AccountUnavailable) as raised:
        list(web.list_posts(ref))
    assert raised.value.hint and raised.value.evidence
    (page,) = web.list_posts(AccountRef("tiktok", taker.handle, None, taker.sec_uid))
    assert (page.posts, page.end) == ((), PageEnd.END)
    found = web.look(parse.post({"id": item.code}, ref, from_page=False).ref)
    assert found.presence is Presence.GONE


# -- objects that no demo shows ---------------------------------------------------


def extra_of(**item: object) -> dict[str, object]:
    return facts.of_item({"id": "7", **item})


@pytest.mark.parametrize(
    ("item", "extra"),
    [
        ({"isAd": True, "adLabelVersion": 2}, {"is_advertisement": True, "paid_partnership": True}),
        ({"brandOrganicType": 2001}, {"paid_partnership": True}),
        ({"IsAigc": True, "AIGCDescription": "AI"}, {"is_ai_generated": True, "ai_label": "AI"}),
        ({"aigcLabelType": 1}, {"is_ai_generated": True}),
        ({"IsAigc": False, "aigcLabelType": 0}, {}),
        ({"duetInfo": {"duetFromId": "71"}}, {"duet_of": "71"}),
        ({"duetInfo": {"duetFromId": "0"}}, {}),
        ({"desc": "#Stitch with @a", "textExtra": [{"awemeId": "72"}]}, {"stitch_of": "72"}),
        ({"desc": "lihat #stitch", "textExtra": [{"awemeId": "72"}]}, {}),
        ({"privateItem": True}, {"audience": "private"}),
        ({"forFriend": True}, {"audience": "friends"}),
        ({"anchors": [{"keyword": "CapCut", "type": 54}, {"type": 9}]}, {"anchors": ["CapCut"]}),
        ({"imagePost": {"title": "Jadwal"}}, {"title": "Jadwal"}),
        ({"imagePost": {"cover": {"imageURL": {"uri": "tos/a~x"}}}}, {"cover": "a"}),
        ({"video": {"cover": "https://a/obj/tos/k_1?x=2"}}, {"cover": "k_1"}),
        ({"contentLocation": {"address": {"streetAddress": "Malang"}}}, {"location": "Malang"}),
        ({"itemCommentStatus": 1}, {"comments_disabled": False}),
        ({"itemCommentStatus": 3}, {"comments_disabled": True}),
        ({"imagePost": {"title": ""}}, {"title": ""}),
        ({"playlistId": "73", "itemMute": True}, {"playlist_id": "73", "is_muted": True}),
        ({"warnInfo": [{"text": "Hati-hati"}]}, {"warnings": ["Hati-hati"]}),
    ],
)
def test_facts(item: dict[str, object], extra: dict[str, object]) -> None:
    assert extra_of(**item) == extra


def test_a_subtitle_that_only_one_list_has() -> None:
    infos = [{"Url": "https://v/s1/e1/video/a/", "LanguageCodeName": "ind-ID", "Source": "ASR"}]
    captions = [
        {"url": "https://v/s2/e2/video/a/", "language": "ind-ID", "isAutoGen": True},
        {"url": "https://v/s2/e2/video/b/", "language": "eng-US", "isOriginalCaption": False},
        {"url": "https://www.tiktok.com/aweme/", "urlList": ["https://v/c"], "language": "jav"},
        {"url": "https://www.tiktok.com/aweme/", "language": "sun"},
    ]
    video = {"subtitleInfos": infos, "claInfo": {"captionInfos": captions}}
    found = subtitles.of_video(video, "7")
    assert [(s.media.language, s.origin) for s in found] == [
        ("ind-ID", "automatic"),
        ("eng-US", "translated"),
        ("jav", None),
    ]


JUNK = st.sampled_from(
    [None, True, -1, 2**70, 1e400, "", "\ud800", "x", [], {}, [[]], [{}], {"a": 1}]
)


def junked(value: Any, chance: random.Random, junk: Callable[[], object]) -> Any:
    """A recorded object with a few values replaced."""
    if chance.random() < 0.03:
        return junk()
    if isinstance(value, dict):
        return {key: junked(part, chance, junk) for key, part in value.items()}
    if isinstance(value, list):
        return [junked(part, chance, junk) for part in value]
    return value


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_no_mutation_of_a_recorded_object_breaks_the_reader(objects_now, data) -> None:
    chance = random.Random(data.draw(st.integers(0, 2**32)))
    for kind, value in objects_now:
        mutated = junked(value, chance, lambda: data.draw(JUNK))
        if kind == "user":
            parse.profile(mutated if isinstance(mutated, dict) else {})
            continue
        post = parse.post(mutated if isinstance(mutated, dict) else {}, OWNER, from_page=True)
        if post is None:
            continue
        json.dumps(dict(post.extra), allow_nan=False).encode()
        names = [media.media_id for media in post.media]
        assert len(names) == len(set(names))
        assert all(media.url.startswith("https://") for media in post.media)
        assert all(author.handle for author in post.authors)


@pytest.fixture(scope="module")
def objects_now(recorded) -> list[tuple[str, Any]]:
    """The recorded item objects and the recorded profile."""
    page = json.loads(recorded("universal-data-video-detail-2026.json"))
    user = json.loads(recorded("universal-data-user-detail-rapvietvevo.json"))
    line = recorded("zeeschuimer-search-haberturktv.ndjson").split("\n")[0]
    item = page["__DEFAULT_SCOPE__"]["webapp.video-detail"]["itemInfo"]["itemStruct"]
    return [
        ("item", item),
        ("item", json.loads(line)["data"]),
        ("user", user["__DEFAULT_SCOPE__"]["webapp.user-detail"]["userInfo"]),
    ]
