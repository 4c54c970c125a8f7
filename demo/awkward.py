"""The awkward exchanges: what real servers do and recorders get wrong.

`EXCHANGES` is the list, as data (`THE_TWENTY_ONE` and a few more);
`demo.awkward_server` speaks it over raw sockets, `demo.awkward_h2` its HTTP/2
part. Tests and benchmarks run it through a recorder and compare, byte by byte,
what was recorded with the server's log.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import brotli

JSON = b'{"kota": "Tirta Kencana", "pos": [' + b", ".join(b"%d" % n for n in range(900)) + b"]}"
PAGE = b"<html><body>" + b"<p>Pengumuman pasar murah</p>" * 400 + b"</body></html>"
FILM = bytes(range(256)) * 1200
LONG_FILM = bytes(range(256)) * 20_000


@dataclass(frozen=True, slots=True)
class Awkward:
    """One awkward exchange.

    Attributes:
        answer: All that the server sends, byte-exact; it may end early.
        entity: What a client must read from it, decoded.
        interim: An interim head sent before the answer.
        chunks: A request body to be sent chunked.
        stops_after: The client closes after this many bytes.
        breaks: The client must see an error: the body is cut.
        closes: The server closes the connection after the answer.
        leads_to: The exchange a redirect names.
        beside: How many of it are read in turns by one thread.
    """

    name: str
    answer: bytes
    entity: bytes = b""
    status: int = 200
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    chunks: tuple[bytes, ...] = ()
    interim: bytes = b""
    stops_after: int = 0
    breaks: bool = False
    closes: bool = False
    leads_to: str = ""
    beside: int = 1

    @property
    def is_for_curl(self) -> bool:
        """Whether libcurl can show it: the callers here upload whole bodies
        only, and libcurl unfolds folded lines before it tells of them."""
        return not self.chunks and self.name != "folded-header"


@dataclass(frozen=True, slots=True)
class Heard:
    """One exchange in a server's log.

    Attributes:
        request / answer: The bytes received and sent (without interim heads).
    """

    path: str
    request: bytes
    answer: bytes


@dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange as a recorder kept it."""

    url: str
    request: bytes
    answer: bytes
    truncated: str | None = None


def answered(
    entity: bytes, *lines: bytes, status: bytes = b"200 OK", mime: bytes = b"application/json"
) -> bytes:
    """An answer's bytes, with a Content-Length unless it is chunked."""
    head = [b"HTTP/1.1 " + status, b"Content-Type: " + mime, *lines]
    if not any(line.lower().startswith(b"transfer-encoding") for line in lines):
        head.append(b"Content-Length: %d" % len(entity))
    return b"\r\n".join(head) + b"\r\n\r\n" + entity


def chunked(
    entity: bytes, sizes: Iterable[int], *, trailers: bytes = b"", extra: bytes = b""
) -> bytes:
    """Frame a body in chunks of the given sizes, the last one taking the rest."""
    out, at = [], 0
    for size in [*sizes, len(entity)]:
        piece = entity[at : at + size]
        at += len(piece)
        if piece:
            out.append(b"%x" % len(piece) + extra + b"\r\n" + piece + b"\r\n")
    return b"".join(out) + b"0\r\n" + trailers + b"\r\n"


_CHUNKED = b"Transfer-Encoding: chunked"
_GZIPPED = gzip.compress(JSON, mtime=0)
_DEFLATED = zlib.compress(JSON)[2:-4]

EXCHANGES: tuple[Awkward, ...] = (
    Awkward("plain", answered(JSON), JSON),
    Awkward("folded-header", answered(JSON, b"X-Long: first\r\n  second\r\n\tthird"), JSON),
    Awkward("latin-1-header", answered(JSON, b"X-Place: caf\xe9 di Malang"), JSON),
    Awkward("odd-spaces", answered(JSON, b"x-OdD-cAsE:    two   words  ", b"X-Empty:"), JSON),
    Awkward(
        "lf-only-head", answered(b"", b"X-Old: yes", status=b"200 Fine").replace(b"\r\n", b"\n")
    ),
    Awkward("gzip", answered(_GZIPPED, b"Content-Encoding: gzip"), JSON),
    Awkward("chunked", answered(chunked(JSON, [1, 17, 1000], extra=b";a=b"), _CHUNKED), JSON),
    Awkward(
        "chunked-gzip",
        answered(chunked(_GZIPPED, [10, 300]), b"Content-Encoding: gzip", _CHUNKED),
        JSON,
    ),
    Awkward(
        "chunk-trailers",
        answered(chunked(JSON, [500], trailers=b"X-Sum: 12\r\nX-Late: caf\xe9\r\n"), _CHUNKED),
        JSON,
    ),
    Awkward(
        "redirect",
        answered(PAGE, b"Location: /plain?from=redirect", status=b"302 Found", mime=b"text/html"),
        JSON,
        leads_to="plain",
    ),
    Awkward(
        "range",
        answered(
            FILM[100:5100],
            b"Content-Range: bytes 100-5099/%d" % len(FILM),
            status=b"206 Partial Content",
            mime=b"video/mp4",
        ),
        FILM[100:5100],
        206,
        headers=(("Range", "bytes=100-5099"),),
    ),
    Awkward(
        "head",
        b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 987654\r\n\r\n",
        method="HEAD",
    ),
    Awkward("no-content", b"HTTP/1.1 204 No Content\r\nX-Done: 1\r\n\r\n", status=204),
    Awkward(
        "not-modified",
        b'HTTP/1.1 304 Not Modified\r\nETag: "abc"\r\nContent-Length: 55\r\n\r\n',
        status=304,
        headers=(("If-None-Match", '"abc"'),),
    ),
    Awkward(
        "too-many",
        answered(
            b'{"message": "Please wait a few minutes"}',
            b"Retry-After: 60",
            status=b"429 Too Many Requests",
        ),
        b'{"message": "Please wait a few minutes"}',
        429,
    ),
    Awkward(
        "early-hints",
        answered(JSON),
        JSON,
        interim=b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n",
    ),
    Awkward("cut-body", answered(FILM, mime=b"video/mp4")[:-99_999], breaks=True, closes=True),
    Awkward(
        "early-close",
        answered(LONG_FILM, mime=b"video/mp4"),
        LONG_FILM[:100_000],
        stops_after=100_000,
        closes=True,
    ),
    Awkward("interleaved", answered(FILM, mime=b"video/mp4"), FILM, beside=2),
    Awkward(
        "chunked-upload",
        answered(b"{}"),
        b"{}",
        method="POST",
        chunks=(b"bagian satu, ", b"bagian dua", b"!" * 3000),
    ),
    Awkward(
        "form",
        answered(b'{"status": "ok"}'),
        b'{"status": "ok"}',
        method="POST",
        headers=(("Content-Type", "application/x-www-form-urlencoded"),),
        body=b"doc_id=27128499623469141&variables=%7B%22shortcode%22%3A%22C1%22%7D",
    ),
    # Beyond the twenty-one.
    Awkward("brotli", answered(brotli.compress(JSON), b"Content-Encoding: br"), JSON),
    Awkward("bare-deflate", answered(_DEFLATED, b"Content-Encoding: deflate"), JSON),
    Awkward(
        "until-close",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + PAGE,
        PAGE,
        closes=True,
    ),
    Awkward(
        "cut-chunks", answered(chunked(JSON, [100])[:-500], _CHUNKED), breaks=True, closes=True
    ),
)

THE_TWENTY_ONE = EXCHANGES[:21]
BY_NAME = {exchange.name: exchange for exchange in EXCHANGES}


class Broke(Exception):
    """The client saw the answer break off, as it should."""


Ask = Callable[[Awkward, str], Iterator[bytes]]
"""Send one exchange to an address and give its decoded body piece by piece.
Raises `Broke` where the body breaks off; closing the iterator closes the
answer."""


def with_session(session: Any) -> Ask:
    """Ask with a `requests.Session`, recording or not."""
    import requests

    def ask(exchange: Awkward, url: str) -> Iterator[bytes]:
        body = iter(exchange.chunks) if exchange.chunks else exchange.body or None
        headers = {"Accept-Encoding": "gzip, deflate, br", **dict(exchange.headers)}
        answer = session.request(
            exchange.method, url, headers=headers, data=body, stream=True, timeout=20
        )
        try:
            yield from answer.iter_content(8192)
        except requests.RequestException as problem:
            raise Broke from problem
        finally:
            answer.close()

    return ask


def with_curl(request: Callable[..., Any], failure: type[Exception], impersonate: str) -> Ask:
    """Ask with a function such as ``CurlTap.request``, following redirects.

    Args:
        failure: What it raises when the connection breaks.
        impersonate: A curl_cffi target.
    """
    from urllib.parse import urljoin

    def ask(exchange: Awkward, url: str) -> Iterator[bytes]:
        headers = dict(exchange.headers)
        while True:
            answer = request(
                exchange.method,
                url,
                headers=headers,
                body=exchange.body or None,
                impersonate=impersonate,
            )
            with answer.stream:
                if answer.status == 302:
                    answer.stream.read()
                    url = urljoin(url, answer.headers["Location"])
                    continue
                try:
                    while piece := answer.stream.read(8192):
                        yield piece
                except failure as problem:
                    raise Broke from problem
                return

    return ask


def run(exchange: Awkward, ask: Ask, base_url: str) -> str | None:
    """Run one exchange.

    Args:
        base_url: The server's, without a slash at the end.

    Returns:
        What the client saw wrongly, or ``None`` if it saw what it should.
    """
    urls = [f"{base_url}/{exchange.name}?n={number}" for number in range(exchange.beside)]
    readers = [ask(exchange, url) for url in urls]
    seen = [b"" for _ in urls]
    open_ones = set(range(len(readers)))
    broke = False
    while open_ones:
        for number in sorted(open_ones):
            try:
                seen[number] += next(readers[number])
            except StopIteration:
                open_ones.discard(number)
            except Broke:
                broke = True
                open_ones.discard(number)
            if exchange.stops_after and len(seen[number]) >= exchange.stops_after:
                readers[number].close()  # type: ignore[attr-defined]
                open_ones.discard(number)
    if broke != exchange.breaks:
        return f"{exchange.name}: {'an' if broke else 'no'} error was seen"
    wanted = exchange.entity
    if not broke and any(one[: len(wanted)] != wanted for one in seen):
        return f"{exchange.name}: another body was seen"
    return None


def differences(heard: Sequence[Heard], recorded: Sequence[Recorded]) -> list[str]:
    """Compare a server's log with what was recorded, byte by byte.

    A client that closes early has read less than the server sent: its record
    must then be the beginning of the answer, and say that it was cut.

    Returns:
        One sentence for each difference; empty if all is exact.
    """
    found = []
    left = list(recorded)
    for one in heard:
        mine = [item for item in left if item.request == one.request]
        if not mine:
            found.append(f"{one.path}: no record has this request")
            continue
        left.remove(mine[0])
        answer, truncated = mine[0].answer, mine[0].truncated
        exchange = BY_NAME.get(one.path.partition("?")[0].strip("/"))
        if exchange is not None and exchange.stops_after:
            is_right = exchange.answer.startswith(answer) and len(answer) > exchange.stops_after
        else:
            is_right = answer == one.answer
        if not is_right:
            found.append(f"{one.path}: the recorded answer differs ({len(answer)} bytes)")
        is_cut = exchange is not None and (exchange.breaks or exchange.stops_after > 0)
        if (truncated == "disconnect") != is_cut:
            found.append(f"{one.path}: WARC-Truncated is {truncated}")
    found += [f"{item.url}: recorded, but never served" for item in left]
    return found
