from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors import errors
from connectors.model import AccountRef, PageEnd, PostRef, Presence
from demo import faults as any_platform
from demo.faults import Match
from demo.instagram import faults

PAGE = faults.profile_of("tirta_kencana.kota")
MINUTE = timedelta(minutes=1)
Plan = Callable[[Match], any_platform.Fault]


def refused(message: str) -> Plan:
    return lambda match: faults.refused(message, match)


def many(plan: Plan) -> Plan:
    """The same trouble again and again."""
    return lambda match: dataclasses.replace(plan(match), count=None)


REFUSALS: list[tuple[str, Plan, type[errors.ConnectorError], type[errors.ConnectorError]]] = [
    # name, trouble, what a stranger is told, what an identity is told
    ("401 please wait", faults.please_wait, errors.RateLimited, errors.RateLimited),
    ("feedback", refused("feedback_required"), errors.Challenge, errors.Challenge),
    ("checkpoint", refused("checkpoint_required"), errors.Challenge, errors.Challenge),
    ("challenge", refused("challenge_required"), errors.Challenge, errors.Challenge),
    ("login wall", faults.login_wall, errors.LoginWall, errors.SessionExpired),
    ("login page", faults.login_page, errors.LoginWall, errors.SessionExpired),
    ("to challenge", faults.challenge_redirect, errors.Challenge, errors.Challenge),
    ("429", lambda m: any_platform.status(429, m), errors.RateLimited, errors.RateLimited),
    ("403", lambda m: any_platform.status(403, m), errors.Forbidden, errors.Forbidden),
    ("401", lambda m: any_platform.status(401, m), errors.Forbidden, errors.Forbidden),
    ("400", lambda m: any_platform.status(400, m), errors.AnswerUnusable, errors.AnswerUnusable),
    (
        "500",
        many(lambda m: any_platform.status(500, m)),
        errors.AnswerUnusable,
        errors.AnswerUnusable,
    ),
    (
        "reset",
        many(lambda m: any_platform.reset(0, m)),
        errors.NetworkFailure,
        errors.NetworkFailure,
    ),
    ("rate code", faults.rate_limit_code, errors.RateLimited, errors.RateLimited),
]
SHAPES: list[tuple[str, Plan]] = [
    ("html", lambda m: any_platform.html(m)),
    ("cut json", lambda m: any_platform.cut_text(m)),
    ("empty object", lambda m: any_platform.empty_object(m)),
    ("data null", lambda m: faults.data_null(m)),
]


@pytest.mark.parametrize(
    ("plan", "stranger", "identity"), [r[1:] for r in REFUSALS], ids=[r[0] for r in REFUSALS]
)
def test_a_refused_listing_says_why(
    desk: Any,
    plan: Plan,
    stranger: type[errors.ConnectorError],
    identity: type[errors.ConnectorError],
) -> None:
    for login, expected, match in (
        (False, stranger, faults.ANONYMOUS_TIMELINE_QUERY),
        (True, identity, faults.TIMELINE_QUERY),
    ):
        fault = desk.platforms.faults.add(plan(match))
        connector = desk.connect(login=login)
        with pytest.raises(errors.ConnectorError) as told:
            list(connector.list_posts(desk.account))
        assert type(told.value) is expected or issubclass(type(told.value), expected)
        assert told.value.hint and told.value.evidence
        assert desk.sink.get(told.value.evidence[-1]).done
        assert desk.platforms.faults.fired(fault) >= 1
        desk.platforms.faults.remove(fault)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [r[1:3] for r in REFUSALS if r[0] != "rate code"],
    ids=[r[0] for r in REFUSALS if r[0] != "rate code"],
)
def test_a_refused_profile_page_says_why(
    desk: Any, plan: Plan, expected: type[errors.ConnectorError]
) -> None:
    desk.platforms.faults.add(plan(PAGE))
    with pytest.raises(expected) as told:
        desk.connect().profile(desk.account)
    assert told.value.evidence


@pytest.mark.parametrize("plan", [s[1] for s in SHAPES], ids=[s[0] for s in SHAPES])
def test_a_broken_listing_is_malformed(desk: Any, plan: Plan) -> None:
    desk.platforms.faults.add(plan(faults.TIMELINE_QUERY))
    with pytest.raises(errors.MalformedAnswer) as told:
        list(desk.connect(login=True).list_posts(desk.account))
    assert told.value.evidence


def test_an_identity_reads_a_profile_whose_page_is_walled(desk: Any) -> None:
    for fault in (faults.login_wall(PAGE, None), faults.page_without_data(PAGE, None)):
        desk.platforms.faults.add(fault)
        connector = desk.connect(login=True)
        assert connector.profile(desk.account).native_id == "4242"
        unpinned = AccountRef("instagram", "tirta_kencana.kota")
        assert connector.profile(unpinned).declared_posts == 30
        assert len(list(connector.list_posts(unpinned))) == 3
        desk.platforms.faults.clear()
    desk.platforms.faults.add(faults.page_without_data(PAGE))
    with pytest.raises(errors.AccountUnavailable):
        desk.connect().profile(desk.account)


NO_SUCH = {"message": "Not found", "status": "fail"}
LOOKS: list[tuple[str, Plan, Presence, str]] = [
    ("empty", lambda m: faults.single_empty(m), Presence.GONE, "item_missing"),
    ("null", lambda m: faults.single_null(m), Presence.UNKNOWN, "answer_null"),
    ("not found", lambda m: faults.media_not_found(m), Presence.GONE, "media_not_found"),
    ("404", lambda m: any_platform.json_error(404, NO_SUCH, m), Presence.GONE, "http_404"),
    ("404 page", lambda m: any_platform.status(404, m), Presence.UNKNOWN, "answer_unusable"),
    (
        "execution error",
        many(lambda m: faults.execution_error(m)),
        Presence.UNKNOWN,
        "answer_unusable",
    ),
    ("500", many(lambda m: any_platform.status(502, m)), Presence.UNKNOWN, "answer_unusable"),
    ("html", lambda m: any_platform.html(m), Presence.UNKNOWN, "malformed_answer"),
    ("cut", lambda m: any_platform.cut_text(m), Presence.UNKNOWN, "malformed_answer"),
    ("bomb", lambda m: any_platform.gzip_bomb(1 << 23, m), Presence.UNKNOWN, "limit_exceeded"),
    ("deep", lambda m: any_platform.deep_json(5000, m), Presence.UNKNOWN, "limit_exceeded"),
    ("other post", lambda m: faults.other_post("CXYZ", m), Presence.UNKNOWN, "wrong_object"),
]


@pytest.mark.parametrize(
    ("plan", "presence", "reason"), [x[1:] for x in LOOKS], ids=[x[0] for x in LOOKS]
)
def test_what_a_look_concludes(desk: Any, plan: Plan, presence: Presence, reason: str) -> None:
    desk.platforms.faults.add(plan(faults.SINGLE_QUERY))
    seen = desk.connect(login=True).look(PostRef("instagram", "C004_-x", desk.account))
    assert (seen.presence, seen.reason) == (presence, reason)
    assert seen.post is None and seen.evidence
    told = seen.answered_at
    assert (told is None) is (reason == "limit_exceeded"), "an answer not read to its end"
    assert told is None or abs(datetime.now(UTC) - told) < MINUTE
    assert bool(seen.problems) is (
        reason not in ("item_missing", "answer_null", "http_404", "media_not_found")
    )


@pytest.mark.parametrize("login", [False, True])
@pytest.mark.parametrize(
    ("plan", "error"),
    [
        (faults.rate_limit_code, errors.RateLimited),
        (faults.please_wait, errors.RateLimited),
        (refused("checkpoint_required"), errors.Challenge),
        (lambda m: faults.refused("feedback_required", m), errors.Challenge),
    ],
)
def test_a_block_says_nothing_about_a_post(
    desk: Any, plan: Plan, error: type[errors.ConnectorError], login: bool
) -> None:
    desk.platforms.faults.add(plan(faults.SINGLE_QUERY))
    with pytest.raises(error):
        desk.connect(login=login).look(PostRef("instagram", "C004_-x", desk.account))


def test_a_missing_start_page_is_not_a_missing_post(desk: Any) -> None:
    desk.platforms.faults.add(any_platform.status(404, faults.START_PAGE))
    seen = desk.connect().look(PostRef("instagram", "C004_-x", desk.account))
    assert seen.presence is Presence.UNKNOWN


def test_a_post_without_its_media_is_present_and_told(desk: Any) -> None:
    def spoil(answer: dict[str, Any]) -> None:
        (item,) = answer["data"]["xdt_api__v1__media__shortcode__web_info"]["items"]
        item["image_versions2"] = {"candidates": []}

    desk.platforms.faults.add(faults.edited("no-media", spoil, faults.SINGLE_QUERY))
    seen = desk.connect().look(PostRef("instagram", "C003_-x", desk.account))
    assert seen.presence is Presence.PRESENT and seen.post and not seen.post.is_complete
    assert [p.code for p in seen.problems] == ["incomplete_item"]


def test_a_broken_line_concludes_nothing(desk: Any) -> None:
    ref = PostRef("instagram", "C003_-x", desk.account)
    connector = desk.connect(login=True)
    post = connector.look(ref).post
    desk.platforms.faults.add(any_platform.tls_failure("*", count=None))
    stranger = desk.connect(login=True)
    for call in (
        lambda: stranger.profile(desk.account),
        lambda: stranger.look(ref),
        lambda: next(stranger.list_posts(desk.account)),
        lambda: stranger.whoami(),
    ):
        with pytest.raises(errors.NetworkFailure) as told:
            call()
        assert "network" in told.value.hint
    (record,) = stranger.fetch_media(post)
    assert record.record is None and record.problem and record.problem.code == "no_answer"
    desk.platforms.stop()
    with pytest.raises(errors.NetworkFailure):
        connector.profile(desk.account)


def test_passing_trouble_is_asked_once_more(desk: Any) -> None:
    desk.platforms.faults.add(faults.execution_error())
    connector = desk.connect(login=True)
    seen = connector.look(PostRef("instagram", "C004_-x", desk.account))
    assert seen.presence is Presence.PRESENT
    desk.platforms.faults.add(faults.execution_error(faults.TIMELINE_QUERY))
    assert len(list(connector.list_posts(desk.account))) == 3


SILENT: list[tuple[Plan, str]] = [
    (lambda m: faults.empty_page(m, skip=1), "empty_page"),
    (lambda m: faults.repeated_page(m, skip=1), "repeated_page"),
    (lambda m: faults.no_page_info(m, skip=1), "no_page_info"),
    (lambda m: faults.no_cursor(m, skip=1), "no_cursor"),
]


@pytest.mark.parametrize("login", [False, True], ids=["anonymous", "logged in"])
@pytest.mark.parametrize(("plan", "reason"), SILENT, ids=[s[1] for s in SILENT])
def test_a_silent_end_is_noticed(desk: Any, plan: Plan, reason: str, login: bool) -> None:
    match = faults.TIMELINE_QUERY if login else faults.ANONYMOUS_TIMELINE_QUERY
    fault = plan(match)
    if not login:
        fault = dataclasses.replace(fault, skip=0)  # page one stands on the profile page
    desk.platforms.faults.add(fault)
    pages = list(desk.connect(login=login).list_posts(desk.account))
    assert (pages[-1].end, pages[-1].reason) == (PageEnd.SILENT, reason)
    assert all(page.end is PageEnd.MORE for page in pages[:-1])


def test_one_malformed_item_never_ends_a_listing(desk: Any) -> None:
    spoils: list[Callable[[dict[str, Any]], object]] = [
        lambda node: node.update(media_type=11),
        lambda node: node.clear(),
        lambda node: node.update(code=["x"]),
        lambda node: node.update(user={"pk": "999"}),
    ]
    for spoil in spoils:
        desk.platforms.faults.add(faults.spoiled_item(3, spoil))
        pages = list(desk.connect(login=True).list_posts(desk.account))
        assert [len(p.posts) for p in pages] == [11, 12, 6]
        assert len(pages[0].problems) == 1 and pages[0].problems[0].evidence
    desk.platforms.faults.add(faults.spoiled_item(3, lambda node: node.pop("like_count")))
    page = next(desk.connect(login=True).list_posts(desk.account))
    assert len(page.posts) == 12 and page.posts[3].metrics.likes is None


def test_a_redirect_loop_ends(desk: Any) -> None:
    desk.platforms.faults.add(any_platform.redirect_loop(faults.SINGLE_QUERY))
    desk.platforms.faults.add(any_platform.redirect_loop(Match(path="/api/graphql/*")))
    seen = desk.connect().look(PostRef("instagram", "C004_-x", desk.account))
    assert seen.presence is Presence.UNKNOWN
    assert len(desk.requests()) < 12


def test_a_session_that_became_a_strangers(desk: Any) -> None:
    connector = desk.connect(login=True)
    page = next(iter(desk.platforms.world.visitors))
    visitors, desk.platforms.world.visitors = desk.platforms.world.visitors, []
    assert page in visitors
    with pytest.raises(errors.SessionExpired):
        connector.profile(desk.account)
    desk.platforms.world.visitors = visitors
    desk.platforms.faults.add(faults.no_tokens())
    with pytest.raises(errors.MalformedAnswer):
        next(desk.connect(login=True).list_posts(desk.account))


MEDIA: list[tuple[str, Plan, str]] = [
    ("403", lambda m: any_platform.status(403, m), "http_403"),
    ("404", lambda m: any_platform.status(404, m), "http_404"),
    ("500", many(lambda m: any_platform.status(500, m)), "http_500"),
    ("html", lambda m: any_platform.html(m), "not_a_picture"),
    ("cut", many(lambda m: any_platform.truncated(100, m)), "cut"),
    ("short", many(lambda m: any_platform.wrong_length(50, m)), "cut"),
    ("reset", many(lambda m: any_platform.reset(0, m)), "cut"),
    (
        "inside",
        lambda m: any_platform.redirect("http://169.254.169.254/latest", m),
        "address_refused",
    ),
    ("elsewhere", lambda m: any_platform.redirect("https://example.com/x", m), "address_refused"),
    ("loop", lambda m: any_platform.redirect_loop(m), "limit_exceeded"),
]


@pytest.mark.parametrize(("plan", "code"), [m[1:] for m in MEDIA], ids=[m[0] for m in MEDIA])
def test_media_that_did_not_come_is_told_and_the_rest_comes(
    desk: Any, plan: Plan, code: str
) -> None:
    connector = desk.connect(login=True)
    posts = next(connector.list_posts(desk.account)).posts
    photo = next(p for p in posts if p.kind == "photo")
    fault = desk.platforms.faults.add(plan(faults.MEDIA))
    (record,) = connector.fetch_media(photo)
    assert record.problem and record.problem.code == code
    assert record.problem.post_id == photo.id and record.problem.media_id == photo.media[0].media_id
    assert record.record is None or desk.sink.get(record.record).done
    desk.platforms.faults.remove(fault)
    assert next(connector.fetch_media(photo)).problem is None


def test_media_that_failed_in_passing_is_asked_for_once_more(desk: Any) -> None:
    connector = desk.connect(login=True)
    post = next(connector.list_posts(desk.account)).posts[1]
    for plan in (any_platform.status(503, faults.MEDIA), any_platform.truncated(9, faults.MEDIA)):
        desk.platforms.faults.add(plan)
        assert next(connector.fetch_media(post)).problem is None
        assert desk.platforms.faults.fired(plan) == 1


def test_a_throttled_media_host_stops_the_capture(desk: Any) -> None:
    connector = desk.connect(login=True)
    post = next(connector.list_posts(desk.account)).posts[0]
    desk.platforms.faults.add(any_platform.status(429, faults.MEDIA, retry_after_s=90))
    with pytest.raises(errors.RateLimited) as told:
        list(connector.fetch_media(post))
    assert told.value.retry_after_s == 90


def test_an_expired_address_is_told(desk: Any) -> None:
    connector = desk.connect(login=True)
    post = next(connector.list_posts(desk.account)).posts[1]
    now = desk.platforms.world.now()
    desk.platforms.world.now = lambda: now.replace(month=12)
    assert all(r.problem and r.problem.code == "http_403" for r in connector.fetch_media(post))
