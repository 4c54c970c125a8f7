"""From a query to what each database understands. Every token is quoted.

Nothing that was typed is read as an operator: `storage.search.words` leaves
letters, digits and marks, and even these stand in quotes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from storage.search.post_words import EVERY, word_tokens
from storage.search.query import Exact, Not, Phrase, Query, Term, Word


class _Language(Protocol):
    """How a database writes a query."""

    def token(self, token: str, *, open_end: bool = False) -> str: ...
    def phrase(self, words: Sequence[str], *, open_end: bool) -> str: ...
    def any_of(self, parts: Sequence[str]) -> str: ...
    def all_of(self, parts: Sequence[str], without: Sequence[str]) -> str: ...


class Fts5:
    """SQLite's. *Source*: SQLite FTS5, full-text query syntax."""

    def token(self, token: str, *, open_end: bool = False) -> str:
        """One token, or any that begins so."""
        return f'"{token}"' + (" *" if open_end else "")

    def phrase(self, words: Sequence[str], *, open_end: bool) -> str:
        """Tokens in order."""
        return self.token(" ".join(words), open_end=open_end)

    def any_of(self, parts: Sequence[str]) -> str:
        """One of these."""
        return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"

    def all_of(self, parts: Sequence[str], without: Sequence[str]) -> str:
        """All of these and none of those."""
        both = f"({' AND '.join(parts)})"
        return f"({both} NOT {self.any_of(without)})" if without else both


class Tsquery:
    """PostgreSQL's. *Source*: PostgreSQL manual, tsquery."""

    def token(self, token: str, *, open_end: bool = False) -> str:
        """One token, or any that begins so."""
        return f"'{token}'" + (":*" if open_end else "")

    def phrase(self, words: Sequence[str], *, open_end: bool) -> str:
        """Tokens in order."""
        last = len(words) - 1
        parts = [self.token(w, open_end=open_end and n == last) for n, w in enumerate(words)]
        return f"({' <-> '.join(parts)})"

    def any_of(self, parts: Sequence[str]) -> str:
        """One of these."""
        return f"({' | '.join(parts)})"

    def all_of(self, parts: Sequence[str], without: Sequence[str]) -> str:
        """All of these and none of those."""
        return f"({' & '.join([*parts, *(f'!{one}' for one in without)])})"


def compiled(dialect: str, query: Query, filters: Sequence[str]) -> str:
    """The query in the database's own words.

    Args:
        dialect: ``sqlite`` or ``postgresql``.
        filters: Tokens that every post found must have.
    """
    language = Tsquery() if dialect == "postgresql" else Fts5()
    needed = [language.token(token) for token in filters]
    without: list[str] = []
    for group in query.groups:
        if len(group) == 1 and isinstance(group[0], Not):
            without.append(_term(language, group[0].term))
        else:
            needed.append(language.any_of([_term(language, term) for term in group]))
    return language.all_of(needed or [language.token(EVERY)], without)


def _term(language: _Language, term: Term) -> str:
    if isinstance(term, Not):
        return language.all_of([language.token(EVERY)], [_term(language, term.term)])
    if isinstance(term, Phrase):
        return language.phrase(term.words, open_end=term.open_end)
    if isinstance(term, Exact):
        return language.token(term.token)
    if isinstance(term, Word):
        return language.any_of([language.token(token) for token in word_tokens(term.word)])
    return language.token(term.start, open_end=True)
