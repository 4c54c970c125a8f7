"""Going on in a listing where an earlier night stopped."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import errors
from connectors.instagram.places import Place, age, goes_on, newest, place
from connectors.model import AccountRef, PageEnd, Post, PostRef, Section
from demo import faults as any_platform
from demo.ids import instagram_code, instagram_pk_of
from demo.instagram import faults

CODES = st.text("ABCabc019_-", min_size=1, max_size=11)
OWNER = AccountRef("instagram", "kota", "1")
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def post(code: str, *, pinned: bool = False) -> Post:
    return Post(PostRef("instagram", code, OWNER), pinned=pinned)


@UNHURRIED
@given(st.text(min_size=1), st.one_of(st.just(""), CODES))
def test_a_place_comes_back_as_it_was(cursor: str, code: str) -> None:
    assert place(str(Place(cursor, code))) == Place(cursor, code)


@UNHURRIED
@given(CODES)
def test_the_age_of_a_post_is_its_number(code: str) -> None:
    assert age(code) == instagram_pk_of(code)
    assert instagram_code(age(code)) == code.lstrip("A")


@UNHURRIED
@given(st.lists(CODES, min_size=1, max_size=6, unique_by=age))
def test_only_something_older_goes_on(codes: list[str]) -> None:
    posts = [post(code) for code in codes]
    first, last = max(codes, key=age), min(codes, key=age)
    assert newest(posts) == first and newest((), last) == last
    assert not goes_on(posts, Place("x", last))
    assert goes_on(posts, Place("x", first)) is (len(codes) > 1)
    assert goes_on([post(code, pinned=True) for code in codes], Place("x", last))
    assert goes_on(posts, Place("x"))


def test_a_post_out_of_order_lets_no_place_be_refused() -> None:
    """A co-author's pin, far older than what stands beside it."""
    head = [post("B"), post("Zz9"), post("Zz8")]
    assert goes_on([post("Zz7"), post("Zz6")], Place("x", newest(head)))


@pytest.mark.parametrize("section", [Section.POSTS, Section.REELS])
def test_a_night_goes_on_where_the_last_one_stopped(desk: Any, section: Section) -> None:
    if section is Section.REELS:
        for number in range(20):
            desk.platforms.world.edit(desk.city, f"C{number:03d}_-x", kind="reel", pinned=False)
    head = next(desk.connect(login=True).list_posts(desk.account, section))
    assert head.cursor
    desk.platforms.log.settle()
    desk.platforms.log.clear()
    connector = desk.connect(login=True)
    pages = list(connector.list_posts(desk.account, section, after=head.cursor))
    whole = list(desk.connect(login=True).list_posts(desk.account, section))[1:]
    ids = [[post.id for post in page.posts] for page in pages]
    assert ids == [[post.id for post in page.posts] for page in whole]
    assert [page.end for page in pages] == [page.end for page in whole]
    assert pages[-1].end is PageEnd.END and pages[-1].cursor is None
    asked = [r for r in desk.requests() if r.startswith("POST")]
    assert len(asked) == 2 * (1 + len(pages)) + 1, "the first page is not paid for again"


def test_a_stranger_goes_on_through_the_profile_page(desk: Any) -> None:
    head = next(desk.connect().list_posts(desk.account))
    desk.platforms.log.settle()
    desk.platforms.log.clear()
    pages = list(desk.connect().list_posts(desk.account, after=head.cursor))
    assert [len(page.posts) for page in pages] == [12, 6] and pages[-1].end is PageEnd.END
    assert desk.requests() == [
        "GET /tirta_kencana.kota/",
        "GET /",
        "POST /api/graphql",
        "POST /api/graphql",
    ]


STALE = [
    ("error", lambda m: any_platform.status(400, m)),
    ("malformed", lambda m: any_platform.html(m)),
    ("null", lambda m: faults.data_null(m)),
    ("nothing", lambda m: faults.stale_cursor(m)),
]


@pytest.mark.parametrize("login", [False, True], ids=["anonymous", "logged in"])
@pytest.mark.parametrize("plan", [s[1] for s in STALE], ids=[s[0] for s in STALE])
def test_a_place_nobody_knows_is_refused(desk: Any, plan: Any, login: bool) -> None:
    cursor = next(desk.connect(login=login).list_posts(desk.account)).cursor
    match = faults.TIMELINE_QUERY if login else faults.ANONYMOUS_TIMELINE_QUERY
    desk.platforms.faults.add(plan(match))
    with pytest.raises(errors.CursorRefused) as told:
        next(desk.connect(login=login).list_posts(desk.account, after=cursor))
    assert told.value.evidence and told.value.hint


@pytest.mark.parametrize("login", [False, True], ids=["anonymous", "logged in"])
def test_a_jump_to_the_head_is_refused(desk: Any, login: bool) -> None:
    pages = desk.connect(login=login).list_posts(desk.account)
    place_now = [next(pages), next(pages)][1].cursor
    stale = f"{place(place_now).newest}:QVFCforgotten"
    with pytest.raises(errors.CursorRefused, match="does not follow"):
        next(desk.connect(login=login).list_posts(desk.account, after=stale))


def test_a_listing_that_fails_as_a_whole_does_not_refuse_a_place(desk: Any) -> None:
    cursor = next(desk.connect(login=True).list_posts(desk.account)).cursor
    desk.platforms.faults.add(any_platform.status(500, faults.TIMELINE_QUERY, count=None))
    with pytest.raises(errors.AnswerUnusable) as told:
        next(desk.connect(login=True).list_posts(desk.account, after=cursor))
    assert not isinstance(told.value, errors.CursorRefused)
    desk.platforms.faults.clear()
    desk.platforms.faults.add(faults.please_wait(faults.TIMELINE_QUERY))
    with pytest.raises(errors.RateLimited):
        next(desk.connect(login=True).list_posts(desk.account, after=cursor))


def test_a_highlight_that_is_not_there_any_more_is_refused(full: Any) -> None:
    with pytest.raises(errors.CursorRefused):
        next(full.connect(login=True).list_posts(full.account, Section.HIGHLIGHTS, after="1"))
