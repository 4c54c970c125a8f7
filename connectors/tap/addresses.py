"""Which addresses a client may ask: the platform's, and none in here.

A platform's answer names further addresses (media, redirects). Whoever can
forge an answer could make us ask the office's own network. So: only listed
hosts, only HTTPS, never a private address, and the address that was checked
is the address that is connected to.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from connectors.errors import AddressRefused, NetworkFailure

DEFAULT_PORTS = {"https": 443, "http": 80}

# Not global by ipaddress's own reckoning, or reachable only from inside:
# carrier-grade NAT, NAT64 (which may lead to a private IPv4 address), 6to4.
# Source: RFC 6598, RFC 6052, RFC 8215, RFC 3056, RFC 4380.
_INNER = tuple(
    ipaddress.ip_network(text)
    for text in ("100.64.0.0/10", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where one request goes."""

    scheme: str
    host: str
    port: int

    @property
    def key(self) -> str:
        """``host:port``."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class HostPattern:
    """One entry of a connector's host list.

    Attributes:
        scheme: ``https``, or ``http`` if the list says so in full.
        suffix: Whether any name *below* ``host`` fits as well.
    """

    scheme: str
    host: str
    port: int
    suffix: bool

    @classmethod
    def parse(cls, text: str) -> HostPattern:
        """Read ``name``, ``*.name``, ``name:port`` or ``http://name:port``.

        ``*.name`` fits the names below ``name``, not ``name`` itself.
        """
        scheme, separator, rest = text.partition("://")
        if not separator:
            scheme, rest = "https", text
        host, _, port = rest.partition(":")
        suffix = host.startswith("*.")
        return cls(
            scheme=scheme,
            host=host.removeprefix("*.").lower(),
            port=int(port) if port else DEFAULT_PORTS[scheme],
            suffix=suffix,
        )

    def fits(self, target: Target) -> bool:
        """Whether a target is covered by this pattern."""
        if (target.scheme, target.port) != (self.scheme, self.port):
            return False
        if self.suffix:
            return target.host.endswith("." + self.host)
        return target.host == self.host


class HostRules:
    """The allow-list of one connector.

    Args:
        patterns: See `HostPattern.parse`.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = tuple(HostPattern.parse(text) for text in patterns)
        self._known: dict[str, Target] = {}

    def check(self, url: str) -> Target:
        """Say where a URL leads, if it may be asked at all.

        Raises:
            AddressRefused: Another scheme, host or port than the platform's,
                a literal private address, or a name with a password in it.
        """
        # Media addresses differ only behind the host: judge each host once.
        origin = url[: _end_of_origin(url)]
        target = self._known.get(origin)
        if target is None:
            target = self._judge(origin)
            if len(self._known) < 1024:
                self._known[origin] = target
        return target

    def _judge(self, origin: str) -> Target:
        try:
            parts = urlsplit(origin)
            scheme, host = parts.scheme.lower(), (parts.hostname or "").rstrip(".")
            port = parts.port or DEFAULT_PORTS.get(scheme, 0)
        except ValueError as problem:
            raise _refusal(origin, "is not an address") from problem
        target = Target(scheme, host, port)
        if "@" in parts.netloc or "\\" in origin:
            raise _refusal(target.key, "hides its host")
        if is_inner(host):
            raise _refusal(target.key, "is in a private network")
        if not any(pattern.fits(target) for pattern in self._patterns):
            raise _refusal(f"{scheme}://{target.key}", "does not belong to the platform")
        return target


def is_inner(host: str) -> bool:
    """Whether a host is a literal address that is not on the open internet.

    Loopback, private, link-local (cloud metadata among them), shared (CGNAT),
    multicast, reserved and unspecified addresses, also written as IPv4-mapped
    IPv6 or as the short and numeric forms the C library accepts (``127.1``).
    """
    address = _literal(host)
    if address is None:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        address = mapped
    return (
        not address.is_global
        or address.is_multicast
        or any(address.version == net.version and address in net for net in _INNER)
    )


def resolve(target: Target) -> tuple[str, ...]:
    """Resolve a host once, and refuse it if any of its addresses is inner.

    Returns:
        Addresses in the resolver's order; connect to these, never to the name.

    Raises:
        AddressRefused: The name leads into a private network.
        NetworkFailure: The name cannot be resolved now.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except OSError as problem:
        raise NetworkFailure(
            f"{target.host} cannot be resolved: {problem}",
            hint="Check the network, the name server and the [network] proxy.",
        ) from problem
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if is_inner(address):
            raise _refusal(target.key, f"resolves to {address}, in a private network")
    return addresses


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        # inet_aton also takes 127.1, 2130706433 and 0x7f.1, as libc would.
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


def _end_of_origin(url: str) -> int:
    start = url.find("://") + 3
    ends = [end for mark in "/?#" if (end := url.find(mark, start)) >= 0]
    return min(ends, default=len(url))


def _refusal(what: str, why: str) -> AddressRefused:
    return AddressRefused(
        f"The address {what} {why}; it was not asked.",
        hint="If the platform really uses it now, add it to the connector's list of hosts.",
    )
