"""What changed between two texts, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_TOKEN = re.compile(r"\S+|\n|[^\S\n]+")
_COMPARED = 4_000_000
"""Pairs of tokens that are compared at most: a hostile text must not cost minutes."""


class Fate(StrEnum):
    """What became of a stretch of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text, and what became of it."""

    fate: Fate
    text: str


def word_diff(before: str, after: str) -> tuple[Stretch, ...]:
    """The two texts as one row of stretches.

    A word is whatever stands between white space, so that emoji, letters with
    marks and scripts of any direction are never torn.

    Returns:
        Same and removed stretches together are ``before``, same and added ones
        ``after``; no two neighbours have the same fate.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    head = _common(zip(old, new, strict=False))
    tail = _common(zip(reversed(old[head:]), reversed(new[head:]), strict=False))
    removed, added = old[head : len(old) - tail], new[head : len(new) - tail]
    pieces = [
        (Fate.SAME, old[:head]),
        *_middle(removed, added),
        (Fate.SAME, old[len(old) - tail :]),
    ]
    return tuple(_joined(pieces))


def _common(pairs: Iterable[tuple[str, str]]) -> int:
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _middle(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Fate, Sequence[str]]]:
    if len(old) * len(new) > _COMPARED:
        yield from ((Fate.REMOVED, old), (Fate.ADDED, new))
        return
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal" and any(not token.isspace() for token in old[i:j]):
            yield Fate.SAME, old[i:j]
        else:
            # A space alone between two changes holds nothing together.
            yield from ((Fate.REMOVED, old[i:j]), (Fate.ADDED, new[k:m]))


def _joined(pieces: Iterable[tuple[Fate, Sequence[str]]]) -> Iterator[Stretch]:
    """Neighbours of one kind as one stretch, what was removed before what was added."""
    kept = dict.fromkeys(Fate, "")
    for fate, tokens in pieces:
        text = "".join(tokens)
        if text and (fate is Fate.SAME) != bool(kept[Fate.SAME]):
            yield from _given(kept)
        kept[fate] += text
    yield from _given(kept)


def _given(kept: dict[Fate, str]) -> Iterator[Stretch]:
    for fate, text in kept.items():
        if text:
            yield Stretch(fate, text)
            kept[fate] = ""


def shortened(stretches: Sequence[Stretch], words: int = 5) -> tuple[Stretch, ...]:
    """The same, with only some words left beside each change.

    Args:
        words: So many before and after a change; ``…`` stands for the rest.
    """
    found = []
    for at, stretch in enumerate(stretches):
        if stretch.fate is Fate.SAME:
            first, last = at == 0, at == len(stretches) - 1
            stretch = Stretch(Fate.SAME, _excerpt(stretch.text, words, first=first, last=last))
        found.append(stretch)
    return tuple(found)


def _excerpt(text: str, words: int, *, first: bool, last: bool) -> str:
    tokens = _TOKEN.findall(text)
    places = [at for at, token in enumerate(tokens) if not token.isspace()]
    if len(places) <= words * (2 - first - last) or (first and last):
        return text
    begin = "" if first else "".join(tokens[: places[words - 1] + 1]) + " "
    end = "" if last else " " + "".join(tokens[places[-words] :])
    return f"{begin}…{end}"


def marked(stretches: Iterable[Stretch]) -> str:
    """As plain text: ``[-removed-]{+added+}``."""
    forms = {Fate.SAME: "{}", Fate.REMOVED: "[-{}-]", Fate.ADDED: "{{+{}+}}"}
    return "".join(forms[stretch.fate].format(stretch.text) for stretch in stretches)
