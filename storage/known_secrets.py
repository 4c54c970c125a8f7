"""The values that must not enter the archive, and how they may be disguised."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from threading import Lock
from typing import Final

MIN_SECRET_BYTES: Final = 8
"""Shorter values are found everywhere by chance and are only hidden in their place."""
MAX_LEARNED: Final = 64
"""Rotating tokens: only so many learned values are searched for, newest first."""
_TELLING_BYTES: Final = 16
"""A part of a secret this long is no coincidence, whatever stands around it."""
_PLAIN_RUN: Final = re.compile(rb"[A-Za-z0-9]+")


class KnownSecrets:
    """Values known as secret. Safe to use from several threads.

    The identity's own values are always searched for; learned ones (cookies
    set by an answer, tokens found by a pattern) while they are recent.
    """

    def __init__(
        self,
        values: Iterable[str],
        *,
        shortest: int = MIN_SECRET_BYTES,
        most_learned: int = MAX_LEARNED,
    ) -> None:
        """
        Args:
            values: Always searched for.
            shortest: Shorter values, in bytes, are not searched for.
            most_learned: So many learned values are searched for, newest first.
        """
        self._lock = Lock()
        self._shortest = shortest
        self._most_learned = most_learned
        self._all = set(values)
        given = (value.encode("utf-8", "surrogatepass") for value in self._all)
        self._given = {value: self._forms(value) for value in given if len(value) >= shortest}
        self._learned: OrderedDict[bytes, tuple[bytes, ...]] = OrderedDict()
        self._searched: tuple[tuple[bytes, tuple[bytes, ...]], ...] | None = None

    def learn(self, value: bytes) -> None:
        """Remember a value seen in a place that rules call secret."""
        with self._lock:
            if len(value) < self._shortest or value in self._given:
                return
            if value in self._learned:
                self._learned.move_to_end(value)
                return
            self._learned[value] = self._forms(value)
            self._all.add(value.decode("utf-8", "replace"))
            while len(self._learned) > self._most_learned:
                self._learned.popitem(last=False)
            self._searched = None

    def values(self) -> frozenset[str]:
        """Every value known so far, also those no longer searched for."""
        with self._lock:
            return frozenset(self._all)

    @property
    def generation(self) -> int:
        """Changes whenever another value becomes known."""
        return len(self._all)

    def find(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Where a known value stands in ``data``, in any disguise: start, end."""
        # One `find` per core beats any alternation of the `re` module tenfold.
        for core, forms in self._cores():
            place = data.find(core)
            while place >= 0:
                start, end = _widest(data, place, core, forms)
                if start < end:
                    yield start, end
                place = data.find(core, place + len(core))

    def _forms(self, value: bytes) -> tuple[bytes, ...]:
        return tuple(disguises(value, self._shortest))

    def _cores(self) -> tuple[tuple[bytes, tuple[bytes, ...]], ...]:
        """What is searched for; made anew after values were learned."""
        searched = self._searched
        if searched is not None:
            return searched
        with self._lock:
            cores: dict[bytes, dict[bytes, None]] = {}
            for value, forms in (*self._given.items(), *self._learned.items()):
                shared = _core(urllib.parse.unquote_to_bytes(value))
                for form in forms:
                    core = shared if shared in form else _core(form)
                    cores.setdefault(core, {})[form] = None
            self._searched = searched = tuple((core, tuple(f)) for core, f in cores.items())
        return searched


def _core(form: bytes) -> bytes:
    """The longest part that no escaping changes, so that many forms share one search."""
    longest = max(_PLAIN_RUN.findall(form), key=len, default=b"")
    return longest if len(longest) >= MIN_SECRET_BYTES else form


def _widest(data: bytes, place: int, core: bytes, forms: tuple[bytes, ...]) -> tuple[int, int]:
    """The longest form around a core; a long core counts by itself."""
    best = (place, place + len(core) if len(core) >= _TELLING_BYTES else place)
    for form in forms:
        start = place - form.find(core)
        if start >= 0 and data.startswith(form, start) and len(form) > best[1] - best[0]:
            best = (start, start + len(form))
    return best


def disguises(value: bytes, shortest: int) -> Iterator[bytes]:
    """The forms in which ``value`` may stand in traffic: raw, URL-encoded, JSON, base64.

    Args:
        shortest: Shorter forms, in bytes, are left out.
    """
    seen: set[bytes] = set()
    for plain in (value, urllib.parse.unquote_to_bytes(value)):
        for form in (*_escaped(plain), *_base64_cores(plain)):
            if len(form) >= shortest and form not in seen:
                seen.add(form)
                yield form


def _escaped(value: bytes) -> Iterator[bytes]:
    yield value
    once = urllib.parse.quote_from_bytes(value, safe="")
    yield once.encode()
    yield urllib.parse.quote(once, safe="").encode()
    yield urllib.parse.quote_plus(value).encode()
    yield urllib.parse.quote_from_bytes(value, safe="/:@!$'()*,~").encode()
    yield _lower_escapes(once).encode()
    text = json.dumps(value.decode("utf-8", "replace"))[1:-1]
    yield text.encode()
    yield text.replace("/", "\\/").encode()
    yield text.replace("&", "\\u0026").encode()
    yield value.replace(b"&", b"&amp;").replace(b'"', b"&quot;")


def _lower_escapes(quoted: str) -> str:
    first, *rest = quoted.split("%")
    return "%".join([first, *(part[:2].lower() + part[2:] for part in rest)])


def _base64_cores(value: bytes) -> Iterator[bytes]:
    """The letters that ``value`` alone decides, at each of the three alignments."""
    for shift in range(3):
        encoded = base64.b64encode(b"\x00" * shift + value)
        core = encoded[-(-shift * 8 // 6) : (shift + len(value)) * 8 // 6]
        yield core
        yield core.replace(b"+", b"-").replace(b"/", b"_")
        yield urllib.parse.quote_from_bytes(core, safe="").encode()
