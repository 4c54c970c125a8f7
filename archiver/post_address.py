"""Which post a person means: an id, or any address they paste. Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from archiver.errors import UsageProblem
from archiver.i18n import N_

_ID = re.compile(r"(instagram:(?:story:)?[A-Za-z0-9_-]{1,64}|tiktok:[0-9]{1,25})")
_INSTAGRAM = re.compile(r"(?:/[A-Za-z0-9._]{1,30})?/(?:p|reels?|tv)/([A-Za-z0-9_-]{1,64})(?:/.*)?")
_TIKTOK = re.compile(r"/@[^/]*/(?:video|photo)/([0-9]{1,25})(?:/.*)?")
_TIKTOK_OLD = re.compile(r"/(?:v|embed(?:/v2)?|player/v1)/([0-9]{1,25})(?:\.html)?/?")


def post_id(pasted: str) -> str:
    """The catalogue id of the post a person named.

    Args:
        pasted: ``instagram:CODE``, ``tiktok:ID`` or an address with ``/p/``,
            ``/reel/``, ``/tv/``, ``/video/`` or ``/photo/``; what follows
            ``?`` or ``#`` (tracking) is ignored.

    Raises:
        UsageProblem: It names no post, for example a short link, which only
            its platform can resolve.
    """
    text = pasted.strip().strip("<>\"'")
    if _ID.fullmatch(text):
        return text
    host, path = _host_and_path(text)
    found: re.Match[str] | None = None
    if _belongs(host, "instagram.com"):
        found = _INSTAGRAM.fullmatch(path)
        if found:
            return f"instagram:{found[1]}"
    elif _belongs(host, "tiktok.com"):
        found = _TIKTOK.fullmatch(path) or _TIKTOK_OLD.fullmatch(path)
        if found:
            return f"tiktok:{found[1]}"
    raise UsageProblem(
        N_("{pasted} names no post."),
        hint=N_(
            "Give an id such as instagram:CODE, or the address that the browser shows when the"
            " post is open."
        ),
        pasted=pasted[:200],
    )


def _host_and_path(text: str) -> tuple[str, str]:
    try:
        parts = urlsplit(text if "://" in text else "https://" + text)
        return (parts.hostname or "").lower(), unquote(parts.path)
    except ValueError:
        # Python refuses some malformed hosts outright.
        return "", ""


def _belongs(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)
