"""Which of a video's many renditions is archived.

Everybody gets the same one, so that two captures of one post compare: the
largest H.264 rendition, because every player of the next decades opens it;
the best other playable one if there is no H.264; the watermarked download
only when nothing else is offered. ``bytevc2`` has no public decoder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from connectors.tiktok import fields

_URL_KEY = re.compile(r"v[^_]+_(?P<codec>[^_]+)_(?P<lines>\d+)p_(?P<bitrate>\d+)")
_API_HOST = "www.tiktok.com"
_RANK = {"h264": 3, "h265": 2, "unknown": 1}


@dataclass(frozen=True, slots=True)
class Film:
    """One rendition that can be fetched and played."""

    url: str
    width: int | None
    height: int | None
    codec: str
    bitrate_bps: int
    watermarked: bool = False


def best(video: Mapping[str, Any]) -> Film | None:
    """The rendition to archive of an ``itemStruct.video`` object, if any.

    *Source:* recorded video pages of 2023 and 2026. Addresses on
    ``www.tiktok.com`` answer with an error page and are never chosen.
    """
    return max(_films(video), key=_quality, default=None)


def _quality(film: Film) -> tuple[bool, int, int, int]:
    size = min(film.width or 0, film.height or 0)
    return (not film.watermarked, _RANK[film.codec], size, film.bitrate_bps)


def _films(video: Mapping[str, Any]) -> Iterator[Film]:
    for entry in fields.objects(video, "bitrateInfo"):
        film = _rendition(entry)
        if film:
            yield film
    width, height = fields.count(video, "width"), fields.count(video, "height")
    whole = _codec(fields.text(video, "codecType") or "h264")
    struct = _usable(fields.walk(video, "PlayAddrStruct", "UrlList"))
    play = struct or _usable([fields.walk(video, "playAddr")])
    if play and whole:
        # Below an equal rendition of the list, which names its bit rate.
        yield Film(play, width, height, whole, 0)
    download = _usable([fields.walk(video, "downloadAddr")])
    if download:
        yield Film(download, width, height, "unknown", 0, watermarked=True)


def _rendition(entry: Mapping[str, Any]) -> Film | None:
    address = fields.mapping(entry, "PlayAddr")
    url = _usable(address.get("UrlList"))
    key = _URL_KEY.search(fields.text(address, "UrlKey") or "")
    name = fields.told(entry, "CodecType") or (key["codec"] if key else "unknown")
    codec = _codec(name)
    if url is None or codec is None or urlsplit(url).path.endswith("/media-video-hvc1/"):
        # Those last ones hold pictures without sound.
        return None
    lines = int(key["lines"]) if key else None
    bitrate = fields.count(entry, "Bitrate") or (int(key["bitrate"]) if key else 0)
    width = fields.count(address, "Width") or lines
    height = fields.count(address, "Height") or lines
    return Film(url, width, height, codec, bitrate)


def _codec(name: str) -> str | None:
    """``h264``, ``h265``, ``unknown``, or ``None`` for what nobody can play."""
    if name.startswith("h264"):
        return "h264"
    if name.startswith(("h265", "bytevc1")):
        return "h265"
    return None if name.startswith(("bytevc2", "h266")) else "unknown"


def _usable(urls: object) -> str | None:
    """The first address of a list that is not the web interface itself."""
    for url in urls if isinstance(urls, list) else ():
        found = fields.address(url)
        if found and urlsplit(found).hostname != _API_HOST:
            return found
    return None
