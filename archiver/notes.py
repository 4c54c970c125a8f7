"""What one capture has seen and done so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from archiver.absence.check_documents import check_document
from archiver.absence.verdicts import Check
from archiver.completeness import ListingEnd, Outcome, Seen
from archiver.documents import (
    FurtherListing,
    HarvestPart,
    KeptMedia,
    Listing,
    SeenHighlight,
    SeenPost,
    Tally,
)
from archiver.versions.changes import Change
from connectors.model import Page, Post, Problem, Profile, RecordId, Section
from storage.recorder import CaptureSink


@dataclass(frozen=True, slots=True)
class Step:
    """One page of a leg.

    Attributes:
        begin: The cursor where the page begins; ``None`` at the newest post.
        last: Publication of the last post that is not pinned, on this page or
            on one before it; ``None`` while none has a date.
    """

    begin: str | None
    last: datetime | None
    evidence: tuple[RecordId, ...]


@dataclass(slots=True)
class Leg:
    """One stretch of one listing, while it is read.

    Attributes:
        from_cursor / cursor: Where it began, and where the next page begins.
        oldest: Publication of the oldest post that is not pinned.
        connected: See `archiver.harvest`.
        upper: Everything on it was published before; ``None`` if not known.
        unreadable: Items on its pages that could not be read.
        steps: Its pages, in the order they were read.
        purpose: ``sweep`` or ``recheck`` when it goes over what is known anyway.
    """

    section: Section
    from_cursor: str | None = None
    cursor: str | None = None
    pages: int = 0
    listed: int = 0
    end: ListingEnd = ListingEnd.STOPPED
    reason: str | None = None
    oldest: datetime | None = None
    connected: bool = False
    evidence: dict[RecordId, None] = field(default_factory=dict)
    upper: datetime | None = None
    unreadable: int = 0
    steps: list[Step] = field(default_factory=list)
    purpose: str | None = None

    @property
    def last(self) -> datetime | None:
        """Publication of the last post that is not pinned.

        Not the oldest one: a post that stands out of order says nothing of
        those between.
        """
        return self.steps[-1].last if self.steps else None

    def note(
        self, page: Page, fresh: int, published: Sequence[datetime | None] | None = None
    ) -> None:
        """One more page was read.

        Args:
            fresh: Posts on it that this capture had not met.
            published: Of each of its posts, where more is known than the page tells.
        """
        told = [post.published_at for post in page.posts] if published is None else published
        self.pages += 1
        self.listed += fresh
        self.unreadable += len(page.problems)
        self.evidence.update(dict.fromkeys(page.evidence))
        last = self.last
        for post, moment in zip(page.posts, told, strict=True):
            if moment is not None and not post.pinned:
                last = moment
                self.oldest = min(self.oldest or last, last)
        self.steps.append(Step(self.cursor, last, page.evidence))

    def listing(self) -> Listing:
        """As it stands in the capture's document."""
        return Listing(
            self.pages,
            self.end,
            self.reason or self.purpose,
            self.listed,
            tuple(self.evidence),
            self.oldest,
            self.connected,
        )


@dataclass(slots=True)
class Notes:
    """Filled while a capture reads, read when it ends.

    Attributes:
        head: The posts' listing from its newest on; ``None`` if never asked.
        legs: Further listings: other sections, and parts of the past.
        seen / changes: Every post met, by id.
        met: Ids of all posts that stood on any page, those not taken included.
        shown: The first of them that stood in a listing of posts, by id.
        whole: Posts met with all that is told of them, by id.
        new / edited: Ids of posts acknowledged as such.
        joined: Ids of posts known from another account, met here first.
        covers: Post id to a cover key that is the same picture as before.
        failed: Posts that were met and not acknowledged.
        acknowledged: Posts stored, retried ones included.
        unfinished: Of them, posts with media still missing.
        unreadable: Items of the listing that could not be read.
        network_failures: In a row.
        section_reason: Why a further section ended early, if one did.
        checks: What became of posts that were expected and not met.
        canary: See `archiver.documents.Tally`.
        blocked: Whether the visitor met a block.
    """

    profile: Profile | None = None
    avatar: KeptMedia | None = None
    head: Leg | None = None
    legs: list[Leg] = field(default_factory=list)
    highlights: list[SeenHighlight] = field(default_factory=list)
    harvest: HarvestPart | None = None
    since: date | None = None
    seen: dict[str, SeenPost] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    shown: dict[str, Post] = field(default_factory=dict)
    whole: dict[str, Post] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    covers: dict[str, str] = field(default_factory=dict)
    failed: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    acknowledged: int = 0
    unfinished: int = 0
    unreadable: int = 0
    network_failures: int = 0
    section_reason: str | None = None
    posts_wanted: bool = True
    checks: list[Check] = field(default_factory=list)
    canary: str | None = None
    blocked: bool = False

    @property
    def declared(self) -> int | None:
        """How many posts the profile declares, if it was read and told."""
        return self.profile.declared_posts if self.profile else None

    @property
    def arrived(self) -> int:
        """Posts that stand under the account since this capture, stories not counted."""
        return sum(":story:" not in post for post in self.new) + len(self.joined)

    def conclusion(self, code: str | None) -> Seen:
        """What there is to judge the capture by.

        Args:
            code: What stopped it, or ``None``.
        """
        listing = self.head.listing() if self.head else Listing()
        harvest = self.harvest
        total = harvest.listed if harvest and harvest.listed is not None else listing.listed
        return Seen(
            end=listing.end,
            end_reason=listing.reason,
            declared=self.declared,
            listed=total,
            failed=len(self.failed),
            unfinished=self.unfinished,
            unreadable=self.unreadable,
            error=code,
            acknowledged=self.acknowledged,
            harvest=None if harvest is None else harvest.ended,
            section=self.section_reason,
            posts_wanted=self.posts_wanted,
        )

    def tally(self, outcome: Outcome, reason: str | None, sink: CaptureSink) -> Tally:
        """What stands in the capture's ``capture/1``."""
        return Tally(
            outcome=outcome,
            reason=reason,
            profile=self.profile,
            avatar=self.avatar,
            listing=self.head.listing() if self.head else Listing(),
            seen=tuple(self.seen.values()),
            new=tuple(self.new),
            edited=tuple(self.edited),
            failed=tuple(self.failed),
            problems=tuple(self.problems),
            requests=sink.requests,
            bytes_received=sink.bytes_received,
            listings=tuple(
                FurtherListing(
                    leg.section,
                    leg.listing(),
                    leg.from_cursor,
                    # No harvest goes on where a sweep was.
                    None if leg.purpose else leg.cursor,
                )
                for leg in self.legs
            ),
            highlights=tuple(self.highlights),
            harvest=self.harvest,
            since=self.since,
            joined=tuple(self.joined),
            covers=self.covers,
            checks=tuple(check_document(check) for check in self.checks),
            canary=self.canary,
            blocked=self.blocked,
        )
