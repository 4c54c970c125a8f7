"""How many requests a night may cost one visitor. Media requests do not count."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.base import Gate

RESERVE = 4
"""Requests left to each account that is still to come: its profile and its news."""


class QuotaSpent(Exception):
    """The night's requests are used up; the rest is read on the next night."""


class Quota:
    """Counts one visitor's requests to a platform in one run.

    News is always read; only the past and an account's first reading stop here.
    The sweep has a limit of its own, so that neither takes from the other.

    Attributes:
        limit / sweep_limit: Requests a night.
        used / sweep_used: Requests made.
        kept_back: Left to the accounts that are still to come.
        later: How many accounts of the visitor are still to come.
    """

    def __init__(self, limit: int, sweep_limit: int = 1_000_000_000) -> None:
        self.limit = limit
        self.used = 0
        self.kept_back = 0
        self.sweep_limit = sweep_limit
        self.sweep_used = 0
        self.later = 0
        self._media = False
        self._sweeping = False

    @property
    def left(self) -> int:
        """Requests that may still be made: for the past, or for the sweep inside
        `sweeping`."""
        if self._sweeping:
            return self.sweep_left
        return max(0, self.limit - self.used - self.kept_back)

    @property
    def sweep_left(self) -> int:
        """Requests that may still be made for the sweep."""
        return max(0, self.sweep_limit - self.sweep_used)

    @property
    def sweep_share(self) -> int:
        """Of them, what one account may walk, so that those after it come to theirs."""
        return self.sweep_left // (self.later + 1)

    def counting(self, gate: Gate) -> Gate:
        """The same gate, with its requests counted."""

        def counted(url: str) -> None:
            gate(url)
            if self._media:
                return
            if self._sweeping:
                self.sweep_used += 1
            else:
                self.used += 1

        return counted

    @contextmanager
    def media(self) -> Iterator[None]:
        """What is asked inside is media."""
        before, self._media = self._media, True
        try:
            yield
        finally:
            self._media = before

    @contextmanager
    def sweeping(self) -> Iterator[None]:
        """What is asked inside belongs to the sweep."""
        before, self._sweeping = self._sweeping, True
        try:
            yield
        finally:
            self._sweeping = before
