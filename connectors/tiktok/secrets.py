"""Where TikTok's traffic holds values someone could act with.

*Source:* recorded requests and pages of the web client, and yt-dlp's own
requests. The visitor's city and network region are no secret to act with, but they
are personal data of whoever runs the archive, and are removed with them.
"""

from __future__ import annotations

import re

from connectors.base import SecretRules

_TEXT = r'"(?P<secret>(?:[^"\\]|\\.)+)"'


def _value(*names: str) -> re.Pattern[bytes]:
    """Matches the string value of any of these JSON keys."""
    keys = "|".join(re.escape(name) for name in names)
    return re.compile(rf'"(?:{keys})"\s*:\s*{_TEXT}'.encode())


def _place(name: str) -> re.Pattern[bytes]:
    """Matches one part of the visitor's place, never the place of a post."""
    return re.compile(rf'"geoCity"\s*:\s*\{{[^{{}}]{{0,2000}}?"{name}"\s*:\s*{_TEXT}'.encode())


_VISITOR = (
    "csrfToken",
    "wid",
    "encryptedWebid",
    "odinId",
    "nonce",
    "msToken",
    "hashedIP",
)

RULES = SecretRules(
    request_headers=frozenset(
        {"cookie", "authorization", "proxy-authorization", "x-secsdk-csrf-token", "tt-csrf-token"}
    ),
    response_headers=frozenset({"set-cookie", "x-ms-token", "x-ware-csrf-token"}),
    query_fields=frozenset({"mstoken", "tt_csrf_token"}),
    form_fields=frozenset({"mstoken", "password", "tt_csrf_token"}),
    body_patterns=(_value(*_VISITOR),),
    private_patterns=(_place("City"), _place("Subdivisions"), _value("webIdCreatedTime")),
    public_cookies=frozenset({"tt-target-idc", "store-country-code", "store-idc", "lang"}),
)
"""Cookies such as ``tt_chain_token``, ``ttwid``, ``msToken``, ``tt_csrf_token``,
``sessionid`` and ``sid_tt`` lose their values with every ``Cookie`` and
``Set-Cookie`` line; unless public they are also searched for everywhere else."""
