"""The forms a word has in the archive."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage.schema_search import search_words
from storage.search.stemming import stem

MOST_FORMS = 300
"""A beginning with more forms than this is looked up in the index itself."""

_W = search_words.c


def forms(conn: Connection, word: str) -> tuple[str, ...]:
    """Every word with the same stem, the word itself first."""
    wanted = select(_W.word).where(_W.stem == stem(word)).order_by(_W.word)
    return tuple(dict.fromkeys((word, *conn.scalars(wanted))))


def beginnings(conn: Connection, start: str) -> tuple[str, ...] | None:
    """Every token that begins so; ``None`` when they are too many to list."""
    column = _W.word.collate("C") if conn.dialect.name == "postgresql" else _W.word
    wanted = select(_W.word).where(column >= start, column < start + "\U0010ffff")
    found = tuple(conn.scalars(wanted.order_by(column).limit(MOST_FORMS + 1)))
    return None if len(found) > MOST_FORMS else found
