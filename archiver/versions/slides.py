"""What changed among the pictures and films of a post. Pure.

They are the same by the platform's id or by the digest of their bytes, never by
address: addresses are signed anew on every listing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class SlideFate(StrEnum):
    """What became of one slide."""

    ADDED = "added"
    REMOVED = "removed"
    REPLACED = "replaced"
    """Another picture under another id stands in its place."""
    OTHER_BYTES = "other_bytes"
    """The same id has other bytes: another picture, or the same one encoded anew."""
    OTHER_ID = "other_id"
    """The same bytes have another id: the same picture."""
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Slide:
    """One picture or film.

    Attributes:
        sha256: ``None`` when its bytes are not kept.
        record: The WARC record that holds them.
    """

    media_id: str
    sha256: str | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class SlideChange:
    """One slide that is not as it was.

    Attributes:
        place_before / place_after: Counted from 1; ``None`` where it was not there.
    """

    fate: SlideFate
    place_before: int | None
    place_after: int | None
    before: Slide | None
    after: Slide | None


def slide_changes(before: Sequence[Slide], after: Sequence[Slide]) -> tuple[SlideChange, ...]:
    """What differs between two rows of slides, by where it is now, then by where it was.

    Returns:
        Nothing exactly when ids and known digests are the same in the same order.
        A slide that moved and has another id or other bytes is told twice.
    """
    pairs = _pairs(before, after)
    still = _in_order([pair for pair in pairs if not _replaced(*_both(before, after, pair))])
    found = []
    for old, new in pairs:
        one, other = before[old], after[new]
        fate = _fate(one, other)
        if fate is not None:
            found.append(SlideChange(fate, old + 1, new + 1, one, other))
        if (old, new) not in still and fate is not SlideFate.REPLACED:
            found.append(SlideChange(SlideFate.MOVED, old + 1, new + 1, one, other))
    gone = set(range(len(before))) - {old for old, _new in pairs}
    fresh = set(range(len(after))) - {new for _old, new in pairs}
    found += [SlideChange(SlideFate.ADDED, None, at + 1, None, after[at]) for at in fresh]
    found += [SlideChange(SlideFate.REMOVED, at + 1, None, before[at], None) for at in gone]
    return tuple(sorted(found, key=lambda c: (c.place_after or 10**9, c.place_before or 0)))


def same_pictures(before: Sequence[Slide], after: Sequence[Slide]) -> bool:
    """Whether all bytes are known and are the same in the same order."""
    digests = [slide.sha256 for slide in before]
    return None not in digests and digests == [slide.sha256 for slide in after]


def _pairs(before: Sequence[Slide], after: Sequence[Slide]) -> list[tuple[int, int]]:
    """Which slide became which: by id, then by bytes, then by standing in one place."""
    old, new = list(range(len(before))), list(range(len(after)))
    found: list[tuple[int, int]] = []
    alike: tuple[Callable[[int, int], bool], ...] = (
        lambda i, j: before[i].media_id == after[j].media_id,
        lambda i, j: before[i].sha256 is not None and before[i].sha256 == after[j].sha256,
        # A row that only grew or shrank has lost or gained slides, none was swapped.
        lambda i, j: i == j and len(before) == len(after),
    )
    for test in alike:
        for pair in list(_matched(old, new, test)):
            found.append(pair)
            old.remove(pair[0])
            new.remove(pair[1])
    return sorted(found, key=lambda pair: pair[1])


def _matched(
    old: Sequence[int], new: Sequence[int], test: Callable[[int, int], bool]
) -> Iterator[tuple[int, int]]:
    left = list(new)
    for i in old:
        # Of several that are alike the one in the same place is nearest.
        j = next((j for j in sorted(left, key=lambda j: (j != i, j)) if test(i, j)), None)
        if j is not None:
            left.remove(j)
            yield i, j


def _both(
    before: Sequence[Slide], after: Sequence[Slide], pair: tuple[int, int]
) -> tuple[Slide, Slide]:
    return before[pair[0]], after[pair[1]]


def _fate(one: Slide, other: Slide) -> SlideFate | None:
    same_bytes = one.sha256 == other.sha256
    if one.media_id == other.media_id:
        known = one.sha256 is not None and other.sha256 is not None
        return SlideFate.OTHER_BYTES if known and not same_bytes else None
    alike = same_bytes and one.sha256 is not None
    return SlideFate.OTHER_ID if alike else SlideFate.REPLACED


def _replaced(one: Slide, other: Slide) -> bool:
    return _fate(one, other) is SlideFate.REPLACED


def _in_order(pairs: Sequence[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """A longest row of pairs that kept their order; the rest was moved."""
    tails: list[int] = []
    rows: list[tuple[tuple[int, int], ...]] = []
    for pair in pairs:
        at = bisect_left(tails, pair[0])
        row = (*(rows[at - 1] if at else ()), pair)
        if at == len(tails):
            tails.append(pair[0])
            rows.append(row)
        else:
            tails[at], rows[at] = pair[0], row
    return frozenset(rows[-1] if rows else ())
