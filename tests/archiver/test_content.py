"""What makes a version: never a fact that was not told, always one that changed."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.versions.changes import Change, Kept, content_digest, judge, settled
from connectors.model import (
    AccountRef,
    Author,
    AuthorRole,
    Media,
    MediaKind,
    MediaRole,
    Metrics,
    Post,
    PostKind,
    PostRef,
)

FACTS = {
    "location": "Balai Kota",
    "location_id": "55",
    "alt_text": {"m1": "Wali kota berpidato"},
    "comments_disabled": True,
    "title": "Pengumuman",
    "cover": "key-1",
}
OWNER = AccountRef("instagram", "pemkot", "1001")
AUTHORS = (
    Author("pemkot", AuthorRole.OWNER, "1001"),
    Author("dinas", AuthorRole.COAUTHOR, "1002"),
)
POST = Post(
    PostRef("instagram", "A", OWNER),
    PostKind.REEL,
    "kabar",
    media=(Media("m1", MediaKind.VIDEO, MediaRole.CONTENT, 0, "https://media.example/m1"),),
    authors=AUTHORS,
    extra=FACTS,
)


def judged(now: Post, before: Post = POST) -> Change:
    content = settled(before, {})
    kept = Kept(content_digest(before), True, content=lambda: content)
    return judge(now, {before.id: kept})


@settings(deadline=None, derandomize=True)
@given(st.sets(st.sampled_from(sorted(FACTS))), st.booleans(), st.booleans())
def test_what_is_not_told_makes_no_version(left: set[str], named: bool, captioned: bool) -> None:
    extra = {name: value for name, value in FACTS.items() if name not in left}
    if ("location" in left) != ("location_id" in left):
        extra = {k: v for k, v in extra.items() if k != "location"}
    poor = replace(
        POST,
        extra=extra,
        authors=AUTHORS if named else (),
        caption="kabar" if captioned else None,
    )
    assert judged(poor) is Change.UNCHANGED


def test_what_a_person_sees_changed_makes_one() -> None:
    for name, value in (
        ("location_id", "56"),
        ("alt_text", {"m1": "Bupati berpidato"}),
        ("comments_disabled", False),
        ("title", "Ralat"),
        ("title", ""),
    ):
        assert judged(replace(POST, extra=FACTS | {name: value})) is Change.EDITED, name
    assert judged(replace(POST, authors=AUTHORS[:1])) is Change.EDITED
    assert judged(replace(POST, caption="")) is Change.EDITED
    assert judged(replace(POST, extra=FACTS | {"cover": "key-2"})) is Change.COVER
    off = replace(POST, extra={k: v for k, v in FACTS.items() if k != "comments_disabled"})
    assert judged(POST, off) is Change.EDITED
    placeless = {k: v for k, v in FACTS.items() if not k.startswith("location")}
    nowhere = replace(POST, extra=placeless | {"location": None})
    assert judged(nowhere) is Change.EDITED
    # Told to be without a place, and never told of one, are one content.
    assert judged(nowhere, replace(POST, extra=placeless)) is Change.UNCHANGED


def test_what_the_platform_moves_makes_none() -> None:
    moved = replace(
        POST,
        extra=FACTS
        | {"location": "Balaikota", "music": {"title": "lain"}, "caption_edited": True}
        | {"alt_text": {"m1": "May be an image of 3 people"}},
        metrics=Metrics(likes=9),
        media=(replace(POST.media[0], url="https://media.example/signed-anew"),),
    )
    assert judged(moved) is Change.UNCHANGED
    found_under = replace(POST, ref=replace(POST.ref, owner=AccountRef("instagram", "b", "1002")))
    assert content_digest(found_under) == content_digest(POST)


def test_a_highlight_stays_one() -> None:
    story = replace(POST, kind=PostKind.STORY)
    highlight = replace(POST, kind=PostKind.HIGHLIGHT)
    assert judged(highlight, story) is Change.EDITED
    assert judged(story, highlight) is Change.UNCHANGED
