"""Which account a person means by what they pasted: a handle or an address. Pure."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from archiver.sections import handle_valid
from connectors import PLATFORMS, platform


def account_of(pasted: str) -> tuple[str | None, str]:
    """Platform, as far as the text tells it, and handle.

    Args:
        pasted: ``@handle``, ``handle``, ``platform/handle`` or the address of a
            profile; what follows ``?`` or ``#`` is ignored.

    Raises:
        ValueError: It is an address, and of no profile.
    """
    text = pasted.strip().strip("<>\"'")
    name, slash, rest = text.partition("/")
    if slash and name.lower() in PLATFORMS:
        return name.lower(), rest.removeprefix("@")
    if "/" not in text:
        return None, text.removeprefix("@")
    parts = urlsplit(text if "://" in text else "https://" + text)
    host = (parts.hostname or "").lower()
    path = [step for step in unquote(parts.path).split("/") if step]
    for known in PLATFORMS:
        domain = platform(known).domain
        if host != domain and not host.endswith("." + domain):
            continue
        handle = path[0].removeprefix("@") if len(path) == 1 else ""
        if handle and handle_valid(known, handle):
            return known, handle
    raise ValueError("no address of a profile")
