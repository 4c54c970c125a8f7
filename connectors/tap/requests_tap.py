"""The tap for `requests`, as instaloader and yt-dlp's requests handler use it.

instaloader makes a new session for nearly every request: bind
``Tap.session_class`` as ``Session`` in its module's namespace. All those
sessions share one adapter, so connections stay alive between them.

yt-dlp makes its own session: let its ``RequestsRH._create_instance`` make it
and hand it to `Tap.adopt`.

Neither environment variables nor what a library asks for change the way: the
proxy, the certificates and the timeouts are those of `Network`.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import certifi
import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util import Retry
from urllib3.util.ssl_ import create_urllib3_context

from connectors.base import ExchangeSink, Gate, Network
from connectors.tap.flow import Border
from connectors.tap.httpclient import TapConnection, TapsConnection
from connectors.tap.journal import Journal

DRAIN_BYTES = 256 * 1024


class RecordingAdapter(HTTPAdapter):
    """Sends through connections that record. Long-lived, shared by sessions.

    Args:
        border: What to record to and whom to ask.
        ssl_context: A library's own; its fingerprint is then unchanged. It
            comes to trust the network's ``ca_file`` beside what it trusts.
    """

    def __init__(self, border: Border, ssl_context: ssl.SSLContext | None = None) -> None:
        self._border = border
        if ssl_context is not None and border.network.ca_file:
            ssl_context.load_verify_locations(border.network.ca_file)
        self._context = ssl_context or _default_context(border.network.ca_file)
        self._proxies = _proxies(border.network)
        self._pools = _pool_classes(border)
        # A library's own adapter would let urllib3's errors through as they
        # are (yt-dlp); without one they are wrapped as requests does.
        super().__init__(max_retries=Retry(False) if ssl_context else 0, pool_maxsize=16)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the manager of direct connections."""
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Make, or find, the manager of connections through the proxy."""
        # urllib3 leaves Nagle's algorithm on behind proxies; a head and a body
        # sent apart then wait for each other, 40 ms for every POST.
        manager: Any = super().proxy_manager_for(
            proxy,
            ssl_context=self._context,
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
            **kwargs,
        )
        manager.pool_classes_by_scheme = self._pools
        return manager

    def cert_verify(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the context verifies, whatever a library asks for."""

    def get_connection_with_tls_context(
        self, request: Any, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        """Find the pool for a request."""
        proxy = self._border.network.proxy
        manager = self.proxy_manager_for(proxy) if proxy else self.poolmanager
        return manager.connection_from_url(request.url)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """Ask for leave, then send one request (each redirect hop is one)."""
        self._border.admit(cast("str", request.url))
        return super().send(
            request,
            stream=stream,
            timeout=_bounded(timeout, self._border.network),
            verify=True,
            cert=None,
            proxies=self._proxies,
        )

    def close(self) -> None:
        """Nothing: sessions come and go, the connections stay."""

    def really_close(self) -> None:
        """Close all connections."""
        super().close()


@dataclass(frozen=True, slots=True)
class Drained:
    """A body that was read to its end.

    Attributes:
        first: Its beginning, still content-coded.
        size_bytes: As it crossed the wire, chunk framing left out.
    """

    first: bytes
    size_bytes: int


class TapSession(requests.Session):
    """A session that records; use the subclass a `Tap` has made of it."""

    tap: Tap

    def __init__(self) -> None:
        super().__init__()
        self.tap.adopt(self)

    def resolve_redirects(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Follow redirects, up to the limit."""
        return self.tap.follow(super().resolve_redirects(*args, **kwargs))


class Tap:
    """The tap of one connector instance.

    Args:
        sink: Where exchanges go.
        network: How to reach the platform.
        gate: Asked before each request.
        hosts: Host names and ``*.suffix`` patterns that may be asked.

    Attributes:
        border: Give it to a `connectors.tap.curl_tap.CurlTap` to share
            journal, gate and hosts.
        session_class: To bind as ``Session`` in a library's namespace.
    """

    def __init__(
        self, sink: ExchangeSink, network: Network, gate: Gate, hosts: tuple[str, ...]
    ) -> None:
        self.border = Border(sink, network, gate, hosts)
        self.session_class: type[requests.Session] = type(
            "TapSession", (TapSession,), {"tap": self}
        )
        self._shared = RecordingAdapter(self.border)
        self._adapters = [self._shared]

    @property
    def journal(self) -> Journal:
        """What was exchanged, in order."""
        return self.border.journal

    def http_adapter(self, ssl_context: ssl.SSLContext | None = None) -> RecordingAdapter:
        """A recording adapter; the shared one if no context is given."""
        if ssl_context is None:
            return self._shared
        adapter = RecordingAdapter(self.border, ssl_context)
        self._adapters.append(adapter)
        return adapter

    def adopt(self, session: requests.Session, ssl_context: ssl.SSLContext | None = None) -> None:
        """Make a session that a library created record.

        Args:
            ssl_context: The library's own, to keep its fingerprint.
        """
        adapter = self.http_adapter(ssl_context)
        session.adapters.clear()
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        session.trust_env = False
        session.max_redirects = self.border.limits.redirects
        session.proxies = _proxies(self.border.network)
        session.verify = self.border.network.ca_file or True
        if not isinstance(session, TapSession):
            plain = session.resolve_redirects
            session.resolve_redirects = lambda *a, **k: self.follow(plain(*a, **k))  # type: ignore[method-assign]

    def follow(self, hops: Iterator[Any]) -> Iterator[Any]:
        """Pass redirect hops on, up to the limit.

        Raises:
            TapInterrupt: `LimitExceeded` with the limit ``redirects``.
        """
        try:
            yield from hops
        except requests.TooManyRedirects as problem:
            response = problem.response
            self.border.redirected_too_often(response.url if response is not None else "")

    def drain(self, response: requests.Response, *, keep_bytes: int = 0) -> Drained:
        """Read a streamed response to its end, keeping only its beginning.

        The whole body is read here: urllib3 cannot follow the framing of a
        chunked body of which http.client has read a part.

        Raises:
            urllib3.exceptions.HTTPError: The connection broke.
        """
        first, count = b"", 0
        try:
            for piece in response.raw.stream(DRAIN_BYTES, decode_content=False):
                count += len(piece)
                if len(first) < keep_bytes:
                    first += piece[: keep_bytes - len(first)]
        finally:
            response.close()
        return Drained(first, count)

    def close(self) -> None:
        """Close all connections; store what is still open.

        Raises:
            SinkFailed: The sink failed, now or unseen before.
        """
        try:
            self.border.close()
        finally:
            for adapter in self._adapters:
                adapter.really_close()


def _pool_classes(border: Border) -> dict[str, Any]:
    plain = type("BoundTapConnection", (TapConnection,), {"border": border})
    tls = type("BoundTapsConnection", (TapsConnection,), {"border": border})
    return {
        "http": type("TapPool", (urllib3.HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("TapsPool", (urllib3.HTTPSConnectionPool,), {"ConnectionCls": tls}),
    }


def _default_context(ca_file: str | None) -> ssl.SSLContext:
    context = create_urllib3_context()
    context.load_verify_locations(ca_file or certifi.where())
    return context


def _proxies(network: Network) -> dict[str, str]:
    return {"http": network.proxy, "https": network.proxy} if network.proxy else {}


def _bounded(timeout: Any, network: Network) -> tuple[float, float]:
    limits = network.limits
    connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    return (
        min(float(connect or limits.connect_s), limits.connect_s),
        min(float(read or limits.read_s), limits.read_s),
    )
