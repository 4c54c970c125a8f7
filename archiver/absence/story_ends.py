"""Stories that are no longer shown: they end by themselves, and are never deleted. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from archiver.completeness import ListingEnd
from archiver.notes import Leg
from connectors.model import PostKind, Section
from storage.catalogue.posts import KnownPost

LIFE = timedelta(hours=24)
"""How long a story is shown when the platform did not say."""

EXPIRED, EARLY, LEFT_HIGHLIGHT = "expired", "ended_early", "left_highlight"
OVER = ("expired", "deleted")
"""States of posts of which nothing more is expected."""


@dataclass(frozen=True, slots=True)
class StoryEnd:
    """A kept story that is not shown now.

    Attributes:
        reason: `EARLY` is only a suspicion: the story itself must be asked.
    """

    post: str
    reason: str


def story_ends(
    known: Mapping[str, KnownPost],
    met: Collection[str],
    legs: Iterable[Leg],
    read: Collection[Section],
    now: datetime,
) -> Iterator[StoryEnd]:
    """Stories and highlight items that were kept and are not shown any more.

    Args:
        known: What was kept when the capture began, by post id.
        met: Ids of all posts that stood on any page.
        read: The sections that this capture reads.
        now: When the capture began.
    """
    whole = {leg.section for leg in legs if leg.end is ListingEnd.END and not leg.unreadable}
    highlights_told = Section.HIGHLIGHTS in whole or Section.HIGHLIGHTS not in read
    for post_id, post in known.items():
        if post_id in met or post.state in OVER:
            continue
        if post.kind == PostKind.HIGHLIGHT and Section.HIGHLIGHTS in whole:
            yield StoryEnd(post_id, LEFT_HIGHLIGHT)
        elif post.kind == PostKind.STORY:
            ends = ends_at(post)
            if ends is not None and ends <= now:
                if highlights_told:
                    yield StoryEnd(post_id, EXPIRED)
            elif Section.STORIES in whole and ends is not None:
                yield StoryEnd(post_id, EARLY)


def ends_at(post: KnownPost) -> datetime | None:
    """When a story's day is over; ``None`` when nothing tells."""
    if post.expires_at is not None:
        return datetime.fromisoformat(post.expires_at)
    if post.published_at is not None:
        return datetime.fromisoformat(post.published_at) + LIFE
    return None
