"""TikTok's JSON objects, made from the pretend world.

Field names, types and oddities are those of recorded pages: counts as numbers
in ``stats`` and as text in ``statsV2``, a numeric ``createTime`` in listings
and a textual one on video pages, several renditions of one film of which
some addresses point back at the web interface and never work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from demo.mediahosts import TIKTOK_IMAGE as PICTURE_HOST
from demo.mediahosts import TIKTOK_VIDEO as FILM_HOST
from demo.mediahosts import with_addresses
from demo.world import Account, Asset, Item, Place, Slide, World

Json = dict[str, Any]
COMMENTS_OFF = 3
_WORD = re.compile(r"([#@])([\w.]*\w)")
_MEDIA_ADDRESS = re.compile(r"https://[\w.-]*(?:tiktokcdn|-webapp)[\w.-]*\.com/(?!v/)")


def user_info(world: World, account: Account, now: datetime) -> Json:
    """``webapp.user-detail``'s ``userInfo``."""
    counts = {
        "followerCount": account.followers,
        "followingCount": account.following,
        "heart": sum(item.likes for item in account.public()),
        "heartCount": sum(item.likes for item in account.public()),
        "videoCount": len(account.public()) + account.declared_extra,
        "diggCount": 0,
        "friendCount": 0,
    }
    return {
        "user": user(world, account, now),
        "stats": counts,
        "statsV2": {name: str(value) for name, value in counts.items()},
        "itemList": [],
    }


def user(world: World, account: Account, now: datetime) -> Json:
    """A ``user`` or ``author`` object."""
    face = world.sign(PICTURE_HOST, account.avatar, now) if account.avatar else ""
    return {
        "id": account.native_id,
        "shortId": "",
        "uniqueId": account.handle,
        "nickname": account.name,
        "avatarLarger": face,
        "avatarMedium": face,
        "avatarThumb": face,
        "signature": account.biography,
        **({"bioLink": {"link": account.external_url, "risk": 0}} if account.external_url else {}),
        "createTime": 1_577_836_800,
        "verified": account.verified,
        "secUid": account.sec_uid,
        "ftc": False,
        "relation": 0,
        "privateAccount": account.private,
        "secret": account.private,
        "region": "ID",
    }


def item_struct(world: World, account: Account, item: Item, now: datetime) -> Json:
    """An ``itemStruct`` as listings give it (numeric ``createTime``)."""
    if item.raw is not None:
        return _recorded(world, item, now)
    counts = {} if item.hide_counts else _counts(item)
    made: Json = {
        "id": item.code,
        "desc": item.caption,
        "createTime": int(item.taken_at.timestamp()),
        "scheduleTime": 0,
        "video": _video(world, item, now),
        "author": user(world, account, now),
        "music": _music(world, account, item, now),
        "challenges": [_challenge(tag) for tag in _hashtags(item.caption)],
        "textExtra": _marked(world, item.caption),
        "stats": counts,
        "statsV2": {name: str(value) for name, value in counts.items()},
        "secret": False,
        "privateItem": False,
        "isAd": False,
        "IsAigc": False,
        "textLanguage": "id",
        "forFriend": False,
        "itemCommentStatus": COMMENTS_OFF if item.comments_off else 0,
        **(_place(item.place) if item.place else {}),
    }
    if item.pinned:
        made["isPinnedItem"] = True
    if item.kind == "photo-mode":
        made["imagePost"] = _image_post(world, item, now)
    return made


def page_item(world: World, account: Account, item: Item, now: datetime) -> Json:
    """The same item as its video page gives it (textual ``createTime``)."""
    made = item_struct(world, account, item, now)
    if "createTime" in made:
        made["createTime"] = str(made["createTime"])
    return made


def _counts(item: Item) -> Json:
    return {
        "diggCount": item.likes,
        "shareCount": item.shares,
        "commentCount": item.comments,
        "playCount": item.plays,
        "collectCount": item.likes // 10,
    }


def _video(world: World, item: Item, now: datetime) -> Json:
    slide = item.slides[0] if item.slides else None
    if item.kind == "photo-mode" or slide is None:
        # A photo post has an empty film beside its pictures.
        cover = world.sign(PICTURE_HOST, slide.asset, now) if slide else ""
        return {
            "id": item.code,
            "height": 0,
            "width": 0,
            "duration": 0,
            "ratio": "",
            "cover": cover,
            "originCover": cover,
            "playAddr": "",
            "bitrate": 0,
        }
    asset = slide.asset
    cover = world.sign(PICTURE_HOST, slide.cover, now) if slide.cover else ""
    play = _play_address(world, item, asset, now, "h264", asset.width)
    return {
        "id": item.code,
        "height": asset.height,
        "width": asset.width,
        "duration": int(asset.duration_s) or 1,
        "ratio": f"{min(asset.width, asset.height)}p",
        "cover": cover,
        "originCover": cover,
        "dynamicCover": cover,
        "playAddr": play["UrlList"][0],
        "downloadAddr": "",
        "format": "mp4",
        "videoQuality": "normal",
        "codecType": "h264",
        "definition": f"{min(asset.width, asset.height)}p",
        "bitrateInfo": _renditions(world, item, asset, now),
        **_subtitles(world, slide, now),
        "PlayAddrStruct": play,
    }


def _renditions(world: World, item: Item, asset: Asset, now: datetime) -> list[Json]:
    """Several renditions, as recorded: not sorted, codecs mixed."""
    lower = _play_address(world, item, asset, now, "h264", asset.width // 2)
    return [
        {
            "Bitrate": 400_000,
            "QualityType": 25,
            "BitrateFPS": 25,
            "GearName": "lower_540_0",
            "CodecType": "h264",
            "Format": "mp4",
            "PlayAddr": lower,
        },
        {
            "Bitrate": 1_148_519,
            "QualityType": 2,
            "BitrateFPS": 25,
            "GearName": "adapt_1080_1",
            "CodecType": "h265_hvc1",
            "Format": "mp4",
            "PlayAddr": _play_address(world, item, asset, now, "bytevc1", asset.width),
        },
        {
            "Bitrate": 900_000,
            "QualityType": 20,
            "BitrateFPS": 25,
            "GearName": "normal_720_0",
            "CodecType": "h264",
            "Format": "mp4",
            "PlayAddr": _play_address(world, item, asset, now, "h264", asset.width),
        },
    ]


def _play_address(
    world: World, item: Item, asset: Asset, now: datetime, codec: str, width: int
) -> Json:
    height = asset.height * width // asset.width if asset.width else 0
    uri = f"v10033g50000{item.code[-14:]}"
    rate = {"bytevc1": 1_148_519}.get(codec, 900_000 if width == asset.width else 400_000)
    return {
        "DataSize": str(asset.path.stat().st_size) if asset.path.exists() else "0",
        "Width": width,
        "Height": height,
        "Uri": uri,
        "UrlList": [
            world.sign(FILM_HOST, asset, now),
            f"https://www.tiktok.com/aweme/v1/play/?item_id={item.code}&video_id={uri}",
        ],
        "UrlKey": f"{uri}_{codec}_{min(width, height) or 540}p_{rate}",
    }


def _subtitles(world: World, slide: Slide, now: datetime) -> Json:
    """All languages, listed twice as on recorded pages: the one that is spoken,
    as a machine heard it, and its translations."""
    expires = str(int((now + world.url_lifetime).timestamp()))
    infos: list[Json] = []
    captions: list[Json] = []
    for number, (language, asset) in enumerate(slide.subtitles, start=1):
        url = world.sign(PICTURE_HOST, asset, now)
        size = str(asset.path.stat().st_size) if asset.path.exists() else "0"
        infos.append(
            {
                "UrlExpire": expires,
                "Size": size,
                "LanguageID": str(number),
                "LanguageCodeName": language,
                "Url": url,
                "Format": "webvtt",
                "Version": "1:big_caption",
                "Source": "ASR" if number == 1 else "MT",
            }
        )
        captions.append(
            {
                "language": language,
                "languageID": str(number),
                "url": url,
                "expire": expires,
                "captionFormat": "webvtt",
                "isAutoGen": True,
                "isOriginalCaption": number == 1,
                "urlList": [url],
                "variant": "big_caption",
                "translationType": "0",
            }
        )
    spoken = {"enableAutoCaption": True, "hasOriginalAudio": True, "captionInfos": captions}
    return {"subtitleInfos": infos, "claInfo": spoken if infos else {"captionInfos": []}}


def _music(world: World, account: Account, item: Item, now: datetime) -> Json:
    sound = next((slide.sound for slide in item.slides if slide.sound), None)
    made: Json = {
        "playUrl": world.sign(PICTURE_HOST, sound, now) if sound else "",
        "duration": int(sound.duration_s) if sound else 0,
        "album": "",
    }
    if item.song:
        song = item.song
        named = {"id": song.native_id, "title": song.title, "authorName": song.artist}
        return {**made, **named, "original": False}
    own = str(int(item.code) + 1) if item.code.isdigit() else "1"
    named = {"id": own, "title": "suara asli", "authorName": account.name}
    return {**made, **named, "original": True}


def _place(place: Place) -> Json:
    return {
        "poi": {
            "id": place.native_id,
            "name": place.name,
            "address": place.address,
            "city": "",
            "province": "",
            "country": "",
            "fatherPoiId": "",
            "fatherPoiName": "",
            "type": 0,
            "category": "Place and Address",
            "typeCode": "",
            "ttTypeNameTiny": "City",
            "ttTypeNameMedium": "Places",
        },
        "contentLocation": {
            "address": {
                "addressCountry": "",
                "addressLocality": "",
                "addressRegion": "",
                "streetAddress": ", ".join(filter(None, (place.name, place.address))),
            }
        },
    }


def _marked(world: World, caption: str) -> list[Json]:
    """The hashtags and mentions of a caption, by their places in it."""
    marked: list[Json] = []
    for found in _WORD.finditer(caption):
        name = found[2]
        entry: Json = {
            "awemeId": "",
            "start": found.start(),
            "end": found.end(),
            "subType": 0,
            "isCommerce": False,
        }
        if found[1] == "#":
            marked.append({**entry, "type": 1, "hashtagName": name})
            continue
        account = world.by_handle("tiktok", name)
        who = {"userId": account.native_id, "secUid": account.sec_uid} if account else {}
        marked.append({**entry, "type": 0, "userUniqueId": name, **who})
    return marked


def _image_post(world: World, item: Item, now: datetime) -> Json:
    images = [
        {
            "imageURL": {
                "uri": f"tos-alisg-i-photomode-sg/{slide.media_id}",
                "urlList": [world.sign(PICTURE_HOST, slide.asset, now) for _ in range(2)],
            },
            "imageWidth": slide.asset.width,
            "imageHeight": slide.asset.height,
        }
        for slide in item.slides
    ]
    return {"images": images, "cover": images[0] if images else {}, "title": ""}


def _challenge(tag: str) -> Json:
    return {"id": str(sum(map(ord, tag))), "title": tag, "desc": "", "isCommerce": False}


def _hashtags(caption: str) -> list[str]:
    return [word[1:].strip(".,") for word in caption.split() if word.startswith("#")]


# -- recorded objects ---------------------------------------------------------------


def _recorded(world: World, item: Item, now: datetime) -> Json:
    """A recorded object with fresh addresses; everything else as recorded.

    ``asset://`` places were set when the object was taken over; a recorded
    address that is still there becomes one of the item's own files.
    """
    slide = item.slides[0] if item.slides else None

    def copy(value: object, path: tuple[str, ...]) -> object:
        if isinstance(value, Mapping):
            return {str(key): copy(entry, (*path, str(key))) for key, entry in value.items()}
        if isinstance(value, list):
            return [copy(entry, path) for entry in value]
        if isinstance(value, str) and _MEDIA_ADDRESS.match(value):
            asset, host = _stand_in(slide, path)
            return world.sign(host, asset, now) if asset else ""
        return value

    made = copy(with_addresses(item.raw, world, now), ())
    assert isinstance(made, dict)
    return made


def _stand_in(slide: Slide | None, path: tuple[str, ...]) -> tuple[Asset | None, str]:
    """The file of an item that stands for a recorded address, by its place."""
    if slide is None:
        return None, PICTURE_HOST
    if "music" in path and path[-1] == "playUrl":
        return slide.sound, PICTURE_HOST
    if "subtitleInfos" in path or "captionInfos" in path:
        return (slide.subtitles[0][1] if slide.subtitles else None), PICTURE_HOST
    if "images" in path:
        return slide.asset, PICTURE_HOST
    if any(part.lower().startswith(("playaddr", "urllist", "downloadaddr")) for part in path):
        return slide.asset, FILM_HOST
    return slide.cover, PICTURE_HOST
