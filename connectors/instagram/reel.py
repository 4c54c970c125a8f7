"""The stories of one tray or highlight, put together from two answers. Pure.

The web query names what is there; the mobile interface has the best pictures
and most stickers. Either alone is enough: each may be refused for a while.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from connectors.instagram.reading import Unreadable, dig, digits
from connectors.instagram.story_parse import story
from connectors.model import AccountRef, Highlight, Post, Problem, RecordId


@dataclass(frozen=True, slots=True)
class Told:
    """What one answer said.

    Attributes:
        items: Its stories; empty when the platform said that there are none.
    """

    items: Sequence[object]
    evidence: tuple[RecordId, ...]


def tray_of(answer: object, native_id: str) -> Sequence[object]:
    """The stories of an account in a web answer; empty if it shows none.

    Raises:
        Unreadable: It is no list of trays, or lacks the account's.
    """
    return _of(dig(answer, "data", "reels_media"), native_id)


def best_of(answer: object, key: str) -> Sequence[object]:
    """The stories in a mobile answer; empty if there are none.

    Args:
        key: The account's number, or ``highlight:`` and the collection's.

    Raises:
        Unreadable: It holds no trays, or lacks the one asked for.
    """
    reels = dig(answer, "reels")
    if reels == {}:
        return ()
    found = dig(reels, key, "items")
    if not isinstance(found, list):
        raise Unreadable("no_reel", "the answer lacks the stories that were asked for")
    return found


def collection_of(answer: object, native_id: str) -> Sequence[object]:
    """The stories of a highlight in a web answer.

    Raises:
        Unreadable: The highlight is not in it.
    """
    return _of(dig(answer, "data", "reels_media"), native_id)


def together(
    told: Sequence[Told], owner: AccountRef, highlight: Highlight | None = None
) -> tuple[tuple[Post, ...], tuple[Problem, ...]]:
    """Each story once, as the best answer describes it.

    Args:
        told: The better answer first.
        highlight: The collection they are kept in; ``None`` for the tray.

    Returns:
        Stories in the order of the better answer, and the items that could
        not be read in any.
    """
    found: dict[str, Post] = {}
    problems: dict[str, Problem] = {}
    for answer in told:
        for place, item in enumerate(answer.items):
            try:
                post = story(item, owner, answer.evidence, highlight=highlight)
            except Unreadable as error:
                pk = _pk(item)
                named = f"instagram:story:{pk}" if pk else None
                problem = Problem(error.code, str(error), answer.evidence, named)
                problems.setdefault(named or f"{answer.evidence}{place}", problem)
                continue
            known = found.get(post.id)
            found[post.id] = _joined(known, post) if known else post
    left = tuple(p for p in problems.values() if p.post_id not in found)
    return tuple(found.values()), left


def _of(reels: object, native_id: str) -> Sequence[object]:
    if reels == []:
        return ()
    if isinstance(reels, list):
        for reel in reels:
            stories = dig(reel, "items")
            if digits(dig(reel, "id")) == native_id and isinstance(stories, list):
                return stories
    raise Unreadable("no_reel", "the answer lacks the stories that were asked for")


def _joined(best: Post, other: Post) -> Post:
    """The better description, completed by what only the other one tells."""
    return replace(
        best if best.is_complete or not other.is_complete else other,
        extra={**other.extra, **best.extra},
        caption=other.caption if best.caption is None else best.caption,
        published_at=best.published_at or other.published_at,
        expires_at=best.expires_at or other.expires_at,
        evidence=tuple(dict.fromkeys((*best.evidence, *other.evidence))),
    )


def _pk(item: object) -> str | None:
    joined = dig(item, "id")
    own = joined.partition("_")[0] if isinstance(joined, str) else joined
    return digits(dig(item, "pk")) or digits(own)
