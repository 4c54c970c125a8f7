"""Every subtitle a post offers, in all languages. Pure.

The platform lists them twice: ``video.subtitleInfos`` and
``video.claInfo.captionInfos``. The second names translations that the first
may lack, so both are read, and a file that stands in both is taken once.

*Source:* a recorded video page of 2026, where one file stands in both lists
with the same address; yt-dlp reads only the first of the two on web pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from connectors.model import Media, MediaKind, MediaRole
from connectors.tiktok import fields

_API_HOST = "www.tiktok.com"
_MACHINE = frozenset({"ASR", "MT"})


@dataclass(frozen=True, slots=True)
class Subtitle:
    """One subtitle file.

    Attributes:
        form: ``webvtt``, ``srt`` or ``creator_caption``.
        origin: ``automatic`` (speech recognition), ``translated``, ``owner``,
            or ``None`` when not told.
    """

    media: Media
    form: str
    origin: str | None


@dataclass(frozen=True, slots=True)
class _Listed:
    url: str
    language: str | None
    form: str
    origin: str | None

    @property
    def file(self) -> tuple[str, str | None, str]:
        """What is the same wherever one file is listed: addresses are signed
        anew, and their first two path parts are signature and expiry."""
        parts = urlsplit(self.url).path.split("/")
        return "/".join(parts[3:] if len(parts) > 4 else parts), self.language, self.form


def of_video(video: Mapping[str, Any], code: str) -> tuple[Subtitle, ...]:
    """All subtitles of an ``itemStruct.video`` object, each file once.

    Args:
        code: The post's id; the media ids begin with it.
    """
    found: list[Subtitle] = []
    files: set[tuple[str, str | None, str]] = set()
    names: set[str] = set()
    for listed in (*_infos(video), *_captions(video)):
        if listed.file in files:
            continue
        files.add(listed.file)
        base = f"{code}-subtitle-{listed.language or 'und'}"
        name = base if listed.form == "webvtt" else f"{base}-{listed.form}"
        serial, unique = 2, name
        while unique in names:
            unique, serial = f"{name}-{serial}", serial + 1
        names.add(unique)
        media = Media(
            unique,
            MediaKind.SUBTITLE,
            MediaRole.SUBTITLE,
            0,
            listed.url,
            language=listed.language,
        )
        found.append(Subtitle(media, listed.form, listed.origin))
    return tuple(found)


def _infos(video: Mapping[str, Any]) -> Iterator[_Listed]:
    for entry in fields.objects(video, "subtitleInfos"):
        url = fields.address(entry, "Url")
        if not url:
            continue
        language = fields.told(entry, "LanguageCodeName") or fields.told(entry, "LanguageID")
        form = fields.told(entry, "Format") or "webvtt"
        source = fields.told(entry, "Source")
        origin = {"ASR": "automatic", "MT": "translated"}.get(source or "")
        if (source and source not in _MACHINE) or form == "creator_caption":
            origin = "owner"
        yield _Listed(url, language, form, origin)


def _captions(video: Mapping[str, Any]) -> Iterator[_Listed]:
    for entry in fields.objects(video, "claInfo", "captionInfos"):
        url = _address(entry)
        if not url:
            continue
        language = fields.told(entry, "language") or fields.told(entry, "languageID")
        form = fields.told(entry, "captionFormat") or "webvtt"
        yield _Listed(url, language, form, _origin(entry))


def _origin(entry: Mapping[str, Any]) -> str | None:
    if fields.count(entry, "translationType") or fields.flag(entry, "isOriginalCaption") is False:
        return "translated"
    made_by_machine = fields.flag(entry, "isAutoGen")
    return None if made_by_machine is None else ("automatic" if made_by_machine else "owner")


def _address(entry: Mapping[str, Any]) -> str | None:
    """Where a caption lies; addresses of the web interface only lead there."""
    listed = fields.walk(entry, "urlList")
    for url in (entry.get("url"), *(listed if isinstance(listed, list) else ())):
        found = fields.address(url)
        if found and urlsplit(found).hostname != _API_HOST:
            return found
    return None
