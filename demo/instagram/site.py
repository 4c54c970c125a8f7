"""A pretend www.instagram.com and i.instagram.com.

Answers everything that unmodified instaloader 4.16 asks for profiles,
timelines, reels, stories, highlights, comments and single posts, logged in
and anonymous. Stateless: what it says follows from the request and the world.
"""

from __future__ import annotations

import re
from datetime import datetime

from demo.http import Request, Response, html_response, json_response, redirect_response
from demo.instagram import mobile, queries
from demo.instagram.answers import PAGE_SIZE, Voice
from demo.instagram.listings import first_anonymous_page
from demo.instagram.pages import plain_page, profile_page, start_page
from demo.instagram.queries import fail
from demo.instagram.tokens import PLATFORM, Tokens, fresh_cookies, sessionid_of, visitor_of
from demo.world import World

LOGIN = "https://www.instagram.com/accounts/login/"


def to_login(request: Request) -> Response:
    """The redirect a visitor gets whom the platform will not serve."""
    return redirect_response(f"{LOGIN}?next={request.path}")


class InstagramSite:
    """Answers for the web site and the mobile interface.

    Attributes:
        page_size: Posts in one page of a listing, at most.
    """

    hosts = ("www.instagram.com", "i.instagram.com")

    def __init__(self, page_size: int = PAGE_SIZE) -> None:
        self.page_size = page_size
        self._tokens = Tokens()

    def answer(self, request: Request, world: World, now: datetime) -> Response:
        """What the platform says. Never raises: unknown paths get 404."""
        if request.path.startswith("/accounts/login"):
            return html_response(plain_page("Login • Instagram", "Log in to Instagram"))
        if sessionid_of(request) and visitor_of(request, world) is None:
            return to_login(request)
        if request.host == "i.instagram.com":
            return mobile.answer(request, self._voice(world, now))
        if request.path == "/":
            return self._start(request, world)
        if request.path.rstrip("/") in ("/graphql/query", "/api/graphql"):
            return self._graphql(request, self._voice(world, now))
        if request.path.startswith("/api/v1/users/web_profile_info"):
            return _web_profile(request, self._voice(world, now))
        if request.path.startswith("/web/search/topsearch"):
            return json_response({"users": [], "places": [], "hashtags": [], "status": "ok"})
        if match := re.fullmatch(r"/([A-Za-z0-9._]{1,30})/?", request.path):
            return self._profile_page(match[1], request, world, now)
        return html_response(plain_page("Page not found • Instagram", "Sorry"), 404)

    def _voice(self, world: World, now: datetime) -> Voice:
        return Voice(world, now, self.page_size)

    # -- pages ----------------------------------------------------------------

    def _start(self, request: Request, world: World) -> Response:
        visitor = visitor_of(request, world)
        dtsg = self._tokens.dtsg(sessionid_of(request)) if visitor else None
        page = start_page(self._tokens.lsd(), visitor.user_id if visitor else None, dtsg)
        response = html_response(page)
        response.headers.extend(fresh_cookies(request, visitor))
        return response

    def _profile_page(self, handle: str, request: Request, world: World, now: datetime) -> Response:
        account = world.by_handle(PLATFORM, handle)
        if account is None:
            return html_response(plain_page("Page not found • Instagram", "Sorry"), 404)
        voice = self._voice(world, now)
        user = voice.page_user(account)
        posts = first_anonymous_page(account, voice)
        page = profile_page(
            f"{account.name} (@{account.handle})",
            f"{account.followers} Followers, {account.following} Following",
            [{"xig_user_by_username": user}, {"xig_user_by_username": posts}],
            self._tokens.lsd(),
        )
        response = html_response(page)
        response.headers.extend(fresh_cookies(request, visitor_of(request, world)))
        return response

    # -- queries --------------------------------------------------------------

    def _graphql(self, request: Request, voice: Voice) -> Response:
        fields = request.form if request.method == "POST" else request.query
        web_api = request.path.startswith("/api/graphql")
        if web_api and not self._tokens_accepted(request, voice.world):
            return fail(400, "useragent mismatch or stale token")
        value = queries.answer(fields, request, voice)
        if isinstance(value, Response):
            return value
        # The web app's endpoint leaves out the status field.
        return json_response(value if web_api else {**value, "status": "ok"})

    def _tokens_accepted(self, request: Request, world: World) -> bool:
        if not self._tokens.lsd_valid(request.form.get("lsd", "")):
            return False
        if visitor_of(request, world) is None:
            return True
        return self._tokens.dtsg_valid(request.form.get("fb_dtsg", ""), sessionid_of(request))


def _web_profile(request: Request, voice: Voice) -> Response:
    account = voice.world.by_handle(PLATFORM, request.query.get("username", ""))
    if account is None:
        return fail(404, "user not found")
    return json_response({"data": {"user": voice.web_profile(account)}, "status": "ok"})
