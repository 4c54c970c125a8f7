"""From what a visit brought to a check with its conditions. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from archiver.absence.stretches import Missing, Stretch
from archiver.absence.verdicts import (
    AccountState,
    Check,
    Conditions,
    Control,
    Found,
    clocks_agree,
    control_holds,
    weigh,
)
from connectors.model import RecordId


@dataclass(slots=True)
class Case:
    """What one capture finds of one missing post, while it is found.

    Attributes:
        missing: Where it had to stand; ``None`` for stories, which no listing keeps.
        at: When its own address had answered; the capture's start if not asked.
    """

    post: str
    missing: Missing | None
    at: datetime
    found: Found = Found.UNVISITED
    reason: str = "not_visited"
    answered_at: datetime | None = None
    control: Control | None = None
    evidence: tuple[RecordId, ...] = ()
    cursor: str | None = None


@dataclass(slots=True)
class Doubts:
    """Where listings were found not to show a post that is there.

    Attributes:
        pages: Stretch and page on which it had to stand.
        ends: Stretches whose end is none.
    """

    pages: set[tuple[Stretch, int]] = field(default_factory=set)
    ends: set[Stretch] = field(default_factory=set)

    def hole(self, missing: Missing) -> None:
        """A missing post is there after all."""
        self.pages.update(missing.pages())
        below = missing.expected.published_at
        self.ends.update(place for place in missing.places if place.below(below))

    def about(self, missing: Missing) -> bool:
        """Whether a listing's silence about a post says nothing."""
        return self.below(missing) or any(page in self.pages for page in missing.pages())

    def touch(self, stretch: Stretch) -> bool:
        """Whether anything is doubtful about a stretch."""
        return stretch in self.ends or any(place is stretch for place, _ in self.pages)

    def below(self, missing: Missing) -> bool:
        """Whether it had to stand below an end that is none."""
        published = missing.expected.published_at
        return any(one in self.ends and one.below(published) for one in missing.places)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What holds for all checks of one capture.

    Attributes:
        canary: ``passed``, ``failed``, or ``None`` when the platform has none.
    """

    account: AccountState
    blocked: bool
    canary: str | None


def weighed(case: Case, now: Circumstances, doubts: Doubts) -> Check:
    """What one case says, with the pages and records that say so."""
    missing = case.missing
    pages = tuple(missing.pages()) if missing else ()
    holds = Conditions(
        listing=missing is not None and not doubts.about(missing),
        signature=case.found is Found.ABSENT,
        control=control_holds(case.at, case.control),
        account=now.account is AccountState.PUBLIC,
        unblocked=not now.blocked,
        canary=now.canary != "failed",
        clock=clocks_agree(case.at, case.answered_at),
    )
    shown = (record for place, page in pages for record in place.evidence(page))
    return Check(
        case.post,
        case.at,
        case.found,
        case.reason,
        weigh(case.found, case.reason, holds, now.account),
        holds,
        case.answered_at,
        case.control,
        case.cursor,
        case.evidence,
        tuple(dict.fromkeys(shown)),
    )
