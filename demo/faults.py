"""Trouble on demand: what a pretend platform does instead of answering well.

A `Fault` says which requests it meets and what they get. The functions below
make the ones that any platform can show; what only one platform says (its
error JSON, its walls) stands in ``demo.instagram.faults`` and
``demo.tiktok.faults``, as `transform` or `replaced` answers.

>>> faults.add(status(429, Match(path="/api/graphql"), retry_after_s=60))
>>> faults.add(truncated(1000, Match(host="*.cdninstagram.com"), skip=2))
"""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from demo.http import Request, Response, html_response, redirect_response


@dataclass(frozen=True, slots=True)
class Match:
    """Which requests are meant: shell-style patterns, all must fit.

    Attributes:
        fields: Patterns for query parameters or form fields by name.
        where: A further test of the request.
    """

    host: str = "*"
    path: str = "*"
    method: str = "*"
    fields: Mapping[str, str] = field(default_factory=dict)
    where: Callable[[Request], bool] | None = None

    def fits(self, request: Request) -> bool:
        """Whether a request is meant."""
        return (
            fnmatchcase(request.host, self.host)
            and fnmatchcase(request.path, self.path)
            and fnmatchcase(request.method, self.method)
            and all(self._has(request, name, value) for name, value in self.fields.items())
            and (self.where is None or self.where(request))
        )

    @staticmethod
    def _has(request: Request, name: str, pattern: str) -> bool:
        value = request.query.get(name, request.form.get(name))
        return value is not None and fnmatchcase(value, pattern)


ANY = Match()


@dataclass(frozen=True, slots=True, eq=False)
class Fault:
    """One planned trouble.

    Attributes:
        kind: Its name, for the request log.
        skip: How many matching requests pass before it fires.
        count: How many requests it then meets; ``None`` means every one.
        answer: Replaces the platform's answer; the platform is not asked.
        transform: Changes the platform's answer.
    """

    kind: str
    match: Match = ANY
    count: int | None = 1
    skip: int = 0
    answer: Callable[[Request], Response] | None = None
    transform: Callable[[Response], Response] | None = None


class Faults:
    """The troubles now planned. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[Fault, int] = {}
        self._fired: dict[Fault, int] = {}

    def add(self, fault: Fault) -> Fault:
        """Plan a fault; earlier ones are asked first."""
        with self._lock:
            self._seen[fault] = 0
            self._fired[fault] = 0
        return fault

    def remove(self, fault: Fault) -> None:
        """Call a fault off."""
        with self._lock:
            self._seen.pop(fault, None)

    def clear(self) -> None:
        """Call every fault off."""
        with self._lock:
            self._seen.clear()

    def fired(self, fault: Fault) -> int:
        """How many requests a fault has met."""
        with self._lock:
            return self._fired.get(fault, 0)

    def take(self, request: Request) -> Fault | None:
        """The fault this request meets, counted; ``None`` for a good day."""
        return self._take(lambda one: one.kind not in _BELOW and one.match.fits(request))

    def take_handshake(self, host: str) -> bool:
        """Whether the TLS handshake for a host must fail now."""
        meets = self._take(lambda one: one.kind == TLS and fnmatchcase(host, one.match.host))
        return meets is not None

    def take_tunnel(self, host: str) -> bytes | None:
        """What the proxy says instead of opening a tunnel to a host, if anything."""
        fault = self._take(lambda one: one.kind in _TUNNEL and fnmatchcase(host, one.match.host))
        return None if fault is None else _TUNNEL[fault.kind]

    def _take(self, meets: Callable[[Fault], bool]) -> Fault | None:
        with self._lock:
            for fault, seen in self._seen.items():
                spent = fault.count is not None and seen >= fault.skip + fault.count
                if spent or not meets(fault):
                    continue
                self._seen[fault] = seen + 1
                if seen >= fault.skip:
                    self._fired[fault] += 1
                    return fault
        return None


def apply(fault: Fault, request: Request, well: Callable[[], Response]) -> Response:
    """The answer a faulty request gets.

    Args:
        well: Asks the platform for its proper answer.
    """
    answer = fault.answer(request) if fault.answer else well()
    return fault.transform(answer) if fault.transform else answer


# -- answers of any platform --------------------------------------------------

TLS, NO_NAME, REFUSED = "tls-failure", "no-name", "connection-refused"
_TUNNEL = {NO_NAME: b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", REFUSED: b""}
_BELOW = frozenset({TLS, *_TUNNEL})
"""Troubles of the line below HTTP; they meet hosts, not requests."""

Planned = Callable[[Request], Response]


def replaced(kind: str, answer: Planned, match: Match = ANY, **plan: int | None) -> Fault:
    """The platform is not asked; the request gets this answer."""
    return _plan(Fault(kind, match, answer=answer), plan)


def transform(
    kind: str, change: Callable[[Response], Response], match: Match = ANY, **plan: int | None
) -> Fault:
    """The platform's answer, changed."""
    return _plan(Fault(kind, match, transform=change), plan)


def _plan(fault: Fault, plan: Mapping[str, int | None]) -> Fault:
    unknown = set(plan) - {"count", "skip"}
    if unknown:
        raise TypeError(f"a fault is planned with count and skip, not {sorted(unknown)}")
    return replace(fault, count=plan.get("count", 1), skip=plan.get("skip") or 0)


def status(
    code: int,
    match: Match = ANY,
    *,
    retry_after_s: int | None = None,
    body: bytes = b"",
    content_type: str = "text/html; charset=utf-8",
    **plan: int | None,
) -> Fault:
    """An error status, with Retry-After if given."""
    headers = [("Content-Type", content_type)]
    if retry_after_s is not None:
        headers.append(("Retry-After", str(retry_after_s)))
    return replaced(f"status-{code}", lambda _: Response(code, headers, body), match, **plan)


def html(match: Match = ANY, **plan: int | None) -> Fault:
    """A friendly HTML page with status 200, whatever was asked for."""
    page = "<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>"
    return replaced("html", lambda _: html_response(page), match, **plan)


def cut_text(match: Match = ANY, **plan: int | None) -> Fault:
    """The first half of the answer, with a Content-Length that fits it."""

    def change(answer: Response) -> Response:
        body = answer.whole_body()
        return replace(
            answer, headers=answer.without("content-length"), body=body[: len(body) // 2]
        )

    return transform("cut-text", change, match, **plan)


def empty_object(match: Match = ANY, **plan: int | None) -> Fault:
    """``{}`` with status 200."""
    kind = [("Content-Type", "application/json; charset=utf-8")]
    return replaced("empty-object", lambda _: Response(200, kind, b"{}"), match, **plan)


def truncated(after_bytes: int, match: Match = ANY, **plan: int | None) -> Fault:
    """The connection closes after so many body bytes."""
    return transform(
        "truncated", lambda answer: replace(answer, close_after=after_bytes), match, **plan
    )


def reset(after_bytes: int, match: Match = ANY, **plan: int | None) -> Fault:
    """A TCP reset after so many body bytes."""
    return transform(
        "reset",
        lambda answer: replace(answer, close_after=after_bytes, reset=True),
        match,
        **plan,
    )


def wrong_length(difference: int, match: Match = ANY, **plan: int | None) -> Fault:
    """Content-Length announces more (or, negative, less) than is sent.

    The connection closes after the body: otherwise a client would wait for
    the missing bytes, or take the surplus for the next answer.
    """

    def change(answer: Response) -> Response:
        body = answer.whole_body()
        announced = ("Content-Length", str(max(0, len(body) + difference)))
        headers = [*answer.without("content-length"), announced, ("Connection", "close")]
        return replace(answer, headers=headers, body=body)

    return transform("wrong-length", change, match, **plan)


def stall(seconds: float, match: Match = ANY, *, after_bytes: int = 0, **plan: int | None) -> Fault:
    """Nothing comes for a while before the body byte at ``after_bytes``."""
    return transform(
        "stall",
        lambda answer: replace(answer, pause_s=seconds, pause_after=after_bytes),
        match,
        **plan,
    )


def drip(size_bytes: int, every_s: float, match: Match = ANY, **plan: int | None) -> Fault:
    """The body comes in drops."""
    return transform(
        "drip", lambda answer: replace(answer, drip=(size_bytes, every_s)), match, **plan
    )


def tls_failure(host: str, **plan: int | None) -> Fault:
    """The TLS handshake fails for hosts of this pattern."""
    return _plan(Fault(TLS, Match(host=host)), plan)


def no_name(host: str, **plan: int | None) -> Fault:
    """The proxy cannot resolve hosts of this pattern, and answers 502."""
    return _plan(Fault(NO_NAME, Match(host=host)), plan)


def connection_refused(host: str, **plan: int | None) -> Fault:
    """The proxy closes the connection instead of opening a tunnel."""
    return _plan(Fault(REFUSED, Match(host=host)), plan)


def undated(match: Match = ANY, **plan: int | None) -> Fault:
    """The platform's answer without a Date."""
    return transform(
        "undated",
        lambda answer: replace(answer, headers=answer.without("date"), dated=False),
        match,
        **plan,
    )


def gzip_bomb(
    decoded_bytes: int,
    match: Match = ANY,
    *,
    content_type: str = "application/json; charset=utf-8",
    **plan: int | None,
) -> Fault:
    """A small gzip body that opens into ``decoded_bytes`` of spaces."""
    body = gzip.compress(b'{"a":"' + b" " * decoded_bytes + b'"}', compresslevel=9, mtime=0)
    headers = [("Content-Type", content_type), ("Content-Encoding", "gzip")]
    return replaced("gzip-bomb", lambda _: Response(200, headers, body), match, **plan)


def deep_json(depth: int, match: Match = ANY, **plan: int | None) -> Fault:
    """Valid JSON with ``depth`` nested arrays."""
    body = b"[" * depth + b"]" * depth
    kind = [("Content-Type", "application/json; charset=utf-8")]
    return replaced("deep-json", lambda _: Response(200, kind, body), match, **plan)


def oversized(
    size_bytes: int,
    match: Match = ANY,
    *,
    content_type: str = "video/mp4",
    announced: bool = True,
    **plan: int | None,
) -> Fault:
    """A body of ``size_bytes`` zeros, with or without a Content-Length."""
    headers = [("Content-Type", content_type)]
    if announced:
        headers.append(("Content-Length", str(size_bytes)))
    return replaced(
        "oversized", lambda _: Response(200, headers, _zeros(size_bytes)), match, **plan
    )


def _zeros(size_bytes: int) -> Iterator[bytes]:
    block = bytes(64 * 1024)
    for start in range(0, size_bytes, len(block)):
        yield block[: size_bytes - start]


def redirect(location: str, match: Match = ANY, *, code: int = 302, **plan: int | None) -> Fault:
    """A redirect, for example to ``http://169.254.169.254/`` or ``/login``."""
    return replaced("redirect", lambda _: redirect_response(location, code), match, **plan)


def redirect_loop(match: Match = ANY, **plan: int | None) -> Fault:
    """A redirect to the address that was asked for, without end."""

    def answer(request: Request) -> Response:
        return redirect_response(request.raw.split(b" ", 2)[1].decode("latin-1"))

    planned: dict[str, int | None] = {"count": None, **plan}
    return replaced("redirect-loop", answer, match, **planned)


def json_error(
    code: int, value: object, match: Match = ANY, *, kind: str = "json-error", **plan: int | None
) -> Fault:
    """A status with a JSON body, the way platforms explain themselves."""
    body = json.dumps(value).encode()
    headers = [("Content-Type", "application/json; charset=utf-8")]
    return replaced(kind, lambda _: Response(code, headers, body), match, **plan)


def exact(data: bytes, match: Match = ANY, **plan: int | None) -> Fault:
    """Exactly these bytes as the whole answer, then the connection closes."""
    return replaced("exact", lambda _: Response(exact=data), match, **plan)
