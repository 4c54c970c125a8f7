"""What the coming nights will cost, before anything runs. Pure.

An account's news is read, then some of its older posts, then the next account.
A visitor is a platform and an identity: its accounts share one quota, of which
news counts too; `archiver.quota.RESERVE` requests stay for each account to come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from archiver.quota import RESERVE

LONGEST_NIGHTS = 3650
"""So many nights are looked ahead: ten years."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What reading something asks for.

    Attributes:
        platform_requests: Pages and queries; these count against the quota.
        media_requests: Pictures, films and the like.
        size_bytes: Body bytes received.
    """

    platform_requests: float = 0.0
    media_requests: float = 0.0
    size_bytes: float = 0.0

    @property
    def requests(self) -> float:
        """All requests."""
        return self.platform_requests + self.media_requests

    def __add__(self, other: Cost) -> Cost:
        """Both."""
        return Cost(
            self.platform_requests + other.platform_requests,
            self.media_requests + other.media_requests,
            self.size_bytes + other.size_bytes,
        )

    def __mul__(self, times: float) -> Cost:
        """So many times this."""
        return Cost(
            self.platform_requests * times, self.media_requests * times, self.size_bytes * times
        )


@dataclass(frozen=True, slots=True)
class Demand:
    """What one account asks of a night.

    Attributes:
        account: As people name it, ``platform/handle``.
        visitor: Whose quota it uses, ``platform/identity`` or ``platform/-``.
        nightly: Reading its news, an ordinary night.
        past_posts: Older posts not kept yet; ``None`` when nobody knows how
            many there are (it was never read).
        past_post: Keeping one of them.
        measured: Whether `nightly` comes from its own captures.
    """

    account: str
    visitor: str
    nightly: Cost
    past_posts: int | None
    past_post: Cost
    measured: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """Under what terms nights are planned.

    Attributes:
        night_s: How long a night may take for one visitor.
        pause_s: Mean pause before each request.
        bytes_per_s: What the office's line brings.
        quota: Platform requests a night, each visitor; news is read beyond it.
        free_bytes: Free space beyond the reserve.
        first: The date of the first night.
    """

    night_s: float
    pause_s: float
    bytes_per_s: float
    quota: int
    free_bytes: float
    first: date


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """What one account costs and when its past will be read.

    Attributes:
        nights: Until its past is read; 0 when it is, ``None`` when it does
            not fit or nobody knows how much there is.
        done_on: The date of the last of them.
    """

    demand: Demand
    nights: int | None
    done_on: date | None


@dataclass(frozen=True, slots=True)
class VisitorPlan:
    """What one visitor does in the first night.

    Attributes:
        news / past: Its accounts' news, and the older posts of that night.
        hours: For both.
        fits: Whether the news alone fit into the night.
    """

    visitor: str
    news: Cost
    past: Cost
    hours: float
    fits: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The coming nights.

    Attributes:
        disk_full_on: When free space is used up; ``None`` if not within ten years.
        first_night_bytes / later_night_bytes: All visitors together, now and
            when nothing older is left to read.
    """

    accounts: tuple[AccountPlan, ...]
    visitors: tuple[VisitorPlan, ...]
    first_night_bytes: float
    later_night_bytes: float
    disk_full_on: date | None

    @property
    def too_long(self) -> tuple[str, ...]:
        """Visitors whose news alone do not fit into a night."""
        return tuple(visitor.visitor for visitor in self.visitors if not visitor.fits)


def plan(demands: Sequence[Demand], terms: Terms) -> Plan:
    """Plan the nights of all accounts.

    Args:
        demands: In the order in which accounts are captured.
        terms: What a night may take.
    """
    by_visitor: dict[str, list[Demand]] = {}
    for demand in demands:
        by_visitor.setdefault(demand.visitor, []).append(demand)
    lanes = [_Lane(found, terms) for found in by_visitor.values()]
    visitors = tuple(lane.first_night() for lane in lanes)
    news_bytes = sum(lane.news.size_bytes for lane in lanes)
    full_on, free = None, terms.free_bytes
    for night in range(LONGEST_NIGHTS):
        free -= news_bytes + sum(lane.advance(night) for lane in lanes)
        if free < 0 and full_on is None:
            full_on = terms.first + timedelta(days=night)
        if full_on is not None and not any(lane.busy for lane in lanes):
            break
        if news_bytes <= 0 and not any(lane.busy for lane in lanes):
            break
    nights = {demand.account: found for lane in lanes for demand, found in lane.done}
    return Plan(
        accounts=tuple(_account(demand, nights.get(demand.account), terms) for demand in demands),
        visitors=visitors,
        first_night_bytes=sum(v.news.size_bytes + v.past.size_bytes for v in visitors),
        later_night_bytes=news_bytes,
        disk_full_on=full_on,
    )


def duration_s(cost: Cost, terms: Terms) -> float:
    """How long a visitor is busy with something."""
    return cost.requests * terms.pause_s + cost.size_bytes / terms.bytes_per_s


def _account(demand: Demand, nights: int | None, terms: Terms) -> AccountPlan:
    if demand.past_posts == 0:
        return AccountPlan(demand, 0, None)
    done_on = terms.first + timedelta(days=nights - 1) if nights else None
    return AccountPlan(demand, nights, done_on)


class _Lane:
    """One visitor's nights, one after the other."""

    def __init__(self, demands: Sequence[Demand], terms: Terms) -> None:
        self._terms = terms
        self.visitor = demands[0].visitor
        self.news = sum((demand.nightly for demand in demands), Cost())
        self.done: list[tuple[Demand, int]] = []
        self._left = list(demands)
        self._spare_s = terms.night_s - duration_s(self.news, terms)

    @property
    def busy(self) -> bool:
        """Whether older posts are left that will ever be read."""
        waiting = any(demand.past_posts for demand in self._left)
        return waiting and self._spare_s > 0 and self._room() > 0

    def _room(self) -> float:
        """The most that one account may find left for its older posts."""
        found, used = [0.0], 0.0
        for later, demand in zip(range(len(self._left) - 1, -1, -1), self._left, strict=True):
            used += demand.nightly.platform_requests
            found.append(self._terms.quota - used - RESERVE * later)
        return max(found)

    def first_night(self) -> VisitorPlan:
        """The first night, without going on to it."""
        past, _ = self._night(self._left)
        both = self.news + past
        return VisitorPlan(
            self.visitor,
            self.news,
            past,
            duration_s(both, self._terms) / 3600,
            self._spare_s >= 0,
        )

    def advance(self, night: int) -> float:
        """Live through one night; the bytes of older posts it brings."""
        if not self.busy:
            return 0.0
        past, left = self._night(self._left)
        self.done += [
            (before, night + 1)
            for before, after in zip(self._left, left, strict=True)
            if before.past_posts and not after.past_posts
        ]
        self._left = left
        return past.size_bytes

    def _night(self, demands: Sequence[Demand]) -> tuple[Cost, list[Demand]]:
        """What a night reads of the past, and the demands as they stand after it."""
        used, spare_s, past = 0.0, self._spare_s, Cost()
        left: list[Demand] = []
        for place, demand in enumerate(demands):
            used += demand.nightly.platform_requests
            kept_back = RESERVE * (len(demands) - place - 1)
            posts = demand.past_posts or 0
            one_s = duration_s(demand.past_post, self._terms)
            room = self._terms.quota - used - kept_back
            by_quota = room / max(demand.past_post.platform_requests, 1e-9)
            by_time = spare_s / max(one_s, 1e-9)
            read = max(0, min(posts, int(by_quota), int(by_time)))
            spent = demand.past_post * read
            past, used = past + spent, used + spent.platform_requests
            spare_s -= one_s * read
            if posts:
                demand = replace(demand, past_posts=posts - read)
            left.append(demand)
        return past, left
