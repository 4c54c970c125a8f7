"""Only known words for absence may make a post GONE."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Truncation
from connectors.errors import Blocked, LoginWall, SessionExpired
from connectors.instagram.absence import story_verdict, verdict
from connectors.instagram.meaning import Case, case_of, refusal
from connectors.instagram.parse import SINGLE
from connectors.model import Presence, RecordId
from connectors.tap.journal import JournalEntry

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DATE = {"date": "Tue, 24 Nov 2026 12:00:00 GMT"}
QUERY = "https://www.instagram.com/graphql/query"
PK = str(int((NOW - timedelta(hours=2)).timestamp() * 1000 - 1_314_220_021_721) << 23)
MEDIA = f"https://i.instagram.com/api/v1/media/{PK}/info/"
MISSING = {"message": "Media not found or unavailable", "status": "fail"}
NONE: dict[str, Any] = {SINGLE: {"items": []}}
POST: dict[str, Any] = {SINGLE: {"items": [{"pk": "1", "code": "C1"}]}}
GONE = {"code": 4630001, "message": "execution error"}
LOGIN_PAGE = b"<html><head><title>Login \xe2\x80\xa2 Instagram</title></head></html>"


def case(status: int, value: object, url: str = QUERY, **facts: Any) -> Case:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    logged_in = facts.pop("logged_in", True)
    headers = DATE | facts.pop("headers", {})
    record = RecordId("urn:uuid:0")
    entry = JournalEntry(
        record, "POST", url, status, body=body, headers=headers, received_at=NOW, **facts
    )
    return case_of(entry, logged_in=logged_in)


KNOWN = [
    (200, {"data": NONE, "status": "ok"}, "item_missing"),
    (200, {"errors": [GONE], "data": {SINGLE: None}, "status": "ok"}, "media_not_found"),
    (200, {"errors": [GONE], "data": None}, "media_not_found"),
    (400, MISSING, "media_not_found"),
    (404, {"message": "Not found", "status": "fail"}, "http_404"),
]


@pytest.mark.parametrize(("status", "value", "reason"), KNOWN)
def test_the_known_words(status: int, value: object, reason: str) -> None:
    assert verdict(case(status, value)) == (Presence.GONE, reason)


LIVING = {
    "404 login page": case(404, LOGIN_PAGE),
    "404 page": case(404, b"<!DOCTYPE html><html><body>Sorry</body></html>"),
    "404 empty": case(404, b""),
    "404 empty object": case(404, {}),
    "404 list": case(404, []),
    "404 cut": case(404, b'{"message": "Not fo', truncated=Truncation.DISCONNECT),
    "404 whole but cut": case(404, MISSING, truncated=Truncation.LENGTH),
    "404 beyond a limit": case(404, MISSING, limit="json_depth"),
    "404 login wanted": case(404, {"message": "login_required", "status": "fail"}),
    "404 require login": case(404, MISSING | {"require_login": True}),
    "404 wait": case(
        404, {"message": "Please wait a few minutes before you try again.", "status": "fail"}
    ),
    "404 challenge": case(404, {"message": "checkpoint_required", "status": "fail"}),
    "404 start page": case(404, MISSING, "https://www.instagram.com/"),
    "404 elsewhere": case(404, MISSING, "https://www.instagram.com/p/C1/"),
    "400 login page": case(400, LOGIN_PAGE),
    "401": case(401, MISSING),
    "403": case(403, MISSING),
    "429": case(429, MISSING),
    "500": case(500, MISSING),
    "302": case(302, MISSING, headers={"location": "/accounts/login/"}),
    "200 login page": case(200, LOGIN_PAGE),
    "200 cut": case(200, {"data": NONE, "status": "ok"}, truncated=Truncation.DISCONNECT),
    "stranger": case(200, {"data": NONE, "status": "ok"}, logged_in=False),
    "no status": case(200, {"data": NONE}),
    "status fail": case(200, {"data": NONE, "status": "fail"}),
    "empty beside an error": case(
        200, {"data": NONE, "status": "ok", "errors": [{"message": "execution error"}]}
    ),
    "session ended": case(
        200,
        {"data": NONE, "status": "ok"},
        headers={"set-cookie": 'csrftoken=x; Path=/\nsessionid=""; Max-Age=0; Path=/'},
    ),
    "words beside the post": case(200, {"errors": [GONE], "data": POST, "status": "ok"}),
    "words beside a limit": case(200, {"errors": [GONE, {"code": 1675004}], "data": None}),
    "words beside trouble": case(
        200, {"errors": [GONE, {"message": "execution error"}], "data": None}
    ),
    "null": case(200, {"data": {SINGLE: None}, "status": "ok"}),
    "data null": case(200, {"data": None, "status": "ok"}),
    "no items": case(200, {"data": {SINGLE: {}}, "status": "ok"}),
    "nothing": case(200, {}),
    "another query": case(200, {"data": {"user": None}, "status": "ok"}),
}


@pytest.mark.parametrize("name", LIVING)
def test_a_living_post_is_never_called_gone(name: str) -> None:
    found = verdict(LIVING[name])
    assert found is None or found[0] is Presence.UNKNOWN


STORY = [
    (404, MISSING, "http_404"),
    (400, MISSING, "media_not_found"),
    (200, {"items": [], "status": "ok"}, "item_missing"),
]


@pytest.mark.parametrize(("status", "value", "reason"), STORY)
def test_a_story_within_its_day_can_be_gone(status: int, value: object, reason: str) -> None:
    assert story_verdict(case(status, value, MEDIA), PK) == (Presence.GONE, reason)
    tomorrow = {"date": "Wed, 25 Nov 2026 12:00:00 GMT"}
    expired = (Presence.UNKNOWN, "story_expired")
    assert story_verdict(case(status, value, MEDIA, headers=tomorrow), PK) == expired
    cached = {"age": str(3 * 3600)}
    assert story_verdict(case(status, value, MEDIA, headers=cached), PK) == expired


@pytest.mark.parametrize(
    "answer",
    [
        case(404, LOGIN_PAGE, MEDIA),
        case(404, b"", MEDIA),
        case(404, MISSING, MEDIA, truncated=Truncation.DISCONNECT),
        case(404, {"message": "login_required", "status": "fail"}, MEDIA),
        case(403, MISSING, MEDIA),
        case(
            200, {"items": [{"pk": PK}], "status": "ok", **{"message": MISSING["message"]}}, MEDIA
        ),
        case(200, {"items": []}, MEDIA),
        case(404, MISSING, "https://i.instagram.com/api/v1/media/77/info/"),
        case(404, MISSING, "https://i.instagram.com/"),
    ],
)
def test_a_doubtful_answer_says_nothing_of_a_story(answer: Case) -> None:
    assert story_verdict(answer, PK) is None


def test_a_missing_account_is_no_login_page() -> None:
    page = case_of(case(404, LOGIN_PAGE).entry, logged_in=False, page=True)
    assert isinstance(refusal(page, None), LoginWall)
    linking = b'<html><title>Page not found</title><a href="/accounts/login/ajax"></a></html>'
    page = case_of(case(404, linking).entry, logged_in=False, page=True)
    assert not isinstance(refusal(page, None), Blocked)


@pytest.mark.parametrize(
    ("cookie", "ended"),
    [
        ('sessionid=""; Max-Age=0', True),
        ("sessionid=; expires=Thu, 01-Jan-1970 00:00:00 GMT", True),
        ("rur=x\nSessionid=deleted; Path=/", True),
        ("sessionid=77%3Aabc; Path=/", False),
        ("csrftoken=; Path=/", False),
        ("x=sessionid=;", False),
    ],
)
def test_a_session_that_is_taken_away(cookie: str, ended: bool) -> None:
    value = {"data": POST, "status": "ok"}
    answer = case(200, value, headers={"set-cookie": cookie})
    assert isinstance(refusal(answer, None), SessionExpired) is ended
    stranger = case(200, value, headers={"set-cookie": cookie}, logged_in=False)
    assert refusal(stranger, None) is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.sampled_from(["ok", "fail", MISSING["message"], 4630001]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["data", SINGLE, "items", "errors", "code", "message", "status"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(value=VALUES, status=st.sampled_from([200, 301, 400, 401, 403, 404, 429, 500, 503]))
def test_no_shape_makes_a_stranger_or_a_wall_say_gone(value: object, status: int) -> None:
    told = verdict(case(status, value))
    if status not in (200, 400, 404):
        assert told is None
    elif told and told[0] is Presence.GONE:
        assert isinstance(value, dict) and told[1] in {reason for *_, reason in KNOWN}
        assert verdict(case(status, value, truncated=Truncation.LENGTH)) is None
