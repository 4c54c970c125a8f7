"""How well an account is covered: what is known of its past, and how fast its
posts are seen again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from math import ceil

from sqlalchemy import Connection

from archiver.coverage import Interval, Pace, covered, days_since, unknown
from archiver.harvest_state import HarvestState, state_of
from archiver.sections import AccountSection
from storage.catalogue import accounts, captures
from storage.catalogue.reseen import Reseen, reseen

CAPTURES_READ = 5000
"""Captures looked at for what is covered: years of nights."""

NIGHTS = 7
"""The pace is measured over so many nights that read something."""


@dataclass(frozen=True, slots=True)
class AccountCoverage:
    """One account.

    Attributes:
        kept / declared: Posts in the archive, and on the profile.
        oldest_days: Since the post not looked at for longest was looked at.
        resee_days: After so many days all will have been seen again, at the pace
            of the last nights; ``None`` when that cannot be told.
        within_days: What the configuration asks for.
    """

    key: str
    name: str
    kept: int
    declared: int | None
    intervals: tuple[Interval, ...]
    harvest: HarvestState | None
    posts: Reseen
    oldest_days: float | None
    resee_days: float | None
    within_days: int

    @property
    def overdue(self) -> bool:
        """Whether a post was not looked at for too long, counted in full days."""
        return self.oldest_days is not None and int(self.oldest_days) > self.within_days

    @property
    def too_slow(self) -> bool:
        """Whether it will take too long to see all again."""
        return self.resee_days is not None and ceil(self.resee_days) > self.within_days

    def row(self) -> dict[str, object]:
        """As a JSON value."""
        return {
            "account": self.key,
            "name": self.name,
            "kept": self.kept,
            "declared": self.declared,
            "covered": [asdict(one) for one in self.intervals],
            "unknown": [{"begin": begin, "end": end} for begin, end in unknown(self.intervals)],
            "harvest": self.harvest.row() if self.harvest else None,
            "reseen_posts": self.posts.posts,
            "oldest_post": self.posts.oldest_post,
            "oldest_look": self.posts.oldest_look,
            "oldest_days": _round(self.oldest_days),
            "resee_days": _round(self.resee_days),
            "resee_within_days": self.within_days,
            "overdue": self.overdue,
            "too_slow": self.too_slow,
            "unavailable": self.posts.unavailable,
            "deleted": self.posts.deleted,
            "returned": self.posts.returned,
        }


def coverage_of(
    conn: Connection, account: AccountSection, within_days: int, now: datetime
) -> AccountCoverage:
    """What the catalogue tells of an account's coverage.

    Args:
        within_days: ``schedule.resee_within_days``.
    """
    known = accounts.get(conn, account.key)
    rows = captures.of_account(conn, account.key, limit=CAPTURES_READ)
    nights = [row.started_at for row in rows if row.has_read][:NIGHTS]
    found = reseen(conn, account.key, [nights[0], nights[-1]] if nights else [])
    kept = known.posts if known else 0
    resee_days = None
    if len(nights) > 1:
        begun, newest = (datetime.fromisoformat(nights[at]) for at in (-1, 0))
        days = (newest - begun).total_seconds() / 86_400
        newest_night, all_nights = found.lately
        resee_days = Pace(found.posts, newest_night, all_nights, days).resee_days
    return AccountCoverage(
        account.key,
        account.name,
        kept,
        next((row.declared_posts for row in rows if row.declared_posts is not None), None),
        covered(rows),
        state_of(rows, kept),
        found,
        days_since(found.oldest_look, now),
        resee_days if found.posts else None,
        within_days,
    )


def _round(days: float | None) -> float | None:
    return None if days is None else round(days, 1)
