"""What one post is found by: the words of all its versions, as one text. Pure.

The text is tokens between spaces. ``|`` parts the texts, so that no phrase
reaches from one into the next. Filters are tokens too (``=photo``): the index
then answers "this word in this account" without looking at any post. At the end
stand the stems (``~bagi``) that are not themselves words of the post.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from storage.search.stemming import stem
from storage.search.words import handle, tag, words_of

EVERY = "="
"""A token of every post: what "everything except" starts from."""
GAP = "|"
STEM = "~"
"""What begins a token that is a stem."""
MOST_TOKENS = 16_000
"""PostgreSQL tells positions apart up to 16,383. A caption has some hundreds.

*Source*: PostgreSQL manual, text search, limitations.
"""
_LISTS = ("tagged", "mentions")
_NO_PART_OF_A_KEY = re.compile(r"[^0-9a-z_.:\-\x80-\U0010ffff]+|\s+")


def filter_token(value: str) -> str:
    """The token by which an account, kind or state is found."""
    return EVERY + _NO_PART_OF_A_KEY.sub("", value.casefold())


def word_tokens(word: str) -> tuple[str, ...]:
    """The tokens by which a word is found in any of its forms: one of these."""
    root = stem(word)
    return root, STEM + root


def words_text(
    captions: Iterable[str | None],
    extras: Sequence[Mapping[str, object]],
    handles: Iterable[str],
    filters: Iterable[str],
) -> str:
    """The indexed text of one post.

    Args:
        captions: Of its versions, newest first.
        extras: Further facts of its versions, newest first.
        handles: Its authors' public names.
        filters: Account keys, kind and state.
    """
    texts = dict.fromkeys(text for text in captions if text)
    names = dict.fromkeys(handles)
    tags: list[str] = []
    for extra in filter(None, extras):
        texts |= dict.fromkeys(_texts(extra))
        names |= {name: None for key in _LISTS for name in _strings(extra.get(key))}
        tags += [tag(name.lstrip("#")) for name in _strings(extra.get("hashtags"))]
    tags += [handle(name.lstrip("@")) for name in names]
    found: list[str] = []
    for text in (*texts, *names):
        read = words_of(text)
        found += read.words
        found.append(GAP)
        tags += read.tags
    del found[MOST_TOKENS:]
    whole = set(found)
    tokens = [EVERY, *dict.fromkeys(map(filter_token, filters)), GAP, *found]
    for token in dict.fromkeys(tags):
        if token not in ("#", "@"):
            tokens += (GAP, token)
    tokens += [STEM + root for root in dict.fromkeys(map(stem, found)) if root not in whole]
    return " ".join(tokens)


def _texts(extra: Mapping[str, object]) -> Iterator[str]:
    """The texts that a person reads or hears named, in one order."""
    for name in ("title", "location"):
        yield from _strings(extra.get(name))
    music = extra.get("music")
    if isinstance(music, Mapping):
        for name in ("title", "artist"):
            yield from _strings(music.get(name))
    alternatives = extra.get("alt_text")
    if isinstance(alternatives, Mapping):
        for _, value in sorted(alternatives.items()):
            yield from _strings(value)
    yield from _strings(extra.get("highlights"))


def _strings(value: object) -> Iterator[str]:
    """The texts in a value of any shape; platforms may say anything."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        yield from (item for item in value if isinstance(item, str))
