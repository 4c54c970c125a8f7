"""An HTTP/2 server for the awkward exchanges that exist over HTTP/2."""

from __future__ import annotations

import socket
import ssl
import threading
from dataclasses import dataclass, field

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    RequestReceived,
    StreamEnded,
    StreamReset,
    WindowUpdated,
)

from demo.awkward import FILM, JSON, PAGE
from demo.awkward_server import SocketServer, numbered_body

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Heard2:
    """One exchange over HTTP/2, as the server saw it."""

    headers: Headers
    body: bytes
    answer_headers: Headers
    answer_body: bytes

    @property
    def path(self) -> str:
        """The ``:path`` asked for."""
        return dict(self.headers)[":path"]

    def answer_as_http1(self) -> bytes:
        """The answer in the form records keep: HTTP/1.1, no reason phrase."""
        lines = [f"HTTP/1.1 {dict(self.answer_headers)[':status']} "]
        lines += [f"{name}: {value}" for name, value in self.answer_headers if name[0] != ":"]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.answer_body

    def request_fields(self) -> list[tuple[str, str]]:
        """Method, target, host and further headers, for comparison."""
        pseudo = dict(self.headers)
        first = [("", f"{pseudo[':method']} {pseudo[':path']}"), ("host", pseudo[":authority"])]
        return first + [(name, value) for name, value in self.headers if name[0] != ":"]


@dataclass(slots=True)
class _Stream:
    headers: Headers
    body: bytes = b""
    left: bytes = b""


@dataclass(slots=True)
class _Connection:
    http2: H2Connection
    streams: dict[int, _Stream] = field(default_factory=dict)


def answer_for(path: str, body: bytes) -> tuple[Headers, bytes]:
    """What is answered over HTTP/2; an unknown path gets `numbered_body`."""
    import gzip

    import brotli

    json = ("content-type", "application/json")
    match path.partition("?")[0]:
        case "/plain":
            return [(":status", "200"), json, ("x-place", "Malang")], JSON
        case "/gzip":
            return [(":status", "200"), json, ("content-encoding", "gzip")], gzip.compress(JSON)
        case "/brotli":
            return [(":status", "200"), json, ("content-encoding", "br")], brotli.compress(JSON)
        case "/redirect":
            fields = [(":status", "302"), ("location", "/plain"), ("content-type", "text/html")]
            return fields, PAGE
        case "/film":
            return [(":status", "200"), ("content-type", "video/mp4")], FILM
        case "/no-content":
            return [(":status", "204"), ("x-done", "1")], b""
        case "/form":
            return [(":status", "200"), json], b'{"length": %d}' % len(body)
    return [(":status", "200"), ("content-type", "text/plain")], numbered_body(path)


class AwkwardHttp2Server:
    """Speaks HTTP/2 over TLS only.

    Args:
        context: Its certificate; ALPN is set here.

    Attributes:
        log: What was heard and sent, in order of completion.
        hellos: First TLS bytes of each connection.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        context.set_alpn_protocols(["h2"])
        self._lock = threading.Lock()
        self.log: list[Heard2] = []
        self._server = SocketServer(self._serve, "demo-awkward-h2", context)
        self.hellos = self._server.hellos
        self.port = self._server.port

    def stop(self) -> None:
        """Close everything."""
        self._server.stop()

    def _serve(self, sock: socket.socket) -> None:
        one = _Connection(H2Connection(H2Configuration(False, "latin-1")))
        one.http2.initiate_connection()
        sock.sendall(one.http2.data_to_send())
        while data := sock.recv(65536):
            for event in one.http2.receive_data(data):
                if isinstance(event, ConnectionTerminated):
                    return
                self._on_event(one, event)
            sock.sendall(one.http2.data_to_send())

    def _on_event(self, one: _Connection, event: object) -> None:
        if isinstance(event, RequestReceived):
            headers = [(str(name), str(value)) for name, value in event.headers or []]
            one.streams[event.stream_id or 0] = _Stream(headers)
        elif isinstance(event, DataReceived):
            stream_id = event.stream_id or 0
            one.streams[stream_id].body += event.data or b""
            one.http2.acknowledge_received_data(event.flow_controlled_length or 0, stream_id)
        elif isinstance(event, StreamEnded):
            self._answer(one, event.stream_id or 0)
        elif isinstance(event, StreamReset):
            one.streams.pop(event.stream_id or 0, None)
        elif isinstance(event, WindowUpdated):
            for stream_id in list(one.streams):
                self._push(one, stream_id)

    def _answer(self, one: _Connection, stream_id: int) -> None:
        stream = one.streams[stream_id]
        headers, body = answer_for(dict(stream.headers)[":path"], stream.body)
        with self._lock:
            self.log.append(Heard2(stream.headers, stream.body, headers, body))
        one.http2.send_headers(stream_id, headers, end_stream=not body)
        stream.left = body
        self._push(one, stream_id)

    def _push(self, one: _Connection, stream_id: int) -> None:
        stream = one.streams[stream_id]
        while stream.left:
            room = one.http2.local_flow_control_window(stream_id)
            size = min(room, one.http2.max_outbound_frame_size, len(stream.left))
            if size <= 0:
                return
            piece, stream.left = stream.left[:size], stream.left[size:]
            one.http2.send_data(stream_id, piece, end_stream=not stream.left)
