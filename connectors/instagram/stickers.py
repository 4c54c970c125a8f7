"""What a story shows besides its picture: links, names, places, questions. Pure.

*Source:* recorded ``reels_media`` answers of the web query
(``tappable_objects``, ``story_cta_url``, ``edge_media_to_sponsor_user``) and,
for the mobile interface, the names that its clients agree on
(``story_link_stickers``, ``reel_mentions``, ``story_hashtags`` ...).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from connectors.instagram.facts import place
from connectors.instagram.links import target
from connectors.instagram.music import music_of
from connectors.instagram.people import sponsors_of
from connectors.instagram.reading import dig, digits, items, text


def shown_on(item: Mapping[str, object], pk: str) -> dict[str, object]:
    """What a visitor reads on a story.

    Returns:
        Only what is there: ``links``, ``mentions`` and ``hashtags`` (without
        signs), ``location`` with ``location_id`` and ``location_address``,
        ``music``, ``questions``, ``polls`` (question and options),
        ``shared_posts`` (shortcodes or ids of posts shown in it), ``sponsors``
        with ``paid_partnership``, ``alt_text``, ``close_friends``.
    """
    sponsors = sponsors_of(item)
    words = text(item.get("accessibility_caption"))
    found: dict[str, object] = {
        "links": _unique(_links(item)),
        "mentions": _unique(_mentions(item)),
        "hashtags": _unique(_hashtags(item)),
        **_place(item),
        "music": _music(item),
        "questions": _unique(_questions(item)),
        "polls": _polls(item),
        "shared_posts": _unique(_shared(item)),
        "sponsors": sponsors,
        "paid_partnership": bool(sponsors) or item.get("is_paid_partnership") is True,
        "alt_text": {pk: words} if words else {},
        "close_friends": str(item.get("audience")).upper().endswith("BESTIES"),
    }
    return {name: value for name, value in found.items() if value}


def _unique(values: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _tapped(item: Mapping[str, object], kind: str) -> list[object]:
    wanted = f"GraphTappable{kind}"
    return [t for t in items(item.get("tappable_objects")) if dig(t, "__typename") == wanted]


def _links(item: Mapping[str, object]) -> list[str | None]:
    return [
        target(item.get("story_cta_url")),
        *(
            target(dig(link, "webUri"))
            for cta in items(item.get("story_cta"))
            for link in items(dig(cta, "links"))
        ),
        *(
            target(dig(sticker, "story_link", "url"))
            for sticker in items(item.get("story_link_stickers"))
        ),
    ]


def _mentions(item: Mapping[str, object]) -> list[str | None]:
    return [
        *(text(dig(tapped, "username")) for tapped in _tapped(item, "Mention")),
        *(text(dig(m, "user", "username")) for m in items(item.get("reel_mentions"))),
        *(
            text(dig(sticker, "bloks_sticker", "sticker_data", "ig_mention", "username"))
            for sticker in items(item.get("story_bloks_stickers"))
        ),
    ]


def _hashtags(item: Mapping[str, object]) -> list[str | None]:
    return [
        *(text(dig(tapped, "name")) for tapped in _tapped(item, "Hashtag")),
        *(text(dig(sticker, "hashtag", "name")) for sticker in items(item.get("story_hashtags"))),
    ]


def _place(item: Mapping[str, object]) -> dict[str, object]:
    """The first place named; the web query tells no more than its number."""
    for sticker in (*items(item.get("story_locations")), *_tapped(item, "Location")):
        told = dig(sticker, "location") or sticker
        found = place(told)
        if found["location"] or found["location_id"]:
            return found
    return {}


def _music(item: Mapping[str, object]) -> dict[str, str]:
    for sticker in items(item.get("story_music_stickers")):
        found = music_of({"music_metadata": {"music_info": sticker}})
        if found:
            return found
    return music_of(item)


def _questions(item: Mapping[str, object]) -> list[str | None]:
    return [
        text(dig(sticker, inner, "question")) or text(dig(sticker, inner, "text"))
        for outer, inner in (
            ("story_questions", "question_sticker"),
            ("story_sliders", "slider_sticker"),
            ("story_countdowns", "countdown_sticker"),
        )
        for sticker in items(item.get(outer))
    ]


def _polls(item: Mapping[str, object]) -> list[dict[str, object]]:
    """Polls and quizzes: what is asked and what may be answered."""
    found: list[dict[str, object]] = []
    for outer, inner in (("story_polls", "poll_sticker"), ("story_quizs", "quiz_sticker")):
        for sticker in items(item.get(outer)):
            options = [
                option
                for tally in items(dig(sticker, inner, "tallies"))
                if (option := text(dig(tally, "text")))
            ]
            question = text(dig(sticker, inner, "question")) or ""
            if question or options:
                found.append({"question": question, "options": options})
    return found


def _shared(item: Mapping[str, object]) -> list[str | None]:
    return [
        *(
            text(dig(tapped, "media", "shortcode")) or digits(dig(tapped, "media", "id"))
            for tapped in _tapped(item, "FeedMedia")
        ),
        *(
            text(dig(sticker, "media_code")) or digits(dig(sticker, "media_id"))
            for sticker in items(item.get("story_feed_media"))
        ),
    ]
