"""G4 and G5: writing WARC, against one core's sha256 and against warcio."""

from __future__ import annotations

import hashlib
import io
import json
import random
import re
import shutil
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.result import Result
from connectors.base import ExchangeStart, Limits, SecretRules
from storage.digest import sha256_of
from storage.recorder import CaptureSink, Recorder
from storage.timestamps import stamp
from storage.warc_record import Draft, Event, response_fields
from storage.warc_writer import SegmentWriter

ADDRESS = "https://www.example.test/x"
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n\r\n"
PIECE_BYTES = 131_072
ROUNDS = 7
MEDIA_OBSTACLE = (
    "two sha256 take 65 % of the processor time, writing the body to the spool and copying it into "
    "the segment 26 %; the copy must wait for the payload digest, so that a duplicate never enters "
    "the WARC, so that two cores that did nothing else would give about 0.5"
)
JSON_OBSTACLE = (
    "the two digests take a third of the time of a record and deflate another "
    "third; the rest is Python: header, catalogue row, one write"
)
RECORDED = (
    Path(__file__).parents[1] / "tests/data/instagram-graphql/pgrimaud-graphql-highlights.json"
)
JSON_BYTES = 50_000
LONG_NUMBER = re.compile(rb"\d{6,}")
JPEG_HEAD = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"


def media_bodies(total_bytes: int) -> list[bytes]:
    """Bodies of 5 to 50 MB that no compressor can shrink."""
    source = random.Random(4)
    bodies, made = [], 0
    while made < total_bytes:
        size = source.choice((5_000_000, 12_000_000, 25_000_000, 50_000_000))
        bodies.append(JPEG_HEAD + source.randbytes(size))
        made += size
    return bodies


def json_bodies(count: int) -> list[bytes]:
    """Different answers of about 50 KB: real recorded objects with other numbers.

    Words chosen at random compress half as well as what a platform sends; what
    deflate costs depends on that.
    """
    source = random.Random(5)
    recorded = json.loads(RECORDED.read_bytes())
    items = [item for reel in recorded["data"]["reels_media"] for item in reel["items"]]

    def other(number: re.Match[bytes]) -> bytes:
        digits = len(number.group())
        return b"%d" % source.randrange(10 ** (digits - 1), 10**digits)

    def answer(first: int) -> bytes:
        shown: list[object] = []
        size = 0
        while size < JSON_BYTES:
            item = items[(first + len(shown)) % len(items)]
            shown.append(item)
            size += len(json.dumps(item))
        return LONG_NUMBER.sub(other, json.dumps({"items": shown}).encode())

    return [answer(first) for first in range(count)]


class Bench:
    """One fresh archive for each round."""

    def __init__(self, folder: Path, secrets: tuple[str, ...] = ()) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        self.writer = SegmentWriter.open(
            self.folder / "segments",
            started_at=datetime.now(UTC),
            host="bench",
            info={"software": "jejak benchmark"},
            max_bytes=10**12,
        )
        self.recorder = Recorder(
            self.writer,
            spool_dir=self.folder / "spool",
            limits=Limits(),
            known_payload=lambda _account, _digest: None,
        )
        self.sink: CaptureSink = self.recorder.scope("bench:1", SecretRules(), secrets)

    def record(self, body: bytes, kind: str) -> None:
        exchange = self.sink.begin(ExchangeStart("GET", ADDRESS, datetime.now(UTC)))
        exchange.sent(b"GET /x HTTP/1.1\r\nHost: www.example.test\r\n\r\n")
        exchange.head(HEAD.format(kind=kind, size=len(body)).encode())
        for start in range(0, len(body), PIECE_BYTES):
            exchange.body(body[start : start + PIECE_BYTES])
        exchange.finish()

    def record_all(self, bodies: list[bytes], kind: str) -> None:
        """Record all of them."""
        for body in bodies:
            self.record(body, kind)

    def size_bytes(self) -> int:
        return self.writer.open_path.stat().st_size

    def remove(self) -> None:
        self.recorder.close()
        shutil.rmtree(self.folder)


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def media_goal(folder: Path, rounds: int) -> Iterator[Result]:
    """G4: bodies of 5 to 50 MB through the recorder / one sha256 over them."""
    bodies = media_bodies(200_000_000)
    total = sum(map(len, bodies))
    ratios, size = [], 0.0
    for _ in range(rounds):
        limit = timed(lambda: [hashlib.sha256(body).digest() for body in bodies])
        bench = Bench(folder)
        ours = timed(partial(bench.record_all, bodies, "image/jpeg"))
        size = bench.size_bytes() / total
        bench.remove()
        ratios.append(limit / ours)
    note = f"whole recorder, media 5-50 MB, not synced; {rounds} rounds, {spread(ratios)}"
    title = "MB/s of the recorder on media / one core's sha256"
    median = statistics.median(ratios)
    yield Result("G4", title, median, 0.60, "higher", note=note, obstacle=MEDIA_OBSTACLE)
    yield Result("G4", "size of the segment / of the media in it", size, 1.0003)


def warcio_seconds(bodies: list[bytes], path: Path) -> float:
    """warcio writing one response record for each body."""

    def work() -> None:
        with path.open("wb") as file:
            writer = WARCWriter(file, gzip=True)
            for body in bodies:
                fields = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
                record = writer.create_warc_record(
                    ADDRESS,
                    "response",
                    payload=io.BytesIO(body),
                    http_headers=StatusAndHeaders("200 OK", fields, protocol="HTTP/1.1"),
                )
                writer.write_record(record)

    return timed(work)


def write_responses(writer: SegmentWriter, bodies: list[bytes]) -> None:
    """Our writer alone, with both digests and without requests or redaction."""
    event = Event(stamp(datetime.now(UTC)), ADDRESS, None)
    for body in bodies:
        head = HEAD.format(kind="application/json", size=len(body)).encode()
        fields = response_fields(
            f"urn:uuid:{uuid.uuid4()}",
            event,
            block_digest=sha256_of(head, body),
            payload_digest=sha256_of(body),
            identified="application/json",
            truncated=None,
            size_bytes=len(head) + len(body),
        )
        writer.append(Draft(fields, head, body, compress=True))


def json_goal(folder: Path, rounds: int) -> Iterator[Result]:
    """G5: 50 KB JSON through our writer / through warcio's, response records."""
    bodies = json_bodies(200)
    alone: list[float] = []
    whole: list[float] = []
    searched: list[float] = []
    size = 0.0
    keys = (hashlib.sha256(b"%d" % number).hexdigest() for number in range(12))
    secrets = tuple(f"{key[:8]}%3A{key[8:32]}" for key in keys)
    peer_path = folder / "peer.warc.gz"
    for _ in range(rounds):
        peer = warcio_seconds(bodies, peer_path)
        bench = Bench(folder)
        alone.append(peer / timed(partial(write_responses, bench.writer, bodies)))
        size = bench.size_bytes() / peer_path.stat().st_size
        bench.remove()
        for values, results in (((), whole), (secrets, searched)):
            bench = Bench(folder, values)
            results.append(peer / timed(partial(bench.record_all, bodies, "application/json")))
            bench.remove()
    note = (
        f"response records, two digests each, {rounds} rounds, {spread(alone)}; the whole recorder "
        f"with its request records {statistics.median(whole):.2f} x, and searching for 12 secrets "
        f"{statistics.median(searched):.2f} x"
    )
    title = "MB/s of the segment writer on 50 KB JSON / warcio's"
    median = statistics.median(alone)
    yield Result("G5", title, median, 6.0, "higher", note=note, obstacle=JSON_OBSTACLE)
    yield Result("G5", "size of the segment / warcio's", size, 1.15)


def spread(ratios: list[float]) -> str:
    """The smallest and the largest of them."""
    return f"{min(ratios):.2f}-{max(ratios):.2f}"


def run() -> Iterator[Result]:
    """Measure G4 and G5."""
    with tempfile.TemporaryDirectory(prefix="jejak-bench-") as folder:
        yield from media_goal(Path(folder), ROUNDS)
        yield from json_goal(Path(folder), ROUNDS)
