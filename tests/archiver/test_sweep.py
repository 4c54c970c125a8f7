"""The sweep: the whole past is seen again within a fixed number of requests a night."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from archiver.completeness import Outcome
from archiver.quota import Quota
from connectors.errors import MalformedAnswer, RateLimited
from connectors.model import Metrics, PostKind, Section
from storage import schema, state
from storage.catalogue import open_catalogue, posts

Make = Callable[..., object]


def remove(platform, *codes: str) -> None:
    platform.posts = [post for post in platform.posts if post.ref.code not in codes]
    platform.reels = [post for post in platform.reels if post.ref.code not in codes]


def pages(platform, section: str = "list") -> int:
    return platform.asked.count(section)


def swept(nights, section: Section = Section.POSTS) -> state.Sweep | None:
    with nights.reading() as conn:
        return state.sweep(conn, "instagram:1001", section.value)


def test_the_past_is_walked_a_few_pages_a_night(make_nights: Make, platform) -> None:
    nights = make_nights(60, quota=4)
    nights.pass_()
    came_to = []
    for night in range(4):
        assert nights.pass_().outcome is Outcome.COMPLETE
        sweep = swept(nights)
        came_to.append(sweep.cursor and sweep.cursor[:4])
        assert pages(platform) <= 1 + 4, f"night {night}"
    # 12 pages, the head's one left out: four, four, three, and round again.
    assert came_to == ["A035", "A015", None, "A035"]
    assert swept(nights).ended_at is not None


def test_every_post_is_seen_again_in_one_round(make_nights: Make, platform) -> None:
    nights = make_nights(60, quota=4)
    nights.pass_()
    begun = nights.at
    for _ in range(3):
        nights.pass_()
    with nights.reading() as conn:
        last = [post.last_seen for post in posts.find(conn)]
    assert min(last) > begun.isoformat(), "nothing was last seen on the first night"


def test_a_post_gone_from_the_deep_past_is_found_and_looked_at_again(
    make_nights: Make, platform
) -> None:
    nights = make_nights(60, quota=6)
    nights.pass_()
    remove(platform, "A012")
    asked, found = [], 0
    for night in range(8):
        nights.pass_()
        asked.append(len(platform.asked) - 2)
        if not found and nights.checks("A012"):
            found = night + 1
            assert nights.checks("A012")[0].verdict == "absent"
            assert nights.checks("A012")[0].listing_evidence
    assert found in (2, 3)
    verdicts = [check.verdict for check in nights.checks("A012")]
    assert verdicts[:2] == ["absent", "absent"], "the next night, wherever the sweep is"
    assert max(asked) <= 6
    assert nights.checks("A012")[1].conditions["listing"]


def test_nothing_is_swept_while_the_past_is_being_read(make_nights: Make, platform) -> None:
    nights = make_nights(60, quota=50, more="[harvest]\nrequests_per_night = 10\n")
    while nights.pass_().reason == "harvest_under_way":
        assert swept(nights) is None
    nights.pass_()
    assert (pages(platform), swept(nights).ended_at is not None) == (12, True)


def test_a_whole_order_is_not_swept_and_is_judged(make_nights: Make, platform) -> None:
    nights = make_nights(30, quota=10)
    nights.pass_()
    remove(platform, "A003")
    nights.pass_(full=True)
    assert pages(platform) == 6, "the listing was read once"
    assert [check.verdict for check in nights.checks("A003")] == ["absent"]


def test_a_place_that_is_refused_begins_the_round_anew(make_nights: Make, platform) -> None:
    nights = make_nights(60, quota=4)
    nights.pass_()
    nights.pass_()
    cursor = swept(nights).cursor
    platform.refuses.add(cursor)
    result = nights.pass_()
    assert result.outcome is Outcome.COMPLETE
    assert swept(nights).cursor[:4] == "A040", "one request was the refusal"


def test_a_page_that_cannot_be_read_is_left_for_another_night(make_nights: Make, platform) -> None:
    nights = make_nights(60, quota=6)
    nights.pass_()
    remove(platform, "A048")

    def breaks(what: str) -> None:
        if pages(platform) == 4:
            platform.raises["list"] = MalformedAnswer("cut")

    platform.during = breaks
    result = nights.pass_()
    assert (result.outcome, result.reason) == (Outcome.PARTIAL, "malformed_answer")
    assert nights.checks("A048") == (), "what was read in part says nothing"
    platform.during = lambda what: None
    platform.raises.clear()
    for _ in range(4):
        assert nights.pass_().outcome is Outcome.COMPLETE
    assert [check.verdict for check in nights.checks("A048")][:1] == ["absent"]


def test_a_block_in_the_sweep_ends_the_capture(make_nights: Make, platform) -> None:
    nights = make_nights(60, quota=6)
    nights.pass_()
    remove(platform, "A058")
    platform.during = lambda what: (
        platform.raises.update(list=RateLimited("slow")) if pages(platform) == 3 else None
    )
    result = nights.pass_()
    assert (result.reason, result.visitor_refused) == ("rate_limited", True)
    assert [check.verdict for check in nights.checks("A058")] == ["blocked"]
    assert swept(nights).cursor is None, "the place it came to is not remembered"


def test_a_new_old_post_is_kept(make_nights: Make, platform) -> None:
    """It was never listed before: hidden then, or passed over by the platform."""
    nights = make_nights(40, quota=10)
    platform.hidden.add("A007")
    nights.pass_()
    platform.hidden.clear()
    platform.declared = 39
    assert nights.pass_().new == 1


def test_reels_are_swept_abreast(make_nights: Make, platform) -> None:
    """A reel may stand in either listing: one that is gone from both is found."""
    nights = make_nights(60, quota=16)
    platform.sections = (Section.POSTS, Section.REELS)
    platform.posts = [
        replace(post, kind=PostKind.REEL) if number % 2 else post
        for number, post in enumerate(platform.posts)
    ]
    platform.reels = [post for post in platform.posts if post.kind is PostKind.REEL]
    only_reels = platform.reels[::3]
    remove_from_posts = {post.ref.code for post in only_reels}
    platform.posts = [p for p in platform.posts if p.ref.code not in remove_from_posts]
    nights.pass_()
    gone = [p.ref.code for p in platform.reels if p.ref.code < "A040"][4:12:3]
    remove(platform, *gone)
    for _ in range(9):
        assert nights.pass_().outcome is Outcome.COMPLETE
        assert len(platform.asked) <= 3 + 16
    for code in gone:
        verdicts = [check.verdict for check in nights.checks(code)]
        assert [v for v in verdicts if v != "not_visited"][:2] == ["absent", "absent"], code
    kept = {f"A{n:03d}" for n in range(60)} - set(gone)
    assert [code for code in kept if nights.checks(code)] == []


def test_accounts_of_one_visitor_share_the_sweep() -> None:
    quota = Quota(100, 10)
    asks = quota.counting(lambda url: None)
    quota.later = 1
    assert quota.sweep_share == 5
    with quota.sweeping():
        for _ in range(4):
            asks("https://example/")
        with quota.media():
            asks("https://example/picture")
        assert quota.left == 6
    quota.later = 0
    assert (quota.sweep_share, quota.used, quota.left) == (6, 0, 100)


@pytest.mark.parametrize("count", [30, 120])
def test_a_night_without_news_costs_the_same_at_any_size(
    make_nights: Make, platform, count: int
) -> None:
    nights = make_nights(count, quota=5)
    nights.pass_()
    for night in range(4):
        if night == 2:
            # A lower count than expected no longer reads the whole listing.
            remove(platform, "A005")
        nights.pass_()
        assert platform.asked[:2] == ["profile", "list"]
        assert len(platform.asked) - 2 <= 5


def test_observations_tell_what_the_sweep_saw(make_nights: Make, platform) -> None:
    nights = make_nights(20, quota=10)
    nights.pass_()
    platform.change("A002", metrics=Metrics(likes=99))
    nights.pass_()
    catalogue = open_catalogue(nights.world.config.catalogue_url, read_only=True)
    with catalogue.reading() as conn:
        o = schema.observations.c
        likes = conn.scalars(o.likes.table.select().with_only_columns(o.likes)).all()
    catalogue.close()
    assert 99 in likes


def test_since_bounds_what_is_swept_and_expected(
    make_nights: Make, build_world: Callable[..., object], platform
) -> None:
    nights = make_nights(90, quota=30)
    nights.pass_()
    since = (nights.at - timedelta(days=2)).date().isoformat()
    text = nights.world.config.file.read_text()
    nights.world = build_world(text + f"since = {since}\n")
    remove(platform, "A001", "A080")
    nights.pass_()
    nights.pass_()
    assert nights.checks("A001") == (), "it is no longer wanted"
    assert [check.verdict for check in nights.checks("A080")] == ["absent", "absent"]
    assert pages(platform) < 12


def test_leftovers_wait_when_the_night_has_no_requests_left(make_nights: Make, platform) -> None:
    """Their visits once went past the night's requests."""
    nights = make_nights(30, quota=0, more="[harvest]\nrequests_per_night = 10\n")
    for number in range(30):
        platform.bodies[f"A{number:03d}-0"] = (404, "text/html", b"<html>")
    assert nights.pass_().reason == "media_incomplete"
    platform.hidden = {f"A{number:03d}" for number in range(30)}
    result = nights.pass_()
    assert (result.outcome, result.reason) == (Outcome.PARTIAL, "media_incomplete")
    outside = [what for what in platform.asked if "-" not in what]
    assert (len(outside), len(platform.looked)) == (10, 8)
    assert result.unfinished == 30
