"""HTTP/1.1 on a socket: read one request, send one answer."""

from __future__ import annotations

import hashlib
import socket
import struct
import threading
from collections.abc import Iterable, Iterator
from email.utils import formatdate
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote, urlsplit

from demo.http import FileSlice, Request, Response
from demo.requestlog import Exchanged

MAX_HEAD_BYTES = 256 * 1024
_NO_BODY = frozenset({204, 304})


class ClientGone(Exception):
    """The client closed, reset, or sent something that is not HTTP."""


class Reader:
    """Buffered reading from one connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._buffer = bytearray()

    def head(self) -> bytes | None:
        """Bytes up to and with the blank line; ``None`` when the client left.

        Raises:
            ClientGone: It left in the middle of a head.
        """
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            if len(self._buffer) > MAX_HEAD_BYTES:
                raise ClientGone("a request head without an end")
            if not self._more():
                if self._buffer:
                    raise ClientGone("left inside a request head")
                return None
        return self._take(end + 4)

    def exactly(self, size: int) -> bytes:
        """The next ``size`` bytes."""
        while len(self._buffer) < size:
            if not self._more():
                raise ClientGone("left inside a request body")
        return self._take(size)

    def line(self) -> bytes:
        """Bytes up to and with the next CRLF."""
        while (end := self._buffer.find(b"\r\n")) < 0:
            if not self._more():
                raise ClientGone("left inside a chunked body")
        return self._take(end + 2)

    def _more(self) -> bool:
        data = self.sock.recv(65536)
        self._buffer += data
        return bool(data)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken


def read_request(reader: Reader) -> Request | None:
    """The next request of a connection; ``None`` when the client is done."""
    head = reader.head()
    if head is None:
        return None
    lines = head.decode("latin-1").split("\r\n")
    try:
        method, target, _version = lines[0].split(" ", 2)
    except ValueError:
        raise ClientGone("not a request line") from None
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    if headers.get("expect", "").lower() == "100-continue":
        reader.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    try:
        raw_body, body = _read_body(reader, headers)
        parts = urlsplit(target)
    except ValueError as error:
        raise ClientGone(f"not HTTP: {error}") from None
    form: dict[str, str] = {}
    if "application/x-www-form-urlencoded" in headers.get("content-type", ""):
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return Request(
        method=method,
        host=(parts.hostname or headers.get("host", "").rsplit(":", 1)[0]).lower(),
        path=unquote(parts.path),
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers=headers,
        cookies=_cookies(headers.get("cookie", "")),
        form=form,
        body=body,
        raw=head + raw_body,
    )


def _read_body(reader: Reader, headers: dict[str, str]) -> tuple[bytes, bytes]:
    """Body as received and body without chunk framing."""
    if "chunked" not in headers.get("transfer-encoding", "").lower():
        plain = reader.exactly(int(headers.get("content-length", "0") or "0"))
        return plain, plain
    raw = bytearray()
    body = bytearray()
    while True:
        line = reader.line()
        raw += line
        size = int(line.split(b";", 1)[0], 16)
        if size == 0:
            break
        chunk = reader.exactly(size + 2)
        raw += chunk
        body += chunk[:-2]
    while (line := reader.line()) != b"\r\n":
        raw += line
    return bytes(raw + b"\r\n"), bytes(body)


def _cookies(header: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in header.split(";"))
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


def send_response(
    sock: socket.socket,
    request: Request,
    response: Response,
    entry: Exchanged,
    *,
    keep_body_bytes: int,
    stopping: threading.Event,
) -> bool:
    """Send one answer and enter what was sent.

    Returns:
        Whether the connection may carry another request.

    Raises:
        OSError: The client is gone; ``entry`` holds what it took.
    """
    if response.exact is not None:
        return _send_exact(sock, response, entry)
    bare = request.is_head or response.status in _NO_BODY
    chunked = _is_chunked(response)
    entry.head = _head(request, response, chunked)
    pieces = _pieces(response, entry, chunked, keep_body_bytes) if not bare else iter(())
    if bare:
        entry.body = b""
    if _is_plain(response) and entry.body is not None:
        # One write for head and body: one packet for small answers.
        sock.sendall(entry.head + entry.body)
        entry.body_bytes = len(entry.body)
        entry.whole = True
        return _stays_open(request, response)
    sock.sendall(entry.head)
    entry.whole = _send_body(sock, pieces, response, entry, stopping)
    return entry.whole and _stays_open(request, response)


def _send_exact(sock: socket.socket, response: Response, entry: Exchanged) -> bool:
    assert response.exact is not None
    head, blank, body = response.exact.partition(b"\r\n\r\n")
    entry.head, entry.body = head + blank, body
    sock.sendall(response.exact)
    entry.body_bytes, entry.whole = len(body), True
    return False


def _is_plain(response: Response) -> bool:
    shaped = response.close_after is not None or response.pause_s or response.drip
    return not shaped and not response.reset


def _is_chunked(response: Response) -> bool:
    return not isinstance(response.body, bytes) and response.header("content-length") is None


def _stays_open(request: Request, response: Response) -> bool:
    wish = f"{request.headers.get('connection', '')},{response.header('connection') or ''}"
    return "close" not in wish.lower()


def _head(request: Request, response: Response, chunked: bool) -> bytes:
    try:
        reason = response.reason or HTTPStatus(response.status).phrase
    except ValueError:
        reason = "Status"
    lines = [f"HTTP/1.1 {response.status} {reason}"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    if response.dated and response.header("date") is None:
        lines.append(f"Date: {formatdate(usegmt=True)}")
    if chunked:
        lines.append("Transfer-Encoding: chunked")
    elif response.header("content-length") is None and response.status not in _NO_BODY:
        assert isinstance(response.body, bytes)
        lines.append(f"Content-Length: {len(response.body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _pieces(
    response: Response, entry: Exchanged, chunked: bool, keep_body_bytes: int
) -> Iterator[bytes]:
    """Body bytes as they go on the wire; remembers small ones in the entry."""
    body = response.body
    if isinstance(body, FileSlice) and not chunked:
        entry.source = body
        if body.length <= keep_body_bytes:
            entry.body = b"".join(body)
            return iter((entry.body,))
        return iter(body)
    if isinstance(body, bytes):
        entry.body = body
        return iter((body,)) if body else iter(())
    return _hashed(_framed(body) if chunked else iter(body), entry)


def _framed(body: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in body:
        if chunk:
            yield b"%x\r\n%b\r\n" % (len(chunk), chunk)
    yield b"0\r\n\r\n"


def _hashed(pieces: Iterator[bytes], entry: Exchanged) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        entry.streamed_sha256 = digest.hexdigest()
        yield piece


def _send_body(
    sock: socket.socket,
    pieces: Iterator[bytes],
    response: Response,
    entry: Exchanged,
    stopping: threading.Event,
) -> bool:
    """Send the body in the manner asked for; true when all of it went out."""
    paused = response.pause_s <= 0
    for piece in _shaped(pieces, response):
        left = _left(response, entry)
        if left == 0:
            break
        if not paused and entry.body_bytes >= response.pause_after:
            paused = True
            if stopping.wait(response.pause_s):
                return False
        part = piece if left is None else piece[:left]
        sock.sendall(part)
        entry.body_bytes += len(part)
        if response.drip and stopping.wait(response.drip[1]):
            return False
    if response.reset:
        reset(sock)
    return response.close_after is None and not response.reset


def _left(response: Response, entry: Exchanged) -> int | None:
    if response.close_after is None:
        return None
    return max(0, response.close_after - entry.body_bytes)


def _shaped(pieces: Iterator[bytes], response: Response) -> Iterator[bytes]:
    """Cut pieces where a pause or a drip needs a seam."""
    size = response.drip[0] if response.drip else 0
    seam = response.pause_after if response.pause_s > 0 else 0
    if not size and not seam:
        yield from pieces
        return
    for piece in pieces:
        rest = piece
        while rest:
            cut = size or len(rest)
            if seam > 0:
                cut = min(cut, seam)
                seam -= min(cut, len(rest))
            yield rest[:cut]
            rest = rest[cut:]


def reset(sock: socket.socket) -> None:
    """Make the coming close a TCP reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
