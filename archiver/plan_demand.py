"""What each account asks of a night: from its own captures, or what is usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from sqlalchemy import Connection

from archiver.completeness import UNDER_WAY
from archiver.harvest_state import LOOKED_AT, HarvestState, state_of
from archiver.plan import Cost, Demand
from archiver.sections import AccountSection
from connectors.model import Section
from storage.catalogue import accounts, captures, volumes
from storage.catalogue.captures import CaptureRow
from storage.catalogue.volumes import Volume

ENOUGH_CAPTURES = 3
"""With so many captures behind it, an account is measured and not assumed."""

LAST_CAPTURES = 14
"""An account is measured by its last two weeks of nights."""

ENOUGH_POSTS = 20
"""So many older posts in one night tell what one of them costs."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What an account of a platform usually asks for.

    Attributes:
        nightly: An ordinary night: profile, avatar, head of each listing, a
            new post or two.
        past_post: One older post: its share of the listing, a visit where the
            listing does not suffice, its media.
    """

    nightly: Cost
    past_post: Cost


USUAL: dict[tuple[str, bool], Usual] = {
    ("instagram", True): Usual(Cost(14, 8, 12e6), Cost(1 / 12, 3, 3e6)),
    ("instagram", False): Usual(Cost(5, 5, 6e6), Cost(1 + 1 / 12, 3, 3e6)),
    ("tiktok", False): Usual(Cost(4, 4, 12e6), Cost(1 + 1 / 15, 3, 8e6)),
}
"""By platform and whether an identity reads it.

*Source:* the requests that the connectors make (12 or 15 posts a listing page,
one visit for each post a stranger reads); sizes are those of the first archives.
"""


SECTIONS: dict[Section, float] = {Section.REELS: 2, Section.STORIES: 2, Section.HIGHLIGHTS: 6}
"""Of the nightly requests with an identity on Instagram, those of each further section."""


def usual_for(account: AccountSection) -> Usual:
    """What is usual for an account before it was ever measured."""
    logged_in = account.identity is not None
    usual = USUAL.get((account.platform, logged_in))
    if usual is None:
        return USUAL[account.platform, False]
    if account.platform != "instagram" or not logged_in or account.capture is None:
        return usual
    left_out = sum(cost for section, cost in SECTIONS.items() if section not in account.capture)
    nightly = usual.nightly
    return replace(
        usual, nightly=replace(nightly, platform_requests=nightly.platform_requests - left_out)
    )


def demand_of(conn: Connection, account: AccountSection) -> Demand:
    """What an account asks of the coming nights.

    Args:
        conn: The catalogue; it may know nothing of the account.
    """
    kept = volumes.volume(conn, account.key)
    row = accounts.get(conn, account.key)
    rows = captures.of_account(conn, account.key, limit=LOOKED_AT)
    harvest = state_of(rows, row.posts if row else 0)
    return reckon(account, kept, rows[:LAST_CAPTURES], harvest)


def reckon(
    account: AccountSection,
    kept: Volume,
    efforts: Sequence[CaptureRow],
    harvest: HarvestState | None = None,
) -> Demand:
    """The same from values. Pure.

    Args:
        efforts: The account's captures, newest first.
        harvest: How far its past is read, if that is under way.
    """
    usual = usual_for(account)
    past_post = _past_post(usual, kept, efforts)
    quiet = [e for e in efforts if e.outcome != "failed" and e.reason != UNDER_WAY]
    # The first capture that reads everything is no ordinary night.
    ordinary = quiet[:-1] if len(quiet) == len(efforts) else quiet
    measured = len(ordinary) >= ENOUGH_CAPTURES
    nightly = _median(ordinary, usual.nightly, past_post) if measured else usual.nightly
    visitor = f"{account.platform}/{account.identity or '-'}"
    past = _past_posts(kept, efforts, harvest)
    return Demand(account.name, visitor, nightly, past, past_post, measured)


def _past_post(usual: Usual, kept: Volume, efforts: Sequence[CaptureRow]) -> Cost:
    if not kept.posts:
        return usual.past_post
    requests, media = usual.past_post.platform_requests, kept.media / kept.posts
    told = (e for e in efforts if e.reason == UNDER_WAY and e.new >= ENOUGH_POSTS)
    night = next(told, None)
    if night is not None:
        past = night.requests - night.new * media - usual.nightly.platform_requests
        # A night of news alone, or of retries, says little: not beyond the half or double.
        requests = min(max(past / night.new, requests / 2), requests * 2)
    return Cost(requests, media, kept.size_bytes / kept.posts)


def _median(efforts: Sequence[CaptureRow], usual: Cost, past_post: Cost) -> Cost:
    requests = median(effort.requests for effort in efforts)
    media = min(requests, median(effort.new for effort in efforts) * past_post.media_requests)
    size_bytes = float(median(effort.bytes for effort in efforts))
    return Cost(requests - media, media, size_bytes)


def _past_posts(
    kept: Volume, efforts: Sequence[CaptureRow], harvest: HarvestState | None
) -> int | None:
    """How many older posts are still to be read; ``None`` when nobody can say."""
    if harvest is not None and harvest.declared is not None:
        return max(0, harvest.declared - harvest.kept)
    if efforts and efforts[0].outcome == "complete":
        return 0
    declared = next((e.declared_posts for e in efforts if e.declared_posts is not None), None)
    return None if declared is None else max(0, declared - kept.posts)
