"""What one post is found by: the words of all its versions, as one text. Pure.

The text is tokens between spaces. ``|`` parts the texts, so that no phrase
reaches from one into the next. Filters are tokens too (``=photo``): the index
then answers "this word in this account" without looking at any post.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from storage.search.words import handle, tag, words_of

EVERY = "="
"""A token of every post: what "everything except" starts from."""
GAP = "|"
MOST_TOKENS = 16_000
"""PostgreSQL tells positions apart up to 16,383. A caption has some hundreds.

*Source*: PostgreSQL manual, text search, limitations.
"""
_LISTS = ("tagged", "mentions")


def filter_token(value: str) -> str:
    """The token by which an account, kind or state is found."""
    return EVERY + "".join(value.casefold().split())


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
    texts |= dict.fromkeys(text for extra in extras for text in _texts(extra))
    names = dict.fromkeys(handles)
    names |= {name: None for extra in extras for key in _LISTS for name in _strings(extra.get(key))}
    tags = [tag(name.lstrip("#")) for extra in extras for name in _strings(extra.get("hashtags"))]
    tags += [handle(name.lstrip("@")) for name in names]
    found: list[str] = []
    for text in (*texts, *names):
        read = words_of(text)
        found += (*read.words, GAP)
        tags += read.tags
    tail = (token for token in dict.fromkeys(tags) if token not in ("#", "@"))
    marks = (EVERY, *dict.fromkeys(filter_token(value) for value in filters))
    return " ".join((*marks, GAP, *found[:MOST_TOKENS], *(f"{GAP} {one}" for one in tail)))


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
