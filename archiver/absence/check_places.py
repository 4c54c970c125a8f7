"""Where in the listings a missing post had to stand, as a check remembers it. Pure.

One line per listing: section, the moment before which the page's posts were
published, and the cursor where the page begins (none at the newest post).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from archiver.absence.stretches import LISTINGS, Missing
from connectors.model import Section
from storage.timestamps import stamp


@dataclass(frozen=True, slots=True)
class CheckPlace:
    """A page of a listing.

    Attributes:
        upper: Everything on it was published before.
        cursor: Where it begins; ``None`` at the newest post.
    """

    section: Section
    upper: datetime
    cursor: str | None


def written(missing: Missing) -> str:
    """The places of a missing post, to be read again on another night."""
    lines = []
    for stretch, found in missing.pages():
        page = stretch.dated_before(found)
        begin = stretch.steps[page].begin
        lines.append(f"{stretch.section.value} {stamp(stretch.bound(page))} {begin or ''}".rstrip())
    return "\n".join(lines)


def read(text: str | None) -> tuple[CheckPlace, ...]:
    """The places; empty when nothing usable is written."""
    found = []
    for line in (text or "").split("\n"):
        section, _, rest = line.partition(" ")
        moment, _, cursor = rest.partition(" ")
        try:
            place = CheckPlace(Section(section), datetime.fromisoformat(moment), cursor or None)
        except ValueError:
            continue
        if place.section in LISTINGS and place.upper.tzinfo is not None:
            found.append(place)
    return tuple(found)
