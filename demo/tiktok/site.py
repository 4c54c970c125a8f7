"""A pretend ``www.tiktok.com`` to which the unmodified yt-dlp talks.

It answers profile pages, listings, video pages, the embed page and short
addresses from the world's state. Films and pictures are served by the media
hosts (`demo.mediahosts`); pages hold their signed addresses.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import datetime, timedelta

from demo.http import Request, Response
from demo.tiktok import objects, pages
from demo.tiktok.listing import Orders, milliseconds, page_of
from demo.world import Account, World

PAGE_SIZE = 15
CHAIN_COOKIE = "tt_chain_token"
_PROFILE = re.compile(r"/@([\w.-]+)/?")
_POST = re.compile(r"/@([\w.-]*)/(video|photo)/(\d+)/?")
_EMBED = re.compile(r"/embed/@([\w.-]+)")


class TikTokSite:
    """The pretend web client's server. Everything it knows is in the world.

    Attributes:
        lookback: How far before a cursor a listing looks; see `page_of`.
        page_size: Posts in one page of a listing, at most.
    """

    hosts: tuple[str, ...] = ("www.tiktok.com", "tiktok.com", "vm.tiktok.com", "vt.tiktok.com")
    secrets: dict[str, str] = {  # noqa: RUF012  (read only; tests look for these values)
        "wid": "7400000000000000042",
        "odinId": "7400000000000000777",
        "csrfToken": "Pq7xZ2rL-fUkgR9mWv3tYbN8sQ",
        "nonce": "nOnCe-1c0ffee2d3e4f5a6",
        "city": "Kota Pengunjung",
    }

    def __init__(self, lookback: timedelta | None = None, page_size: int = PAGE_SIZE) -> None:
        self.lookback = lookback
        self.page_size = page_size
        self._orders = Orders()

    def answer(self, request: Request, world: World, now: datetime) -> Response:
        """What TikTok says to one request."""
        response = self._route(request, world, now)
        if request.is_head:
            length = len(response.body) if isinstance(response.body, bytes) else 0
            head = [*response.headers, ("Content-Length", str(length))]
            return replace(response, headers=head, body=b"")
        return response

    def _route(self, request: Request, world: World, now: datetime) -> Response:
        if request.host in ("vm.tiktok.com", "vt.tiktok.com"):
            return self._short(request, world)
        if request.path == "/api/creator/item_list/":
            return self._listing(request, world, now)
        if match := _POST.fullmatch(request.path):
            return self._post(request, world, now, match[2], match[3])
        if match := _PROFILE.fullmatch(request.path):
            return self._profile(request, world, now, match[1])
        if match := _EMBED.fullmatch(request.path):
            return self._embed(world, match[1])
        if request.path in ("/", "/login"):
            return pages.html(pages.rehydration(pages.contexts(self.secrets)))
        # Also where a rendition's www address leads, as on the platform.
        return pages.html(pages.shell(), status=404)

    def _profile(self, request: Request, world: World, now: datetime, name: str) -> Response:
        account = find(world, name)
        if account is None:
            detail = {"userInfo": {}, "shareMeta": {}, "statusCode": 10221, "statusMsg": ""}
        else:
            # A private account shows who it is, and 10222 for what it has posted.
            detail = {
                "userInfo": objects.user_info(world, account, now),
                "shareMeta": {"title": f"{account.name} on TikTok"},
                "statusCode": 10222 if account.private else 0,
                "statusMsg": "",
                "needFix": True,
            }
        return self._page(request, {"webapp.user-detail": detail})

    def _post(
        self, request: Request, world: World, now: datetime, form: str, code: str
    ) -> Response:
        found = self._orders.post(world, code)
        canonical = f"https://www.tiktok.com{request.path}"
        seo = {"seo.abtest": {"canonical": canonical}}
        if form == "photo":
            # The desktop photo page carries no item at all.
            return self._page(request, seo)
        if found is None or found[1].state == "deleted" or found[0].gone:
            detail: objects.Json = {"statusCode": 10204, "statusMsg": "item doesn't exist"}
        elif found[1].state == "hidden":
            detail = {"statusCode": 10216, "statusMsg": "item is private"}
        elif found[0].private:
            detail = {"statusCode": 10222, "statusMsg": "author is secret"}
        else:
            account, item = found
            detail = {
                "itemInfo": {"itemStruct": objects.page_item(world, account, item, now)},
                "shareMeta": {"title": f"{account.name} on TikTok", "desc": item.caption},
                "statusCode": 0,
                "statusMsg": "",
            }
        return self._page(request, {"webapp.video-detail": detail, **seo})

    def _page(self, request: Request, scopes: objects.Json) -> Response:
        body = pages.rehydration({**pages.contexts(self.secrets), **scopes})
        return pages.html(body, *self._cookies(request))

    def _cookies(self, request: Request) -> list[str]:
        """What a new visitor is given; the media host wants the first one back."""
        given = []
        if CHAIN_COOKIE not in request.cookies:
            # Salted, or the token would stand in the digest of the request's record.
            seed = b"chain of " + (request.raw or request.path.encode())
            token = hashlib.sha256(seed).hexdigest()[:24]
            given.append(f"{CHAIN_COOKIE}={token}; Domain=.tiktok.com; Path=/; Secure; HttpOnly")
        if "ttwid" not in request.cookies:
            given.append("ttwid=1%7Cpretend-visitor; Domain=.tiktok.com; Path=/; Secure; HttpOnly")
        return given

    def _listing(self, request: Request, world: World, now: datetime) -> Response:
        account = find(world, request.query.get("secUid", ""))
        if account is None:
            return pages.data({"statusCode": 10221, "statusMsg": "", "itemList": []})
        if account.private:
            return pages.data({"statusCode": 10222, "statusMsg": "", "itemList": []})
        try:
            cursor = int(request.query.get("cursor", "0"))
            size = min(int(request.query.get("count", PAGE_SIZE)), self.page_size)
        except ValueError:
            return pages.data({"statusCode": 10201, "statusMsg": "invalid parameters"})
        known = self._orders.of(world, account)
        shown, more = page_of(known, cursor, size, now, self.lookback)
        return pages.data(
            {
                "cursor": str(milliseconds(shown[-1]) if shown else cursor),
                "extra": {"now": int(now.timestamp() * 1000), "logid": "pretend"},
                "hasMorePrevious": more,
                "itemList": [objects.item_struct(world, account, item, now) for item in shown],
                "statusCode": 0,
                "status_code": 0,
            }
        )

    def _embed(self, world: World, name: str) -> Response:
        account = find(world, name)
        if account is None or account.private:
            return pages.html(pages.shell(), status=404)
        return pages.html(pages.embed(name, [item.code for item in account.public()[:10]]))

    def _short(self, request: Request, world: World) -> Response:
        found = self._orders.post(world, request.path.strip("/"))
        if found is None:
            return Response(301, [("Location", "https://www.tiktok.com/")])
        account, item = found
        target = f"https://www.tiktok.com/@{account.handle}/video/{item.code}?_r=1"
        return Response(301, [("Location", target)])


def find(world: World, name: str) -> Account | None:
    """An account by handle or secUid; one that is gone is not found."""
    for account in list(world.accounts.values()):
        if account.platform != "tiktok" or account.gone or not name:
            continue
        if account.sec_uid == name or account.handle.lower() == name.lower():
            return account
    return None
