"""A listed post, its own page, and which of the two is kept."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from archiver.reading import read_whole
from connectors.errors import (
    AddressRefused,
    LoginWall,
    MalformedAnswer,
    NetworkFailure,
    WrongObject,
)
from connectors.model import (
    AccountRef,
    Media,
    MediaKind,
    MediaRole,
    Post,
    PostKind,
    PostRef,
    Presence,
    Problem,
    RecordId,
    Sighting,
)

LISTING, PAGE = RecordId("urn:uuid:listing"), RecordId("urn:uuid:page")
REF = PostRef("tiktok", "71", AccountRef("tiktok", "pemkot", "9"))
FILM = Media("71", MediaKind.VIDEO, MediaRole.CONTENT, 0, "https://v/71.mp4")
WORDS = Media("71-id", MediaKind.SUBTITLE, MediaRole.SUBTITLE, 0, "https://v/71.vtt")
LISTED = Post(REF, PostKind.VIDEO, "kabar", media=(FILM,), pinned=True, evidence=(LISTING,))
SHOWN = Post(REF, PostKind.VIDEO, "kabar", media=(FILM, WORDS), evidence=(PAGE,))
STUB = replace(LISTED, kind=None, media=(), is_complete=False)


def connector(answer, *, suffices=False):
    visited = []

    def look(ref):
        visited.append(ref)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return SimpleNamespace(look=look, listing_suffices=suffices, visited=visited)


def seen(post, *problems):
    return Sighting(Presence.PRESENT, "present", post, problems, (PAGE,))


def test_a_listing_that_tells_all_is_not_asked_again():
    asked = connector(seen(SHOWN), suffices=True)
    assert read_whole(asked, LISTED).post is LISTED
    assert asked.visited == []


@pytest.mark.parametrize("listed", [LISTED, STUB])
def test_the_page_adds_what_it_shows_and_what_proves_it(listed):
    whole = read_whole(connector(seen(SHOWN)), listed)
    assert whole.post == replace(SHOWN, pinned=True, evidence=(LISTING, PAGE))
    assert whole.problems == ()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (NetworkFailure("reset", evidence=(PAGE,)), "network_failure"),
        (MalformedAnswer("shell", evidence=(PAGE,)), "malformed_answer"),
        (AddressRefused("it leads to 127.0.0.1", evidence=(PAGE,)), "address_refused"),
        (Sighting(Presence.UNKNOWN, "login_wall", evidence=(PAGE,)), "page_unreadable"),
        (Sighting(Presence.RESTRICTED, "status_10204", evidence=(PAGE,)), "page_unreadable"),
        (seen(replace(SHOWN, kind=None)), "page_unreadable"),
    ],
)
def test_a_broken_page_loses_no_listed_post(answer, code):
    whole = read_whole(connector(answer), LISTED)
    assert whole.post is LISTED
    assert [(p.code, p.evidence, p.post_id) for p in whole.problems] == [
        (code, (PAGE,), "tiktok:71")
    ]
    with pytest.raises((AddressRefused, MalformedAnswer, NetworkFailure)):
        read_whole(connector(answer), STUB)


@pytest.mark.parametrize("listed", [LISTED, STUB])
def test_another_post_under_the_address_is_never_kept(listed):
    other = Problem("wrong_object", "answered with 72", (PAGE,), "tiktok:71")
    answers = [
        Sighting(Presence.UNKNOWN, "wrong_object", problems=(other,), evidence=(PAGE,)),
        seen(replace(SHOWN, ref=replace(REF, code="72"))),
    ]
    for answer in answers:
        with pytest.raises(WrongObject):
            read_whole(connector(answer), listed)


def test_a_refused_visitor_stops_the_reading():
    with pytest.raises(LoginWall):
        read_whole(connector(LoginWall("a login for every post")), LISTED)
