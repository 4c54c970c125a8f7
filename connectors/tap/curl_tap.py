"""The tap for curl_cffi: browser-like TLS and HTTP/2, recorded.

curl_cffi's own session hides what the record needs (the body before decoding,
the bodies of redirects, the request as sent), queues without bound, and opens
a new connection each time. This asks libcurl itself, through curl_cffi's
low-level handle, with the same options and therefore the same fingerprint.

Recorded heads are byte-exact but for one thing that libcurl does not tell:
lines folded over several (obsolete, RFC 9112, section 5.2) come unfolded.

One request is one exchange: redirects are answers like others, and the caller
makes the next hop (as many as `Limits.redirects`, then
`Border.redirected_too_often`).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPMessage
from typing import Any, cast

from curl_cffi import Curl, CurlOpt
from curl_cffi.requests.utils import set_curl_options

from connectors.coding import accept_encoding
from connectors.errors import ConnectorError
from connectors.tap.addresses import Target, resolve
from connectors.tap.curl_transfer import BodyStream, CurlFailure, Handle, Transfer
from connectors.tap.flow import Border
from connectors.tap.interrupt import TapInterrupt

__all__ = ["CurlAnswer", "CurlFailure", "CurlTap"]

BUFFER_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class CurlAnswer:
    """An answer whose body is still on its way.

    Attributes:
        url: The address that was asked.
        reason: The reason phrase; empty over HTTP/2.
        stream: The decoded body; read it to the end or close it.
    """

    url: str
    status: int
    reason: str
    headers: HTTPMessage = field(repr=False)
    stream: BodyStream


class CurlTap:
    """Asks and records, over libcurl handles that keep their connections.

    Safe to use from several threads; each request under way has a handle of
    its own.

    Args:
        border: `connectors.tap.requests_tap.Tap.border`, to share it.
    """

    def __init__(self, border: Border) -> None:
        self._border = border
        self._idle: list[Handle] = []
        self._busy: set[Transfer] = set()
        self._lock = threading.Lock()

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        cookie: str | None = None,
        impersonate: str | None = None,
        timeout_s: float | None = None,
    ) -> CurlAnswer:
        """Make one request, without following redirects.

        Args:
            headers: Added to, or replacing, the impersonated browser's.
            cookie: The Cookie header's value.
            impersonate: A curl_cffi target such as ``chrome151``, or ``None``.
            timeout_s: For connecting, and for silence; never above `Limits`.

        Raises:
            CurlFailure: No answer came.
            TapInterrupt: Refused by address or gate, or a limit was passed.
            SinkFailed: The archive could not store it.
        """
        target = self._border.admit(url)
        handle = self._take()
        transfer: Transfer | None = None
        try:
            _configure(
                handle.curl,
                self._border,
                method=method,
                url=url,
                headers=dict(headers or {}),
                body=body,
                cookie=cookie,
                impersonate=impersonate,
                timeout_s=timeout_s,
            )
            slist = self._pin(handle.curl, target)
            flow = self._border.open(method, url, wanted=True)
            transfer = Transfer(handle, flow, self._border, slist, self._over)
        finally:
            if transfer is None:
                handle.curl.close()
        with self._lock:
            self._busy.add(transfer)
        transfer.start()
        head, message = transfer.wait_for_head()
        return CurlAnswer(url, head.status, head.reason, message, BodyStream(transfer))

    def close(self) -> None:
        """Stop what is under way (recorded as cut) and close all handles."""
        with self._lock:
            busy = tuple(self._busy)
        for transfer in busy:
            transfer.abandon()
        with self._lock:
            idle, self._idle = self._idle, []
        for handle in idle:
            handle.curl.close()

    def _take(self) -> Handle:
        with self._lock:
            handle = self._idle.pop() if self._idle else Handle(Curl())
        # Options go, connections and TLS sessions stay.
        handle.curl.reset()
        return handle

    def _over(self, transfer: Transfer) -> None:
        with self._lock:
            self._busy.discard(transfer)
            self._idle.append(transfer.handle)

    def _pin(self, curl: Any, target: Target) -> Any:
        """Bind the name to the address that was checked.

        Returns:
            A native list to be kept until the transfer is over, or ``None``.
        """
        network = self._border.network
        if network.proxy is not None:
            return None
        mapped = network.connect_to.get(target.key)
        if mapped is not None:
            return _connect_to(curl, f"{target.key}:{mapped}")
        try:
            addresses = resolve(target)
        except ConnectorError as refusal:
            raise TapInterrupt(refusal) from refusal
        pinned = ",".join(f"[{ip}]" if ":" in ip else ip for ip in addresses)
        curl.setopt(CurlOpt.RESOLVE, [f"{target.key}:{pinned}"])
        return None


def _configure(
    curl: Any,
    border: Border,
    *,
    method: str,
    url: str,
    headers: dict[str, str],
    body: bytes | None,
    cookie: str | None,
    impersonate: str | None,
    timeout_s: float | None,
) -> None:
    """Set what curl_cffi's own session would set, then what recording needs."""
    network = border.network
    limits = network.limits
    set_curl_options(
        curl,
        method=cast("Any", method),
        url=url,
        params_list=[None, None],
        data=body,
        headers_list=[None, headers],
        cookies_list=[None, None],
        timeout=None,
        allow_redirects=False,
        proxies_list=[None, {"all": network.proxy} if network.proxy else None],
        verify_list=[True, network.ca_file],
        impersonate=cast("Any", impersonate),
        accept_encoding=accept_encoding(),
    )
    if cookie:
        curl.setopt(CurlOpt.COOKIE, cookie)
    # libcurl reads proxies from the environment unless it is told not to.
    curl.setopt(CurlOpt.PROXY, network.proxy or "")
    curl.setopt(CurlOpt.NOPROXY, "")
    curl.setopt(CurlOpt.HTTP_CONTENT_DECODING, 0)
    curl.setopt(CurlOpt.HTTP_TRANSFER_DECODING, 0)
    curl.setopt(CurlOpt.SUPPRESS_CONNECT_HEADERS, 1)
    curl.setopt(CurlOpt.BUFFERSIZE, BUFFER_BYTES)
    patience_s = min(timeout_s or limits.connect_s, limits.connect_s)
    curl.setopt(CurlOpt.CONNECTTIMEOUT_MS, int(patience_s * 1000))
    silence_s = min(timeout_s or limits.stall_s, limits.stall_s, limits.read_s)
    curl.setopt(CurlOpt.LOW_SPEED_LIMIT, max(1, int(limits.stall_bytes / limits.stall_s)))
    curl.setopt(CurlOpt.LOW_SPEED_TIME, max(1, round(silence_s)))


def _connect_to(curl: Any, rule: str) -> Any:
    # curl_cffi has no way to give this option its list. Tests only.
    from curl_cffi._wrapper import ffi, lib

    slist = lib.curl_slist_append(ffi.NULL, rule.encode())
    lib._curl_easy_setopt(curl._curl, CurlOpt.CONNECT_TO, slist)
    return ffi.gc(slist, lib.curl_slist_free_all)
