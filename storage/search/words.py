"""Words of a text, the same way when it is stored and when it is asked for. Pure.

A word is a run of letters, digits and marks of any script; an emoji is a word
of its own. Case, width, fancy alphabets (NFKD), Latin accents and Arabic vowel
signs make no difference. ``#tags`` and ``@handles`` are tokens beside the words
they are written with.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

LONGEST_WORD = 64
"""Characters; the rest of a longer word counts neither here nor there."""

_ONLY_WORDS = "".join(chr(c) if chr(c).isalnum() else " " for c in range(128))
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"[0-9a-z\x80-\U0010ffff]+")
_APOSTROPHE = re.compile("(?<=[A-Za-z])['`\u2018\u2019\u02bc](?=[A-Za-z])")
_TAG = re.compile(r"(?<![0-9A-Za-z_&/\x80-\U0010ffff])#([0-9A-Za-z_\x80-\U0010ffff]+)")
_HANDLE = re.compile(r"(?<![0-9A-Za-z_.\x80-\U0010ffff])@([0-9A-Za-z_.]+)")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_+")
_ARABIC_SIGNS, _LATIN_ACCENTS = range(27, 37), range(202, 241)
"""Canonical combining classes. *Source*: Unicode Standard Annex 44."""


@dataclass(frozen=True, slots=True)
class Words:
    """What one text holds.

    Attributes:
        words: In order. The words inside a tag stand where the tag stands.
        tags: ``#tag`` and ``@handle`` tokens, and tags of several words also
            as one word.
    """

    words: tuple[str, ...]
    tags: tuple[str, ...]


def words_of(text: str) -> Words:
    """Read a text. Any text will do, also one that is no Unicode."""
    if not text.isascii() or "'" in text or "`" in text:
        text = _plain(_APOSTROPHE.sub("", text))
    shown = text
    tags: list[str] = []
    if "#" in shown:
        shown = _TAG.sub(lambda match: _tag(match[1], tags), shown)
    if "@" in shown:
        tags += [t for found in _HANDLE.findall(shown) if (t := handle(found)) != "@"]
    return Words(tuple(_cut(_folded(shown))), tuple(tags))


def tag(text: str) -> str:
    """The token of a hashtag given without its ``#``."""
    return "#" + _folded(_plain(text)).replace(" ", "")[:LONGEST_WORD]


def handle(text: str) -> str:
    """The token of an account's public name given without its ``@``."""
    return "@" + _folded(_plain(text)).replace(" ", "").rstrip(".")[:LONGEST_WORD]


def _tag(written: str, tags: list[str]) -> str:
    """Note the tag; gives the words it is made of, in its place."""
    tokens, parts = _tag_read(written)
    tags += tokens
    return parts


@lru_cache(maxsize=10_000)
def _tag_read(written: str) -> tuple[tuple[str, ...], str]:
    parts = _CAMEL.sub(" ", written)
    joined = _cut(_folded(written.replace("_", ""))) if " " in parts else ()
    return (tag(written), *joined), f" {parts} "


def _cut(folded: str) -> list[str]:
    quick = folded.isascii()  # most texts; the same several times as fast
    words = folded.translate(_ONLY_WORDS).split() if quick else _WORD.findall(folded)
    if words and len(max(words, key=len)) > LONGEST_WORD:
        words = [word[:LONGEST_WORD] for word in words]
    return words


def _folded(shown: str) -> str:
    folded = shown.casefold()
    return folded if folded.isascii() else _plain(folded)


def _plain(text: str) -> str:
    """Without what makes no difference, case excepted."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", _BEYOND_ASCII.sub(lambda match: _kept(match[0]), apart))


@cache
def _kept(character: str) -> str:
    """What a character beyond ASCII becomes: itself, nothing, or a gap."""
    category = unicodedata.category(character)
    code = ord(character)
    if category[0] in "LN":
        return character
    if category in ("Mn", "Mc"):
        dropped = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
        weight = unicodedata.combining(character)
        return "" if dropped or weight in _ARABIC_SIGNS or weight in _LATIN_ACCENTS else character
    if category in ("Me", "Cf") or 0x1F3FB <= code <= 0x1F3FF:
        return ""  # joiners, enclosing keycaps, skin tones
    if category == "So" or (category == "Cn" and 0x1F000 <= code <= 0x1FBFF):
        return f" {character} "  # also emoji newer than this Python
    return " "
