"""What one capture has seen and done so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from archiver.changes import Change
from archiver.completeness import Outcome, Seen
from archiver.documents import KeptMedia, Listing, SeenPost, Tally
from connectors.model import Problem, Profile
from storage.recorder import CaptureSink


@dataclass(slots=True)
class Notes:
    """Filled while a capture reads, read when it ends.

    Attributes:
        seen / changes: Every post met, by id.
        new / edited: Ids of posts acknowledged as such.
        failed: Posts that were met and not acknowledged.
        acknowledged: Posts stored, retried ones included.
        unfinished: Of them, posts with media still missing.
        unreadable: Items of the listing that could not be read.
        network_failures: In a row.
    """

    profile: Profile | None = None
    avatar: KeptMedia | None = None
    listing: Listing = field(default_factory=Listing)
    seen: dict[str, SeenPost] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    failed: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    acknowledged: int = 0
    unfinished: int = 0
    unreadable: int = 0
    network_failures: int = 0

    @property
    def declared(self) -> int | None:
        """How many posts the profile declares, if it was read and told."""
        return self.profile.declared_posts if self.profile else None

    def conclusion(self, code: str | None) -> Seen:
        """What there is to judge the capture by.

        Args:
            code: What stopped it, or ``None``.
        """
        return Seen(
            end=self.listing.end,
            end_reason=self.listing.reason,
            declared=self.declared,
            listed=self.listing.listed,
            failed=len(self.failed),
            unfinished=self.unfinished,
            unreadable=self.unreadable,
            error=code,
            acknowledged=self.acknowledged,
        )

    def tally(self, outcome: Outcome, reason: str | None, sink: CaptureSink) -> Tally:
        """What stands in the capture's ``capture/1``."""
        return Tally(
            outcome=outcome,
            reason=reason,
            profile=self.profile,
            avatar=self.avatar,
            listing=self.listing,
            seen=tuple(self.seen.values()),
            new=tuple(self.new),
            edited=tuple(self.edited),
            failed=tuple(self.failed),
            problems=tuple(self.problems),
            requests=sink.requests,
            bytes_received=sink.bytes_received,
        )
