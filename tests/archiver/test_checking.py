"""Posts that a listing no longer shows: visited, compared, weighed, never guessed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from archiver.completeness import Outcome
from connectors.errors import Challenge, LoginWall, MalformedAnswer, NetworkFailure, RateLimited
from connectors.model import Highlight, PageEnd, PostKind, PostRef, Presence, Section
from storage.catalogue import captures, open_catalogue
from storage.catalogue.comparison import differences
from storage.reindex import reindex

Make = Callable[..., object]


def remove(platform, *codes: str) -> list:
    """Take posts down."""
    gone = [post for post in platform.posts if post.ref.code in codes]
    platform.posts = [post for post in platform.posts if post.ref.code not in codes]
    return gone


def one(nights, code: str):
    """The only check of a post."""
    (check,) = nights.checks(code)
    return check


def test_a_withdrawn_post_is_visited_and_compared(make_nights: Make, platform, schemas) -> None:
    nights = make_nights()
    assert nights.pass_().outcome is Outcome.COMPLETE
    assert platform.looked == [], "a first night has nothing to compare with"
    remove(platform, "A010")
    result = nights.pass_()
    assert result.outcome is Outcome.COMPLETE
    assert platform.looked == ["A010", "A011"], "the post, and at once a control post"
    first = one(nights, "A010")
    assert (first.found, first.reason, first.verdict) == ("absent", "item_missing", "absent")
    assert set(first.conditions.values()) == {True}
    assert (first.control_post, first.control_reason) == ("instagram:A011", "present")
    assert first.evidence and first.listing_evidence and first.control_evidence
    assert nights.state("A010") == ("unavailable", "awaiting_confirmation")
    nights.pass_(hours=3)
    assert platform.looked == [], "too soon to count as a second time"
    nights.pass_(hours=21)
    assert [check.verdict for check in nights.checks("A010")] == ["absent", "absent"]
    for name, document in schemas.documents(nights.world.config.archive):
        schemas.check(name, json.loads(document))


def test_a_returned_post_is_simply_seen(make_nights: Make, platform) -> None:
    nights = make_nights()
    nights.pass_()
    before = list(platform.posts)
    remove(platform, "A010")
    nights.pass_()
    platform.posts = before
    assert nights.pass_().outcome is Outcome.COMPLETE
    assert (len(nights.checks("A010")), nights.state("A010")) == (1, ("present", None))


def test_a_post_that_only_the_listing_hides_is_a_hole(make_nights: Make, platform) -> None:
    nights = make_nights()
    nights.pass_()
    platform.hidden.add("A010")
    platform.change("A010", caption="diralat")
    result = nights.pass_()
    assert (result.outcome, result.reason) == (Outcome.PARTIAL, "listing_incomplete")
    assert (result.edited, one(nights, "A010").verdict) == (1, "seen")
    with nights.reading() as conn:
        (problem,) = captures.problems(conn, result.capture)
    assert (problem.code, problem.post_id) == ("listing_incomplete", "instagram:A010")
    assert problem.evidence
    assert nights.state("A010")[0] == "present"


def test_a_reels_listing_that_ends_too_early_is_no_complete_capture(
    make_nights: Make, platform
) -> None:
    nights = make_nights(8)
    platform.sections = (Section.POSTS, Section.REELS)
    reels = remove(platform, *(f"A00{n}" for n in range(5)))
    platform.reels = [replace(post, kind=PostKind.REEL) for post in reels]
    assert nights.pass_().outcome is Outcome.COMPLETE
    cut = {"A000", "A001"}
    platform.hidden |= cut
    result = nights.pass_()
    assert (result.outcome, result.reason) == (Outcome.PARTIAL, "listing_incomplete")
    assert platform.looked == ["A001"], "one is enough to know that the end is none"
    assert nights.state("A000") == ("present", None)
    platform.hidden.clear()
    assert nights.pass_().outcome is Outcome.COMPLETE


def test_what_stands_on_the_page_of_a_hole_is_not_absent(make_nights: Make, platform) -> None:
    nights = make_nights()
    nights.pass_()
    remove(platform, "A009")
    platform.hidden.add("A010")
    nights.pass_()
    assert one(nights, "A009").verdict == "listing_incomplete"


@pytest.mark.parametrize(
    ("presence", "code", "verdict"),
    [
        (Presence.RESTRICTED, "private_post", "private"),
        (Presence.RESTRICTED, "status_10204", "region_or_age"),
        (Presence.UNKNOWN, "login_wall", "blocked"),
        (Presence.UNKNOWN, "malformed_answer", "platform_changed"),
        (Presence.UNKNOWN, "http_500", "unknown"),
    ],
)
def test_other_answers_are_no_absence(
    make_nights: Make, platform, presence, code: str, verdict: str
) -> None:
    nights = make_nights()
    nights.pass_()
    remove(platform, "A010")
    platform.answers["A010"] = presence, code
    nights.pass_()
    assert one(nights, "A010").verdict == verdict
    assert nights.state("A010") == ("unavailable", verdict)


def test_without_its_control_post_nothing_is_absent(make_nights: Make, platform) -> None:
    nights = make_nights()
    nights.pass_()
    remove(platform, "A010")
    platform.answers |= {f"A0{n:02d}": (Presence.GONE, "item_missing") for n in range(12)}
    nights.pass_()
    assert platform.looked == ["A010", "A011", "A009"], "a control post may be gone itself"
    assert one(nights, "A010").verdict == "control_failed"


def test_a_private_or_renamed_account_marks_no_post(make_nights: Make, platform) -> None:
    nights = make_nights()
    nights.pass_()
    remove(platform, "A010")
    platform.is_private = True
    nights.pass_()
    platform.is_private, platform.handle = None, "pemkot"
    nights.pass_()
    platform.is_private, platform.handle = False, "pemkot.baru"
    nights.pass_()
    nights.pass_()
    verdicts = [check.verdict for check in nights.checks("A010")]
    assert verdicts == ["account_private", "unknown", "account_renamed", "absent"]


def test_a_wrong_clock_is_a_doubt(make_nights: Make, platform) -> None:
    nights = make_nights()
    nights.pass_()
    remove(platform, "A010")
    platform.clock = lambda: nights.at - timedelta(hours=5)
    nights.pass_()
    assert one(nights, "A010").verdict == "clock_doubtful"


@pytest.mark.parametrize("wall", [RateLimited("slow"), LoginWall("log in"), Challenge("captcha")])
def test_a_block_ends_the_visits_and_takes_back_what_was_found(
    make_nights: Make, platform, wall
) -> None:
    nights = make_nights()
    nights.pass_()
    remove(platform, "A010", "A009", "A008")
    platform.during = lambda what: (
        platform.raises.update(look=wall) if platform.asked.count("look") == 2 else None
    )
    result = nights.pass_()
    assert (result.outcome, result.reason) == (Outcome.PARTIAL, wall.code)
    assert result.visitor_refused
    assert len(platform.looked) == 2
    verdicts = [one(nights, code).verdict for code in ("A010", "A009", "A008")]
    assert verdicts == ["blocked"] * 3, "also what was found before, and what was not visited"
    with nights.reading() as conn:
        (newest, *_) = captures.of_account(conn, "instagram:1001")
    assert newest.outcome == "partial"


def test_a_failed_head_visits_nobody(make_nights: Make, platform) -> None:
    nights = make_nights()
    nights.pass_()
    remove(platform, "A010")
    platform.raises["list"] = MalformedAnswer("cut")
    assert nights.pass_().outcome is Outcome.FAILED
    platform.raises.clear()
    platform.ends, platform.ends_reason = PageEnd.SILENT, "empty_page"
    platform.declared = 99
    assert nights.pass_().outcome is Outcome.PARTIAL
    assert (platform.looked, nights.checks("A010")) == ([], ())


def test_a_network_that_fails_ends_the_visits(make_nights: Make, platform) -> None:
    nights = make_nights()
    nights.pass_()
    remove(platform, *(f"A00{n}" for n in range(9)))
    platform.raises["look"] = NetworkFailure("reset")
    result = nights.pass_()
    assert (result.reason, len(platform.looked)) == ("network_failure", 3)
    assert nights.state("A000") == ("present", None) or nights.state("A000")[0] == "unavailable"
    assert {c.verdict for n in range(9) for c in nights.checks(f"A00{n}")} <= {
        "unknown",
        "not_visited",
    }


def test_visits_stop_at_the_quota_and_go_on_the_next_night(make_nights: Make, platform) -> None:
    nights = make_nights(12, quota=4)
    nights.pass_()
    remove(platform, "A011", "A010", "A009", "A008", "A007", "A006")
    nights.pass_()
    assert platform.looked == ["A011", "A010", "A009", "A005"]
    assert [one(nights, f"A0{n:02d}").verdict for n in (11, 8, 6)] == [
        "absent",
        "not_visited",
        "not_visited",
    ]
    assert nights.state("A006") == ("unavailable", "not_visited")
    nights.pass_()
    assert len(platform.looked) == 4


def test_nobody_is_asked_again_without_end(make_nights: Make, platform) -> None:
    nights = make_nights()
    nights.pass_()
    remove(platform, "A010")
    platform.answers["A010"] = Presence.RESTRICTED, "private_post"
    for _ in range(14):
        nights.pass_()
    assert len(nights.checks("A010")) == 10
    for _ in range(7):
        nights.pass_()
    assert len(nights.checks("A010")) == 11, "and then once a week"


def test_a_post_that_left_with_its_coauthor_is_not_looked_for(make_nights: Make, platform) -> None:
    nights = make_nights()
    nights.pass_()
    platform.hidden.add("A010")
    author = {"native_id": "7", "handle": "dinas"}
    from connectors.model import Author, AuthorRole

    platform.change("A010", authors=(Author(role=AuthorRole.OWNER, **author),))
    assert nights.pass_().outcome is Outcome.COMPLETE, "it is there, under another account"
    assert platform.looked == ["A010"]
    nights.pass_()
    assert platform.looked == []


def story(platform, pk: str, at, kind: PostKind = PostKind.STORY):
    post = platform.publish(f"S{pk}", "")
    del platform.posts[0]
    ref = PostRef("instagram", f"story:{pk}", post.ref.owner, pk)
    return replace(post, ref=ref, kind=kind, published_at=at, expires_at=at + timedelta(hours=24))


def test_stories_expire(make_nights: Make, platform) -> None:
    nights = make_nights(3)
    platform.sections = (Section.POSTS, Section.STORIES, Section.HIGHLIGHTS)
    soon = nights.at + timedelta(hours=24)
    platform.stories = [story(platform, "1", soon), story(platform, "2", soon)]
    kept = story(platform, "3", soon - timedelta(days=90), PostKind.HIGHLIGHT)
    platform.highlights = [(Highlight("9", "Layanan"), [kept])]
    nights.pass_()
    del platform.stories[0]
    nights.pass_(hours=2)
    assert platform.looked == ["story:1", "A002"], "gone before its time: asked itself"
    assert nights.state("story:1") == ("expired", "ended_early")
    platform.stories.clear()
    platform.highlights = [(Highlight("9", "Layanan"), [])]
    assert nights.pass_(hours=24).outcome is Outcome.COMPLETE
    assert platform.looked == []
    assert nights.state("story:2") == ("expired", "expired")
    assert nights.state("story:3") == ("expired", "left_highlight")
    assert one(nights, "story:2").evidence
    nights.pass_()
    assert len(nights.checks("story:2")) == 1


def test_states_are_the_same_when_rebuilt(make_nights: Make, platform, tmp_path) -> None:
    nights = make_nights()
    nights.pass_()
    remove(platform, "A010")
    platform.hidden.add("A004")
    nights.pass_()
    nights.pass_()
    rebuilt = open_catalogue(f"sqlite:///{tmp_path / 'rebuilt.sqlite'}")
    live = open_catalogue(nights.world.config.catalogue_url)
    try:
        reindex(nights.world.config.archive, rebuilt)
        assert differences(live.engine, rebuilt.engine) == []
    finally:
        live.close()
        rebuilt.close()


def test_a_post_that_its_listing_hides_for_good_is_no_news_every_night(
    make_nights: Make, platform
) -> None:
    nights = make_nights()
    nights.pass_()
    platform.hidden.add("A010")
    reasons = [nights.pass_().reason for _ in range(13)]
    assert reasons[:5] == ["listing_incomplete"] * 5
    assert reasons.count("listing_incomplete") == 6, "and once a week from then on"
