"""G3: sixty videos recorded, against stock yt-dlp downloading them."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
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


def jejak(place: Place, folder: Path) -> None:
    """The connector, recording each page and each video, one sync a post."""
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
            answers = list(connector.fetch_media(post))
            if broken := [a.problem for a in answers if a.problem]:
                raise RuntimeError(f"video {number}: {broken}")
            films += sum(a.media.kind is MediaKind.VIDEO for a in answers)
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
    """Measure G3."""
    with (
        tempfile.TemporaryDirectory(prefix="jejak-bench-") as folder,
        running(Path(folder), "tiktok", VIDEOS) as place,
    ):
        once("jejak", place)
        pairs = [(once("jejak", place), once("stock", place)) for _ in range(PAIRS)]
    ours = statistics.median(pair[0].wall_s for pair in pairs)
    note = (
        f"{VIDEOS} videos of 1 MB, {PAIRS} pairs of processes from start to end, TLS on loopback; "
        f"jejak {ours:.2f} s, with covers and one sync a post"
    )
    obstacle = "each post costs a request more than stock (its cover), a spool file and a sync"
    title = "60 videos recorded / stock yt-dlp"
    yield Result("G3", title, median_ratio(pairs), 0.45, note=note, obstacle=obstacle)


if __name__ == "__main__":
    {"stock": stock, "jejak": jejak}[sys.argv[1]](Place(*sys.argv[2:4]), Path(sys.argv[4]))
