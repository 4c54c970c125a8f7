from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors import errors
from connectors.model import PageEnd, Post, PostRef
from demo import faults as any_platform
from demo.instagram import faults

QUERY = "GET /graphql/query"
PAGE = "GET /api/v1/media/3900003/comments/"


def with_remarks(desk: Any, remarks: Any, **changes: Any) -> Post:
    """The post C003 with these comments, as a session sees it."""
    world = desk.platforms.world
    count = changes.pop("comments", len(remarks))
    world.edit(desk.city, "C003_-x", remarks=remarks, comments=count, **changes)
    connector = desk.connect(login=True)
    seen = connector.look(PostRef("instagram", "C003_-x", desk.account)).post
    desk.platforms.log.settle()
    desk.platforms.log.clear()
    return seen


def read(desk: Any, post: Post) -> list[Any]:
    return list(desk.connect(login=True).comments(post))


def test_a_post_without_comments_costs_nothing(desk: Any, comment: Any) -> None:
    for post in (
        with_remarks(desk, ()),
        with_remarks(desk, comment(5), comments_off=True),
    ):
        (page,) = read(desk, post)
        assert (page.comments, page.end) == ((), PageEnd.END)
    assert desk.requests() == []
    with pytest.raises(ValueError, match="stranger"):
        desk.connect().comments(post)


def test_a_few_comments_cost_one_request(desk: Any, comment: Any) -> None:
    post = with_remarks(desk, comment(10, replies=2))
    (page,) = read(desk, post)
    assert (page.end, page.reason, page.problems) == (PageEnd.END, None, ())
    assert len(page.comments) == 12 and page.evidence
    first = next(c for c in page.comments if c.comment_id == "180000003")
    assert (first.text, first.author_handle, first.author_id) == ("Komentar 3", "warga_3", "90003")
    assert first.likes == 3 and first.written_at == datetime(2026, 11, 24, 12, tzinfo=UTC)
    replies = [c for c in page.comments if c.parent_id]
    assert [c.parent_id for c in replies] == ["180000000"] * 2
    assert desk.requests() == [QUERY]


def test_many_comments_come_page_by_page_with_their_replies(desk: Any, comment: Any) -> None:
    post = with_remarks(desk, comment(40, replies=25))
    pages = read(desk, post)
    found = [c for page in pages for c in page.comments]
    assert len(found) == len({c.comment_id for c in found}) == 65
    assert sum(c.parent_id == "180000000" for c in found) == 25
    assert [page.end for page in pages] == [PageEnd.MORE] * 4 + [PageEnd.END]
    thread = f"{PAGE}180000000/child_comments/"
    assert desk.requests() == [PAGE, thread, thread, PAGE, PAGE]
    assert all(page.evidence for page in pages)


def test_where_the_older_query_is_refused_the_other_way_is_taken(desk: Any, comment: Any) -> None:
    post = with_remarks(desk, comment(4))
    desk.platforms.faults.add(faults.invalid_request(faults.COMMENTS_QUERY))
    (page,) = read(desk, post)
    assert len(page.comments) == 4 and page.end is PageEnd.END
    assert desk.requests() == [QUERY, PAGE]


def spoiled(**changes: Any) -> Any:
    return faults.edited("spoiled", lambda a: a.update(changes), faults.MOBILE_COMMENTS, 1, 1)


SILENT = [
    ("no_page_info", {"has_more_comments": None, "has_more_headload_comments": None}),
    ("no_cursor", {"has_more_comments": True, "has_more_headload_comments": True}),
    ("empty_page", {"comments": [], "next_min_id": "99"}),
]


@pytest.mark.parametrize(("reason", "changes"), SILENT, ids=[s[0] for s in SILENT])
def test_a_silent_end_of_comments_is_noticed(
    desk: Any, comment: Any, reason: str, changes: dict[str, Any]
) -> None:
    post = with_remarks(desk, comment(30))
    desk.platforms.faults.add(spoiled(**changes))
    pages = read(desk, post)
    assert (pages[-1].end, pages[-1].reason) == (PageEnd.SILENT, reason)


def test_comments_that_never_end_are_noticed(desk: Any, comment: Any) -> None:
    post = with_remarks(desk, comment(60))
    desk.platforms.faults.add(faults.repeated_page(faults.MOBILE_COMMENTS, skip=1))
    pages = read(desk, post)
    assert (pages[-1].end, pages[-1].reason) == (PageEnd.SILENT, "repeated_page")
    assert len(desk.requests()) == 3


def test_replies_that_do_not_come_are_told(desk: Any, comment: Any) -> None:
    post = with_remarks(desk, comment(20, replies=5))
    desk.platforms.faults.add(any_platform.status(400, faults.MOBILE_THREAD))
    pages = read(desk, post)
    assert (pages[-1].end, pages[-1].reason) == (PageEnd.SILENT, "replies_missing")
    assert sum(len(page.comments) for page in pages) == 22
    assert [p.code for page in pages for p in page.problems] == ["answer_unusable"]


def test_one_malformed_comment_costs_only_itself(desk: Any, comment: Any) -> None:
    def spoil(answer: dict[str, Any]) -> None:
        answer["comments"][2] = {"pk": None}
        answer["comments"][3] = "x"
        answer["comments"][4]["user"] = None

    post = with_remarks(desk, comment(15))
    desk.platforms.faults.add(faults.edited("spoiled", spoil, faults.MOBILE_COMMENTS))
    (page,) = read(desk, post)
    assert [p.code for p in page.problems] == ["malformed_item"] * 2
    assert len(page.comments) == 13 and page.end is PageEnd.END
    assert page.comments[2].author_handle is None


def test_a_refused_visitor_is_told(desk: Any, comment: Any) -> None:
    post = with_remarks(desk, comment(30))
    for fault, error in (
        (faults.please_wait(faults.MOBILE_COMMENTS), errors.RateLimited),
        (faults.refused("challenge_required", faults.MOBILE_COMMENTS), errors.Challenge),
        (faults.login_wall(faults.MOBILE_COMMENTS), errors.SessionExpired),
        (any_platform.html(faults.MOBILE_COMMENTS), errors.MalformedAnswer),
    ):
        desk.platforms.faults.add(fault)
        with pytest.raises(error):
            read(desk, post)
