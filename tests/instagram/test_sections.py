"""What a session adds: reels, stories and highlights, and what each costs."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.model import AuthorRole, MediaRole, PageEnd, PostKind, PostRef, Presence, Section

NUMBERS = "GET /api/v1/feed/reels_media/"
QUERY, POSTED = "GET /graphql/query", "POST /graphql/query"
EVERY = (Section.POSTS, Section.REELS, Section.STORIES, Section.HIGHLIGHTS)


def test_a_stranger_reads_posts_only_and_asks_for_nothing_else(full: Any) -> None:
    stranger, identity = full.connect(), full.connect(login=True)
    assert stranger.sections == EVERY[:1] and stranger.reads_comments is False
    assert identity.sections == EVERY and identity.reads_comments is True
    for section in EVERY[1:]:
        with pytest.raises(ValueError, match=section):
            next(stranger.list_posts(full.account, section))
    (story,) = full.platforms.world.stories(full.city, full.platforms.world.now())[:1]
    seen = stranger.look(PostRef("instagram", f"story:{story.code}", full.account))
    assert (seen.presence, seen.reason) == (Presence.UNKNOWN, "login_needed")
    assert full.requests() == []


def test_reels_come_page_by_page_as_outlines(full: Any) -> None:
    connector = full.connect(login=True)
    pages = list(connector.list_posts(full.account, Section.REELS))
    posts = [post for page in pages for post in page.posts]
    reels = [i for i in full.city.items if i.kind == "reel"]
    assert {post.ref.code for post in posts} == {item.code for item in reels}
    assert len(posts) == 11 and pages[-1].end is PageEnd.END
    assert not any(post.is_complete for post in posts)
    outline = next(p for p in posts if p.ref.code == "CZZ0_-x")
    assert outline.kind is PostKind.REEL and outline.metrics.plays == 0
    assert full.requests() == [POSTED, POSTED], "the profile, then one page; no reel by itself"
    seen = connector.look(outline.ref)
    assert seen.presence is Presence.PRESENT and seen.post and seen.post.caption == "Luar"
    assert all(r.problem is None for r in connector.fetch_media(seen.post))
    listed = {p.ref.code for page in connector.list_posts(full.account) for p in page.posts}
    assert "CZZ0_-x" not in listed and "CZZ1_-x" in listed


def test_a_shared_post_stands_in_both_timelines_with_its_owner(full: Any) -> None:
    connector = full.connect(login=True)
    water = type(full.account)("instagram", "pdam.kota", "5151")
    for account in (full.account, water):
        posts = {p.ref.code: p for page in connector.list_posts(account) for p in page.posts}
        shared = posts["CZZ2_-x"]
        assert [(a.handle, a.role, a.native_id) for a in shared.authors] == [
            ("pdam.kota", AuthorRole.OWNER, "5151"),
            ("tirta_kencana.kota", AuthorRole.COAUTHOR, "4242"),
        ]


def test_stories_are_one_page_of_whole_posts(full: Any) -> None:
    connector = full.connect(login=True)
    (page,) = connector.list_posts(full.account, Section.STORIES)
    assert full.requests() == [QUERY, NUMBERS]
    assert (page.end, page.reason, page.problems, page.cursor) == (PageEnd.END, None, (), None)
    world = full.platforms.world
    shown = world.stories(full.city, world.now())
    assert [p.ref.code for p in page.posts] == [f"story:{i.code}" for i in shown[::-1]]
    newest, film, _ = page.posts
    assert newest.id == f"instagram:story:{newest.ref.native_id}"
    assert newest.kind is PostKind.STORY and newest.is_complete
    assert newest.permalink == (
        f"https://www.instagram.com/stories/tirta_kencana.kota/{newest.ref.native_id}/"
    )
    assert newest.expires_at and newest.published_at
    assert (newest.expires_at - newest.published_at).total_seconds() == 86_400
    assert newest.extra["mentions"] == ["pdam.kota"] and newest.extra["location"] == "Balai Kota"
    assert film.extra["music"] == {
        "title": "Indonesia Pusaka",
        "artist": "Ismail Marzuki",
        "id": "88",
    }
    assert [m.role for m in film.media] == [MediaRole.CONTENT, MediaRole.COVER]
    assert (film.media[0].width, film.media[0].height) == (720, 1280), "the mobile size"
    assert len(film.evidence) == 2 and film.evidence == page.evidence[::-1]
    for post in page.posts:
        assert all(r.problem is None for r in connector.fetch_media(post))
    assert full.platforms.log.cookies_at("scontent.cdninstagram.com") == set()


def test_no_story_on_show_costs_one_request_and_is_an_end(desk: Any) -> None:
    (page,) = desk.connect(login=True).list_posts(desk.account, Section.STORIES)
    assert (page.posts, page.end, page.problems) == ((), PageEnd.END, ())
    assert page.evidence and desk.requests() == [QUERY]


def test_each_highlight_is_a_page_with_its_cover(full: Any) -> None:
    connector = full.connect(login=True)
    pages = list(connector.list_posts(full.account, Section.HIGHLIGHTS))
    assert full.requests() == [QUERY, QUERY, NUMBERS, QUERY, NUMBERS]
    assert [page.highlight.title for page in pages] == ["Layanan", "Banjir"]
    assert [page.end for page in pages] == [PageEnd.MORE, PageEnd.END]
    for page, collection in zip(pages, full.city.collections, strict=True):
        assert [p.ref.native_id for p in page.posts] == list(collection.codes)
        assert page.problems == () and page.highlight.native_id == collection.native_id
        for post in page.posts:
            assert post.kind is PostKind.HIGHLIGHT and post.is_complete
            assert post.extra["highlights"] == [collection.title] and post.expires_at is None
            assert all(r.problem is None for r in connector.fetch_media(post))
        assert connector.fetch(page.highlight.cover).problem is None
    full.platforms.log.clear()
    (last,) = connector.list_posts(full.account, Section.HIGHLIGHTS, after=pages[0].cursor)
    assert last.highlight.title == "Banjir" and full.requests().count(QUERY) == 2


def test_an_account_without_highlights_ends_in_so_many_words(desk: Any) -> None:
    (page,) = desk.connect(login=True).list_posts(desk.account, Section.HIGHLIGHTS)
    assert (page.posts, page.end, page.highlight) == ((), PageEnd.END, None)
    assert desk.requests() == [QUERY]


def test_what_a_look_at_a_story_concludes(full: Any) -> None:
    connector, world = full.connect(login=True), full.platforms.world
    first, *_, last = world.stories(full.city, world.now())
    hidden = next(i for i in full.city.items if i.kind == "story" and i not in (first, last))

    def look(code: str) -> tuple[Presence, str]:
        seen = connector.look(PostRef("instagram", f"story:{code}", full.account))
        assert seen.evidence
        return seen.presence, seen.reason

    seen = connector.look(PostRef("instagram", f"story:{last.code}", full.account))
    assert full.requests() == [f"GET /api/v1/media/{last.code}/info/"]
    assert seen.post and seen.post.kind is PostKind.STORY and seen.post.is_complete
    world.delete(full.city, last.code)
    assert look(last.code) == (Presence.GONE, "media_not_found"), "withdrawn within its day"
    kept = full.city.collections[0].codes[0]
    seen = connector.look(PostRef("instagram", f"story:{kept}", full.account))
    assert seen.post and seen.post.kind is PostKind.HIGHLIGHT and seen.post.expires_at is None
    past = next(i for i in full.city.items if i.kind == "story" and not _shown(full, i))
    assert look(past.code) == (Presence.UNKNOWN, "story_expired")
    assert look(hidden.code)[0] is Presence.PRESENT


def _shown(full: Any, item: Any) -> bool:
    world = full.platforms.world
    return item.state != "public" or (
        item in world.stories(full.city, world.now())
        or any(item.code in c.codes for c in full.city.collections)
    )
