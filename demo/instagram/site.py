"""A pretend www.instagram.com and i.instagram.com.

Answers everything that unmodified instaloader 4.16 asks for profiles,
timelines and single posts, logged in and anonymous. Stateless: what it says
follows from the request and the world.
"""

from __future__ import annotations

import json
import re
from datetime import datetime

from demo.http import Request, Response, html_response, json_response, redirect_response
from demo.instagram.answers import SINGLE, Json, Voice
from demo.instagram.listings import anonymous_page, first_anonymous_page, logged_in_page
from demo.instagram.pages import plain_page, profile_page, start_page
from demo.instagram.tokens import PLATFORM, Tokens, fresh_cookies, sessionid_of, visitor_of
from demo.world import Account, World

PLEASE_WAIT = "Please wait a few minutes before you try again."
LOGIN = "https://www.instagram.com/accounts/login/"
GONE: Json = {
    "errors": [
        {
            "message": "execution error",
            "severity": "CRITICAL",
            "code": 4630001,
            "description": "Media not found or unavailable",
            "path": [SINGLE],
        }
    ],
    "data": {SINGLE: None},
    "status": "ok",
}


def to_login(request: Request) -> Response:
    """The redirect a visitor gets whom the platform will not serve."""
    return redirect_response(f"{LOGIN}?next={request.path}")


def fail(status: int, message: str, **more: object) -> Response:
    """An error in the platform's usual JSON shape."""
    return json_response({"message": message, "status": "fail", **more}, status)


class InstagramSite:
    """Answers for the web site and the mobile interface."""

    hosts = ("www.instagram.com", "i.instagram.com")

    def __init__(self) -> None:
        self._tokens = Tokens()

    def answer(self, request: Request, world: World, now: datetime) -> Response:
        """What the platform says. Never raises: unknown paths get 404."""
        if request.path.startswith("/accounts/login"):
            return html_response(plain_page("Login • Instagram", "Log in to Instagram"))
        if sessionid_of(request) and visitor_of(request, world) is None:
            return to_login(request)
        if request.host == "i.instagram.com":
            return self._mobile(request, world, now)
        if request.path == "/":
            return self._start(request, world)
        if request.path.rstrip("/") in ("/graphql/query", "/api/graphql"):
            return self._graphql(request, world, now)
        if request.path.startswith("/api/v1/users/web_profile_info"):
            return self._web_profile(request, world, now)
        if request.path.startswith("/web/search/topsearch"):
            return json_response({"users": [], "places": [], "hashtags": [], "status": "ok"})
        if match := re.fullmatch(r"/([A-Za-z0-9._]{1,30})/?", request.path):
            return self._profile_page(match[1], request, world, now)
        return html_response(plain_page("Page not found • Instagram", "Sorry"), 404)

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
        voice = Voice(world, now)
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

    def _graphql(self, request: Request, world: World, now: datetime) -> Response:
        fields = request.form if request.method == "POST" else request.query
        web_api = request.path.startswith("/api/graphql")
        if web_api and not self._tokens_accepted(request, world):
            return fail(400, "useragent mismatch or stale token")
        if fields.get("query_hash") == "d6f4427fbe92d846298cf93df0b937d3":
            visitor = visitor_of(request, world)
            user = {"username": visitor.username, "id": visitor.user_id} if visitor else None
            return json_response({"data": {"user": user}, "status": "ok"})
        try:
            variables = json.loads(fields.get("variables", "{}"))
        except ValueError:
            variables = None
        handlers = {
            "27937681195819736": self._profile_query,
            "29104886249145907": self._timeline,
            "28904005159232689": self._anonymous_timeline,
            "27128499623469141": self._single,
        }
        handler = handlers.get(fields.get("doc_id", ""))
        if handler is None or not isinstance(variables, dict):
            return fail(400, "invalid request")
        value = handler(request, variables, world, now)
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

    def _profile_query(
        self, request: Request, variables: Json, world: World, now: datetime
    ) -> Json | Response:
        if visitor_of(request, world) is None:
            return fail(401, PLEASE_WAIT, require_login=True)
        account = _by_id(world, str(variables.get("id")))
        return {"data": {"user": Voice(world, now).user(account) if account else None}}

    def _timeline(
        self, request: Request, variables: Json, world: World, now: datetime
    ) -> Json | Response:
        if visitor_of(request, world) is None:
            return fail(401, PLEASE_WAIT, require_login=True)
        account = world.by_handle(PLATFORM, str(variables.get("username")))
        return logged_in_page(account, variables, Voice(world, now))

    def _anonymous_timeline(
        self, request: Request, variables: Json, world: World, now: datetime
    ) -> Json | Response:
        return anonymous_page(world, variables, Voice(world, now))

    def _single(
        self, request: Request, variables: Json, world: World, now: datetime
    ) -> Json | Response:
        found = world.item(PLATFORM, str(variables.get("shortcode")))
        if found is None or found[1].state == "deleted" or found[0].gone:
            return GONE
        account, item = found
        if item.state != "public" or account.private:
            return {"data": {SINGLE: {"items": []}}}
        return {"data": {SINGLE: {"items": [Voice(world, now).media(account, item)]}}}

    # -- other interfaces -----------------------------------------------------

    def _web_profile(self, request: Request, world: World, now: datetime) -> Response:
        account = world.by_handle(PLATFORM, request.query.get("username", ""))
        if account is None:
            return fail(404, "user not found")
        user = Voice(world, now).web_profile(account)
        return json_response({"data": {"user": user}, "status": "ok"})

    def _mobile(self, request: Request, world: World, now: datetime) -> Response:
        if visitor_of(request, world) is None:
            return fail(403, "login_required", require_login=True)
        voice = Voice(world, now)
        if match := re.fullmatch(r"/api/v1/users/(\d+)/info/", request.path):
            account = _by_id(world, match[1])
            if account is None:
                return fail(404, "User not found")
            return json_response({"user": voice.user(account), "status": "ok"})
        if match := re.fullmatch(r"/api/v1/media/(\d+)/info/", request.path):
            found = world.item(PLATFORM, match[1])
            if found is None or found[1].state != "public":
                return fail(400, "Media not found or unavailable")
            return json_response({"items": [voice.media(*found)], "num_results": 1, "status": "ok"})
        return fail(404, "Not found")


def _by_id(world: World, native_id: str) -> Account | None:
    account = world.accounts.get(f"{PLATFORM}:{native_id}")
    return None if account is None or account.gone else account
