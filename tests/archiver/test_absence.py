"""Stretches of listings, and what they miss: a listed post is never missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from archiver.absence import check_places
from archiver.absence.story_ends import story_ends
from archiver.absence.stretches import Expected, missing, stretch
from archiver.absence.verdicts import AccountState, Control, Found
from archiver.absence.weighing import Case, Circumstances, Doubts, weighed
from archiver.completeness import ListingEnd
from archiver.notes import Leg
from connectors.model import AccountRef, Page, PageEnd, Post, PostRef, Problem, RecordId, Section
from storage.catalogue.posts import KnownPost

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
OWNER = AccountRef("instagram", "pemkot", "1001")
BOTH = (Section.POSTS, Section.REELS)


def post(number: int, hours: int | None, *, pinned: bool = False) -> Post:
    """A post so many hours before now."""
    at = None if hours is None else NOW - timedelta(hours=hours)
    return Post(PostRef("instagram", f"P{number}", OWNER), published_at=at, pinned=pinned)


def read(
    posts: list[Post],
    size: int,
    *,
    pages: int = 1_000,
    end: ListingEnd = ListingEnd.END,
    section: Section = Section.POSTS,
    start: int = 0,
    upper: datetime = NOW,
) -> tuple[Leg, set[str]]:
    """A leg over a listing from one of its posts on, and what stood on it."""
    cursor = f"c{start}" if start else None
    leg, met = Leg(section, cursor, cursor, upper=upper), set()
    for page in range(pages):
        shown = posts[start + page * size : start + (page + 1) * size]
        evidence = (RecordId(f"urn:uuid:{section}-{start}-{page}"),)
        leg.note(Page(tuple(shown), PageEnd.MORE, evidence=evidence), len(shown))
        met.update(one.id for one in shown)
        leg.cursor = f"c{start + (page + 1) * size}"
        if start + (page + 1) * size >= len(posts):
            leg.end = end
            return leg, met
    leg.end = ListingEnd.KNOWN
    return leg, met


def expected(posts: list[Post], kind: str = "photo") -> list[Expected]:
    return [Expected(one.id, kind, one.published_at) for one in posts]


def names(found: list) -> list[str]:
    return [one.post.removeprefix("instagram:") for one in found]


hours = st.lists(st.none() | st.integers(0, 40), min_size=1, max_size=25)


def listing(drawn: list[int | None], pinned: int) -> list[Post]:
    """As a platform shows it: pinned ones first, then newest first; many share an hour."""
    made = [post(number, ago) for number, ago in enumerate(drawn)]
    ordered = sorted(made, key=lambda p: p.published_at or NOW, reverse=True)
    first = [replace(one, pinned=True) for one in ordered[-pinned:]] if pinned else []
    return [*first, *ordered[: len(ordered) - pinned]]


@given(hours, st.integers(0, 2), st.integers(1, 6), st.integers(1, 6), st.data())
def test_what_stands_in_a_listing_is_never_missing(drawn, pinned, size, pages, data) -> None:
    """Wherever the head ended, and wherever a sweep began and stopped."""
    shown = listing(drawn, min(pinned, len(drawn) - 1))
    head, met = read(shown, size, pages=pages)
    legs = [head]
    if head.end is ListingEnd.KNOWN and head.last is not None:
        # Some nights later a sweep goes on where an earlier one stopped.
        skipped, _ = read(shown, size, pages=data.draw(st.integers(pages, pages + 3)))
        start = skipped.pages * size
        if skipped.end is ListingEnd.KNOWN and skipped.last is not None:
            sweep, more = read(shown, size, pages=2, start=start, upper=skipped.last)
            legs.append(sweep)
            met |= more
    stretches = [found for leg in legs if (found := stretch(leg))]
    kept = [one for one in expected(shown) if not _out_of_order(shown, one.post)]
    assert missing(kept, met, stretches, BOTH) == []


def _out_of_order(shown: list[Post], post_id: str) -> bool:
    """Pinned posts and undated ones stand where their date does not tell."""
    return any(one.id == post_id and (one.pinned or not one.published_at) for one in shown)


@given(hours, st.integers(0, 24), st.integers(1, 6))
def test_a_whole_listing_misses_exactly_what_is_gone(drawn, gone, size) -> None:
    all_posts = listing(drawn, 0)
    lost = all_posts.pop(gone % len(all_posts))
    leg, met = read(all_posts, size)
    found = missing(expected([*all_posts, lost]), met, [stretch(leg)], [Section.POSTS])
    # A listing that shows nothing at all may still say that it ends.
    assert [one.post for one in found] == ([lost.id] if _is_covered(lost) else [])


def _is_covered(lost: Post) -> bool:
    return lost.published_at is None or lost.published_at < NOW


def test_a_leg_with_a_gap_says_nothing() -> None:
    shown = [post(n, n + 1) for n in range(6)]
    for end in (ListingEnd.SILENT, ListingEnd.STOPPED, ListingEnd.NONE):
        leg, _ = read(shown, 3)
        leg.end = end
        assert stretch(leg) is None
    leg, _ = read(shown, 3)
    leg.note(Page((), PageEnd.END, problems=(Problem("malformed_item", ""),)), 0)
    assert stretch(leg) is None
    leg, _ = read(shown, 3, section=Section.STORIES)
    assert stretch(leg) is None


def test_a_listing_that_falls_short_says_nothing_of_what_is_below_it() -> None:
    shown, below, between = [post(n, n + 1) for n in range(4)], post(8, 30), post(9, 2)
    shown.remove(shown[1])
    leg, met = read(shown, 2)
    kept = expected([*shown, below, between])
    assert names(missing(kept, met, [stretch(leg)], BOTH[:1])) == ["P9", "P8"]
    assert names(missing(kept, met, [stretch(leg, short=True)], BOTH[:1])) == ["P9"]


def test_a_reel_is_missing_only_when_both_listings_miss_it() -> None:
    shown, gone = [post(n, n + 1) for n in range(6)], post(9, 3)
    posts, met = read(shown, 6, pages=1)
    reel = expected([gone], "reel")
    assert missing(reel, met, [stretch(posts)], BOTH) == [], "the reels were not read"
    assert names(missing(reel, met, [stretch(posts)], BOTH[:1])) == ["P9"]
    early, _ = read([post(20, 0)], 6, section=Section.REELS, end=ListingEnd.KNOWN)
    assert missing(reel, met, [stretch(posts), stretch(early)], BOTH) == []
    reels, _ = read(shown[4:], 6, section=Section.REELS)
    found = missing(reel, met, [stretch(posts), stretch(reels)], BOTH)
    assert [one.section for one in found[0].places] == list(BOTH)
    assert missing(expected([gone], "story"), met, [stretch(posts)], BOTH) == []


def test_the_place_of_a_missing_post_is_its_page() -> None:
    shown = [post(n, 2 * n + 1) for n in range(9)]
    leg, met = read(shown, 3)
    gone = post(20, 8)
    (found,) = missing(expected([gone]), met, [stretch(leg)], [Section.POSTS])
    ((place, page),) = found.pages()
    assert place.evidence(page) == tuple(
        RecordId(f"urn:uuid:posts-0-{number}") for number in (0, 1)
    )
    (remembered,) = check_places.read(check_places.written(found))
    assert (remembered.cursor, remembered.upper) == ("c3", shown[2].published_at)
    again, seen = read(shown, 3, pages=1, start=3, upper=remembered.upper)
    assert names(missing(expected([gone]), seen, [stretch(again)], [Section.POSTS])) == ["P20"]


@given(st.text(max_size=60))
def test_what_is_no_place_is_no_place(text) -> None:
    for place in check_places.read(text):
        assert place.section in BOTH and place.upper.tzinfo is not None


def test_stories_end_and_are_not_deleted() -> None:
    def known(kind: str, hours: int, state: str = "present") -> KnownPost:
        at = (NOW - timedelta(hours=hours)).isoformat()
        ends = (NOW - timedelta(hours=hours - 24)).isoformat()
        return KnownPost("d", state, True, kind, at, at, ends if kind == "story" else None)

    kept = {
        "old": known("story", 25),
        "told": known("story", 30, "expired"),
        "early": known("story", 3),
        "shown": known("story", 3),
        "left": known("highlight", 900),
        "photo": known("photo", 900),
    }
    tray, highlights = Leg(Section.STORIES), Leg(Section.HIGHLIGHTS)
    sections = (Section.STORIES, Section.HIGHLIGHTS)

    def found() -> dict[str, str]:
        ends = story_ends(kept, {"shown"}, [tray, highlights], sections, NOW)
        return {one.post: one.reason for one in ends}

    assert found() == {}, "nothing was read to its end"
    highlights.end = ListingEnd.END
    assert found() == {"old": "expired", "left": "left_highlight"}
    tray.end = ListingEnd.END
    assert found()["early"] == "ended_early"
    highlights.unreadable = 1
    assert found() == {"early": "ended_early"}, "an unread highlight may hold the others"


def test_a_check_says_absent_only_when_everything_holds() -> None:
    shown, gone = [post(n, 2 * n) for n in range(6)], post(9, 3)
    leg, met = read(shown, 3)
    (lost,) = missing(expected([gone]), met, [stretch(leg)], [Section.POSTS])
    control = Control("instagram:P0", NOW, NOW, True, "present")
    case = Case(gone.id, lost, NOW, Found.ABSENT, "item_missing", NOW, control)
    fine = Circumstances(AccountState.PUBLIC, False, "passed")
    hole = Doubts()
    hole.hole(lost)
    said = {
        "absent": weighed(case, fine, Doubts()),
        "blocked": weighed(case, replace(fine, blocked=True), Doubts()),
        "canary_failed": weighed(case, replace(fine, canary="failed"), Doubts()),
        "account_private": weighed(case, replace(fine, account=AccountState.PRIVATE), Doubts()),
        "listing_incomplete": weighed(case, fine, hole),
        "control_failed": weighed(replace(case, control=None), fine, Doubts()),
        "clock_doubtful": weighed(replace(case, answered_at=None), fine, Doubts()),
    }
    assert {name: check.verdict for name, check in said.items()} == {name: name for name in said}
