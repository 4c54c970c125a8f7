"""G1 and G9: one big video, recorded and committed, against a plain download."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from benchmarks import origin
from benchmarks.process import Figures, measured, median_ratio, tell
from benchmarks.result import Result

if TYPE_CHECKING:
    from connectors.tap.requests_tap import Tap
    from storage.recorder import CaptureSink

BIG_BYTES = 500_000_000
SMALL_BYTES = 1_000_000
PAIRS = 7
ROUNDS = 3
READ_BYTES = 256 * 1024


def plain(place: origin.Origin, url: str, folder: Path, *, sync: bool) -> None:
    """What a person would write: requests, streamed to a file."""
    start = time.perf_counter()
    with (
        requests.get(url, stream=True, proxies={"https": place.proxy}, verify=place.ca_file) as got,
        (folder / "video.mp4").open("wb") as file,
    ):
        for piece in got.iter_content(READ_BYTES):
            file.write(piece)
        if sync:
            file.flush()
            os.fdatasync(file.fileno())
    tell(time.perf_counter() - start)


def requests_tap(place: origin.Origin, url: str, folder: Path) -> None:
    """The requests tap and the recorder, up to the durable commit."""
    with tapped(place, folder) as (tap, sink):
        session = tap.session_class()
        start = time.perf_counter()
        tap.drain(session.get(url, stream=True))
        sink.sync()
        wall_s = time.perf_counter() - start
        _tell_if_whole(wall_s, sink, url)


def curl_tap(place: origin.Origin, url: str, folder: Path) -> None:
    """The curl tap and the recorder, up to the durable commit."""
    from connectors.tap.curl_tap import CurlTap

    with tapped(place, folder) as (tap, sink):
        curl = CurlTap(tap.border)
        start = time.perf_counter()
        stream = curl.request("GET", url, impersonate="chrome").stream
        while stream.read(READ_BYTES):
            pass
        stream.close()
        sink.sync()
        wall_s = time.perf_counter() - start
        curl.close()
        _tell_if_whole(wall_s, sink, url)


@contextmanager
def tapped(place: origin.Origin, folder: Path) -> Iterator[tuple[Tap, CaptureSink]]:
    """A tap that records into a fresh segment."""
    # Imported here, so that the plain download's memory is its own.
    from benchmarks.recording import capture
    from connectors.base import Network
    from connectors.tap.requests_tap import Tap

    with capture(folder) as sink:
        network = Network(proxy=place.proxy, ca_file=place.ca_file)
        tap = Tap(sink, network, lambda url: None, ("*.tiktok.com",))
        yield tap, sink
        tap.close()


def _tell_if_whole(wall_s: float, sink: CaptureSink, url: str) -> None:
    stored = max(row.payload_bytes for row in sink.take_rows())
    if stored != int(url.split("/")[-2]):
        raise RuntimeError(f"{stored} bytes are recorded of {url}")
    tell(wall_s)


def once(how: str, place: origin.Origin, size_bytes: int, seed: str) -> Figures:
    """One download in a process of its own, in a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="jejak-bench-") as folder:
        url = place.url(size_bytes, seed)
        module = "benchmarks.media_500mb"
        return measured(module, how, place.proxy, place.ca_file, url, folder)


def run() -> Iterator[Result]:
    """Measure G1 (wall) and G9 (memory, for each tap)."""
    with (
        tempfile.TemporaryDirectory(prefix="jejak-bench-") as folder,
        origin.running(Path(folder)) as place,
    ):
        once("plain", place, BIG_BYTES, "warm")
        yield _wall(place)
        for how in ("requests-tap", "curl-tap"):
            yield _memory(place, how)


def _wall(place: origin.Origin) -> Result:
    pairs, synced = [], []
    for number in range(PAIRS):
        ours = once("requests-tap", place, BIG_BYTES, f"ours-{number}")
        pairs.append((ours, once("plain", place, BIG_BYTES, f"plain-{number}")))
        synced.append((ours, once("plain-synced", place, BIG_BYTES, f"synced-{number}")))
    wall_s = statistics.median(theirs.wall_s for _, theirs in pairs)
    note = (
        f"TLS on loopback, {PAIRS} pairs of processes; plain {wall_s:.2f} s; "
        f"against a plain download that syncs too: {median_ratio(synced):.2f} x; "
        "closing the segment, which reads it again, comes once a run and is not counted"
    )
    title = "500 MB video, recorded and committed / plain download"
    obstacle = (
        "two sha256 (0.6 s of processor) and a second write, from the spool into the segment, so "
        "that a duplicate never enters the WARC; client, digests and server share two cores here"
    )
    return Result("G1", title, median_ratio(pairs), 1.8, note=note, obstacle=obstacle)


def _memory(place: origin.Origin, how: str) -> Result:
    growth = [
        once(how, place, BIG_BYTES, f"big-{number}").peak_bytes
        - once(how, place, SMALL_BYTES, f"small-{number}").peak_bytes
        for number in range(ROUNDS)
    ]
    return Result(
        "G9",
        f"memory growth, 500 MB body over 1 MB body, {how}",
        statistics.median(growth) / 1024**2,
        16,
        unit="MiB",
        note="peak resident memory of whole processes",
    )


def main(how: str, proxy: str, ca_file: str, url: str, folder: str) -> None:
    """One measured process."""
    place = origin.Origin(proxy, ca_file)
    match how:
        case "plain" | "plain-synced":
            plain(place, url, Path(folder), sync=how == "plain-synced")
        case "requests-tap":
            requests_tap(place, url, Path(folder))
        case "curl-tap":
            curl_tap(place, url, Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
