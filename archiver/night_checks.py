"""Advice about nights: what lets absence be judged, and how fast it is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from archiver.config import Config
from archiver.health import Check, Health
from archiver.i18n import N_
from archiver.sections import AccountSection
from archiver.visiting import Visitor, visitor_of
from storage.catalogue import open_catalogue, volumes
from storage.catalogue.errors import CatalogueError

PAGE = 12
"""Posts on a page of a listing, at least.

*Source:* what the platforms send, 12 or more.
"""


def canary_checks(config: Config) -> Iterator[Check]:
    """Platforms in use without a canary: every night is believed as it is."""
    known = {canary.platform for canary in config.content.canaries}
    for platform in sorted({account.platform for account in _active(config)}):
        values: dict[str, object] = {"platform": platform}
        if platform in known:
            said = N_("{platform} has a canary")
            yield Check(f"canary {platform}", Health.GOOD, said, "", values)
            continue
        yield Check(
            f"canary {platform}",
            Health.GOOD,
            N_("{platform} has no canary"),
            N_("Advice: name a known account and post in [[canaries]]; it is asked first."),
            values,
        )


def sweep_checks(config: Config) -> Iterator[Check]:
    """Visitors whose nightly sweep is too short for all that is kept of their accounts."""
    section = config.content.schedule
    for (platform, identity), posts in sorted(_kept(config).items(), key=repr):
        wanted = ceil(posts / PAGE / section.resee_within_days)
        values: dict[str, object] = {
            "visitor": f"{platform}/{identity or '-'}",
            "posts": posts,
            "wanted": wanted,
            "days": section.resee_within_days,
            "given": section.sweep_requests_per_night,
        }
        if wanted <= section.sweep_requests_per_night:
            continue
        yield Check(
            f"sweep {platform}/{identity or '-'}",
            Health.GOOD,
            N_(
                "{visitor} sees {posts} posts again within {days} days only with {wanted}"
                " requests a night; it has {given}"
            ),
            N_("Advice: raise [schedule] sweep_requests_per_night, or resee_within_days."),
            values,
        )


def _active(config: Config) -> list[AccountSection]:
    return [a for a in config.accounts if a.active and not a.retired]


def _kept(config: Config) -> dict[Visitor, int]:
    """Posts kept of the accounts of each visitor; nothing before the first run."""
    if not (config.archive / "ledger").is_dir():
        return {}
    found: dict[Visitor, int] = {}
    try:
        catalogue = open_catalogue(config.catalogue_url, read_only=True)
    except CatalogueError:
        # The catalogue's own check tells it.
        return {}
    try:
        with catalogue.reading() as conn:
            for account in _active(config):
                visitor, kept = visitor_of(account), volumes.post_count(conn, account.key)
                found[visitor] = found.get(visitor, 0) + kept
    finally:
        catalogue.close()
    return found
