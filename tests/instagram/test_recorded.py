"""Real recorded objects through the whole path: site, instaloader, tap, parser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from connectors.errors import Challenge
from connectors.instagram import parse
from connectors.instagram.meaning import RULES, case_of, refusal
from connectors.model import AccountRef, Presence, RecordId, Section
from connectors.tap.journal import JournalEntry
from demo.faults import Fault, Match, replaced
from demo.http import json_response
from demo.instagram import faults
from demo.real import RealAccounts, real_accounts
from demo.world import Account


def read_whole(desk: Any, account: Account) -> None:
    desk.platforms.world.add(account)
    ref = AccountRef("instagram", account.handle, account.native_id)
    connector, stranger = desk.connect(login=True), desk.connect()
    assert connector.profile(ref).native_id == account.native_id
    (page,) = connector.list_posts(ref)
    assert page.problems == () and len(page.posts) == len(account.items)
    for post in page.posts:
        item = next(i for i in account.items if i.code == post.ref.code)
        assert post.is_complete and (post.caption, post.kind) == (item.caption, item.kind)
        alone = parse.post(item.raw | {"timeline_pinned_user_ids": []}, ref, ())  # type: ignore[operator]
        told = {name: value for name, value in post.extra.items() if name != "cover"}
        assert (told, post.metrics) == (alone.extra, alone.metrics)
        assert post.authors == alone.authors
        # The cover's key is part of its address, and the stand-in has its own.
        assert ("cover" in post.extra) == (item.kind == "reel")
        slides = [m for m in post.media if m.role == "content"]
        assert [m.media_id for m in slides] == [s.media_id for s in item.slides]
        assert all(r.problem is None for r in connector.fetch_media(post))
        seen = stranger.look(post.ref)
        assert seen.presence is Presence.PRESENT and seen.post
        assert [m.media_id for m in seen.post.media] == [m.media_id for m in post.media]


def instagram_accounts(found: RealAccounts) -> list[Account]:
    return [account for account in found.all if account.platform == "instagram"]


def test_licensed_objects(desk: Any, demo_media: Path) -> None:
    for account in instagram_accounts(real_accounts(None, demo_media)):
        read_whole(desk, account)


def test_all_objects(desk: Any, demo_media: Path, real_data: Path) -> None:
    accounts = instagram_accounts(real_accounts(real_data, demo_media))
    assert sum(len(account.items) for account in accounts) == 14
    for account in accounts:
        read_whole(desk, account)


def answered_with(value: object, match: Match) -> Fault:
    """A recorded answer in place of the pretend platform's."""
    return replaced("recorded", lambda _: json_response(value), match, count=None)


def test_a_recorded_tray_is_read_through_the_library(desk: Any, licensed: Any) -> None:
    answer = licensed("pgrimaud-graphql-stories.json")
    desk.platforms.faults.add(answered_with(answer, faults.STORIES_QUERY))
    account = AccountRef("instagram", "starwars", "625833324")
    (page,) = desk.connect(login=True).list_posts(account, Section.STORIES)
    (post,) = page.posts
    assert post.id == "instagram:story:2313478624923545316" and post.is_complete
    assert post.extra["mentions"] == ["geico"] and post.extra["hashtags"] == ["ad"]
    assert [m.kind for m in post.media] == ["video", "image"]
    # The pretend mobile interface knows no such account.
    assert [p.code for p in page.problems] == ["malformed_answer"]


def test_recorded_highlights_are_read_through_the_library(desk: Any, licensed: Any) -> None:
    answer = licensed("pgrimaud-graphql-highlights.json")
    reels = answer["data"]["reels_media"]
    nodes = [{"node": {"id": r["id"], "title": "T", "owner": r["owner"]}} for r in reels]
    listed = {"data": {"user": {"edge_highlight_reels": {"edges": nodes}}}, "status": "ok"}
    desk.platforms.faults.add(answered_with(listed, faults.HIGHLIGHTS_QUERY))
    desk.platforms.faults.add(answered_with(answer, faults.HIGHLIGHT_QUERY))
    account = AccountRef("instagram", "statement.paris", "5670185369")
    pages = list(desk.connect(login=True).list_posts(account, Section.HIGHLIGHTS))
    assert [len(page.posts) for page in pages] == [33, 8, 9]
    assert all(post.is_complete for page in pages for post in page.posts)


def test_a_recorded_checkpoint_is_a_challenge() -> None:
    file = Path(__file__).parents[1] / "data/instagram-graphql/pgrimaud-login-checkpoint.json"
    url = "https://www.instagram.com/api/graphql"
    record = RecordId("urn:uuid:1")
    entry = JournalEntry(record, "POST", url, 400, "application/json", body=file.read_bytes())
    problem = refusal(case_of(entry, logged_in=True), None)
    assert isinstance(problem, Challenge) and problem.evidence == (record,)
    assert "browser" in problem.hint and len(RULES) > 15
