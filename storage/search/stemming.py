"""Indonesian stems: what ``membagikan`` and ``pembagian`` have in common.

Snowball's Indonesian algorithm in plain string operations: the library walks
letter by letter and takes some thirty times as long, which is what keeping a
new word mostly costs. A test holds both equal.
*Source*: snowballstem.org, ``indonesian.sbl`` 3.1, after F. Z. Tala (2003).
"""

from __future__ import annotations

from functools import lru_cache

_KEPT = 200_000
"""So many stems are remembered; posts use the same words again and again."""

_VOWELS = frozenset("aeiou")
_FIRST = ("meng", "peng", "mem", "men", "pem", "pen", "ter", "di", "ke", "me")
"""Prefixes of the first order, longer ones before what they begin with."""
_JOINED, _PE, _STRONG, _BE = 1, 2, 3, 4
"""What was taken off in front, which decides what may be taken off behind."""


@lru_cache(maxsize=_KEPT)
def stem(word: str) -> str:
    """The stem of a word as `storage.search.words` gives it.

    Words with digits, of other scripts, tags and handles are their own stems.
    """
    if not (word.isascii() and word.isalpha()):
        return word
    return snowball(word) or word


def snowball(word: str) -> str:
    """The stem of a word of the letters a to z. Nothing is taken from a word
    of two syllables; each affix is one."""
    syllables = sum(map(word.count, "aeiou"))
    for endings in (("kah", "lah", "pun"), ("nya", "ku", "mu")):
        if syllables <= 2:
            return word
        for ending in endings:
            if word.endswith(ending):
                word = word[: -len(ending)]
                syllables -= 1
                break
    if syllables <= 2:
        return word
    kind, letter, rest = _without_first(word)
    if kind:
        if syllables <= 3:
            return letter + rest
        shorter = _without_suffix(rest, kind)
        if shorter != rest and syllables > 4:
            shorter = _without_second(shorter)[1]
        return letter + shorter
    kind, rest = _without_second(word)
    syllables -= rest != word
    return _without_suffix(rest, kind) if syllables > 2 else rest


def _without_first(word: str) -> tuple[int, str, str]:
    """What was taken off, the letter that it had swallowed, and the rest."""
    for prefix in _FIRST:
        if word.startswith(prefix):
            break
    else:
        return 0, "", word
    rest = word[len(prefix) :]
    kind = _STRONG if prefix in ("ke", "pem", "pen", "peng") else _JOINED
    if prefix in ("men", "pen") and rest[:1] == "y" and rest[1:2] in _VOWELS:
        return kind, "s", rest[1:]
    return kind, "p" if prefix in ("mem", "pem") and rest[:1] in _VOWELS else "", rest


def _without_second(word: str) -> tuple[int, str]:
    start, after = word[:2], word[2:]
    if start not in ("be", "pe"):
        return 0, word
    kind = _PE if start == "pe" else _BE
    if after[:1] == "r":
        return kind, after[1:]
    if after.startswith("lajar"):
        return (0 if start == "pe" else _BE), after[1:]
    if start == "pe" or (after[:1] and after[0] not in _VOWELS and after[1:3] == "er"):
        return kind, after
    return 0, word


def _without_suffix(word: str, kind: int) -> str:
    if word.endswith("an"):
        if word.endswith("kan") and kind not in (_STRONG, _PE):
            return word[:-3]
        return word if kind == _JOINED else word[:-2]
    if word.endswith("i") and kind <= _PE and not word.endswith("si"):
        return word[:-1]
    return word
