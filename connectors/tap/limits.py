"""Guards against answers that cost too much.

A guard says that a limit was passed by raising `LimitHit`. The flow that owns
the guard then stores what came so far and stops the client; see
`connectors.tap.flow`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import accumulate

from connectors.base import Limits, Truncation
from connectors.coding import unfolds_too_far


class LimitHit(Exception):
    """A limit was passed.

    Attributes:
        limit: The word `connectors.errors.LimitExceeded.limit` uses.
        truncated: What the record must say.
    """

    def __init__(self, limit: str, detail: str, truncated: Truncation | None) -> None:
        super().__init__(detail)
        self.limit = limit
        self.detail = detail
        self.truncated = truncated


def check_ratio(encoded_bytes: int, decoded_bytes: int, limits: Limits) -> None:
    """Refuse an answer that unfolds too far.

    Raises:
        LimitHit: ``ratio``.
    """
    if unfolds_too_far(encoded_bytes, decoded_bytes, limits.ratio):
        raise LimitHit(
            "ratio",
            f"{encoded_bytes} bytes unfolded to {decoded_bytes} and more, "
            f"beyond {limits.ratio:g} times their size",
            Truncation.LENGTH,
        )


_BRACKETS = frozenset(b'[]{}"')
_ALL_BUT_BRACKETS = bytes(code for code in range(256) if code not in _BRACKETS)
_AS_SQUARE = bytes.maketrans(b"{}", b"[]")
_STEP = {ord("["): 1, ord("]"): -1}


def json_depth(text: bytes, enough: int) -> int:
    """How deep the arrays and objects of a JSON text are nested.

    Works on all of a cut or broken text, too: never less than what a parser
    would meet before it stops.

    Args:
        text: UTF-8 JSON.
        enough: A bound of interest. A text with fewer brackets altogether is
            not looked at closely; the number of its brackets is returned.

    Returns:
        The depth, or an upper bound of it that is at most `enough`.
    """
    if b"\\" in text:
        # Inside strings only: an escaped backslash, then an escaped quote.
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    marks = text.translate(_AS_SQUARE, _ALL_BUT_BRACKETS)
    openings = marks.count(b"[")
    if openings <= enough:
        return openings
    # A string without brackets is now a pair of quotes. Taking away two quotes
    # that stand together leaves the rest inside or outside strings as before.
    brackets = marks.replace(b'""', b"")
    if b'"' in brackets:
        brackets = b"".join(brackets.split(b'"')[::2])
    if brackets.count(b"[") <= enough:
        return brackets.count(b"[")
    rest, rounds = brackets, 0
    while rounds <= enough:
        shorter = rest.replace(b"[]", b"")
        if len(shorter) == len(rest):
            break
        rest, rounds = shorter, rounds + 1
    if not rest:
        return rounds
    return max(accumulate(_STEP[code] for code in brackets), default=0)


class StallWatch:
    """Notices a connection that drips.

    A read timeout only notices silence. A server that sends a byte a second
    keeps every read alive and the capture waiting for ever.

    Args:
        limits: ``stall_bytes`` within ``stall_s`` are wanted.
        clock: Seconds that only grow.
    """

    __slots__ = ("_bytes", "_clock", "_least", "_since", "_within_s")

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._least = limits.stall_bytes
        self._within_s = limits.stall_s
        self._since = clock()
        self._bytes = 0

    def received(self, count: int) -> None:
        """Note bytes as they come off the wire.

        Raises:
            LimitHit: ``stalled``.
        """
        self._bytes += count
        if self._bytes >= self._least:
            self._since = self._clock()
            self._bytes = 0
        elif (waited := self._clock() - self._since) > self._within_s:
            raise LimitHit(
                "stalled",
                f"{self._bytes} bytes in {waited:.0f} seconds",
                Truncation.TIME,
            )
