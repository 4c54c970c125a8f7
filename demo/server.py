"""The server of the pretend platforms: TLS on loopback, one thread each
connection, HTTP/1.1 with keep-alive.

Clients reach it in two ways: through `Platforms.proxy_url`, as offices reach
the internet, or directly, by connecting to `Platforms.origin_port` with the
platform's name in SNI and Host.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from fnmatch import fnmatchcase
from pathlib import Path
from types import TracebackType

from demo.authority import make_authority
from demo.faults import Faults, apply
from demo.http import Request, Response, Site
from demo.proxy import accept_tunnel
from demo.requestlog import RequestLog
from demo.wire import ClientGone, Reader, read_request, reset, send_response
from demo.world import World

_IDLE_S = 120.0
_COMPRESS_FROM_BYTES = 860
_TEXT = ("text/html", "text/plain", "application/json", "text/javascript")


class Platforms:
    """Pretend platforms, started and stopped together.

    Args:
        world: What the sites know; change it while they run.
        sites: Who answers for which hosts; the first that fits is asked.
        folder: Where the throw-away certificates are made.
        compress: Whether text answers are gzip-coded for clients that ask.
        keep_body_bytes: Answers up to this size are kept whole in the log.
        dated_by_world: Answers bear the world's time as their Date; otherwise
            this machine's, which may be another.
    """

    def __init__(
        self,
        world: World,
        sites: Sequence[Site],
        folder: Path,
        *,
        compress: bool = True,
        keep_body_bytes: int = 1024 * 1024,
        dated_by_world: bool = False,
    ) -> None:
        self.world = world
        self.sites = tuple(sites)
        self.log = RequestLog(keep_body_bytes)
        self.faults = Faults()
        self._authority = make_authority(folder)
        self._compress = compress
        self._dated_by_world = dated_by_world
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._listeners: list[socket.socket] = []
        self._live: dict[threading.Thread, socket.socket] = {}
        self._acceptors: list[threading.Thread] = []
        self._context = self._authority.server_context()
        self._context.sni_callback = self._on_name

    # -- where it is ----------------------------------------------------------

    @property
    def ca_file(self) -> Path:
        """The certificate authority to trust, PEM."""
        return self._authority.ca_file

    @property
    def origin_port(self) -> int:
        """The port that speaks TLS at once."""
        return int(self._listeners[0].getsockname()[1])

    @property
    def proxy_port(self) -> int:
        """The port that expects CONNECT."""
        return int(self._listeners[1].getsockname()[1])

    @property
    def proxy_url(self) -> str:
        """What to give as ``[network] proxy``."""
        return f"http://127.0.0.1:{self.proxy_port}"

    def connect_to(self, *hosts: str) -> dict[str, str]:
        """Where to connect instead of ``host:443``, for the direct path."""
        return {f"{host}:443": f"127.0.0.1:{self.origin_port}" for host in hosts}

    # -- life -------------------------------------------------------------------

    def start(self) -> Platforms:
        """Open both ports; returns itself."""
        for serve in (self._serve_direct, self._serve_proxy):
            listener = socket.create_server(("127.0.0.1", 0), backlog=128)
            self._listeners.append(listener)
            acceptor = threading.Thread(
                target=self._accept, args=(listener, serve), name="demo-accept", daemon=True
            )
            self._acceptors.append(acceptor)
            acceptor.start()
        return self

    def stop(self) -> None:
        """Close both ports and every connection; waits for their threads."""
        self._stopping.set()
        for listener in self._listeners:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
        for acceptor in self._acceptors:
            acceptor.join(5)
        for listener in self._listeners:
            listener.close()
        with self._lock:
            live = dict(self._live)
        for sock in live.values():
            _wake(sock)
        for thread in live:
            thread.join(5)

    def __enter__(self) -> Platforms:
        """Start."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    # -- connections ----------------------------------------------------------

    def _accept(self, listener: socket.socket, serve: Callable[[socket.socket], None]) -> None:
        while not self._stopping.is_set():
            try:
                sock, _ = listener.accept()
            except OSError:
                if self._stopping.is_set():
                    return
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(_IDLE_S)
            thread = threading.Thread(
                target=self._run, args=(sock, serve), name="demo-connection", daemon=True
            )
            with self._lock:
                self._live[thread] = sock
            thread.start()

    def _run(self, sock: socket.socket, serve: Callable[[socket.socket], None]) -> None:
        try:
            # Clients may leave at any moment; that is no trouble of ours.
            with contextlib.suppress(OSError, ClientGone):
                serve(sock)
        finally:
            with self._lock:
                last = self._live.pop(threading.current_thread(), sock)
            last.close()

    def _serve_direct(self, sock: socket.socket) -> None:
        self._serve_tls(sock, "direct")

    def _serve_proxy(self, sock: socket.socket) -> None:
        if accept_tunnel(
            sock, self.log, lambda host: self._site(host) is not None, self.faults.take_tunnel
        ):
            self._serve_tls(sock, "proxy")

    def _serve_tls(self, sock: socket.socket, via: str) -> None:
        tls = self._context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        with self._lock:
            self._live[threading.current_thread()] = tls
        if self._stopping.is_set():
            return  # `stop` may have woken the bare socket that is gone now
        tls.do_handshake()
        reader = Reader(tls)
        while not self._stopping.is_set():
            request = read_request(reader)
            if request is None or not self._exchange(tls, request, via):
                break
        # A polite goodbye, so that the client can tell an end from a cut.
        tls.settimeout(0.2)
        with contextlib.suppress(OSError, ValueError):
            tls.unwrap()

    def _on_name(
        self, sock: ssl.SSLSocket | ssl.SSLObject, name: str | None, context: ssl.SSLContext
    ) -> int | None:
        if name and self.faults.take_handshake(name):
            return ssl.AlertDescription.ALERT_DESCRIPTION_HANDSHAKE_FAILURE
        return None

    # -- exchanges --------------------------------------------------------------

    def _exchange(self, sock: ssl.SSLSocket, request: Request, via: str) -> bool:
        entry = self.log.begin(request, via, self.world.now())
        try:
            fault = self.faults.take(request)
            if fault is None:
                answer = self._answer(request)
            else:
                entry.fault = fault.kind
                answer = apply(fault, request, lambda: self._answer(request))
            if self._dated_by_world and answer.dated and answer.header("date") is None:
                answer = dated(answer, self.world.now())
            if self._compress:
                answer = _compressed(request, answer)
            entry.status = answer.status
            stays = send_response(
                sock,
                request,
                answer,
                entry,
                keep_body_bytes=self.log.keep_body_bytes,
                stopping=self._stopping,
            )
        finally:
            self.log.finish(entry)
        if not stays and not entry.whole:
            # A cut must look like one: no TLS goodbye.
            if answer.reset:
                reset(sock)
            sock.close()
        return stays

    def well(self, request: Request, moment: datetime) -> Response:
        """What a platform answers on a good day, at a moment."""
        site = self._site(request.host)
        if site is None:
            return Response(421, [("Content-Type", "text/plain")], b"no such platform here\n")
        return site.answer(request, self.world, moment)

    def _answer(self, request: Request) -> Response:
        return self.well(request, self.world.now())

    def _site(self, host: str) -> Site | None:
        for site in self.sites:
            if any(fnmatchcase(host, pattern) for pattern in site.hosts):
                return site
        return None


def dated(answer: Response, moment: datetime) -> Response:
    """The answer as if given at a moment."""
    date = format_datetime(moment.astimezone(UTC), usegmt=True)
    return replace(answer, headers=[*answer.without("date"), ("Date", date)])


def _compressed(request: Request, answer: Response) -> Response:
    """The answer gzip-coded, where platforms would do it too."""
    body = answer.body
    if (
        not isinstance(body, bytes)
        or len(body) < _COMPRESS_FROM_BYTES
        or "gzip" not in request.headers.get("accept-encoding", "")
        or not (answer.header("content-type") or "").startswith(_TEXT)
        or answer.header("content-encoding")
        or answer.header("content-length")
        or answer.close_after is not None
        or answer.exact is not None
    ):
        return answer
    headers = [*answer.headers, ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
    return replace(answer, headers=headers, body=gzip.compress(body, 1, mtime=0))


def _wake(sock: socket.socket) -> None:
    # The method of the plain socket: the one of `ssl.SSLSocket` would take
    # the TLS state away from the thread that is still reading.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
