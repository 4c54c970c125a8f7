"""The client libraries as they come, in a process of their own, at the city."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from demo.city_life import live_in
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

EVERY_SECTION = """
import json, sys, instaloader
class NoWait(instaloader.RateController):
    def sleep(self, secs): raise SystemExit("the library wanted to wait")
loader = instaloader.Instaloader(sleep=False, quiet=True, max_connection_attempts=1,
                                 rate_controller=NoWait, iphone_support=False)
loader.context.load_session("arsip", json.loads(sys.argv[1]))
profile = instaloader.Profile.from_username(loader.context, sys.argv[2])
shared = instaloader.Post.from_shortcode(loader.context, sys.argv[3])
highlights = {h.title: [i.mediaid for i in h.get_items()]
              for h in loader.get_highlights(profile.userid)}
comments = [[c.id, c.owner.username, [a.id for a in c.answers]] for c in shared.get_comments()]
print(json.dumps({
    "stories": [[i.mediaid, i.is_video] for s in loader.get_stories([profile.userid])
                for i in s.get_items()],
    "highlights": highlights, "comments": comments,
    "reels": [p.shortcode for p in profile.get_reels()],
    "owners": {p.shortcode: p.owner_username for p in profile.get_posts()},
}))
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


def test_instaloader_reads_every_section_of_a_lively_city(platforms, city, demo_media, tmp_path):
    life = live_in(city, demo_media)
    own, world = city.instagram, city.world
    cookies = json.dumps(city.visitor.cookies)
    told = run(platforms, EVERY_SECTION, cookies, own.handle, life.shared)
    shown = world.stories(own, world.now())
    assert sorted(told["stories"]) == sorted(
        [int(i.code), i.slides[0].asset.mime == "video/mp4"] for i in shown
    )
    kept = {c.title: sorted(map(int, c.codes)) for c in own.collections}
    assert {title: sorted(ids) for title, ids in told["highlights"].items()} == kept
    timeline = world.timeline(own)
    assert told["owners"] == {item.code: account.handle for account, item in timeline}
    apart = {item.code for item in own.items if item.off_grid}
    reels = {item.code for _, item in timeline if item.kind == "reel"}
    assert set(told["reels"]) == reels | apart
    assert apart
    said = world.item("instagram", life.shared)[1].remarks
    assert {(number, author) for number, author, _ in told["comments"]} == {
        (int(r.native_id), r.author) for r in said if r.parent is None
    }
    answers = {number for _, _, replies in told["comments"] for number in replies}
    assert answers == {int(r.native_id) for r in said if r.parent}
