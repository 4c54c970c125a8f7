"""What a person types into the search, read by a parser that nothing breaks. Pure.

Terms must all match. ``"several words"`` in this order; ``word*`` a beginning;
``#tag``; ``@handle``; ``-term`` not this; ``a OR b`` (also ``ATAU``) either,
binding tighter than the rest. Whatever has no meaning is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from storage.search.words import handle, tag, words_of

LONGEST = 2_000
"""Characters that are read; nobody types more."""
MOST_TERMS = 50

_TERM = re.compile(r'(-*)"([^"]*)(?:"(\*?)|$)|([^\s"]+)')
_OR = frozenset({"OR", "ATAU"})
_PREFIX = re.compile(r"(.*?)\*+$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Word:
    """A word in any of its forms."""

    word: str


@dataclass(frozen=True, slots=True)
class Exact:
    """One token as it is: a tag or a handle."""

    token: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words exactly so and in this order.

    Attributes:
        open_end: The last one is a beginning.
    """

    words: tuple[str, ...]
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any token that begins so."""

    start: str


@dataclass(frozen=True, slots=True)
class Not:
    """Posts that do not match."""

    term: Word | Exact | Phrase | Prefix


Term = Word | Exact | Phrase | Prefix | Not


@dataclass(frozen=True, slots=True)
class Query:
    """Every group must match; of a group, one term.

    Attributes:
        groups: Empty when nothing that can be searched was typed.
    """

    groups: tuple[tuple[Term, ...], ...] = ()


def parse(text: str) -> Query:
    """Read what was typed; never raises."""
    groups: list[list[Term]] = []
    either = False
    count = 0
    for found in _terms(text[:LONGEST]):
        if found is None:
            either = bool(groups)
            continue
        count += 1
        if count > MOST_TERMS:
            break
        if either:
            groups[-1].append(found)
        else:
            groups.append([found])
        either = False
    return Query(tuple(tuple(dict.fromkeys(group)) for group in groups))


def _terms(text: str) -> Iterator[Term | None]:
    """The terms in order; ``None`` stands for OR."""
    for match in _TERM.finditer(text):
        dashes, quoted, star, bare = match.groups()
        if bare in _OR:
            yield None
        elif bare is not None:
            inner = bare.lstrip("-")
            yield from _signed(_bare(inner), inner != bare)
        else:
            yield from _signed(_phrase(quoted, bool(star)), bool(dashes))


def _signed(term: Word | Exact | Phrase | Prefix | None, excluded: bool) -> Iterator[Term]:
    if term is not None:
        yield Not(term) if excluded else term


def _bare(text: str) -> Word | Exact | Phrase | Prefix | None:
    beginning = _PREFIX.match(text)
    inner = beginning[1] if beginning else text
    for sign, token in (("#", tag), ("@", handle)):
        if inner.startswith(sign):
            made = token(_joined(inner[1:]))
            if made != sign:
                return Prefix(made) if beginning else Exact(made)
            return None
    words = words_of(inner).words
    if len(words) != 1:
        return Phrase(words, bool(beginning)) if words else None
    return Prefix(words[0]) if beginning else Word(words[0])


def _joined(text: str) -> str:
    """What can stand in a tag or handle, up to the first thing that cannot."""
    found = re.match(r"[0-9A-Za-z_.\x80-\U0010ffff]*", text)
    return found[0] if found else ""


def _phrase(text: str, star: bool) -> Word | Exact | Phrase | Prefix | None:
    words = words_of(text).words
    if not words:
        return None
    return Phrase(words, star)
