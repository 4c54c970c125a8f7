"""Every trouble of the platform, and what may be concluded from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors import errors
from connectors.base import Limits
from connectors.model import PageEnd, PostRef, Presence
from connectors.tiktok.web import TikTokWeb
from demo import faults
from demo.faults import Fault, Match
from demo.tiktok import faults as tiktok

RESTRICTED, UNKNOWN, GONE = Presence.RESTRICTED, Presence.UNKNOWN, Presence.GONE


def ref_of(city, item):
    return PostRef("tiktok", item.code, city.ref(), item.code)


SIGHTINGS: list[tuple[Fault, Presence, str]] = [
    (tiktok.video_status(10204, "item doesn't exist"), GONE, "status_10204"),
    (tiktok.video_status(10204, ""), UNKNOWN, "status_10204"),
    (tiktok.video_status(10216), RESTRICTED, "private_post"),
    (tiktok.video_status(10222), RESTRICTED, "private_account"),
    (tiktok.video_status(10231), RESTRICTED, "region_locked"),
    (tiktok.video_status(10221), UNKNOWN, "account_missing"),
    (tiktok.video_status(10101), UNKNOWN, "server_trouble"),
    (tiktok.video_status(100004), UNKNOWN, "server_trouble"),
    (tiktok.video_status(54321), UNKNOWN, "status_54321"),
    (tiktok.video_status(0), UNKNOWN, "item_not_in_page"),
    (tiktok.without_video_detail(), UNKNOWN, "item_not_in_page"),
    (tiktok.shell(), UNKNOWN, "page_shell"),
    (faults.cut_text(tiktok.VIDEO_PAGE), UNKNOWN, "page_shell"),
    (tiktok.age_gate(), RESTRICTED, "age_restricted"),
    (tiktok.login_redirect(), UNKNOWN, "login_wall"),
    (tiktok.another_item(), UNKNOWN, "wrong_object"),
    (tiktok.another_author(), UNKNOWN, "wrong_object"),
    (faults.status(404, tiktok.VIDEO_PAGE), UNKNOWN, "http_404"),
    (faults.status(500, tiktok.VIDEO_PAGE), UNKNOWN, "http_500"),
    (faults.status(200, tiktok.VIDEO_PAGE), UNKNOWN, "page_empty"),
]


@pytest.mark.parametrize(("fault", "presence", "reason"), SIGHTINGS, ids=lambda v: str(v)[:40])
def test_what_a_visit_concludes(
    city, web: TikTokWeb, platforms, sink, fault: Fault, presence: Presence, reason: str
) -> None:
    item = city.video()
    platforms.faults.add(fault)
    sighting = web.look(ref_of(city, item))
    assert (sighting.presence, sighting.reason) == (presence, reason)
    assert sighting.post is None
    assert sighting.evidence == tuple(kept.record_id for kept in sink.exchanges)
    assert all(kept.finished for kept in sink.exchanges)


def test_a_listed_post_is_never_gone(city, web: TikTokWeb, platforms) -> None:
    item = city.video()
    list(web.list_posts(city.ref()))
    platforms.faults.add(tiktok.video_status(10204, "item doesn't exist"))
    sighting = web.look(ref_of(city, item))
    assert (sighting.presence, sighting.reason) == (RESTRICTED, "status_10204")


def test_a_video_under_anothers_id_is_not_taken(city, web: TikTokWeb, platforms) -> None:
    item = city.video()
    platforms.faults.add(tiktok.another_item("7111111111111111111"))
    (problem,) = web.look(ref_of(city, item)).problems
    assert problem.code == "wrong_object"
    assert "7111111111111111111" in problem.detail


ERRORS: list[tuple[Fault, type[errors.ConnectorError]]] = [
    (faults.status(429, tiktok.VIDEO_PAGE, retry_after_s=90), errors.RateLimited),
    (faults.status(403, tiktok.VIDEO_PAGE), errors.Forbidden),
    (faults.status(401, tiktok.VIDEO_PAGE), errors.Forbidden),
    (tiktok.captcha(), errors.Challenge),
    (faults.truncated(50, tiktok.VIDEO_PAGE), errors.NetworkFailure),
    (faults.reset(0, tiktok.VIDEO_PAGE), errors.NetworkFailure),
    (faults.tls_failure("www.tiktok.com"), errors.NetworkFailure),
    (faults.redirect_loop(tiktok.VIDEO_PAGE), errors.LimitExceeded),
    (faults.redirect("https://evil.example/", tiktok.VIDEO_PAGE), errors.AddressRefused),
    (faults.redirect("http://169.254.169.254/", tiktok.VIDEO_PAGE), errors.AddressRefused),
]


@pytest.mark.parametrize(("fault", "error"), ERRORS, ids=lambda v: getattr(v, "kind", ""))
def test_what_a_visit_cannot_conclude(
    city, web: TikTokWeb, platforms, fault: Fault, error: type[errors.ConnectorError]
) -> None:
    item = city.video()
    platforms.faults.add(fault)
    with pytest.raises(error) as raised:
        web.look(ref_of(city, item))
    assert type(raised.value) is error
    assert raised.value.hint
    if isinstance(raised.value, errors.RateLimited):
        assert raised.value.retry_after_s == 90


def _spoilt(kind: str, change: Callable[[tiktok.Json], object]) -> Fault:
    """The words for a missing item, on a page that speaks against them."""

    def both(scopes: tiktok.Json) -> None:
        scopes["webapp.video-detail"] |= {"statusCode": 10204, "statusMsg": "item doesn't exist"}
        change(scopes)

    return tiktok.page_changed(kind, both, tiktok.VIDEO_PAGE)


OTHER = "https://www.tiktok.com/@kota/video/7000000000000000001"


def _without_item(scopes: tiktok.Json) -> None:
    scopes["webapp.video-detail"].pop("itemInfo")


def _of_another(scopes: tiktok.Json) -> None:
    _without_item(scopes)
    scopes["seo.abtest"] = {"canonical": OTHER}


DOUBTFUL = [
    (_spoilt("beside-item", lambda scopes: None), "status_10204"),
    (_spoilt("of-another", _of_another), "status_10204"),
    (faults.json_error(404, {"statusCode": 10204}, tiktok.VIDEO_PAGE), "http_404"),
    (faults.status(404, tiktok.VIDEO_PAGE), "http_404"),
    (tiktok.video_status(10204, "Video currently unavailable"), "status_10204"),
]


@pytest.mark.parametrize(("fault", "reason"), DOUBTFUL, ids=lambda v: getattr(v, "kind", ""))
def test_a_living_post_is_never_called_gone(
    city, web: TikTokWeb, platforms, fault: Fault, reason: str
) -> None:
    item = city.video()
    platforms.faults.add(fault)
    seen = web.look(ref_of(city, item))
    assert (seen.presence, seen.reason, seen.post) == (Presence.UNKNOWN, reason, None)
    assert seen.answered_at is not None


def test_a_page_that_led_elsewhere_is_not_the_posts(city, web: TikTokWeb, platforms) -> None:
    item, other = city.video(), city.video()
    city.world.delete(city.account, other.code)
    asked = tiktok.Match(tiktok.HOST, f"/@*/video/{item.code}")
    where = f"https://www.tiktok.com/@{city.account.handle}/video/{other.code}"
    platforms.faults.add(faults.redirect(where, asked))
    assert web.look(ref_of(city, item)).presence is Presence.UNKNOWN
    gone = web.look(ref_of(city, other))
    assert gone.presence is Presence.GONE and gone.answered_at is not None


def test_the_words_alone_on_its_own_page_say_gone(city, web: TikTokWeb, platforms) -> None:
    item = city.video()
    platforms.faults.add(_spoilt("words", _without_item))
    assert web.look(ref_of(city, item)).presence is Presence.GONE


def test_a_private_account_shows_itself_and_lists_nothing(city, web: TikTokWeb) -> None:
    item = city.video()
    city.account.private = True
    assert web.profile(city.ref()).is_private is True
    with pytest.raises(errors.AccountPrivate):
        next(web.list_posts(city.ref()))
    assert web.look(ref_of(city, item)).reason == "private_account"


def test_three_login_walls_in_a_row_are_the_visitors(city, web: TikTokWeb, platforms) -> None:
    item = city.video()
    platforms.faults.add(tiktok.login_redirect(count=None))
    assert web.look(ref_of(city, item)).reason == "login_wall"
    assert web.look(ref_of(city, item)).reason == "login_wall"
    with pytest.raises(errors.LoginWall):
        web.look(ref_of(city, item))


def test_the_challenge_sum_is_solved_and_both_rounds_are_recorded(
    city, web: TikTokWeb, platforms, sink
) -> None:
    item = city.video()
    platforms.faults.add(tiktok.waf_challenge(count=None))
    sighting = web.look(ref_of(city, item))
    assert sighting.presence is Presence.PRESENT
    assert len(sighting.evidence) == len(sink.exchanges) == 2
    assert "_wafchallengeid" not in web.cookies()


CAPTCHA = b'<html><body><div class="captcha-verify-container"></div></body></html>'
PROFILES: list[tuple[Fault, type[errors.ConnectorError]]] = [
    (tiktok.user_status(10221), errors.AccountNotFound),
    (tiktok.user_status(10202, "user doesn't exist"), errors.AccountNotFound),
    (tiktok.user_status(10222), errors.AccountPrivate),
    (tiktok.user_status(10101), errors.AccountUnavailable),
    (faults.status(404, tiktok.USER_PAGE), errors.AccountNotFound),
    (faults.status(404, tiktok.USER_PAGE, body=CAPTCHA), errors.Challenge),
    (faults.status(500, tiktok.USER_PAGE), errors.AccountUnavailable),
    (faults.status(429, tiktok.USER_PAGE), errors.RateLimited),
    (faults.status(403, tiktok.USER_PAGE), errors.Forbidden),
    (tiktok.shell(tiktok.USER_PAGE), errors.MalformedAnswer),
    (tiktok.captcha(tiktok.USER_PAGE), errors.Challenge),
    (tiktok.login_redirect(tiktok.USER_PAGE), errors.LoginWall),
]


@pytest.mark.parametrize(("fault", "error"), PROFILES, ids=lambda v: getattr(v, "kind", ""))
def test_profiles(
    city, web: TikTokWeb, platforms, fault: Fault, error: type[errors.ConnectorError]
) -> None:
    platforms.faults.add(fault)
    with pytest.raises(error) as raised:
        web.profile(city.ref())
    assert type(raised.value) is error
    assert raised.value.evidence and raised.value.hint
    assert platforms.log.count() <= 2


LISTINGS: list[tuple[Fault, int, str | None]] = [
    (tiktok.listing_empty(), 0, "empty_answer"),
    (tiktok.listing_empty_body(), 0, "empty_body"),
    (tiktok.listing_status(10101), 0, "status_10101"),
    (tiktok.no_page_info(), 15, "no_page_info"),
    (tiktok.same_page(), 15, "repeated_page"),
    (tiktok.listing_empty(skip=1), 15, "empty_answer"),
    (tiktok.endless(), 0, "empty_pages"),
]


@pytest.mark.parametrize(("fault", "listed", "reason"), LISTINGS, ids=lambda v: str(v)[:30])
def test_silent_ends(
    city, web: TikTokWeb, platforms, sink, fault: Fault, listed: int, reason: str
) -> None:
    for days in range(20):
        city.video(days=days)
    platforms.faults.add(fault)
    pages = list(web.list_posts(city.ref()))
    assert sum(len(page.posts) for page in pages) == listed
    assert (pages[-1].end, pages[-1].reason) == (PageEnd.SILENT, reason)
    assert platforms.log.count() <= 60
    recorded = [kept.record_id for kept in sink.exchanges]
    assert [record for page in pages for record in page.evidence] == recorded


def test_always_more_ends_within_bounds(city, web: TikTokWeb, platforms) -> None:
    for days in range(20):
        city.video(days=days)
    platforms.faults.add(tiktok.always_more(count=None))
    pages = list(web.list_posts(city.ref()))
    assert sum(len(page.posts) for page in pages) == 20
    assert pages[-1].end is PageEnd.SILENT
    assert platforms.log.count() <= 70


LISTING_ERRORS: list[tuple[Fault, type[errors.ConnectorError]]] = [
    (tiktok.listing_html(), errors.MalformedAnswer),
    (faults.cut_text(tiktok.LISTING), errors.MalformedAnswer),
    (tiktok.captcha(tiktok.LISTING), errors.Challenge),
    (faults.status(429, tiktok.LISTING), errors.RateLimited),
    (faults.status(403, tiktok.LISTING), errors.Forbidden),
    (faults.status(503, tiktok.LISTING), errors.NetworkFailure),
    (faults.status(404, tiktok.LISTING), errors.AnswerUnusable),
    (tiktok.login_redirect(tiktok.LISTING), errors.LoginWall),
    (faults.truncated(300, tiktok.LISTING), errors.NetworkFailure),
    (faults.deep_json(5000, tiktok.LISTING), errors.LimitExceeded),
    (faults.gzip_bomb(80 * 1024**2, tiktok.LISTING), errors.LimitExceeded),
]


@pytest.mark.parametrize(("fault", "error"), LISTING_ERRORS, ids=lambda v: getattr(v, "kind", ""))
def test_listings_that_break(
    city, web: TikTokWeb, platforms, sink, fault: Fault, error: type[errors.ConnectorError]
) -> None:
    city.video()
    platforms.faults.add(fault)
    with pytest.raises(error) as raised:
        list(web.list_posts(city.ref()))
    assert type(raised.value) is error and raised.value.hint
    assert set(raised.value.evidence) <= {kept.record_id for kept in sink.exchanges}
    assert all(kept.finished for kept in sink.exchanges)
    assert platforms.log.count() <= 2


def test_one_malformed_item_does_not_end_a_listing(city, web: TikTokWeb, platforms) -> None:
    for days in range(20):
        city.video(days=days)
    platforms.faults.add(tiktok.malformed_item())
    pages = list(web.list_posts(city.ref()))
    assert [len(page.posts) for page in pages] == [14, 5]
    assert [problem.code for problem in pages[0].problems] == ["malformed_item"] * 3
    assert pages[-1].end is PageEnd.END


def test_a_strangers_post_in_a_listing_is_a_problem(city, web: TikTokWeb, platforms) -> None:
    city.video()
    city.video(days=1)
    platforms.faults.add(tiktok.foreign_item())
    (page,) = web.list_posts(city.ref())
    assert len(page.posts) == 1
    assert [problem.code for problem in page.problems] == ["wrong_owner"]


def test_textual_times_do_not_stop_the_walk(city, web: TikTokWeb, platforms) -> None:
    for days in range(40):
        city.video(days=days)
    platforms.faults.add(tiktok.text_times(count=None))
    pages = list(web.list_posts(city.ref()))
    assert sum(len(page.posts) for page in pages) == 40
    assert pages[-1].end is PageEnd.END


FILES: list[tuple[Fault, str | None]] = [
    (faults.html(tiktok.FILMS), "not_a_film"),
    (faults.html(tiktok.PICTURES), "not_a_picture"),
    (faults.status(404, tiktok.FILMS, count=None), "http_404"),
    (faults.status(403, tiktok.FILMS, count=1), None),
    (faults.status(403, tiktok.FILMS, count=None), "http_403"),
    (faults.status(503, tiktok.FILMS, count=1), None),
    (faults.status(503, tiktok.FILMS, count=None), "http_503"),
    (faults.truncated(1000, tiktok.FILMS, count=1), None),
    (faults.truncated(1000, tiktok.FILMS, count=None), "incomplete"),
    (faults.wrong_length(100, tiktok.FILMS, count=None), "incomplete"),
    (faults.redirect("https://evil.example/x", tiktok.FILMS), "address_refused"),
    (faults.redirect_loop(tiktok.FILMS), "limit_redirects"),
]


@pytest.mark.parametrize(("fault", "code"), FILES, ids=lambda v: getattr(v, "kind", str(v)))
def test_files_that_are_not_what_they_should_be(
    city, web: TikTokWeb, platforms, sink, fault: Fault, code: str | None
) -> None:
    city.video()
    (page,) = web.list_posts(city.ref())
    platforms.faults.add(fault)
    records = list(web.fetch_media(page.posts[0]))
    assert [record.media.media_id for record in records] == [
        media.media_id for media in page.posts[0].media
    ]
    problems = [record.problem for record in records if record.problem]
    assert [problem.code for problem in problems] == ([code] if code else [])
    assert all(set(p.evidence) <= {kept.record_id for kept in sink.exchanges} for p in problems)
    assert all(kept.finished for kept in sink.exchanges)


def test_files_are_not_taken_from_under_anothers_page(city, web, platforms) -> None:
    city.video()
    (page,) = web.list_posts(city.ref())
    platforms.faults.add(tiktok.another_item())
    with pytest.raises(errors.WrongObject) as raised:
        list(web.fetch_media(page.posts[0]))
    assert raised.value.evidence
    assert platforms.log.count(host="v16*") == 0


@pytest.mark.parametrize(
    "fault",
    [
        tiktok.shell(),
        faults.truncated(50, tiktok.VIDEO_PAGE),
        faults.status(500, tiktok.VIDEO_PAGE),
    ],
    ids=lambda fault: fault.kind,
)
def test_a_page_that_fails_does_not_cost_the_files(city, web, platforms, fault: Fault) -> None:
    city.video()
    (page,) = web.list_posts(city.ref())
    platforms.faults.add(fault)
    assert [record.problem for record in web.fetch_media(page.posts[0])] == [None] * 4


def test_a_missing_chain_cookie_is_fetched_once(city, web: TikTokWeb, platforms) -> None:
    city.video()
    (page,) = web.list_posts(city.ref())
    platforms.faults.add(tiktok.no_chain_cookie(count=1))
    records = list(web.fetch_media(page.posts[0]))
    assert [record.problem for record in records] == [None] * 4
    assert platforms.log.count(path="/@*/video/*") == 2


def test_a_film_larger_than_the_limit_is_cut_and_flagged(city, connect, platforms, sink) -> None:
    city.video()
    web = connect(limits=Limits(body_bytes=100_000))
    (page,) = web.list_posts(city.ref())
    platforms.faults.add(faults.oversized(400_000, tiktok.FILMS, announced=False))
    film, *rest = web.fetch_media(page.posts[0])
    assert film.problem is not None and film.problem.code == "limit_body_bytes"
    assert film.record == film.problem.evidence[-1]
    assert sink.of(film.record).truncated is not None
    assert [record.problem for record in rest] == [None] * 3


def test_a_stalled_page_is_given_up(city, connect, platforms) -> None:
    item = city.video()
    web = connect(limits=Limits(read_s=1.0, stall_s=1.0, connect_s=2.0))
    platforms.faults.add(faults.stall(30, Match(path="/@*/video/*"), after_bytes=20))
    with pytest.raises((errors.LimitExceeded, errors.NetworkFailure)):
        web.look(ref_of(city, item))


def test_the_rate_limit_of_a_film_host_ends_the_capture(city, web, platforms) -> None:
    city.video()
    (page,) = web.list_posts(city.ref())
    platforms.faults.add(faults.status(429, tiktok.FILMS, count=None))
    with pytest.raises(errors.RateLimited):
        list(web.fetch_media(page.posts[0]))
