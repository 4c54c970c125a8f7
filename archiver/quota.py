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

    Attributes:
        limit: Requests a night.
        used: Requests made.
        kept_back: Left to the accounts that are still to come.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0
        self.kept_back = 0
        self._media = False

    @property
    def left(self) -> int:
        """Requests that may still be made for the past."""
        return max(0, self.limit - self.used - self.kept_back)

    def counting(self, gate: Gate) -> Gate:
        """The same gate, with its requests counted."""

        def counted(url: str) -> None:
            gate(url)
            self.used += not self._media

        return counted

    @contextmanager
    def media(self) -> Iterator[None]:
        """What is asked inside is media."""
        before, self._media = self._media, True
        try:
            yield
        finally:
            self._media = before
