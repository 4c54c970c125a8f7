"""What changed between two versions of a post. Pure.

Every fact of `archiver.versions.changes.CONTENT` that differs is told, and slides whose
bytes differ although their ids do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from archiver.versions.changes import Content
from archiver.versions.slides import Slide, SlideChange, slide_changes
from archiver.versions.word_diff import Stretch, word_diff
from connectors.model import MediaRole
from storage.catalogue.history import VersionRow
from storage.catalogue.posts import MediaRow

TEXTS = frozenset({"caption", "title"})
"""Facts that are compared word by word."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a version shows, as far as it is compared.

    Attributes:
        slides: Pictures and films in their order.
        cover: Digest of the cover's bytes; ``None`` when there is none.
    """

    content: Content
    slides: tuple[Slide, ...] = ()
    cover: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that is another than before.

    Attributes:
        fact: A key of `archiver.versions.changes.CONTENT`.
        before / after: JSON values; ``None`` for what was not told.
        words: For texts.
        slides: For ``media``.
        media_id: For one slide's ``alt_text``.
        same_picture: For ``cover``: another key for the same bytes.
    """

    fact: str
    before: object
    after: object
    words: tuple[Stretch, ...] = ()
    slides: tuple[SlideChange, ...] = ()
    media_id: str | None = None
    same_picture: bool = False


def shown(version: VersionRow) -> Shown:
    """What is compared of a kept version."""
    content = version.content or {
        "caption": version.caption,
        "kind": version.kind,
        "media": [item.media_id for item in version.media if item.role == MediaRole.CONTENT],
    }
    cover = next(
        (m.sha256 for m in version.media if m.role == MediaRole.COVER and m.complete), None
    )
    return Shown(content, slides_of(version.media), cover)


def slides_of(media: Sequence[MediaRow]) -> tuple[Slide, ...]:
    """The pictures and films among a version's media, in their order."""
    return tuple(
        Slide(item.media_id, item.sha256 if item.complete else None, item.record)
        for item in media
        if item.role == MediaRole.CONTENT
    )


def differences(before: Shown, after: Shown) -> tuple[Difference, ...]:
    """What changed; empty when a person sees the same.

    What was told to be empty and what was never told are the same.
    """
    found = list(_slides(before, after))
    for fact in dict.fromkeys((*before.content, *after.content)):
        old, new = before.content.get(fact), after.content.get(fact)
        if fact == "media" or (old or None) == (new or None):
            continue
        if fact in TEXTS:
            found.append(Difference(fact, old, new, words=word_diff(_text(old), _text(new))))
        elif fact == "alt_text":
            found += _alt_texts(_mapping(old), _mapping(new))
        elif fact == "cover":
            same = before.cover is not None and before.cover == after.cover
            found.append(Difference(fact, old, new, same_picture=same))
        else:
            found.append(Difference(fact, old, new))
    return tuple(found)


def of_versions(versions: Sequence[VersionRow]) -> Mapping[int, tuple[Difference, ...]]:
    """What each version changed against the one before it, by its number.

    Args:
        versions: Oldest first.
    """
    return {new.number: differences(shown(old), shown(new)) for old, new in pairwise(versions)}


def _slides(before: Shown, after: Shown) -> Iterator[Difference]:
    changes = slide_changes(_all(before), _all(after))
    if changes:
        old, new = ([slide.media_id for slide in _all(one)] for one in (before, after))
        yield Difference("media", old, new, slides=changes)


def _all(one: Shown) -> tuple[Slide, ...]:
    """The slides under the ids that the content names, with what is kept of each.

    Pictures that were seen again under new ids are kept under those; they are
    found by their place then.
    """
    named = one.content.get("media")
    if not isinstance(named, list):
        return one.slides
    if len(named) == len(one.slides):
        pairs = zip(named, one.slides, strict=True)
        return tuple(replace(slide, media_id=str(media_id)) for media_id, slide in pairs)
    kept = {slide.media_id: slide for slide in one.slides}
    return tuple(kept.get(str(media_id), Slide(str(media_id))) for media_id in named)


def _alt_texts(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for media_id in dict.fromkeys((*before, *after)):
        old, new = before.get(media_id), after.get(media_id)
        if (old or None) != (new or None):
            words = word_diff(old or "", new or "")
            yield Difference("alt_text", old, new, words=words, media_id=media_id)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, str]:
    return value if isinstance(value, Mapping) else {}
