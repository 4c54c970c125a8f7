"""Searching captions. Today a plain substring (`storage.catalogue.posts.find`)."""

from __future__ import annotations

import sqlite3
from contextlib import closing


def full_text_available() -> bool:
    """Whether this Python's SQLite can search full text (FTS5)."""
    with closing(sqlite3.connect(":memory:")) as probe:
        try:
            probe.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
        except sqlite3.OperationalError:
            return False
    return True
