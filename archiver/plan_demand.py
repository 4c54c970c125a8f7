"""What each account asks of a night: from its own captures, or what is usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy import Connection

from archiver.plan import Cost, Demand
from archiver.sections import AccountSection
from storage.catalogue import volumes
from storage.catalogue.volumes import Effort, Volume

ENOUGH_CAPTURES = 3
"""With so many captures behind it, an account is measured and not assumed."""


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


def usual_for(account: AccountSection) -> Usual:
    """What is usual for an account before it was ever measured."""
    logged_in = account.identity is not None
    return USUAL.get((account.platform, logged_in)) or USUAL[account.platform, False]


def demand_of(conn: Connection, account: AccountSection) -> Demand:
    """What an account asks of the coming nights.

    Args:
        conn: The catalogue; it may know nothing of the account.
    """
    kept = volumes.volume(conn, account.key)
    return reckon(account, kept, volumes.efforts(conn, account.key))


def reckon(account: AccountSection, kept: Volume, efforts: Sequence[Effort]) -> Demand:
    """The same from values. Pure.

    Args:
        efforts: The account's captures, newest first.
    """
    usual = usual_for(account)
    past_post = _past_post(usual.past_post, kept)
    quiet = [e for e in efforts if e.outcome != "failed" and e.reason != "harvest_under_way"]
    # The first capture that reads everything is no ordinary night.
    ordinary = quiet[:-1] if len(quiet) == len(efforts) else quiet
    measured = len(ordinary) >= ENOUGH_CAPTURES
    nightly = _median(ordinary, usual.nightly, past_post) if measured else usual.nightly
    visitor = f"{account.platform}/{account.identity or '-'}"
    past = _past_posts(kept, efforts)
    return Demand(account.name, visitor, nightly, past, past_post, measured)


def _past_post(usual: Cost, kept: Volume) -> Cost:
    if not kept.posts:
        return usual
    return Cost(usual.platform_requests, kept.media / kept.posts, kept.size_bytes / kept.posts)


def _median(efforts: Sequence[Effort], usual: Cost, past_post: Cost) -> Cost:
    requests = median(effort.requests for effort in efforts)
    media = min(requests, median(effort.new for effort in efforts) * past_post.media_requests)
    size_bytes = float(median(effort.size_bytes for effort in efforts))
    return Cost(requests - media, media, size_bytes)


def _past_posts(kept: Volume, efforts: Sequence[Effort]) -> int | None:
    """How many older posts are still to be read; ``None`` when nobody can say."""
    if efforts and efforts[0].outcome == "complete":
        return 0
    declared = next((e.declared_posts for e in efforts if e.declared_posts is not None), None)
    return None if declared is None else max(0, declared - kept.posts)
