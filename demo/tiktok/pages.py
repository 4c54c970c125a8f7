"""TikTok's HTML pages and JSON answers, as bytes ready to be sent."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from demo.http import Response

Json = dict[str, Any]
HTML = ("Content-Type", "text/html; charset=utf-8")
JSON = ("Content-Type", "application/json; charset=utf-8")


def rehydration(scopes: Json, title: str = "TikTok - Make Your Day") -> bytes:
    """A page with its scopes in the rehydration script, as the web client reads it."""
    data = json.dumps({"__DEFAULT_SCOPE__": scopes}, ensure_ascii=False, separators=(",", ":"))
    # The platform escapes the slash, so that no text can close the script.
    script = data.replace("/", "\\u002F").replace("<", "\\u003C")
    return (
        f'<!DOCTYPE html><html lang="id-ID"><head><title>{title}</title></head><body>'
        f'<div id="app"></div><script id="__UNIVERSAL_DATA_FOR_REHYDRATION__" '
        f'type="application/json">{script}</script></body></html>'
    ).encode("utf-8", "surrogatepass")


def contexts(secrets: dict[str, str]) -> Json:
    """The scopes that hold the visitor's own values; see `TikTokSite.secrets`."""
    return {
        "webapp.app-context": {
            "language": "id-ID",
            "region": "ID",
            "appId": 1988,
            "wid": secrets["wid"],
            "webIdCreatedTime": "1735689600",
            "odinId": secrets["odinId"],
            "nonce": secrets["nonce"],
            "csrfToken": secrets["csrfToken"],
            "host": "www.tiktok.com",
        },
        "webapp.biz-context": {
            "os": "windows",
            "isMobile": False,
            "geoCity": {"City": secrets["city"], "Subdivisions": "JB"},
        },
    }


def html(body: bytes, *cookies: str, status: int = 200) -> Response:
    """A page, with its Set-Cookie lines."""
    return Response(status, [HTML, *(("Set-Cookie", cookie) for cookie in cookies)], body)


def data(value: object, status: int = 200) -> Response:
    """A JSON answer."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Response(status, [JSON], body.encode("utf-8", "surrogatepass"))


def shell() -> bytes:
    """A page that holds no data for a visitor it does not trust."""
    return b'<!DOCTYPE html><html><head></head><body><div id="app"></div></body></html>'


def embed(handle: str, ids: list[str]) -> bytes:
    """The embed page of an account."""
    state = {"source": {"data": {f"/embed/@{handle}": {"videoList": [{"id": i} for i in ids]}}}}
    script = json.dumps(state)
    return (
        '<!DOCTYPE html><html><body><script id="__FRONTITY_CONNECT_STATE__" '
        f'type="application/json">{script}</script></body></html>'
    ).encode()


CHALLENGE_COOKIE = "_wafchallengeid"


def challenge(seed: bytes = b"pretend-waf", answer: int = 4711) -> bytes:
    """The interstitial that wants a small sum solved before it lets anybody in."""
    digest = hashlib.sha256(seed + str(answer).encode()).digest()
    task = {"v": {"a": _b64(seed), "b": _b64(b"0"), "c": _b64(digest)}, "s": _b64(b"pretend")}
    return (
        "<!DOCTYPE html><html><head><title>Please wait...</title></head><body>"
        f'<p id="cs" class="{_b64(json.dumps(task).encode()).rstrip("=")}"></p>'
        f'<p id="wci" class="{CHALLENGE_COOKIE}"></p><p id="rci" class="waforiginalreid"></p>'
        '<p id="rs" class="pretend-request-id"></p>Please wait...</body></html>'
    ).encode()


def challenge_solved(cookie: str, answer: int = 4711) -> bool:
    """Whether a challenge cookie holds the answer to `challenge`."""
    try:
        task = json.loads(base64.b64decode(cookie + "==="))
        return bool(base64.b64decode(task["d"]) == str(answer).encode())
    except (ValueError, KeyError, TypeError):
        return False


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode()
