from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import MalformedAnswer
from connectors.instagram.pages import Part, walk
from connectors.model import AccountRef, PageEnd, RecordId

OWNER = AccountRef("instagram", "kota", "1")
CODES = st.lists(st.sampled_from([f"C{n}" for n in range(12)] + [None]), max_size=4)
INFO = st.sampled_from(
    [
        None,
        {},
        {"has_next_page": False, "end_cursor": None},
        {"has_next_page": True, "end_cursor": None},
        {"has_next_page": True, "end_cursor": "same"},
        "next",
        "next",
        "next",
        "next",
    ]
)
ANSWER = st.tuples(CODES, INFO)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ANSWER, min_size=1, max_size=8))
def test_every_walk_ends_and_says_how(answers: list[tuple[list[str | None], object]]) -> None:
    asked: list[str] = []

    def part(number: int) -> Part:
        codes, info = answers[number % len(answers)]
        if info == "next":
            info = {"has_next_page": True, "end_cursor": f"at-{number}"}
        edges = [{"node": {"code": code}} for code in codes]
        return Part({"edges": edges, "page_info": info}, (RecordId(f"urn:uuid:{number}"),))

    def after(cursor: str) -> Part:
        asked.append(cursor)
        return part(len(asked))

    pages = list(walk(part(0), after, OWNER))
    assert len(pages) == len(asked) + 1
    assert all(page.end is PageEnd.MORE and page.reason is None for page in pages[:-1])
    assert pages[-1].end is not PageEnd.MORE
    assert (pages[-1].reason is not None) is (pages[-1].end is PageEnd.SILENT)
    ids = [post.id for page in pages for post in page.posts]
    assert len(ids) == len(set(ids))
    served = [answers[n % len(answers)][0] for n in range(len(pages))]
    assert {i.removeprefix("instagram:") for i in ids} == {
        c for codes in served for c in codes if c
    }


def test_an_account_without_posts_ends_in_so_many_words() -> None:
    empty = Part({"edges": [], "page_info": {"has_next_page": False}}, ())
    (page,) = walk(empty, lambda cursor: empty, OWNER)
    assert (page.posts, page.end, page.reason) == ((), PageEnd.END, None)


def test_what_is_no_listing_is_malformed() -> None:
    for value in (None, {}, [], {"edges": None}, {"edges": {"a": 1}}):
        try:
            next(walk(Part(value, ()), lambda cursor: Part(None, ()), OWNER))
        except MalformedAnswer as error:
            assert "kota" in str(error)
        else:
            raise AssertionError(value)


def test_previews_are_not_taken_for_posts() -> None:
    size = {"url": "https://scontent.cdninstagram.com/p", "width": 150, "height": 150}
    node = {"code": "C1", "media_type": 1, "taken_at": 1764000000, "caption": None}
    node["image_versions2"] = {"candidates": [size]}
    connection = {"edges": [{"node": node}], "page_info": {"has_next_page": False}}
    for whole in (True, False):
        (page,) = walk(Part(connection, (), whole=whole), lambda cursor: Part(None, ()), OWNER)
        assert page.posts[0].is_complete is whole
