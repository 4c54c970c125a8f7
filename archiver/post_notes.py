"""Posts together with the notes that hold for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import Connection

from archiver.wording import word_for
from storage.catalogue.notes import PostNote, of_posts
from storage.catalogue.posts import PostRow

NotedPost = tuple[PostRow, tuple[PostNote, ...]]
_BATCH = 200


def with_notes(conn: Connection, posts: Iterable[PostRow]) -> Iterator[NotedPost]:
    """Each post with its standing notes, in the same order, read in batches."""
    coming = iter(posts)
    while batch := list(islice(coming, _BATCH)):
        notes = of_posts(conn, [post.id for post in batch])
        yield from ((post, notes.get(post.id, ())) for post in batch)


def marked(notes: Sequence[PostNote]) -> str:
    """The kinds of a post's notes, to stand before its caption; empty without any."""
    kinds = dict.fromkeys(word_for(one.note.kind) for one in notes)
    return f"[{', '.join(kinds)}] " if kinds else ""
