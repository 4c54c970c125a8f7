"""The content networks: signed addresses of pictures, films and sounds.

``https://HOST/v/NAME?oe=…&n=…&sig=…`` serves `World.assets` by name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import formatdate

from demo.http import FileSlice, Request, Response
from demo.world import Asset, World

INSTAGRAM_MEDIA = "scontent.cdninstagram.com"
TIKTOK_VIDEO = "v16-webapp-prime.tiktok.com"
TIKTOK_IMAGE = "p16-sign-sg.tiktokcdn.com"

_RANGE = re.compile(r"bytes=(\d*)-(\d*)$")


@dataclass(frozen=True, slots=True)
class MediaHost:
    """A content network: a `demo.http.Site`.

    Attributes:
        chain_cookie: A cookie that must come along, or ``None``.
        referer: What the Referer must begin with; empty for any or none.
    """

    hosts: tuple[str, ...]
    chain_cookie: str | None = None
    referer: str = ""

    def answer(self, request: Request, world: World, now: datetime) -> Response:
        """The file, part of it, or why not."""
        if request.method not in ("GET", "HEAD"):
            return _text(405, "method not allowed")
        name = request.path.removeprefix("/v/")
        asset = world.assets.get(name)
        if asset is None or not asset.path.is_file():
            return _text(404, "not found")
        if not world.signature_valid(name, request.query, now):
            return _text(403, _why_not(request.query, now))
        if self.chain_cookie and not request.cookies.get(self.chain_cookie):
            return _text(403, "access denied")
        if not request.headers.get("referer", "").startswith(self.referer):
            return _text(403, "access denied")
        return serve(asset, request)


def media_hosts() -> tuple[MediaHost, ...]:
    """The content networks of both platforms.

    Source: hosts as they stand in recorded answers; the video network under
    tiktok.com wants the chain cookie and a Referer, the others nothing.
    """
    return (
        MediaHost(("*.cdninstagram.com", "*.fbcdn.net")),
        MediaHost(
            ("v*-webapp-prime.tiktok.com", "v*-webapp-prime.us.tiktok.com"),
            chain_cookie="tt_chain_token",
            referer="https://www.tiktok.com/",
        ),
        MediaHost(("*.tiktokcdn.com", "*.tiktokcdn-us.com", "*.tiktokcdn-eu.com")),
    )


def address(world: World, asset: Asset, platform: str, now: datetime) -> str:
    """A fresh signed address of a file on the network its platform uses."""
    if platform == "instagram":
        host = INSTAGRAM_MEDIA
    else:
        host = TIKTOK_VIDEO if asset.mime == "video/mp4" else TIKTOK_IMAGE
    return world.sign(host, asset, now)


def with_addresses(raw: object, world: World, now: datetime) -> object:
    """A recorded object (`Item.raw`) with fresh signed media addresses.

    Recorded objects hold ``asset://HOST/NAME`` where an address stood; the
    host is the one that was recorded. A name nobody has becomes ``""``.
    """
    if isinstance(raw, str):
        if not raw.startswith("asset://"):
            return raw
        host, _, name = raw.removeprefix("asset://").partition("/")
        asset = world.assets.get(name)
        return world.sign(host, asset, now) if asset else ""
    if isinstance(raw, Mapping):
        return {key: with_addresses(value, world, now) for key, value in raw.items()}
    if isinstance(raw, (list, tuple)):
        return [with_addresses(value, world, now) for value in raw]
    return raw


def serve(asset: Asset, request: Request) -> Response:
    """A file by the rules of HTTP: validators, HEAD, one byte range."""
    stat = asset.path.stat()
    size = stat.st_size
    seed = f"{asset.name}|{size}|{stat.st_mtime_ns}".encode()
    etag = f'"{hashlib.sha256(seed).hexdigest()[:32]}"'
    headers = [
        ("Content-Type", asset.mime),
        ("Last-Modified", formatdate(stat.st_mtime, usegmt=True)),
        ("ETag", etag),
        ("Accept-Ranges", "bytes"),
        ("Cache-Control", "max-age=1209600, no-transform"),
    ]
    if request.headers.get("if-none-match") == etag:
        return Response(304, headers)
    wanted = _RANGE.match(request.headers.get("range", ""))
    if wanted is None or wanted.group(0) == "bytes=-":
        body = FileSlice(asset.path, 0, size)
        return Response(200, [*headers, ("Content-Length", str(size))], body)
    first, last = _bounds(wanted.group(1), wanted.group(2), size)
    if first >= size or last < first:
        headers.append(("Content-Range", f"bytes */{size}"))
        return Response(416, headers)
    length = last - first + 1
    headers += [
        ("Content-Range", f"bytes {first}-{last}/{size}"),
        ("Content-Length", str(length)),
    ]
    return Response(206, headers, FileSlice(asset.path, first, length))


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _why_not(query: Mapping[str, str], now: datetime) -> str:
    try:
        expired = int(query.get("oe", ""), 16) < now.timestamp()
    except ValueError:
        expired = False
    return "URL signature expired" if expired else "URL signature mismatch"


def _text(status: int, text: str) -> Response:
    return Response(status, [("Content-Type", "text/plain")], text.encode())
