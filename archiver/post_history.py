"""All that is kept of one post over time, read together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from archiver.timeline import Event, said_of
from archiver.versions.differences import Difference, of_versions
from storage.catalogue import checks, history, tombstones
from storage.catalogue.checks import CheckRow
from storage.catalogue.history import ObservationRow, VersionRow
from storage.catalogue.places import Places
from storage.catalogue.tombstones import TombstoneRow


@dataclass(frozen=True, slots=True)
class PostHistory:
    """A post over time; every row is oldest first.

    Attributes:
        events: Tombstones and what was said of them, with their places.
        changes: What each version changed against the one before it, by number.
    """

    versions: tuple[VersionRow, ...]
    observations: tuple[ObservationRow, ...]
    checks: tuple[CheckRow, ...]
    tombstones: tuple[TombstoneRow, ...]
    events: tuple[Event, ...]
    changes: Mapping[int, tuple[Difference, ...]]


def history_of(conn: Connection, post_id: str) -> PostHistory:
    """The history of a post; empty rows for one that is not kept."""
    versions = history.versions(conn, post_id)
    stones = tombstones.of_post(conn, post_id)
    places = Places(conn, (stone.run for stone in stones))
    events = tuple(
        # Its own run for a withdrawal; what was said later belongs to no run.
        Event(kind, places.of(stone.run if at == stone.at else None, at)[0], at, stone)
        for stone in stones
        for kind, at in said_of(stone)
    )
    return PostHistory(
        versions,
        history.observations(conn, post_id),
        checks.of_post(conn, post_id),
        stones,
        events,
        of_versions(versions),
    )
