"""yt-dlp, bound to the tap. The only module that imports it.

Only two of its parts are used: how it fetches a page (impersonation, headers,
the challenge sum) and how it asks for a listing. Its request handlers are
replaced by recording ones; there is no third, so nothing can pass by the tap.
Its own downloaders, post-processors, plug-ins, configuration files and other
extractors are never loaded.

*Source:* yt-dlp 2026.10.26. ``_create_instance``, ``_send``, ``_build_web_query``
and ``_extract_web_data_and_status`` are its internals; the tests call each.
"""

from __future__ import annotations

import contextlib
import io
import ssl
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from curl_cffi import CurlECode
from yt_dlp import YoutubeDL
from yt_dlp.extractor.tiktok import TikTokIE, TikTokUserIE
from yt_dlp.globals import all_plugins_loaded
from yt_dlp.networking import Request
from yt_dlp.networking._curlcffi import CurlCFFIRH
from yt_dlp.networking._helper import get_redirect_method, make_ssl_context
from yt_dlp.networking._requests import RequestsRH
from yt_dlp.networking.common import Response
from yt_dlp.networking.exceptions import (
    CertificateVerifyError,
    HTTPError,
    IncompleteRead,
    ProxyError,
    RequestError,
    SSLError,
    TransportError,
)
from yt_dlp.utils import YoutubeDLError
from yt_dlp.version import __version__ as yt_dlp_version

from connectors.base import ExchangeSink, Gate, Identity, Network
from connectors.media_type import SNIFF_BYTES
from connectors.tap.curl_tap import CurlAnswer, CurlFailure, CurlTap
from connectors.tap.interrupt import translated
from connectors.tap.requests_tap import Tap
from connectors.tiktok.visit import Download, Visit

HOSTS = (
    "*.tiktok.com",
    "*.tiktokcdn.com",
    "*.tiktokcdn-us.com",
    "*.tiktokcdn-eu.com",
    "*.tiktokv.com",
    "*.tiktokv.us",
    "*.tiktokv.eu",
)
"""Where TikTok's pages and files lie. *Source:* recorded pages of 2023 to 2026."""

CHAIN_COOKIE = "tt_chain_token"
READ_BYTES = 256 * 1024
KEPT_ERROR_BYTES = 64 * 1024
_REDIRECTS = (301, 302, 303, 307, 308)
_FAILURES = (
    YoutubeDLError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What the library raises on answers it does not understand."""


class HandlerBroke(RequestError):  # type: ignore[misc]
    """An unforeseen error in a handler.

    The library's director catches every other class, logs it, and asks the
    next handler: the request would be sent twice.
    """


class _SilentLog:
    """What the library says is judged from the records; its text is dropped."""

    def debug(self, message: str) -> None:
        """Drop it."""

    info = warning = error = debug


class _RecordingRequestsRH(RequestsRH):  # type: ignore[misc]
    """The library's ``requests`` handler over connections that record."""

    tap: Tap

    def _make_sslcontext(self, legacy_ssl_support: bool | None = None) -> ssl.SSLContext:
        # The library's own context keeps its fingerprint; only trust changes.
        ca_file = self.tap.border.network.ca_file
        context: ssl.SSLContext = make_ssl_context(verify=ca_file is None, use_certifi=True)
        if ca_file is not None:
            context.load_verify_locations(cafile=ca_file)
            context.verify_mode = ssl.CERT_REQUIRED
            context.check_hostname = True
        return context

    def _create_instance(self, cookiejar: Any, legacy_ssl_support: bool | None = None) -> Any:
        session = super()._create_instance(cookiejar, legacy_ssl_support)
        self.tap.adopt(session, self._make_sslcontext())
        return session

    def _send(self, request: Any) -> Any:
        return _guarded(super()._send, request)


class _RecordingCurlRH(CurlCFFIRH):  # type: ignore[misc]
    """The library's impersonating handler over the curl tap.

    Headers and targets are computed by the library; redirects are followed
    here, hop by hop, because each is an exchange of its own.
    """

    curl: CurlTap
    redirects: int
    too_often: Callable[[str], None]

    def _send(self, request: Any) -> Any:
        return _guarded(self._follow, request)

    def _follow(self, request: Any) -> Any:
        url, method, body = request.url, request.method, request.data
        headers = dict(self._get_impersonate_headers(request))
        jar = self._get_cookiejar(request)
        target = self._SUPPORTED_IMPERSONATE_TARGET_MAP.get(self._get_request_target(request))
        for _ in range(self.redirects + 1):
            has_own = any(name.lower() == "cookie" for name in headers)
            answer = self._ask(
                method=method,
                url=url,
                headers=headers,
                body=body,
                cookie=None if has_own else jar.get_cookie_header(url),
                impersonate=target,
                timeout_s=self._calculate_timeout(request),
            )
            told = SimpleNamespace(info=lambda answer=answer: answer.headers)
            jar.extract_cookies(told, urllib.request.Request(url))  # noqa: S310
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or not location:
                if 200 <= answer.status < 300:
                    return _CurlResponse(answer)
                raise HTTPError(_CurlResponse(answer))
            _drained(answer.stream)
            before, url = url, urllib.parse.urljoin(url, location)
            headers = _for_next_hop(headers, before, url)
            kept = get_redirect_method(method, answer.status)
            method, body = kept, (body if kept == method else None)
        self.too_often(url)
        raise HandlerBroke("a redirect limit did not stop the request")

    def _ask(self, **request: Any) -> CurlAnswer:
        method, url = request.pop("method"), request.pop("url")
        try:
            return self.curl.request(method, url, **request)
        except CurlFailure as failure:
            raise _as_library_error(failure) from failure


class _CurlResponse(Response):  # type: ignore[misc]
    """A curl answer in the library's shape."""

    def __init__(self, answer: CurlAnswer) -> None:
        super().__init__(
            fp=answer.stream,
            url=answer.url,
            headers=answer.headers,
            status=answer.status,
            reason=answer.reason or None,
        )

    def read(self, amt: int | None = None) -> bytes:
        """Decoded body bytes."""
        try:
            return bytes(self.fp.read(amt))
        except CurlFailure as failure:
            raise _as_library_error(failure) from failure


class _RecordingYoutubeDL(YoutubeDL):  # type: ignore[misc]
    """The library with two handlers, both recording, and no way to get more."""

    def __init__(self, tap: Tap, curl: CurlTap) -> None:
        network = tap.border.network
        self._handlers = (
            type("RequestsRH", (_RecordingRequestsRH,), {"tap": tap}),
            type(
                "CurlCFFIRH",
                (_RecordingCurlRH,),
                {
                    "curl": curl,
                    "redirects": network.limits.redirects,
                    "too_often": staticmethod(tap.border.redirected_too_often),
                },
            ),
        )
        # Plug-ins would be looked for in folders beside the interpreter.
        all_plugins_loaded.value = True
        super().__init__(_parameters(network), auto_init=False)

    def build_request_director(self, handlers: object, preferences: object = None) -> Any:
        """Never with the handlers the library would register."""
        return super().build_request_director(self._handlers, preferences)


def _parameters(network: Network) -> dict[str, Any]:
    return {
        "allowed_extractors": ["TikTok", "tiktok:user"],
        "cachedir": False,
        "external_downloader": {},
        "js_runtimes": {},
        "logger": _SilentLog(),
        "postprocessors": [],
        # The empty string keeps the environment's proxies out.
        "proxy": network.proxy or "",
        "quiet": True,
        "simulate": True,
        "skip_download": True,
        "sleep_interval_requests": 0,
        "socket_timeout": network.limits.read_s,
    }


class Client:
    """One visitor of TikTok's web client.

    Attributes:
        engine: Library and version.
    """

    engine = f"yt-dlp {yt_dlp_version}"

    def __init__(
        self, *, sink: ExchangeSink, network: Network, identity: Identity | None, gate: Gate
    ) -> None:
        self._tap = Tap(sink, network, gate, HOSTS)
        self._curl = CurlTap(self._tap.border)
        self._library = _RecordingYoutubeDL(self._tap, self._curl)
        self._video = TikTokIE(self._library)
        self._user = TikTokUserIE(self._library)
        for name, value in (identity.cookies if identity else {}).items():
            self._video._set_cookie(".tiktok.com", name, value, secure=True)

    def visit(self, url: str, display_id: str) -> Visit:
        """Fetch a page as a browser would, a challenge sum solved if it comes.

        Args:
            display_id: Names the page in the library's own messages.

        Raises:
            ConnectorError: The tap or the gate stopped the request.
        """

        def ask() -> None:
            self._video._extract_web_data_and_status(url, display_id)

        return self._called(ask)

    def item_list(self, sec_uid: str, cursor_ms: int) -> Visit:
        """Ask for the listing's posts before a moment.

        Args:
            cursor_ms: Unix time in milliseconds.

        Raises:
            ConnectorError: The tap or the gate stopped the request.
        """

        def ask() -> None:
            self._user._download_webpage(
                self._user._API_BASE_URL,
                sec_uid,
                query=self._user._build_web_query(sec_uid, cursor_ms),
                expected_status=lambda status: True,
            )

        return self._called(ask)

    def _called(self, ask: Callable[[], None]) -> Visit:
        mark = self._marked()
        failure: Exception | None = None
        try:
            with translated():
                ask()
        except _FAILURES as problem:
            failure = problem
        return Visit(self._tap.journal.since(mark), failure)

    def download(self, url: str, referer: str) -> Download:
        """Drain one file into the sink, in constant memory.

        Raises:
            ConnectorError: The tap or the gate stopped the request.
        """
        mark = self._marked()
        failure: Exception | None = None
        first, size = b"", 0
        request = Request(url, headers={"Referer": referer, "Accept-Encoding": "identity"})
        try:
            with translated(), contextlib.closing(self._library.urlopen(request)) as response:
                while piece := response.read(READ_BYTES):
                    first = first or bytes(piece[:SNIFF_BYTES])
                    size += len(piece)
        except _FAILURES as problem:
            failure = problem
        return Download(self._tap.journal.since(mark), first, size, failure)

    def forget_device(self) -> None:
        """Get a new random device id: a distrusted one is shown one page only."""
        self._user.__dict__.pop("_DEVICE_ID", None)

    @property
    def has_chain_cookie(self) -> bool:
        """Whether the cookie is there that film hosts want back."""
        return any(cookie.name == CHAIN_COOKIE for cookie in self._library.cookiejar)

    def cookies(self) -> Mapping[str, str]:
        """Names and values of the visitor's cookies."""
        return {cookie.name: cookie.value or "" for cookie in self._library.cookiejar}

    def close(self) -> None:
        """Close connections; store what is still open."""
        try:
            self._library.close()
        finally:
            self._curl.close()
            self._tap.close()

    def _marked(self) -> int:
        """A fresh mark; bodies judged before it are let go."""
        mark = self._tap.journal.mark()
        self._tap.journal.forget(mark)
        return mark


def _guarded(send: Callable[[Any], Any], request: Any) -> Any:
    """Send; give errors the library's director understands.

    An error answer is drained first: only then is its record whole.
    """
    try:
        return send(request)
    except HTTPError as error:
        raise HTTPError(_buffered(error.response), redirect_loop=error.redirect_loop) from error
    except RequestError:
        raise
    except Exception as problem:
        raise HandlerBroke(cause=problem) from problem


def _buffered(response: Any) -> Any:
    """An error answer, read to its end, of which the beginning is kept."""
    kept = b""
    with contextlib.suppress(RequestError, OSError):
        while piece := response.read(READ_BYTES):
            kept += piece[: KEPT_ERROR_BYTES - len(kept)]
    response.close()
    return Response(io.BytesIO(kept), response.url, response.headers, response.status)


def _drained(stream: io.RawIOBase) -> None:
    with contextlib.suppress(CurlFailure):
        while stream.read(READ_BYTES):
            pass
    stream.close()


def _for_next_hop(headers: dict[str, str], before: str, after: str) -> dict[str, str]:
    """Headers for a redirect: what is meant for one host stays with it."""
    if urllib.parse.urlsplit(before).netloc == urllib.parse.urlsplit(after).netloc:
        return headers
    own = {"cookie", "authorization"}
    return {name: value for name, value in headers.items() if name.lower() not in own}


_CURL_ERRORS: Mapping[int, Any] = {
    CurlECode.PEER_FAILED_VERIFICATION: CertificateVerifyError,
    CurlECode.SSL_CONNECT_ERROR: SSLError,
    CurlECode.PROXY: ProxyError,
}


def _as_library_error(failure: CurlFailure) -> Any:
    """A curl failure as the library's own handler would raise it."""
    if failure.code == CurlECode.PARTIAL_FILE and failure.expected_bytes is not None:
        missing = failure.expected_bytes - failure.received_bytes
        return IncompleteRead(failure.received_bytes, missing, cause=failure)
    return _CURL_ERRORS.get(failure.code, TransportError)(cause=failure)
