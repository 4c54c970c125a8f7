"""What may be concluded when a post is not seen. Pure.

A post is ``deleted`` (withdrawn from public view) only when two checks, at least
one cycle apart, each say `ABSENT`; and one check says so only when all of its
`Conditions` hold. Everything else is ``unavailable`` with a reason. An error here
would be the worst this program can make, so every doubt keeps a post.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from connectors.model import RecordId

ABSENT = "absent"
"""Verdict of one check: not there, and nothing about the answer is doubtful."""
SEEN = "seen"
"""The post answered at its own address, though no listing showed it."""
EXPIRED = "expired"
"""A story past its day; stories are never deleted."""
NOT_VISITED = "not_visited"
"""The night's requests were used up first."""
AWAITING, DISPUTED = "awaiting_confirmation", "disputed"

SAME_MINUTE = timedelta(seconds=60)
CLOCK_TOLERANCE = timedelta(minutes=10)
"""A larger distance between our clock and the platform's means a wrong clock or
an answer out of a cache."""


class Found(StrEnum):
    """What visiting the post brought (``capture/1``, ``checks[].found``)."""

    ABSENT = "absent"
    PRESENT = "present"
    RESTRICTED = "restricted"
    UNKNOWN = "unknown"
    UNVISITED = "unvisited"
    EXPIRED = "expired"


class AccountState(StrEnum):
    """How the account stood when its posts were checked."""

    PUBLIC = "public"
    PRIVATE = "private"
    RENAMED = "renamed"
    """First met under another handle in this capture."""
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Control:
    """Another post of the account, visited right after a post was not found.

    Attributes:
        answered_at: The platform's own clock.
    """

    post: str
    at: datetime
    answered_at: datetime | None
    present: bool
    reason: str
    evidence: tuple[RecordId, ...] = ()


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must all hold before one check says that a post is absent.

    Attributes:
        listing: A listing was read without a gap past the place of the post.
        signature: The answer is one of the platform's known words for absence.
        control: A control post was there in the same minute and session.
        account: The account exists, is public, and its id and handle are as before.
        unblocked: The visitor met no block in this capture.
        canary: The platform's canary was there, or none is configured.
        clock: The platform's clock and ours agree.
    """

    listing: bool
    signature: bool
    control: bool
    account: bool
    unblocked: bool
    canary: bool
    clock: bool

    def rows(self) -> Mapping[str, bool]:
        """As a JSON value."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Check:
    """What one capture found of a post that it expected and no listing showed.

    Attributes:
        at: When its own address was asked for; the capture's start if it was not.
        reason: The connector's own code (``item_missing``, ``status_10204`` …).
        verdict: See `weigh`.
        cursor: Where the stretch of the listing begins in which it should stand.
        evidence: The records of the visit.
        listing_evidence: The pages of that stretch.
    """

    post: str
    at: datetime
    found: Found
    reason: str
    verdict: str
    conditions: Conditions
    answered_at: datetime | None = None
    control: Control | None = None
    cursor: str | None = None
    evidence: tuple[RecordId, ...] = ()
    listing_evidence: tuple[RecordId, ...] = ()


RESTRICTIONS: Mapping[str, str] = {
    "private_post": "private",
    "private_account": "account_private",
    "region_locked": "region_or_age",
    "age_restricted": "region_or_age",
    "status_10204": "region_or_age",
}
"""Why a post is kept from a visitor, by a connector's code."""

DOUBTS: Mapping[str, str] = {
    "account_missing": "account_gone",
    "login_wall": "blocked",
    "login_needed": "blocked",
    "rate_limited": "blocked",
    "forbidden": "blocked",
    "challenge": "blocked",
    "session_expired": "blocked",
    "malformed_answer": "platform_changed",
    "wrong_object": "platform_changed",
    "library_changed": "platform_changed",
    "item_not_in_page": "platform_changed",
    "item_without_media": "platform_changed",
    "page_unreadable": "platform_changed",
}
"""What an answer that shows nothing of a post may mean; `UNKNOWN` otherwise."""

UNKNOWN = "unknown"

REASONS = (
    AWAITING,
    DISPUTED,
    NOT_VISITED,
    "private",
    "account_private",
    "account_renamed",
    "account_gone",
    "region_or_age",
    "blocked",
    "platform_changed",
    "listing_incomplete",
    "control_failed",
    "canary_failed",
    "clock_doubtful",
    UNKNOWN,
)
"""All reasons of ``unavailable``."""


def clocks_agree(ours: datetime, theirs: datetime | None) -> bool:
    """Whether the platform answered at the moment at which it was asked."""
    return theirs is not None and abs(ours - theirs) <= CLOCK_TOLERANCE


def control_holds(visited: datetime, control: Control | None) -> bool:
    """Whether a control post was there in the same minute."""
    return (
        control is not None
        and control.present
        and abs(control.at - visited) <= SAME_MINUTE
        and clocks_agree(control.at, control.answered_at)
    )


def weigh(
    found: Found, reason: str, holds: Conditions, account: AccountState = AccountState.PUBLIC
) -> str:
    """What one check says: `ABSENT`, `SEEN`, `EXPIRED` or a reason of ``unavailable``.

    Args:
        found: What the visit brought.
        reason: The connector's own code for it.
    """
    if found is Found.PRESENT:
        return SEEN
    if found is Found.EXPIRED:
        return EXPIRED
    if not holds.unblocked:
        return "blocked"
    if not holds.canary:
        return "canary_failed"
    if found is Found.UNVISITED:
        return NOT_VISITED
    if found is Found.RESTRICTED:
        return RESTRICTIONS.get(reason, "private")
    if not holds.account or account is not AccountState.PUBLIC:
        told = {AccountState.PRIVATE: "account_private", AccountState.RENAMED: "account_renamed"}
        return told.get(account, UNKNOWN)
    if found is not Found.ABSENT or not holds.signature:
        return DOUBTS.get(reason, "platform_changed" if reason.startswith("page_") else UNKNOWN)
    for name, doubt in (
        ("listing", "listing_incomplete"),
        ("clock", "clock_doubtful"),
        ("control", "control_failed"),
    ):
        if not getattr(holds, name):
            return doubt
    return ABSENT


@dataclass(frozen=True, slots=True)
class PastCheck:
    """A check as the ladder climbs it.

    Attributes:
        order: Place of its run among all runs of the archive; clocks may jump,
            this only grows.
        document: The ``capture/1`` that tells of it.
    """

    order: int
    at: datetime
    verdict: str
    document: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Two checks that together prove that a post is no longer shown."""

    first: PastCheck
    second: PastCheck


def conclude(
    checks: Sequence[PastCheck], blocked: Collection[int], cycle: timedelta
) -> Withdrawal | None:
    """Whether the checks since a post was last seen prove that it was withdrawn.

    A night that leaves a doubt starts the count anew; so does a block of the
    visitor between two checks. A night that had no requests left, or came too
    soon after the first, leaves the count as it is.

    Args:
        checks: All since its last sighting, in any order.
        blocked: Places (`PastCheck.order`) of runs in which the same visitor was
            blocked.
        cycle: The least distance between two absences.

    Returns:
        The first two that suffice; ``None`` when the post may still be there.
    """
    first: PastCheck | None = None
    for check in sorted(checks, key=lambda c: (c.order, c.at)):
        if check.verdict == NOT_VISITED:
            continue
        if check.verdict != ABSENT:
            first = None
        elif first is None or any(first.order <= at <= check.order for at in blocked):
            first = None if check.order in blocked else check
        elif check.at - first.at >= cycle:
            return Withdrawal(first, check)
    return None
