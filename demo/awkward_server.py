"""A raw-socket server for the awkward exchanges, and a tunnelling proxy.

Nothing here knows HTTP beyond finding the end of a request: what is sent is
sent as it stands in the list, and every byte is logged.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from typing import BinaryIO

from demo.awkward import EXCHANGES, Awkward, Heard, answered

_LENGTH = re.compile(rb"(?im)^content-length:\s*(\d+)")
_CHUNKED = re.compile(rb"(?im)^transfer-encoding:\s*chunked")


def numbered_body(path: str) -> bytes:
    """A body that only one address has; for tests of mixing."""
    return (path.encode() + b" ") * 400


class SocketServer:
    """Accepts on loopback and serves each connection in a thread of its own.

    Args:
        context: For TLS; `None` for plain sockets.

    Attributes:
        port: Where it listens.
        hellos: First TLS bytes of each connection, as the client sent them.
    """

    def __init__(
        self,
        serve: Callable[[socket.socket], None],
        name: str,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._serve = serve
        self._context = context
        self.hellos: list[bytes] = []
        self._name = name
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, name=name, daemon=True).start()

    def stop(self) -> None:
        """Close the port and every connection."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(
                target=self._handle, args=(connection,), name=self._name, daemon=True
            ).start()

    def _handle(self, connection: socket.socket) -> None:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._context is not None:
                self.hellos.append(connection.recv(16384, socket.MSG_PEEK))
                connection = self._context.wrap_socket(connection, server_side=True)
            self._open.add(connection)
            self._serve(connection)
        except OSError:
            pass  # the client went away; the log says what it got
        finally:
            self._open.discard(connection)
            connection.close()


class AwkwardServer:
    """Speaks the awkward exchanges, plain or over TLS.

    A path that is no exchange's name is answered with `numbered_body`.

    Args:
        context: For TLS; `None` for plain HTTP.

    Attributes:
        log: What was heard and sent, in order of arrival.
        hellos: First TLS bytes of each connection, as the client sent them.
    """

    def __init__(
        self,
        context: ssl.SSLContext | None = None,
        exchanges: tuple[Awkward, ...] = EXCHANGES,
    ) -> None:
        self._exchanges = {exchange.name: exchange for exchange in exchanges}
        self._lock = threading.Lock()
        self.log: list[Heard] = []
        self._server = SocketServer(self._serve, "demo-awkward", context)
        self.hellos = self._server.hellos
        self.port = self._server.port

    def stop(self) -> None:
        """Close everything."""
        self._server.stop()

    def _serve(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            while (request := _read_request(file)) is not None:
                path = request.split(b" ", 2)[1].decode()
                if not self._answer(connection, path, request):
                    _say_goodbye(connection)
                    return

    def _answer(self, connection: socket.socket, path: str, request: bytes) -> bool:
        exchange = self._exchanges.get(path.partition("?")[0].strip("/"))
        if exchange is None:
            exchange = Awkward("numbered", answered(numbered_body(path)))
        with self._lock:
            self.log.append(Heard(path, request, exchange.answer))
        if exchange.interim:
            connection.sendall(exchange.interim)
        connection.sendall(exchange.answer)
        return not exchange.closes


def _say_goodbye(connection: socket.socket) -> None:
    """End TLS properly, so that a cut body is not taken for an attack."""
    if isinstance(connection, ssl.SSLSocket):
        connection.settimeout(0.1)
        with contextlib.suppress(OSError, ValueError):
            connection.unwrap()


def _read_request(file: BinaryIO) -> bytes | None:
    readline = file.readline
    lines: list[bytes] = []
    while line := readline():
        lines.append(line)
        if line == b"\r\n":
            break
    else:
        return None
    head = b"".join(lines)
    if _CHUNKED.search(head):
        body = b""
        while True:
            size_line = readline()
            size = int(size_line.split(b";")[0], 16)
            body += size_line + file.read(size + 2)
            if size == 0:
                return head + body
    found = _LENGTH.search(head)
    return head + (file.read(int(found[1])) if found else b"")


class TunnelProxy:
    """A CONNECT proxy that tunnels, and looks into nothing.

    Args:
        routes: ``host:port`` as asked for -> port on loopback.

    Attributes:
        asked: The CONNECT targets, in order.
    """

    def __init__(self, routes: Mapping[str, int]) -> None:
        self._routes = routes
        self.asked: list[str] = []
        self._server = SocketServer(self._serve, "demo-tunnel")
        self.url = f"http://127.0.0.1:{self._server.port}"

    def stop(self) -> None:
        """Close everything."""
        self._server.stop()

    def _serve(self, client: socket.socket) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = client.recv(1)
            if not byte:
                return
            head += byte
        target = head.split(b" ", 2)[1].decode()
        self.asked.append(target)
        if target not in self._routes or not head.startswith(b"CONNECT "):
            client.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", self._routes[target])) as origin:
            client.sendall(b"HTTP/1.1 200 Connection established\r\nX-Proxy: demo\r\n\r\n")
            back = threading.Thread(
                target=_pump, args=(origin, client), name="demo-tunnel", daemon=True
            )
            back.start()
            _pump(client, origin)
            back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
