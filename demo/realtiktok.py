"""TikTok accounts made of recorded item structs, or of recorded selections."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from demo.mediahosts import TIKTOK_IMAGE, TIKTOK_VIDEO
from demo.standins import StandIns, with_stand_ins
from demo.world import Account, Asset, Item, Slide

Recorded = Mapping[str, Any]

_FILMS = 4
"""Films drawn for an account of many videos; they are shown in turn, so that
one file stands behind several posts, as repeats do on real accounts."""


def tiktok_account(items: Sequence[Recorded], media: Path) -> Account:
    """The account that recorded item structs belong to."""
    author = items[0]["author"]
    makes = StandIns(media, author["uniqueId"])
    stats = items[0].get("authorStats") or {}
    return Account(
        "tiktok",
        author["id"],
        author["uniqueId"],
        author["nickname"],
        biography=author.get("signature") or "",
        verified=bool(author.get("verified")),
        followers=stats.get("followerCount") or 0,
        following=stats.get("followingCount") or 0,
        sec_uid=author["secUid"],
        avatar=makes.avatar(),
        items=[_item(recorded, makes, recorded["id"]) for recorded in items],
    )


def projected_account(records: Sequence[Recorded], media: Path) -> Account:
    """An account rebuilt from records that kept only some fields.

    Ids, texts, dates and counts are the recorded ones. The account's own
    numeric id and its secUid were not recorded and are made up.
    """
    handle = records[0]["channelId"]
    seed = hashlib.sha384(handle.encode()).digest()
    account = Account(
        "tiktok",
        str(6_800_000_000_000_000_000 + int.from_bytes(seed[:7])),
        handle,
        records[0]["channelTitle"],
        sec_uid="MS4wLjABAAAA" + base64.urlsafe_b64encode(seed).decode(),
        verified=False,
    )
    makes = StandIns(media, handle)
    account.avatar = makes.avatar()
    for number, record in enumerate(records):
        film_name = f"film {number % _FILMS + 1}"
        account.items.append(_item(_struct(record, account), makes, film_name))
    return account


def _item(recorded: Recorded, makes: StandIns, film_name: str) -> Item:
    spoken = recorded["video"].get("subtitleInfos") or []
    languages = tuple((said["LanguageCodeName"], makes.subtitles()) for said in spoken)
    cover = makes.picture(film_name, 9, 16)
    slide = Slide(recorded["id"], makes.film(film_name), cover, languages, makes.sound())

    def choose(keys: tuple[str, ...]) -> Asset:
        last = keys[-1]
        if "subtitleInfos" in keys or "captionInfos" in keys:
            return makes.subtitles()
        if keys[0] == "music" and last == "playUrl":
            return makes.sound()
        if keys[0] == "video":
            films = ("bitrateInfo", "PlayAddrStruct", "playAddr", "downloadAddr")
            return slide.asset if any(key in films for key in keys) else _cover(slide)
        return makes.avatar()

    stats = recorded["stats"]
    return Item(
        recorded["id"],
        recorded["id"],
        "video",
        recorded["desc"],
        # A string on video pages, a number in lists.
        datetime.fromtimestamp(int(recorded["createTime"]), UTC),
        (slide,),
        likes=stats["diggCount"],
        comments=stats["commentCount"],
        plays=stats["playCount"],
        shares=stats["shareCount"],
        raw=cast(Mapping[str, object], with_stand_ins(recorded, choose)),
    )


def _cover(slide: Slide) -> Asset:
    assert slide.cover is not None
    return slide.cover


def _struct(record: Recorded, account: Account) -> Recorded:
    """An item struct in the shape of video pages, from a selection of fields."""
    play = f"https://{TIKTOK_VIDEO}/video/{record['videoId']}"
    still = f"https://{TIKTOK_IMAGE}/cover/{record['videoId']}"
    return {
        "id": record["videoId"],
        "desc": record["title"],
        "createTime": record["publishedDate"],
        "video": {
            "id": record["videoId"],
            "height": 1024,
            "width": 576,
            "duration": record["duration"],
            "ratio": "540p",
            "cover": still,
            "originCover": still,
            "playAddr": play,
            "format": "mp4",
            "codecType": "h264",
            "bitrateInfo": [
                {
                    "GearName": "normal_540_0",
                    "QualityType": 20,
                    "CodecType": "h264",
                    "PlayAddr": {"Width": 576, "Height": 1024, "UrlList": [play]},
                }
            ],
        },
        "author": {
            "id": account.native_id,
            "uniqueId": account.handle,
            "nickname": account.name,
            "avatarThumb": still,
            "secUid": account.sec_uid,
            "verified": account.verified,
        },
        "challenges": [{"title": title} for title in record["tags"]],
        "stats": {
            "diggCount": record["likeCount"],
            "shareCount": record["shareCount"],
            "commentCount": record["commentCount"],
            "playCount": record["viewCount"],
            "collectCount": record["favoriteCount"],
        },
    }
