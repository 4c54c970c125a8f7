"""What platforms say. Knows no database and no WARC.

`connect` is the whole list of platforms and routes. A platform's modules, and
with them its client library, are imported only when it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from connectors.base import Connector, ExchangeSink, Gate, Identity, Network, SecretRules

ROUTES = {
    "instagram.web": "connectors.instagram.web",
    "tiktok.web": "connectors.tiktok.web",
}
"""``platform.route`` to the module whose ``build`` opens it."""

SECRETS = {
    "instagram": "connectors.instagram.secrets",
    "tiktok": "connectors.tiktok.secrets",
}
"""Platform to the module whose ``RULES`` say where its secrets stand."""


def connect(
    route: str,
    *,
    sink: ExchangeSink,
    network: Network,
    identity: Identity | None,
    gate: Gate,
) -> Connector:
    """Open a route to a platform.

    Args:
        route: A key of `ROUTES`.
        sink: Gets every exchange before it is parsed.
        network: Proxy, certificates and limits of every connection.
        identity: The logged-in visitor, or ``None`` for an anonymous one.
        gate: Asked before each request.

    Raises:
        KeyError: The route is not in the list.
    """
    module = import_module(ROUTES[route])
    return cast(
        "Connector", module.build(sink=sink, network=network, identity=identity, gate=gate)
    )


def secret_rules(platform: str) -> SecretRules:
    """Where a platform's traffic holds secrets; must be known before `connect`.

    Raises:
        KeyError: The platform is not in the list.
    """
    return cast("SecretRules", import_module(SECRETS[platform]).RULES)
