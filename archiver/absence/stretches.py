"""Which posts should have been met in what was read of a listing, and were not. Pure.

A stretch is a leg that was read without a gap. It says something of the posts
published between the place where it began and the last post it listed, both
left out: posts of one second may stand on either side of a page's edge. Only a
listing that says that it ends speaks of everything before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from archiver.completeness import ListingEnd
from archiver.notes import Leg, Step
from connectors.model import PostKind, RecordId, Section

LISTINGS = (Section.POSTS, Section.REELS)
"""Sections in which posts stand for good."""

_BROKEN = (ListingEnd.SILENT, ListingEnd.STOPPED, ListingEnd.NONE)


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """What one leg says of publication times.

    Attributes:
        upper / last: It lists what was published between them.
        ends: Nothing follows: it also speaks of what was published before `last`.
        whole: It is the listing from its newest post to its end.
    """

    section: Section
    upper: datetime
    last: datetime | None
    ends: bool
    whole: bool
    steps: tuple[Step, ...]

    def covers(self, published: datetime | None) -> bool:
        """Whether a post with this publication had to stand in it."""
        if published is None:
            return self.whole
        if published >= self.upper:
            return False
        return self.ends or (self.last is not None and published > self.last)

    def below(self, published: datetime | None) -> bool:
        """Whether only the listing's end speaks of such a post."""
        return published is None or self.last is None or published <= self.last

    def page_of(self, published: datetime | None) -> int:
        """The place in `steps` of the page on which it had to stand."""
        if published is not None:
            for place, step in enumerate(self.steps):
                if step.last is not None and step.last < published:
                    return place
        return len(self.steps) - 1

    def bound(self, page: int) -> datetime:
        """What everything on a page was published before."""
        return (self.steps[page - 1].last if page else None) or self.upper

    def dated_before(self, page: int) -> int:
        """The page from which on `bound` holds for sure: none before it told no date.

        Behind a page without dates nobody knows what its cursor leaves out.
        """
        while page and self.steps[page - 1].last == (
            self.steps[page - 2].last if page > 1 else None
        ):
            page -= 1
        return page

    def evidence(self, page: int) -> tuple[RecordId, ...]:
        """The records of a page and of the one before it."""
        steps = self.steps[max(0, page - 1) : page + 1]
        return tuple(record for step in steps for record in step.evidence)


@dataclass(frozen=True, slots=True)
class Expected:
    """A kept post that a listing of its account should show.

    Attributes:
        post: Its id.
    """

    post: str
    kind: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Missing:
    """An expected post that no listing showed.

    Attributes:
        places: The stretches in which it had to stand.
    """

    expected: Expected
    places: tuple[Stretch, ...]

    @property
    def post(self) -> str:
        """Its id."""
        return self.expected.post

    def pages(self) -> Iterable[tuple[Stretch, int]]:
        """Each stretch with the page on which the post had to stand."""
        return ((one, one.page_of(self.expected.published_at)) for one in self.places)


def stretch(leg: Leg, *, short: bool = False) -> Stretch | None:
    """What a leg says; ``None`` when it was not read without a gap.

    Args:
        short: It ended with fewer posts than are declared: its end is doubtful.
    """
    if leg.section not in LISTINGS or leg.upper is None or not leg.steps:
        return None
    if leg.end in _BROKEN or leg.unreadable:
        return None
    ends = leg.end is ListingEnd.END and not short
    if not ends and leg.last is None:
        return None
    whole = ends and leg.from_cursor is None
    return Stretch(leg.section, leg.upper, leg.last, ends, whole, tuple(leg.steps))


def listings_of(kind: str, read: Collection[Section]) -> tuple[Section, ...]:
    """The listings that may show a post of a kind; it is missing when all miss it.

    Args:
        read: The sections that this capture reads.
    """
    if kind in (PostKind.STORY, PostKind.HIGHLIGHT):
        return ()
    wanted = LISTINGS if kind == PostKind.REEL else (Section.POSTS,)
    return tuple(section for section in wanted if section in read)


def missing(
    expected: Iterable[Expected],
    met: Collection[str],
    stretches: Sequence[Stretch],
    read: Collection[Section],
) -> list[Missing]:
    """The posts that should have been met and were not, newest first.

    Args:
        met: Ids of all posts that stood on any page.
        read: The sections that this capture reads.
    """
    by_section: Mapping[Section, list[Stretch]] = {s: [] for s in LISTINGS}
    for one in stretches:
        by_section[one.section].append(one)
    found = []
    for post in expected:
        sections = listings_of(post.kind, read)
        if post.post in met or not sections:
            continue
        places = [
            next((one for one in by_section[s] if one.covers(post.published_at)), None)
            for s in sections
        ]
        if all(places):
            found.append(Missing(post, tuple(one for one in places if one)))
    return sorted(found, key=_newest_first)


def _newest_first(one: Missing) -> tuple[float, str]:
    published = one.expected.published_at
    return (-published.timestamp() if published else float("inf"), one.post)
