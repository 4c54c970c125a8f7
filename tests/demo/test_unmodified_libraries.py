"""The client libraries as they come, in a process of their own, at the city."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from demo.real import real_accounts

INSTALOADER = """
import json, sys, instaloader
cookies, handle = json.loads(sys.argv[1]), sys.argv[2]
class NoWait(instaloader.RateController):
    def sleep(self, secs): raise SystemExit("the library wanted to wait")
loader = instaloader.Instaloader(sleep=False, quiet=True, max_connection_attempts=1,
                                 rate_controller=NoWait, dirname_pattern=sys.argv[3])
if cookies:
    loader.context.load_session("arsip", cookies)
profile = instaloader.Profile.from_username(loader.context, handle)
posts = list(profile.get_posts())
if cookies:
    loader.download_post(posts[0], target="x")
print(json.dumps({"id": profile.userid, "count": profile.mediacount,
                  "posts": [[p.shortcode, p.typename, p.caption or ""] for p in posts]}))
"""

YT_DLP = """
import json, sys, yt_dlp
url, out = sys.argv[1:3]
options = {"compat_opts": {"no-certifi"}, "quiet": True, "noprogress": True,
           "outtmpl": out + "/%(id)s.%(ext)s", "format": "best"}
with yt_dlp.YoutubeDL(options) as ydl:
    listing = ydl.extract_info(url, download=False, process=False)
    found = [entry["id"] for entry in listing["entries"]] if "entries" in listing else []
    film = url if not found else f"{url}/video/{found[-1]}"
    info = ydl.extract_info(film)
print(json.dumps({"ids": found, "title": info["description"], "id": info["id"]}))
"""


def run(platforms, script, *arguments):
    ca_file = str(platforms.ca_file)
    environment = {
        **{k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")},
        "HTTPS_PROXY": platforms.proxy_url,
        "REQUESTS_CA_BUNDLE": ca_file,
        "SSL_CERT_FILE": ca_file,
    }
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("logged_in", [True, False])
def test_instaloader_reads_the_whole_city(platforms, city, tmp_path, logged_in):
    cookies = city.visitor.cookies if logged_in else {}
    out = tmp_path / "posts"
    told = run(platforms, INSTALOADER, json.dumps(cookies), city.instagram.handle, str(out))
    shown = city.instagram.public()
    typenames = {"photo": "GraphImage", "reel": "GraphVideo", "carousel": "GraphSidecar"}
    assert told["id"] == int(city.instagram.native_id)
    assert told["count"] == len(shown)
    assert told["posts"] == [[i.code, typenames[i.kind], i.caption] for i in shown]
    if logged_in:
        (picture,) = out.glob("*.jpg")
        assert picture.read_bytes() == shown[0].slides[0].asset.path.read_bytes()
    # Its anonymous downloads carry cookies without values, never the session.
    values = city.visitor.cookies.values()
    assert bool(platforms.log.carrying(*values)) == logged_in
    assert platforms.log.carrying(*values, host="*.cdninstagram.com") == []


def test_yt_dlp_reads_the_whole_city(platforms, city, tmp_path):
    told = run(platforms, YT_DLP, f"https://www.tiktok.com/@{city.tiktok.handle}", str(tmp_path))
    shown = city.tiktok.public()
    assert set(told["ids"]) == {item.code for item in shown}
    oldest = min(shown, key=lambda item: item.taken_at)
    assert told["title"] == oldest.caption
    film = tmp_path / f"{oldest.code}.mp4"
    assert film.read_bytes() == oldest.slides[0].asset.path.read_bytes()


def test_both_read_the_real_objects(platforms, city, demo_media, tmp_path):
    real = real_accounts(None, demo_media)
    city.world.add(real.instagram)
    city.world.add(real.tiktok)
    cookies = json.dumps(city.visitor.cookies)
    told = run(platforms, INSTALOADER, cookies, real.instagram.handle, str(tmp_path / "real"))
    assert told["posts"] == [
        [item.code, "GraphSidecar", item.caption] for item in real.instagram.public()
    ]
    told = run(platforms, YT_DLP, f"https://www.tiktok.com/@{real.tiktok.handle}", str(tmp_path))
    assert set(told["ids"]) == {item.code for item in real.tiktok.items}
    assert told["title"] in {item.caption for item in real.tiktok.items}
