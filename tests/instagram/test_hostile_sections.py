"""Hostile answers on the paths of stories, highlights, reels and comments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors import errors
from connectors.model import PageEnd, PostRef, Presence, Section
from demo import faults as any_platform
from demo.faults import Match
from demo.instagram import faults

Plan = Callable[[Match], any_platform.Fault]

HOSTILE: list[tuple[str, Plan]] = [
    ("400", lambda m: any_platform.status(400, m, count=None)),
    ("404", lambda m: any_platform.status(404, m, count=None)),
    ("500", lambda m: any_platform.status(500, m, count=None)),
    ("html", lambda m: any_platform.html(m, count=None)),
    ("cut json", lambda m: any_platform.cut_text(m, count=None)),
    ("empty object", lambda m: any_platform.empty_object(m, count=None)),
    ("data null", lambda m: faults.data_null(m, None)),
    ("execution error", lambda m: faults.execution_error(m, None)),
    ("invalid request", lambda m: faults.invalid_request(m, None)),
    ("bomb", lambda m: any_platform.gzip_bomb(1 << 23, m, count=None)),
    ("deep", lambda m: any_platform.deep_json(5000, m, count=None)),
    ("truncated", lambda m: any_platform.truncated(40, m, count=None)),
    ("short", lambda m: any_platform.wrong_length(50, m, count=None)),
]
BROKEN_LINE = frozenset({"truncated", "short"})
ids = [h[0] for h in HOSTILE]
each = pytest.mark.parametrize(("name", "plan"), HOSTILE, ids=ids)


@each
def test_stories_whose_best_answer_is_hostile_are_read_from_the_other(
    full: Any, name: str, plan: Plan
) -> None:
    full.platforms.faults.add(plan(faults.MOBILE_REELS))
    pages = full.connect(login=True).list_posts(full.account, Section.STORIES)
    if name in BROKEN_LINE:
        with pytest.raises(errors.NetworkFailure):
            list(pages)
        return
    (page,) = pages
    assert len(page.posts) == 3 and all(post.is_complete for post in page.posts)
    assert len(page.problems) == 1 and page.problems[0].evidence
    assert {post.media[0].width for post in page.posts} == {540, 360}, "half the size"


@each
def test_stories_whose_web_answer_is_hostile_are_read_at_best(
    full: Any, name: str, plan: Plan
) -> None:
    full.platforms.faults.add(plan(faults.STORIES_QUERY))
    pages = full.connect(login=True).list_posts(full.account, Section.STORIES)
    if name in BROKEN_LINE:
        with pytest.raises(errors.NetworkFailure):
            list(pages)
        return
    (page,) = pages
    assert len(page.posts) == 3 and page.end is PageEnd.END
    assert len(page.problems) == 1 and page.problems[0].evidence


@each
def test_stories_that_nothing_answers_for_are_an_error(full: Any, name: str, plan: Plan) -> None:
    for match in (faults.STORIES_QUERY, faults.MOBILE_REELS):
        full.platforms.faults.add(plan(match))
    with pytest.raises(errors.ConnectorError) as told:
        list(full.connect(login=True).list_posts(full.account, Section.STORIES))
    assert told.value.evidence and told.value.hint


@each
def test_a_hostile_list_of_highlights_ends_only_that_section(
    full: Any, name: str, plan: Plan
) -> None:
    full.platforms.faults.add(plan(faults.HIGHLIGHTS_QUERY))
    connector = full.connect(login=True)
    with pytest.raises((errors.AnswerUnusable, errors.NetworkFailure)) as told:
        list(connector.list_posts(full.account, Section.HIGHLIGHTS))
    assert told.value.evidence and told.value.hint
    assert len(list(connector.list_posts(full.account))) == 3


@each
def test_a_hostile_highlight_does_not_hide_the_others(full: Any, name: str, plan: Plan) -> None:
    one = full.city.collections[0].native_id
    web = Match(
        fields={"query_hash": faults.HIGHLIGHT_QUERY.fields["query_hash"], "variables": f"*{one}*"}
    )
    mobile = Match(
        host="i.instagram.com", path=faults.MOBILE_REELS.path, fields={"reel_ids": f"*{one}"}
    )
    full.platforms.faults.add(plan(web))
    full.platforms.faults.add(plan(mobile))
    pages = full.connect(login=True).list_posts(full.account, Section.HIGHLIGHTS)
    if name in BROKEN_LINE:
        with pytest.raises(errors.NetworkFailure):
            list(pages)
        return
    first, second = pages
    assert first.posts == () and first.highlight.native_id == one
    assert first.problems and first.problems[0].evidence and first.end is PageEnd.MORE
    assert len(second.posts) == 2
    assert (second.end, second.reason) == (PageEnd.SILENT, "highlight_unread")


@each
def test_a_hostile_page_of_reels_is_told(full: Any, name: str, plan: Plan) -> None:
    full.platforms.faults.add(plan(faults.REELS_QUERY))
    with pytest.raises((errors.AnswerUnusable, errors.NetworkFailure)) as told:
        list(full.connect(login=True).list_posts(full.account, Section.REELS))
    assert told.value.evidence


@each
def test_a_hostile_answer_is_no_verdict_on_a_story(full: Any, name: str, plan: Plan) -> None:
    story = full.platforms.world.stories(full.city, full.platforms.world.now())[-1]
    full.platforms.faults.add(plan(faults.MOBILE_MEDIA))
    ref = PostRef("instagram", f"story:{story.code}", full.account)
    connector = full.connect(login=True)
    if name in BROKEN_LINE:
        with pytest.raises(errors.NetworkFailure):
            connector.look(ref)
        return
    seen = connector.look(ref)
    assert seen.presence is Presence.UNKNOWN, seen.reason
    assert seen.post is None and seen.evidence


REFUSALS: list[tuple[Plan, type[errors.ConnectorError]]] = [
    (faults.please_wait, errors.RateLimited),
    (lambda m: faults.refused("checkpoint_required", m), errors.Challenge),
    (faults.login_wall, errors.SessionExpired),
    (lambda m: any_platform.status(429, m), errors.RateLimited),
    (lambda m: any_platform.status(403, m), errors.Forbidden),
]


@pytest.mark.parametrize(("plan", "error"), REFUSALS)
@pytest.mark.parametrize(
    ("section", "match"),
    [
        (Section.REELS, faults.REELS_QUERY),
        (Section.STORIES, faults.STORIES_QUERY),
        (Section.STORIES, faults.MOBILE_REELS),
        (Section.HIGHLIGHTS, faults.HIGHLIGHTS_QUERY),
        (Section.HIGHLIGHTS, faults.HIGHLIGHT_QUERY),
        (Section.HIGHLIGHTS, faults.MOBILE_REELS),
    ],
)
def test_a_block_is_never_swallowed(
    full: Any, section: Section, match: Match, plan: Plan, error: type[errors.ConnectorError]
) -> None:
    full.platforms.faults.add(plan(match))
    with pytest.raises(error) as told:
        list(full.connect(login=True).list_posts(full.account, section))
    assert told.value.evidence


def test_an_answer_without_the_tray_is_no_empty_tray(full: Any) -> None:
    full.platforms.faults.add(faults.without(faults.STORIES_QUERY, "data", "reels_media"))
    full.platforms.faults.add(faults.without(faults.MOBILE_REELS, "reels"))
    with pytest.raises(errors.MalformedAnswer):
        list(full.connect(login=True).list_posts(full.account, Section.STORIES))


def test_a_story_of_another_account_is_a_problem(full: Any) -> None:
    def spoil(answer: dict[str, Any]) -> None:
        for item in answer["reels"]["4242"]["items"][:1]:
            item["user"] = {"pk": "666", "username": "asing"}

    def spoil_web(answer: dict[str, Any]) -> None:
        for item in answer["data"]["reels_media"][0]["items"][:1]:
            item["owner"] = {"id": "666", "username": "asing"}

    full.platforms.faults.add(faults.edited("stranger", spoil, faults.MOBILE_REELS))
    full.platforms.faults.add(faults.edited("stranger", spoil_web, faults.STORIES_QUERY))
    (page,) = full.connect(login=True).list_posts(full.account, Section.STORIES)
    assert len(page.posts) == 2 and [p.code for p in page.problems] == ["wrong_object"]


def test_the_wrong_story_is_not_the_story(full: Any) -> None:
    def spoil(answer: dict[str, Any]) -> None:
        answer["items"][0].update(pk=12345, id="12345_4242")

    story = full.platforms.world.stories(full.city, full.platforms.world.now())[-1]
    full.platforms.faults.add(faults.edited("other", spoil, faults.MOBILE_MEDIA))
    ref = PostRef("instagram", f"story:{story.code}", full.account)
    seen = full.connect(login=True).look(ref)
    assert (seen.presence, seen.reason) == (Presence.UNKNOWN, "wrong_object")
