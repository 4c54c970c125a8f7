"""The unmodified yt-dlp, with browser impersonation, talks to the pretend TikTok.

It runs in an interpreter of its own: curl_cffi reads its certificates from the
environment when it is imported.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from demo.faults import Match, replaced
from demo.server import Platforms
from demo.tiktok import faults, pages

ASK = """
import json, sys
import yt_dlp
from yt_dlp.networking._curlcffi import CurlCFFIRH

params = {"quiet": True, "no_warnings": True, "noprogress": True, "cachedir": False,
          "compat_opts": {"no-certifi"}, "outtmpl": sys.argv[1] + "/%(id)s.%(ext)s",
          "allowed_extractors": ["TikTok", "tiktok:user"], "retries": 0,
          "writesubtitles": True, "subtitleslangs": ["all"],
          "logger": type("Log", (), {n: lambda self, m: None for n in ("debug", "warning", "error")})()}
answers = []
with yt_dlp.YoutubeDL(params) as library:
    assert library._impersonate_target_available(yt_dlp.networking.impersonate.ImpersonateTarget())
    for download, url in json.loads(sys.argv[2]):
        try:
            info = library.extract_info(url, download=download)
            entries = [entry["id"] for entry in info.get("entries") or ()]
            formats = [f["format_id"] for f in info.get("formats") or ()]
            answers.append({"id": info["id"], "entries": entries, "formats": formats,
                            "timestamp": info.get("timestamp"), "subtitles": sorted(info.get("subtitles") or ()),
                            "likes": info.get("like_count"), "title": info.get("title")})
        except yt_dlp.utils.DownloadError as error:
            answers.append({"error": str(error)})
print(json.dumps(answers))
"""  # noqa: E501


@pytest.fixture
def library(platforms: Platforms, tmp_path: Path) -> Callable[..., list[dict]]:
    """Asks the unmodified library for addresses; downloads where told to."""

    def ask(*urls: str, download: bool = False) -> list[dict]:
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "HTTPS_PROXY": platforms.proxy_url,
            "SSL_CERT_FILE": str(platforms.ca_file),
        }
        wanted = json.dumps([[download, url] for url in urls])
        done = subprocess.run(
            [sys.executable, "-c", ASK, str(tmp_path), wanted],
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return list(json.loads(done.stdout))

    return ask


def address(city, item) -> str:
    return f"https://www.tiktok.com/@{city.account.handle}/video/{item.code}"


def test_it_downloads(city, platforms: Platforms, library, tmp_path: Path) -> None:
    newest = city.video()
    (film,) = library(address(city, newest), download=True)
    assert film["id"] == newest.code
    assert film["timestamp"] == int(newest.taken_at.timestamp())
    assert (film["likes"], film["subtitles"]) == (31, ["eng-US", "ind-ID"])
    assert len(film["formats"]) >= 2
    saved = (tmp_path / f"{newest.code}.mp4").read_bytes()
    assert saved == newest.slides[0].asset.path.read_bytes()
    assert platforms.log.count(host="v16-webapp-prime.tiktok.com") >= 1


def test_it_walks_the_listing(city, platforms: Platforms, library) -> None:
    items = [city.video(days=days) for days in range(17)]
    url = f"https://www.tiktok.com/@{city.account.handle}"
    platforms.faults.add(faults.waf_challenge(count=None))
    (listed,) = library(url)
    assert listed["entries"] == [item.code for item in items]
    # profile, two pages, and each video's page twice because of the challenge
    assert platforms.log.count(path="/api/creator/item_list/") == 2
    assert platforms.log.count(path="/@*/video/*") == 34


def test_it_gives_photo_posts_as_sound_only(city, library) -> None:
    item = city.photos()
    (photo,) = library(address(city, item))
    assert photo["formats"] == ["audio"]


def test_it_calls_removed_and_private_alike(city, library) -> None:
    item, other = city.video(), city.video(days=1)
    city.world.delete(city.account, item.code)
    city.world.hide(city.account, other.code)
    removed, hidden = library(address(city, item), address(city, other))
    assert "IP address is blocked" in removed["error"]
    assert "do not have permission" in hidden["error"]


def test_recorded_pages(
    platforms: Platforms, library, recorded_page: Callable[[str], bytes]
) -> None:
    names = {
        "7608826249200356630": "universal-data-video-detail-2026.json",
        "7276437262283859205": "universal-data-deleted-10204.json",
        "7631060535387163925": "universal-data-photo-page-without-video-detail.json",
    }
    for code, name in names.items():
        body, match = recorded_page(name), Match(path=f"*/video/{code}")
        platforms.faults.add(replaced(name, lambda _, b=body: pages.html(b), match, count=None))
    there, gone, photo = library(
        *(f"https://www.tiktok.com/@somebody/video/{code}" for code in names)
    )
    assert there["id"] == "7608826249200356630"
    assert (there["timestamp"], there["likes"]) == (1771567930, 105200)
    assert "IP address is blocked" in gone["error"]
    assert "status code 0" in photo["error"]


def test_a_recorded_profile_and_item(
    platforms: Platforms, library, recorded_page: Callable[[str], bytes], recorded
) -> None:
    body = recorded_page("universal-data-user-detail-rapvietvevo.json")
    line = recorded("zeeschuimer-search-haberturktv.ndjson").splitlines()[0]
    item = json.loads(line)["data"]
    listing = pages.data({"itemList": [item], "hasMorePrevious": False, "statusCode": 0})
    scopes = {"webapp.video-detail": {"itemInfo": {"itemStruct": item}, "statusCode": 0}}
    page = pages.html(pages.rehydration(scopes))
    for kind, answer, path in (
        ("profile", pages.html(body), "/@rapvietvevo"),
        ("listing", listing, "/api/creator/item_list/"),
        ("item", page, "/@*/video/*"),
    ):
        found = replaced(kind, lambda _, a=answer: a, Match(path=path), count=None)
        platforms.faults.add(found)
    (listed,) = library("https://www.tiktok.com/@rapvietvevo")
    assert listed["id"].startswith("MS4wLjABAAAAkkTvK7MIf")
    assert listed["entries"] == ["7288995634328177926"]
