"""How people name TikTok's accounts and posts, and what a session of it is."""

from __future__ import annotations

import re

from connectors.base import Platform

TIKTOK = Platform(
    name="tiktok",
    domain="tiktok.com",
    # Letters, digits, dots and underscores, 2 to 24; no dot at the end.
    handle=re.compile(r"(?!\.)(?!.*\.\.)[A-Za-z0-9._]{2,24}(?<!\.)"),
    post=re.compile(r"[0-9]{1,25}"),
    post_paths=(
        re.compile(r"/@[^/]*/(?:video|photo)/(?P<code>[0-9]{1,25})(?:/.*)?"),
        re.compile(r"/(?:v|embed(?:/v2)?|player/v1)/(?P<code>[0-9]{1,25})(?:\.html)?/?"),
    ),
    session_cookies=("sessionid",),
)
