"""What happened to a post, in order. Pure.

Runs are ordered as the ledger began them: a clock that jumped moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from storage.catalogue.checks import CheckRow
from storage.catalogue.history import ObservationRow, VersionRow
from storage.catalogue.tombstones import TombstoneRow

FEW = 3
"""So many observations in a row are told one by one."""


class Kind(StrEnum):
    """What an entry tells."""

    VERSION = "version"
    OBSERVED = "observed"
    CHECKED = "checked"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    CAUSE = "cause"


_RANK = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, or a row of observations.

    Attributes:
        order: Of the run in which it happened, or the last one begun before it.
        at: UTC text of fixed width; of a row, of its first.
        records: WARC records that show it.
        seen: The observations told by this entry, oldest first.
    """

    kind: Kind
    order: int
    at: str
    records: tuple[str, ...] = ()
    seen: tuple[ObservationRow, ...] = ()
    version: VersionRow | None = None
    check: CheckRow | None = None
    tombstone: TombstoneRow | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A tombstone, or what was said of it later, with its place."""

    kind: Kind
    order: int
    at: str
    tombstone: TombstoneRow


def timeline(
    versions: Iterable[VersionRow],
    observations: Iterable[ObservationRow],
    checks: Iterable[CheckRow],
    events: Iterable[Event],
    *,
    whole: bool = False,
) -> tuple[Entry, ...]:
    """All of it, oldest first.

    Args:
        whole: Tell every observation; else long rows of them are one entry.
    """
    found = [
        *(
            Entry(Kind.VERSION, v.order, v.captured_at, v.documents[:1], version=v)
            for v in versions
        ),
        *(Entry(Kind.OBSERVED, o.order, o.at, o.evidence, seen=(o,)) for o in observations),
        *(Entry(Kind.CHECKED, c.order, c.at, _cited(c), check=c) for c in checks),
        *(Entry(e.kind, e.order, e.at, tombstone=e.tombstone) for e in events),
    ]
    found.sort(key=lambda entry: (entry.order, entry.at, _RANK[entry.kind]))
    return tuple(found if whole else _short(found))


def said_of(tombstone: TombstoneRow) -> Iterator[tuple[Kind, str]]:
    """What was said of a withdrawal, and when; the withdrawal itself first."""
    yield Kind.WITHDRAWN, tombstone.at
    for kind, at in (
        (Kind.CONFIRMED, tombstone.confirmed_by_person_at),
        (Kind.DISPUTED, tombstone.disputed_at),
        (Kind.CAUSE, tombstone.cause_at),
        (Kind.RETURNED, tombstone.returned_at),
    ):
        if at:
            yield kind, at


def _cited(check: CheckRow) -> tuple[str, ...]:
    return (*check.evidence, *check.listing_evidence, *check.control_evidence)


def _short(entries: Sequence[Entry]) -> Iterator[Entry]:
    for kind, group in groupby(entries, key=lambda entry: entry.kind):
        some = list(group)
        if kind is not Kind.OBSERVED or len(some) <= FEW:
            yield from some
        else:
            seen = tuple(observation for entry in some for observation in entry.seen)
            cited = dict.fromkeys((*some[0].records, *some[-1].records))
            yield Entry(kind, some[0].order, some[0].at, tuple(cited), seen)
