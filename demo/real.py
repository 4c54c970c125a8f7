"""Accounts made of real recorded objects, each post served as it was recorded.

Only media addresses are replaced (the recorded ones have expired); what a
slide shows then is a drawn stand-in with the account's name on it. Every
other field, however odd, stays as the platform sent it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.realinstagram import instagram_account
from demo.realstories import story_account
from demo.realtiktok import projected_account, tiktok_account
from demo.world import Account

LICENSED = Path(__file__).parent.parent / "tests" / "data"
"""Recorded files that may be published again with the project."""

_ALBUM = "instagram-graphql/pgrimaud-api-v1-media-info-carousel.json"
_REELS = ("stories", "highlights")
_ODAI = "tiktok-web/tiktok-api-odai_mie_japan_videos.json"
_KASHIMA = "tiktok-web/tiktok-api-kashima_city_official_videos.json"
_CHARITY = "instagram-graphql/charity-ride-api-v1-media-4.json"
_NEWS = "instagram-graphql/zeeschuimer-web-timeline-news-2026.ndjson"
_VIDEO = "tiktok-web/universal-data-video-detail-2026.json"
_TELEVISION = "tiktok-web/zeeschuimer-search-haberturktv.ndjson"


@dataclass(frozen=True, slots=True)
class RealAccounts:
    """Accounts of recorded objects.

    Attributes:
        instagram: The one the demo captures.
        tiktok: The one the demo captures.
        others: The rest, for tests.
        sentence_id / sentence_en: Which objects were used, for people.
    """

    instagram: Account
    tiktok: Account
    others: tuple[Account, ...]
    sentence_id: str
    sentence_en: str

    @property
    def all(self) -> tuple[Account, ...]:
        """Every account."""
        return self.instagram, self.tiktok, *self.others


def real_accounts(data_dir: Path | None, media: Path) -> RealAccounts:
    """Build the accounts of recorded objects.

    Args:
        data_dir: A folder with the recorded files that may not be published
            again; ``None`` or a folder without them: the licensed ones only.
        media: Where drawn pictures and films are kept.

    Returns:
        One account of each platform to capture, and the others.
    """
    album = _by_author([_read(LICENSED / _ALBUM)["items"][0]])
    licensed_instagram = [instagram_account(objects, media) for objects in album]
    licensed_tiktok = [
        projected_account(_read(LICENSED / name), media) for name in (_ODAI, _KASHIMA)
    ]
    if data_dir is None or not (data_dir / _CHARITY).is_file() or not (data_dir / _VIDEO).is_file():
        return _licensed_only(licensed_instagram, licensed_tiktok)
    news = [line["data"] for line in _lines(data_dir / _NEWS)]
    recorded = [
        instagram_account(objects, media)
        for objects in _by_author([*_read(data_dir / _CHARITY), *news])
    ]
    page = _read(data_dir / _VIDEO)["__DEFAULT_SCOPE__"]["webapp.video-detail"]
    films = [tiktok_account([page["itemInfo"]["itemStruct"]], media)]
    films.append(tiktok_account([line["data"] for line in _lines(data_dir / _TELEVISION)], media))
    first, second = recorded[0], films[0]
    return RealAccounts(
        first,
        second,
        (*recorded[1:], *films[1:], *licensed_instagram, *licensed_tiktok),
        f"Objek asli: Instagram @{first.handle} ({len(first.items)} unggahan, objek media "
        f"api/v1) dan TikTok @{second.handle} (data halaman video 2026).",
        f"Real objects: Instagram @{first.handle} ({len(first.items)} posts, api/v1 media "
        f"objects) and TikTok @{second.handle} (video page data of 2026).",
    )


def real_story_accounts(media: Path) -> tuple[Account, ...]:
    """Accounts of recorded stories and highlights, all under the MIT licence.

    Args:
        media: Where drawn pictures and films are kept.
    """
    answers = (
        _read(LICENSED / f"instagram-graphql/pgrimaud-graphql-{name}.json") for name in _REELS
    )
    return tuple(story_account(answer["data"]["reels_media"], media) for answer in answers)


def _licensed_only(instagram: list[Account], tiktok: list[Account]) -> RealAccounts:
    first, second = instagram[0], tiktok[0]
    return RealAccounts(
        first,
        second,
        (*instagram[1:], *tiktok[1:]),
        f"Objek asli berlisensi MIT: Instagram @{first.handle} (jawaban media info) dan TikTok "
        f"@{second.handle} ({len(second.items)} video; id, teks, tanggal dan angka asli, "
        "disusun kembali dari rekaman ringkas).",
        f"Real objects under the MIT licence: Instagram @{first.handle} (a media info answer) "
        f"and TikTok @{second.handle} ({len(second.items)} videos; real ids, texts, dates and "
        "counts, rebuilt from a recorded selection of fields).",
    )


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _lines(path: Path) -> list[Any]:
    # Not splitlines: captions may hold U+2028, which it takes for a line end.
    text = path.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def _by_author(objects: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for recorded in objects:
        grouped.setdefault(str(recorded["user"]["pk"]), []).append(recorded)
    return list(grouped.values())
