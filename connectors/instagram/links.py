"""Links out of a post, without the platform's changing detour. Pure."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from connectors.instagram.reading import text

_SHIM = "l.instagram.com"
"""Leads to an outer page. Where is said in ``u``; the rest differs every time."""


def target(url: object) -> str | None:
    """Where a link leads."""
    found = text(url)
    if found is None:
        return None
    try:
        parts = urlsplit(found)
        if parts.hostname == _SHIM:
            return text(parse_qs(parts.query).get("u", [""])[0]) or found
    except ValueError:
        return found
    return found
