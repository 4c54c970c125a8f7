"""Nights in simulated time over one account of one pretend platform."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Protocol

import time_machine
from sqlalchemy import Connection

from archiver.orders import CaptureResult
from archiver.run import run_captures
from archiver.world import World
from storage.catalogue import checks, open_catalogue, posts


class Pretended(Protocol):
    """What was asked of a platform since these were cleared."""

    asked: list[str]
    looked: list[str]


class Nights:
    """One account over simulated nights; the pretend platform lives in the same time."""

    def __init__(self, world: World, platform: Pretended, start: datetime) -> None:
        self.world, self.platform = world, platform
        self.at = start

    def pass_(self, *, hours: float = 24, **options: object) -> CaptureResult:
        """A run, so many hours after the one before."""
        self.at += timedelta(hours=hours)
        self.platform.asked.clear()
        self.platform.looked.clear()
        with time_machine.travel(self.at, tick=True):
            report = run_captures(
                self.world,
                self.world.config.accounts,
                **options,  # type: ignore[arg-type]
            )
        return report.captures[0]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The catalogue as it is now."""
        catalogue = open_catalogue(self.world.config.catalogue_url, read_only=True)
        try:
            with catalogue.reading() as conn:
                yield conn
        finally:
            catalogue.close()

    def checks(self, code: str) -> tuple[checks.CheckRow, ...]:
        """All checks of a post, oldest first."""
        with self.reading() as conn:
            return checks.of_post(conn, f"instagram:{code}")

    def state(self, code: str) -> tuple[str, str | None]:
        """State of a post and its reason."""
        with self.reading() as conn:
            row = posts.get(conn, f"instagram:{code}")
        assert row is not None
        return row.state, row.state_reason
