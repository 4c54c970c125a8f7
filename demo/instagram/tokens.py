"""Tokens and cookies that the pretend Instagram hands out and checks.

Tokens carry a nonce and a signature over it, so that the site needs no
memory: every start page gives fresh ones, and only its own are accepted.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets

from demo.http import Request
from demo.world import Visitor, World

PLATFORM = "instagram"


class Tokens:
    """Fresh, random and checkable tokens of one pretend Instagram."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def lsd(self) -> str:
        """A page token as every visitor gets it."""
        return self._make("lsd", "")

    def dtsg(self, sessionid: str) -> str:
        """A form token that belongs to one session."""
        return f"{self._make('dtsg', sessionid)}:17:1764000000"

    def lsd_valid(self, token: str) -> bool:
        """Whether a page of this site handed it out."""
        return self._valid("lsd", "", token)

    def dtsg_valid(self, token: str, sessionid: str) -> bool:
        """Whether it was handed out to this session."""
        return self._valid("dtsg", sessionid, token.partition(":")[0])

    def _make(self, kind: str, owner: str) -> str:
        nonce = secrets.token_hex(6)
        return f"NA{nonce}{self._mac(kind, owner, nonce)}"

    def _valid(self, kind: str, owner: str, token: str) -> bool:
        nonce, mac = token[2:14], token[14:]
        return hmac.compare_digest(self._mac(kind, owner, nonce), mac)

    def _mac(self, kind: str, owner: str, nonce: str) -> str:
        text = f"{kind}|{owner}|{nonce}".encode()
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()[:20]


def sessionid_of(request: Request) -> str:
    """The session a request claims: by cookie, or by the mobile bearer."""
    bearer = request.headers.get("authorization", "")
    if bearer.startswith("Bearer IGT:2:"):
        try:
            claims = json.loads(base64.b64decode(bearer.removeprefix("Bearer IGT:2:")))
            return str(claims.get("sessionid", ""))
        except (ValueError, AttributeError):
            return "not a token"
    return request.cookies.get("sessionid", "")


def visitor_of(request: Request, world: World) -> Visitor | None:
    """The live session of a request, if it has one."""
    return world.visitor(PLATFORM, "sessionid", sessionid_of(request))


def fresh_cookies(request: Request, visitor: Visitor | None) -> list[tuple[str, str]]:
    """Set-Cookie lines for the cookies that a browser would not have yet."""
    life = "Domain=.instagram.com; Path=/; Max-Age=31449600; Secure"
    lines = []
    if not request.cookies.get("csrftoken"):
        lines.append(f"csrftoken={secrets.token_urlsafe(24)}; {life}")
    if not request.cookies.get("mid"):
        lines.append(f"mid={secrets.token_urlsafe(20)}; {life}; HttpOnly")
    if not request.cookies.get("ig_did"):
        lines.append(f"ig_did={secrets.token_hex(16).upper()}; {life}; HttpOnly")
    if visitor:
        lines.append(f'rur="CCO\\054{visitor.user_id}"; {life}; HttpOnly')
    return [("Set-Cookie", line) for line in lines]
