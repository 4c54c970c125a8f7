"""G2: one account of 240 posts, against instaloader alone.

Three processes in turn: instaloader downloading pictures to files; the
connector recording everything, with no commit; and the program itself
(`jejak capture`), with its catalogue and one durable commit a post.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.platforms import COOKIES, HANDLE, NATIVE_ID, VISITOR, Place, running
from benchmarks.process import Figures, measured, median_ratio, tell
from benchmarks.result import Result

POSTS = 240
PAIRS = 5
IDENTITY = "bench"


def instaloader_alone(place: Place, folder: Path) -> None:
    """Pictures only: none of the extra files that it can write."""
    import instaloader

    os.environ |= {"HTTPS_PROXY": place.proxy, "REQUESTS_CA_BUNDLE": place.ca_file}
    loader = instaloader.Instaloader(
        dirname_pattern=str(folder),
        quiet=True,
        sleep=False,
        save_metadata=False,
        post_metadata_txt_pattern="",
        max_connection_attempts=1,
    )
    loader.load_session(VISITOR, dict(COOKIES))
    start = time.perf_counter()
    profile = instaloader.Profile.from_username(loader.context, HANDLE)
    for post in profile.get_posts():
        loader.download_post(post, HANDLE)
    wall_s = time.perf_counter() - start
    _tell(wall_s, len(list(folder.glob("*.jpg"))))


def recorded(place: Place, folder: Path) -> None:
    """The connector and the recorder, without a commit."""
    from benchmarks.recording import capture
    from connectors.base import Identity, Network
    from connectors.instagram.secrets import RULES
    from connectors.instagram.web import InstagramWeb
    from connectors.model import AccountRef

    network = Network(proxy=place.proxy, ca_file=place.ca_file)
    identity = Identity(IDENTITY, "instagram", COOKIES, VISITOR)
    count = 0
    with capture(folder, rules=RULES) as sink:
        start = time.perf_counter()
        connector = InstagramWeb(
            sink=sink, network=network, identity=identity, gate=lambda url: None
        )
        connector.profile(AccountRef("instagram", HANDLE))
        for page in connector.list_posts(AccountRef("instagram", HANDLE, NATIVE_ID)):
            for post in page.posts:
                count += all(item.problem is None for item in connector.fetch_media(post))
        wall_s = time.perf_counter() - start
        connector.close()
    _tell(wall_s, count)


def program(place: Place, folder: Path) -> None:
    """`jejak capture` on a new archive, its imports apart."""
    from archiver.cli.main import main

    config = folder / "config.toml"
    cookies = folder / "cookies.txt"
    lines = [f".instagram.com\tTRUE\t/\tTRUE\t0\t{name}\t{text}" for name, text in COOKIES.items()]
    cookies.write_text("\n".join(["# Netscape HTTP Cookie File", *lines, ""]), encoding="ascii")
    config.write_text(
        'language = "en"\n[archive]\nmin_free_gb = 0.1\n'
        f'[network]\nproxy = "{place.proxy}"\nca_file = "{place.ca_file}"\npause_s = 0\n'
        f'[[identities]]\nname = "{IDENTITY}"\nplatform = "instagram"\n',
        encoding="utf-8",
    )
    (folder / "archive").mkdir()
    given = ["--config", str(config)]
    _expect_fine(main([*given, "login", "instagram", IDENTITY, "--cookies", str(cookies), "--yes"]))
    add = ["accounts", "add", "instagram", HANDLE, "--identity", IDENTITY, "--yes"]
    _expect_fine(main([*given, *add]))
    start = time.perf_counter()
    _expect_fine(main([*given, "capture", "--json"]))
    wall_s = time.perf_counter() - start
    _tell(wall_s, _count_posts(folder / "archive" / "catalogue.sqlite"))


def _count_posts(catalogue: Path) -> int:
    import sqlite3

    with sqlite3.connect(catalogue) as connection:
        return int(connection.execute("SELECT count(*) FROM posts").fetchone()[0])


def _expect_fine(code: int) -> None:
    if code != 0:
        raise RuntimeError(f"jejak ended with {code}")


def _tell(wall_s: float, count: int) -> None:
    if count != POSTS:
        raise RuntimeError(f"{count} of {POSTS} posts")
    tell(wall_s, count)


def once(how: str, place: Place) -> Figures:
    """One account in a process of its own, into a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="jejak-bench-") as folder:
        return measured("benchmarks.per_post", how, place.proxy, place.ca_file, folder)


def run() -> Iterator[Result]:
    """Measure G2, with and without the commits."""
    with (
        tempfile.TemporaryDirectory(prefix="jejak-bench-") as folder,
        running(Path(folder), "instagram", POSTS) as place,
    ):
        once("recorded", place)
        rounds = [[once(how, place) for how in HOW] for _ in range(PAIRS)]
        sync_ms = _one_sync_ms(Path(folder))
    for how, title, target in (
        ("program", "per post, recorded and durably committed / instaloader alone", 1.0),
        ("recorded", "per post, recorded, without the commits / instaloader alone", 0.33),
    ):
        place_of = list(HOW).index(how)
        pairs = [(figures[place_of], figures[0]) for figures in rounds]
        ours, theirs = (min(pair[side].wall_s for pair in pairs) for side in (0, 1))
        note = (
            f"{POSTS} posts of one picture, TLS on loopback, {PAIRS} rounds; at best "
            f"{ours / POSTS * 1000:.1f} ms against {theirs / POSTS * 1000:.1f} ms a post; "
            f"one sync on this disk, now: {sync_ms:.1f} ms"
        )
        yield Result("G2", title, median_ratio(pairs), target, note=note, obstacle=OBSTACLE)


def _one_sync_ms(folder: Path) -> float:
    """What appending 4 KB durably takes here, the median of fifty."""
    times_s = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(50):
            file.write(os.urandom(4096))
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            times_s.append(time.perf_counter() - start)
    return statistics.median(times_s) * 1000


OBSTACLE = (
    "a post costs two syncs, the segment's and then the catalogue's, and about 5 ms of processor "
    "for its document, its rows and its transaction"
)
HOW = {"instaloader": instaloader_alone, "recorded": recorded, "program": program}

if __name__ == "__main__":
    HOW[sys.argv[1]](Place(*sys.argv[2:4]), Path(sys.argv[4]))
