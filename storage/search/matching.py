"""Whether a text of tokens matches a query, without any index. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from storage.search.post_words import word_tokens
from storage.search.query import Exact, Not, Phrase, Query, Term, Word

Parts = tuple[tuple[str, ...], bool]
"""Any of these stands in the text (or, if False, none of them)."""


def matcher(query: Query, filters: Sequence[str]) -> Callable[[str], bool]:
    """Reads a query once.

    Args:
        filters: Tokens that every post found must have.

    Returns:
        Tells of a text of `storage.search.post_words` whether it matches.
    """
    groups: list[tuple[Parts, ...]] = [(((f" {token} ",), True),) for token in filters]
    groups += [tuple(_parts(term) for term in group) for group in query.groups]

    def matches(words: str) -> bool:
        text = f" {words} "
        return all(
            any(any(part in text for part in parts) is wanted for parts, wanted in group)
            for group in groups
        )

    return matches


def opens(query: Query) -> bool:
    """Whether a term of the query is a beginning of words."""
    bare = [t.term if isinstance(t, Not) else t for group in query.groups for t in group]
    return any(
        t.open_end if isinstance(t, Phrase) else not isinstance(t, Word | Exact) for t in bare
    )


def _parts(term: Term) -> Parts:
    if isinstance(term, Not):
        return _parts(term.term)[0], False
    if isinstance(term, Phrase):
        return (" " + " ".join(term.words) + ("" if term.open_end else " "),), True
    if isinstance(term, Exact):
        return (f" {term.token} ",), True
    if isinstance(term, Word):
        return tuple(f" {token} " for token in word_tokens(term.word)), True
    return (f" {term.start}",), True
