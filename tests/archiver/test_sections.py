"""Stories, highlights, reels, shared posts and covers: what each costs and becomes."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from archiver.completeness import Outcome
from archiver.orders import CaptureResult
from archiver.run import run_captures
from archiver.verification import verify
from archiver.world import World
from connectors.errors import MalformedAnswer, RateLimited
from connectors.model import (
    AccountRef,
    Author,
    AuthorRole,
    Highlight,
    Media,
    MediaKind,
    MediaRole,
    PostKind,
    PostRef,
    Section,
)
from storage.catalogue import highlights, open_catalogue, posts, relations
from storage.catalogue.comparison import differences
from storage.reindex import reindex

Build = Callable[..., World]
ALL = (Section.POSTS, Section.REELS, Section.STORIES, Section.HIGHLIGHTS)


@contextmanager
def reading(world: World):
    catalogue = open_catalogue(world.config.catalogue_url, read_only=True)
    try:
        with catalogue.reading() as conn:
            yield conn
    finally:
        catalogue.close()


def one(world: World) -> CaptureResult:
    return run_captures(world, world.config.accounts).captures[0]


def story(platform, pk: str):
    post = platform.publish(f"S{pk}", "")
    del platform.posts[0]
    owner = AccountRef("instagram", platform.handle, platform.native_id)
    return replace(post, ref=PostRef("instagram", f"story:{pk}", owner, pk), kind=PostKind.STORY)


def picture(name: str, role: MediaRole) -> Media:
    return Media(name, MediaKind.IMAGE, role, 0, f"https://media.example/{name}.jpg")


def rebuilt_equal(world: World, tmp_path: Path) -> None:
    live = open_catalogue(world.config.catalogue_url)
    other = open_catalogue(f"sqlite:///{tmp_path / 'rebuilt.sqlite'}")
    try:
        reindex(world.config.archive, other)
        assert differences(live.engine, other.engine) == []
        assert list(verify(world.config.archive, live, full=True)) == []
    finally:
        live.close()
        other.close()


def test_every_section_is_kept_and_stories_come_first(
    make_world: Build, platform, schemas, tmp_path: Path
) -> None:
    platform.sections = ALL
    shown = story(platform, "77")
    platform.stories = [shown]
    reel = platform.publish("R1", "film", slides=1)
    platform.posts.remove(reel)
    platform.reels = [reel]
    album = Highlight("900", "Banjir", picture("c-900", MediaRole.COVER))
    platform.highlights = [(album, [replace(shown, kind=PostKind.HIGHLIGHT)])]
    world = make_world()
    result = one(world)
    assert (result.outcome, result.reason) == (Outcome.COMPLETE, None)
    assert [w for w in platform.asked if "-" not in w][:3] == ["profile", "stories", "list"]
    platform.asked.clear()
    assert one(world).outcome is Outcome.COMPLETE
    assert [w for w in platform.asked if "-" in w] == [], "known items cost no media"
    with reading(world) as conn:
        kept = posts.get(conn, "instagram:story:77")
        series = highlights.of_account(conn, "instagram:1001")
        assert posts.get(conn, "instagram:R1") is not None
    assert kept is not None
    assert (kept.kind, kept.versions) == ("highlight", 2), "the tray takes nothing away"
    assert [(h.title, h.items) for h in series] == [("Banjir", ("instagram:story:77",))] * 2
    assert series[0].cover_record == series[1].cover_record
    for name, document in schemas.documents(world.config.archive):
        schemas.check(name, json.loads(document))
    rebuilt_equal(world, tmp_path)


def test_a_broken_section_loses_nothing_else(make_world: Build, platform) -> None:
    platform.sections = ALL
    platform.raises["stories"] = MalformedAnswer("cut")
    world = make_world()
    result = one(world)
    assert (result.outcome, result.reason, result.new) == (
        Outcome.PARTIAL,
        "malformed_answer",
        4,
    )
    assert "highlights" in platform.asked
    platform.raises["stories"] = RateLimited("slow down")
    platform.asked.clear()
    result = one(world)
    assert (result.reason, result.visitor_refused) == ("rate_limited", True)
    assert platform.asked[-1] == "stories"


def test_only_wanted_sections_are_asked(make_world: Build, platform) -> None:
    platform.sections = ALL
    world = make_world()
    world = make_world(world.config.file.read_text() + 'capture = ["posts", "stories"]\n')
    assert one(world).outcome is Outcome.COMPLETE
    assert {"reels", "highlights"}.isdisjoint(platform.asked)


def test_a_shared_post_is_one_record(make_world: Build, platform, tmp_path: Path) -> None:
    authors = (
        Author("pemkot", AuthorRole.OWNER, "1001"),
        Author("dinas", AuthorRole.COAUTHOR, "1002"),
    )
    platform.posts = platform.posts[:1]
    shared = platform.publish("SHARED", "bersama", authors=authors)
    world = make_world()
    one(world)
    second = '[[accounts]]\nplatform = "instagram"\nhandle = "dinas"\nid = "1002"\n'
    platform.handle, platform.native_id = "dinas", "1002"
    ref = replace(shared.ref, owner=AccountRef("instagram", "dinas", "1002"))
    platform.posts = [replace(shared, ref=ref)]
    platform.publish("OWN", "sendiri")
    platform.asked.clear()
    world = make_world(world.config.file.read_text() + second)
    result = run_captures(world, world.config.accounts[1:]).captures[0]
    assert (result.outcome, result.new, result.edited) == (Outcome.COMPLETE, 1, 0)
    assert [w for w in platform.asked if "-" in w] == ["OWN-0"]
    platform.asked.clear()
    run_captures(world, world.config.accounts[1:])
    assert platform.asked == ["profile", "list"], "what was joined counts as held"
    with reading(world) as conn:
        mine = posts.find(conn, posts.PostFilter(account="instagram:1002"))
        assert {post.id for post in mine} == {"instagram:SHARED", "instagram:OWN"}
        row = posts.get(conn, "instagram:SHARED")
        related = relations.accounts_of(conn, ["instagram:SHARED"])["instagram:SHARED"]
    assert row is not None
    assert (row.account, row.versions) == ("instagram:1001", 1)
    assert [(a.account, a.role) for a in related] == [
        ("instagram:1001", "owner"),
        ("instagram:1002", "coauthor"),
    ]
    rebuilt_equal(world, tmp_path)


def test_a_cover_counts_by_its_bytes(make_world: Build, platform, tmp_path: Path) -> None:
    cover = picture("cover-1", MediaRole.COVER)
    film = platform.posts[0]
    media = (*film.media, cover)
    platform.change(film.ref.code, media=media, extra={"cover": "key-1"})
    world = make_world()
    one(world)
    platform.change(film.ref.code, extra={"cover": "key-2"})
    assert one(world).edited == 0
    assert "cover-1" in platform.asked
    platform.asked.clear()
    assert one(world).edited == 0
    assert "cover-1" not in platform.asked, "the new key is remembered"
    platform.bodies["cover-1"] = (200, "image/jpeg", b"\xff\xd8\xff\xe0other\xff\xd9")
    platform.change(film.ref.code, extra={"cover": "key-3"})
    assert one(world).edited == 1
    with reading(world) as conn:
        row = posts.get(conn, film.id)
    assert row is not None and row.versions == 2
    rebuilt_equal(world, tmp_path)
