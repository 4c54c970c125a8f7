"""Browser sessions as people can hand them over. Pure.

Two forms are read: the Netscape ``cookies.txt`` that browsers' export
add-ons and ``yt-dlp --cookies`` write, and the JSON list of cookie-manager
add-ons. Nothing is ever unpickled.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import connectors
from archiver.errors import UsageProblem
from archiver.i18n import N_

LARGEST_BYTES = 4 * 1024**2


def session_cookies(platform: str, text: str) -> dict[str, str]:
    """The cookies of one platform in an exported session.

    Args:
        platform: A key of `connectors.PLATFORMS`.
        text: Content of a cookies.txt or of a JSON export.

    Returns:
        Name to value; cookies of other sites are left out.

    Raises:
        UsageProblem: The form is unknown, or a needed cookie is missing. The
            message never holds a cookie's value.
    """
    pairs = _from_json(text) if text.lstrip()[:1] in ("[", "{") else _from_netscape(text)
    known = connectors.platform(platform)
    domain = known.domain
    cookies = {
        name: value
        for host, name, value in pairs
        if host.lstrip(".") == domain or host.endswith("." + domain)
    }
    missing = [name for name in known.session_cookies if not cookies.get(name)]
    if missing:
        raise UsageProblem(
            N_("The file holds no {platform} session: {missing} is missing."),
            hint=N_("Log in with the browser first, then export the cookies of {domain}."),
            platform=platform,
            missing=", ".join(missing),
            domain=domain,
        )
    return cookies


def _from_netscape(text: str) -> Iterator[tuple[str, str, str]]:
    found = False
    for line in text.splitlines():
        cells = line.removeprefix("#HttpOnly_").rstrip("\r\n").split("\t")
        if line.startswith("#") and not line.startswith("#HttpOnly_"):
            continue
        if len(cells) == 7:
            found = True
            yield cells[0].lower(), cells[5], cells[6].strip('"')
    if not found:
        raise _unknown_form()


def _from_json(text: str) -> Iterator[tuple[str, str, str]]:
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        raise _unknown_form() from None
    if isinstance(listed, Mapping):
        listed = listed.get("cookies")
    if not isinstance(listed, list):
        raise _unknown_form()
    for entry in listed:
        if not isinstance(entry, Mapping):
            raise _unknown_form()
        cells = [entry.get(key) for key in ("domain", "name", "value")]
        if not all(isinstance(cell, str) for cell in cells):
            raise _unknown_form()
        yield str(cells[0]).lower(), str(cells[1]), str(cells[2]).strip('"')


def _unknown_form() -> UsageProblem:
    return UsageProblem(
        N_("This is no exported browser session."),
        hint=N_("Give a Netscape cookies.txt, or the JSON list of a cookie add-on."),
    )
