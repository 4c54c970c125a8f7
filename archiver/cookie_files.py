"""Browser sessions as people can hand them over. Pure.

Three forms are read: the Netscape ``cookies.txt`` that browsers' export
add-ons and ``yt-dlp --cookies`` write, the JSON of cookie-manager add-ons (a
list, or an object with ``cookies`` in it), and the ``Cookie:`` line of a
request as a browser's developer tools show it. Nothing is ever unpickled.
"""

from __future__ import annotations

import json
import re
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
    known = connectors.platform(platform)
    line = _HEADER.fullmatch(text)
    if text.lstrip()[:1] in ("[", "{"):
        pairs = _from_json(text)
    elif line is not None:
        pairs = _from_header(known.domain, line["pairs"])
    else:
        pairs = _from_netscape(text)
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


_HEADER = re.compile(
    r"\s*(?:(?:-H|--header|-b|--cookie)\s+)?['\"]?(?:cookie:)?\s*"
    r"(?P<pairs>[^\s=;,#]+=[^;\n]*(?:;\s*[^\s=;]+=[^;\n]*)*);?\s*?['\"]?[\s\\]*",
    re.IGNORECASE,
)
"""``Cookie: a=b; c=d``, with or without its name, also out of a copied curl command."""


def refuse_pickle(data: bytes) -> None:
    """Refuse a session file of instaloader: reading it would run what stands in it.

    Raises:
        UsageProblem: The bytes are a pickle.
    """
    if data[:1] == b"\x80" or data[:4] in (b"(dp0", b"(dp1") or data[:3] == b"}q\x00":
        raise UsageProblem(
            N_("This is a session file of instaloader (a pickle); it is never opened."),
            hint=N_(
                "Such a file can run any program when it is read. Export the cookies from the"
                " browser instead: cookies.txt, or the JSON of a cookie add-on."
            ),
        )


def _from_header(domain: str, pairs: str) -> Iterator[tuple[str, str, str]]:
    for pair in pairs.split(";"):
        name, _sign, value = pair.strip().partition("=")
        if name:
            yield domain, name, value.strip("'\" \\\r\n")


def _from_netscape(text: str) -> Iterator[tuple[str, str, str]]:
    found = False
    for line in text.splitlines():
        cells = line.removeprefix("#HttpOnly_").rstrip("\r\n").split("\t")
        if line.startswith("#") and not line.startswith("#HttpOnly_"):
            continue
        if len(cells) != 7:
            # Some terminals turn the tabs of what is pasted into spaces.
            cells = line.removeprefix("#HttpOnly_").split()
        if len(cells) == 7 and cells[1].upper() in ("TRUE", "FALSE"):
            found = True
            yield cells[0].lower(), cells[5], cells[6].strip('"')
    if not found:
        raise _unknown_form()


def _from_json(text: str) -> Iterator[tuple[str, str, str]]:
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        raise _unknown_form() from None
    for _level in range(3):
        if isinstance(listed, Mapping):
            listed = listed.get("cookies")
    if not isinstance(listed, list):
        raise _unknown_form()
    for entry in listed:
        if not isinstance(entry, Mapping):
            raise _unknown_form()
        host = next((entry[key] for key in _HOSTS if isinstance(entry.get(key), str)), None)
        cells = [host, entry.get("name"), entry.get("value")]
        if not all(isinstance(cell, str) for cell in cells):
            raise _unknown_form()
        yield str(cells[0]).lower(), str(cells[1]), str(cells[2]).strip('"')


_HOSTS = ("domain", "host", "hostKey", "Domain")
"""What add-ons call the site of a cookie."""


def _unknown_form() -> UsageProblem:
    return UsageProblem(
        N_("This is no exported browser session."),
        hint=N_(
            "Give a Netscape cookies.txt, the JSON of a cookie add-on, or the Cookie line of a"
            " request."
        ),
    )
