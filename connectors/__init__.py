"""What platforms say. Knows no database and no WARC.

`connect` is the one list of platforms and routes; a platform's package and
its client library are imported only when they are wanted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.base import (
        Connector,
        ExchangeSink,
        Gate,
        Identity,
        Network,
        Platform,
        SecretRules,
    )

PLATFORMS: Mapping[str, tuple[str, ...]] = {"instagram": ("web",), "tiktok": ("web",)}
"""Every platform and the routes by which it can be read."""


def connect(
    platform: str,
    route: str,
    *,
    sink: ExchangeSink,
    network: Network,
    identity: Identity | None,
    gate: Gate,
) -> Connector:
    """Open a connector.

    Args:
        platform: A key of `PLATFORMS`.
        route: One of its routes.
        sink: Where every exchange goes before it is parsed.
        network: How to reach the platform.
        identity: The logged-in visitor; ``None`` for a stranger.
        gate: Asked before each request.

    Returns:
        A connector for one thread; close it.

    Raises:
        ValueError: There is no such platform or route.
        SessionExpired: The identity's cookies cannot be a session.
    """
    match platform, route:
        case "instagram", "web":
            from connectors.instagram.web import InstagramWeb

            return InstagramWeb(sink=sink, network=network, identity=identity, gate=gate)
        case "tiktok", "web":
            from connectors.tiktok.web import build

            return build(sink=sink, network=network, identity=identity, gate=gate)
    raise ValueError(f"no connector reads {platform!r} by {route!r}; there are {_known()}")


def platform(name: str) -> Platform:
    """How a platform's accounts, posts and sessions are named by people.

    Raises:
        ValueError: There is no such platform.
    """
    match name:
        case "instagram":
            from connectors.instagram.platform import INSTAGRAM

            return INSTAGRAM
        case "tiktok":
            from connectors.tiktok.platform import TIKTOK

            return TIKTOK
    raise ValueError(f"no connector reads {name!r}; there are {_known()}")


def rules(platform: str) -> SecretRules:
    """Where a platform's traffic holds secrets.

    Raises:
        ValueError: There is no such platform.
    """
    match platform:
        case "instagram":
            from connectors.instagram.secrets import RULES as INSTAGRAM_RULES

            return INSTAGRAM_RULES
        case "tiktok":
            from connectors.tiktok.secrets import RULES as TIKTOK_RULES

            return TIKTOK_RULES
    raise ValueError(f"no connector reads {platform!r}; there are {_known()}")


def _known() -> str:
    return ", ".join(f"{name}.{way}" for name, ways in PLATFORMS.items() for way in ways)
