"""G3: sixty videos recorded, against stock yt-dlp downloading them."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.platforms import HANDLE, Place, running, video_id
from benchmarks.process import Figures, measured, median_ratio, tell
from benchmarks.result import Result

VIDEOS = 60
PAIRS = 5


def stock(place: Place, folder: Path) -> None:
    """yt-dlp as a library, downloading a list of addresses to files."""
    start = time.perf_counter()
    import yt_dlp

    options = {
        "quiet": True,
        "noprogress": True,
        "proxy": place.proxy,
        "nocheckcertificate": True,
        "outtmpl": str(folder / "%(id)s.%(ext)s"),
    }
    with yt_dlp.YoutubeDL(options) as library:
        library.download(
            [f"https://www.tiktok.com/@{HANDLE}/video/{video_id(n)}" for n in range(VIDEOS)]
        )
    wall_s = time.perf_counter() - start
    got = len(list(folder.glob("*.mp4")))
    if got != VIDEOS:
        raise RuntimeError(f"yt-dlp downloaded {got} of {VIDEOS}")
    tell(wall_s, got)


def films_recorded(place: Place, folder: Path) -> None:
    """The same as the library does: page and film, left to the page cache."""
    recorded(place, folder, covers=False, durable=False)


def films_committed(place: Place, folder: Path) -> None:
    """Page and film, and one durable sync a post, which the library does not make."""
    recorded(place, folder, covers=False, durable=True)


def all_committed(place: Place, folder: Path) -> None:
    """What a capture does for a post: page, film and cover, and one sync."""
    recorded(place, folder, covers=True, durable=True)


def recorded(place: Place, folder: Path, *, covers: bool, durable: bool) -> None:
    """The connector and the recorder."""
    start = time.perf_counter()
    from benchmarks.recording import capture
    from connectors.base import Network
    from connectors.model import AccountRef, MediaKind, PostRef
    from connectors.tiktok.secrets import RULES
    from connectors.tiktok.web import build

    network = Network(proxy=place.proxy, ca_file=place.ca_file)
    owner = AccountRef("tiktok", HANDLE)
    films = 0
    with capture(folder, rules=RULES) as sink:
        connector = build(sink=sink, network=network, identity=None, gate=lambda url: None)
        for number in range(VIDEOS):
            post = connector.look(PostRef("tiktok", video_id(number), owner)).post
            if post is None:
                raise RuntimeError(f"video {number} was not seen")
            if not covers:
                films_only = [one for one in post.media if one.kind is MediaKind.VIDEO]
                post = replace(post, media=tuple(films_only))
            answers = list(connector.fetch_media(post))
            if broken := [a.problem for a in answers if a.problem]:
                raise RuntimeError(f"video {number}: {broken}")
            films += sum(a.media.kind is MediaKind.VIDEO for a in answers)
            if durable:
                sink.sync()
        connector.close()
        wall_s = time.perf_counter() - start
    if films != VIDEOS:
        raise RuntimeError(f"{films} of {VIDEOS} were recorded")
    tell(wall_s, films)


def once(how: str, place: Place) -> Figures:
    """One list in a process of its own, into a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="jejak-bench-") as folder:
        return measured("benchmarks.sixty_videos", how, place.proxy, place.ca_file, folder)


def run() -> Iterator[Result]:
    """Measure G3: the library's own work, and all that a capture keeps."""
    with (
        tempfile.TemporaryDirectory(prefix="jejak-bench-") as folder,
        running(Path(folder), "tiktok", VIDEOS) as place,
    ):
        for how in HOW:
            once(how, place)
        rounds = [{how: once(how, place) for how in HOW} for _ in range(PAIRS)]
    for how, title in (
        ("films", "60 videos recorded / stock yt-dlp (page and film on both sides, no sync)"),
        ("durable", "the same with one durable sync a post / stock yt-dlp without"),
        ("all", "the same with covers and syncs / stock yt-dlp without either"),
    ):
        pairs = [(figures[how], figures["stock"]) for figures in rounds]
        ours, theirs = (statistics.median(pair[side].wall_s for pair in pairs) for side in (0, 1))
        note = (
            f"{VIDEOS} videos of 1 MB, {PAIRS} rounds of processes with their imports, TLS on "
            f"loopback, without closing the segment; {ours:.2f} s against {theirs:.2f} s"
        )
        yield Result("G3", title, median_ratio(pairs), 0.45, note=note, obstacle=OBSTACLE)


OBSTACLE = (
    "importing yt-dlp and curl_cffi costs 0.3 s; then Python: yt-dlp's own request machinery, "
    "urllib3 and the record take 4 ms of processor a request"
)
HOW = {
    "stock": stock,
    "films": films_recorded,
    "durable": films_committed,
    "all": all_committed,
}

if __name__ == "__main__":
    HOW[sys.argv[1]](Place(*sys.argv[2:4]), Path(sys.argv[4]))
