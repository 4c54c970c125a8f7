"""When a withdrawn post was last on view: by our clock, unless the answer was older.

An answer out of a cache shows what stood there when it was made. Had the post
been taken down since, the moment at which we received it would be a wrong
beginning of the window; the answer's own ``Date`` and ``Age`` are a right one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from archiver.absence.verdicts import CLOCK_TOLERANCE
from connectors.answer_date import made_at
from storage.catalogue import records
from storage.catalogue.posts import evidence_of
from storage.catalogue.sightings import Sighting
from storage.http_message import header
from storage.records import RecordRow
from storage.segment_name import OPEN_SUFFIX, segment_path
from storage.timestamps import stamp
from storage.warc_reader import BadRecord, open_record

OLDER, NOT_TOLD = "older", "not told"


@dataclass(frozen=True, slots=True)
class LastSighting:
    """The sighting with which a window begins.

    Attributes:
        at: When the post was on view, UTC text.
        asked_at: When the newest of its records was asked for, by our clock.
        clock: `OLDER` when the answer was made long before we asked; `NOT_TOLD`
            when no answer tells its moment and ours stands; otherwise ``None``.
    """

    at: str
    asked_at: str
    capture: str
    records: tuple[str, ...]
    clock: str | None = None


def last_sighting(conn: Connection, archive: Path, seen: Sequence[Sighting]) -> LastSighting:
    """The latest moment at which a post is known to have been on view.

    A sighting whose answers do not all tell their moment (no ``Date``, a record
    that cannot be read) is passed over, if an earlier one tells its own.

    Args:
        seen: Sightings to choose from, oldest first; at least one.
    """
    newest: LastSighting | None = None
    for one in reversed(seen):
        cited = evidence_of(conn, [one.document], one.part).get(one.document, ())
        places = [place for record in cited if (place := records.place(conn, record))]
        asked_at = asked([place.date for place in places], one.at)
        if newest is not None and asked_at <= newest.at:
            # No earlier sighting can tell of a later moment.
            break
        made = _made(archive, places) if len(places) == len(cited) else None
        if made is None:
            continue
        ours = datetime.fromisoformat(asked_at)
        if made >= ours - CLOCK_TOLERANCE:
            return LastSighting(asked_at, asked_at, one.capture, cited)
        if newest is None or stamp(made) > newest.at:
            newest = LastSighting(stamp(made), asked_at, one.capture, cited, OLDER)
    return newest or _untold(conn, seen[-1])


def _untold(conn: Connection, one: Sighting) -> LastSighting:
    cited = evidence_of(conn, [one.document], one.part).get(one.document, ())
    dates = [place.date for record in cited if (place := records.place(conn, record))]
    return LastSighting(asked(dates, one.at), asked(dates, one.at), one.capture, cited, NOT_TOLD)


def asked(dates: Sequence[str], otherwise: str) -> str:
    """When the newest of some records was asked for."""
    return max(dates, default=otherwise)


def _made(archive: Path, places: Sequence[RecordRow]) -> datetime | None:
    """When the oldest of some answers was made; ``None`` unless each one tells it."""
    told = [_told(archive, place) for place in places]
    known = [moment for moment in told if moment is not None]
    return min(known) if known and len(known) == len(told) else None


def _told(archive: Path, place: RecordRow) -> datetime | None:
    try:
        path = segment_path(archive / "segments", place.segment)
        # A capture that heals an earlier one may read what its own run wrote.
        being_written = path.with_name(path.name + OPEN_SUFFIX)
        with open_record(path if path.exists() else being_written, place.offset) as reader:
            head = reader.head()
    except (OSError, ValueError, BadRecord):
        return None
    return made_at(header(head, "date"), header(head, "age"), datetime.fromisoformat(place.date))
