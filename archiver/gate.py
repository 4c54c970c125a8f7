"""The gate before every request: pauses, and the wish to stop."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

from schedules.pace import next_pause_s, remaining_s


class PacedGate:
    """Pauses between requests as a person would; see `schedules.pace`.

    One gate belongs to one visitor, so that two accounts read by the same
    identity still leave a pause between them.
    """

    def __init__(
        self,
        mean_s: float,
        stop: threading.Event,
        *,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._mean_s = mean_s
        self._stop = stop
        self._clock = clock
        self._chance = chance
        self._last: float | None = None
        self._turn = threading.Lock()

    def __call__(self, url: str) -> None:
        """Wait for this request's turn.

        A wish to stop ends the pause, not the request: the post at hand is
        finished first.
        """
        with self._turn:
            since = None if self._last is None else self._clock() - self._last
            wait_s = remaining_s(next_pause_s(self._mean_s, self._chance()), since)
            if wait_s > 0:
                self._stop.wait(wait_s)
            self._last = self._clock()
