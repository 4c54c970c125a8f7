"""The tap under `http.client`: what urllib3 sends and receives, byte by byte.

`TapConnection` sees requests in `putrequest` and `send`; `TapResponse` puts a
`TapFile` between http.client's parser and the socket, so that the parser's own
reading is what is recorded: folded, odd and LF-only heads stay as they came.

Python's http.client and urllib3 leave no public place for this. The private
names used here (``_tunnel``, ``_read_status``, ``_close_conn``, ``_new_conn``)
are held by the tests of the awkward exchanges.
"""

from __future__ import annotations

import functools
import http.client
import io
import socket
import ssl
from typing import Any, cast

import urllib3.connection
from urllib3.exceptions import NewConnectionError

from connectors.base import Truncation, Wire
from connectors.errors import ConnectorError
from connectors.tap.addresses import Target, resolve
from connectors.tap.bypass import sanctioned
from connectors.tap.flow import Border, Flow
from connectors.tap.interrupt import TapInterrupt
from connectors.tap.tapfile import TapFile
from connectors.tap.tls import cipher_name, tls_protocol


class TapResponse(http.client.HTTPResponse):
    """A response whose bytes go into a flow as they are read."""

    def __init__(
        self,
        flow: Flow,
        sock: socket.socket,
        debuglevel: int = 0,
        method: str | None = None,
        url: str | None = None,
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self._flow = flow
        # The buffer that http.client made has read nothing yet.
        self.fp: Any = TapFile(cast("io.BufferedReader", self.fp).detach(), flow)

    def _read_status(self) -> tuple[str, int, str]:
        # http.client skips 100 only and takes 103 for the answer.
        while True:
            status: tuple[str, int, str] = super()._read_status()  # type: ignore[misc]
            if not 100 <= status[1] < 200 or status[1] == 101:
                return status
            http.client.parse_headers(self.fp)

    def _close_conn(self) -> None:
        file: TapFile = self.fp
        super()._close_conn()  # type: ignore[misc]
        flow = self._flow
        whole = file.ended if flow.whole is None else flow.whole
        if flow.head is None:
            flow.finish(error="the head was not completed")
        elif whole:
            flow.finish(error=flow.undecodable)
        else:
            flow.finish(Truncation.DISCONNECT, "closed before the end of the body")


class TapConnection(urllib3.connection.HTTPConnection):
    """A plain connection that records. Its subclasses are bound to a border."""

    border: Border
    scheme = "http"

    _flow: Flow | None = None
    _wire: Wire | None = None

    def putrequest(
        self,
        method: str,
        url: str,
        skip_host: bool = False,
        skip_accept_encoding: bool = False,
    ) -> None:
        """Begin a request, and its record."""
        self._flow = self.border.open(method, self._target_url(url))
        super().putrequest(method, url, skip_host, skip_accept_encoding)

    def send(self, data: Any) -> None:
        """Put bytes on the wire, recorded before they leave."""
        flow = self._flow
        if flow is not None:
            if self.sock is None and self.auto_open:
                self.connect()
            if not isinstance(data, bytes):
                # urllib3 cuts every body into bytes before it comes here.
                raise TypeError(f"cannot record a request body of {type(data).__name__}")
            flow.sent(data)
        super().send(data)

    def connect(self) -> None:
        """Open the connection; a proxy's CONNECT is no part of any record."""
        flow, self._flow, self._wire = self._flow, None, None
        try:
            super().connect()
        finally:
            self._flow = flow

    def getresponse(self) -> Any:
        """Read the answer's head."""
        flow, self._flow = self._flow, None
        if flow is None:
            raise http.client.ResponseNotReady
        if self._wire is None:
            self._wire = self._read_wire()
        flow.wire(self._wire)
        self.response_class = functools.partial(TapResponse, flow)  # type: ignore[assignment]
        try:
            return super().getresponse()
        except BaseException as problem:
            is_late = isinstance(problem, TimeoutError)
            flow.finish(Truncation.TIME if is_late else None, type(problem).__name__)
            raise
        finally:
            # CONNECT answers, read with the same attribute, are not recorded.
            self.response_class = http.client.HTTPResponse

    def close(self) -> None:
        """Close, and finish a request that was not answered."""
        flow, self._flow, self._wire = self._flow, None, None
        try:
            super().close()
        finally:
            if flow is not None:
                flow.finish(error="closed before an answer came")

    def _new_conn(self) -> socket.socket:
        with sanctioned():
            if self.proxy is not None:
                # The configured proxy may well be in the office's network.
                return super()._new_conn()
            return self._connect_pinned()

    def _connect_pinned(self) -> socket.socket:
        host, port = self._dns_host, self.port
        target = Target(self.scheme, self.host.strip("[]").lower(), self.port)
        try:
            addresses = self._addresses(target)
            for number, (ip, to_port) in enumerate(addresses, 1):
                self._dns_host, self.port = ip, to_port
                try:
                    return super()._new_conn()
                except NewConnectionError:
                    if number == len(addresses):
                        raise
        finally:
            self._dns_host, self.port = host, port
        raise NewConnectionError(self, f"{host} has no address")

    def _addresses(self, target: Target) -> list[tuple[str, int]]:
        mapped = self.border.network.connect_to.get(target.key)
        if mapped is not None:
            ip, _, to_port = mapped.rpartition(":")
            return [(ip, int(to_port))]
        try:
            return [(ip, target.port) for ip in resolve(target)]
        except ConnectorError as refusal:
            raise TapInterrupt(refusal) from refusal

    def _target_url(self, url: str) -> str:
        if not url.startswith("/"):
            return url  # a forwarding proxy is asked with the whole address
        host, port = self.host, self.port
        if self._tunnel_host is not None:
            host, port = self._tunnel_host, self._tunnel_port or port
        host = f"[{host}]" if ":" in host and not host.startswith("[") else host
        suffix = "" if port == self.default_port else f":{port}"
        return f"{self.scheme}://{host}{suffix}{url}"

    def _read_wire(self) -> Wire:
        sock: Any = self.sock
        ip = None
        if self.proxy is None and sock is not None:
            ip = str(sock.getpeername()[0]).partition("%")[0]
        if not isinstance(sock, ssl.SSLSocket):
            return Wire(ip=ip, protocols=("http/1.1",))
        used = sock.cipher()
        return Wire(
            ip=ip,
            protocols=("http/1.1", *tls_protocol(sock.version() or "")),
            cipher=cipher_name(used[0]) if used else None,
        )


class TapsConnection(TapConnection, urllib3.connection.HTTPSConnection):
    """The same over TLS."""

    scheme = "https"
