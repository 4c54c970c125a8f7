"""Which documents of a post are one version, and which media stand for it.

A ``post/1`` document whose content digest equals the one before it is not a
new version. It is written when a post is captured again, most often because
media were missing the first time; the version then has the media of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Item(Protocol):
    """A stored media row."""

    @property
    def document(self) -> str: ...  # noqa: D102
    @property
    def ordinal(self) -> int: ...  # noqa: D102
    @property
    def role(self) -> str: ...  # noqa: D102
    @property
    def position(self) -> int: ...  # noqa: D102
    @property
    def media_id(self) -> str: ...  # noqa: D102
    @property
    def language(self) -> str | None: ...  # noqa: D102
    @property
    def complete(self) -> bool: ...  # noqa: D102


def numbers(digests: Sequence[str]) -> list[int]:
    """Version numbers of a post's documents, oldest first.

    A content that comes back after another one is a version again: the page
    did change twice.
    """
    found: list[int] = []
    before: str | None = None
    for digest in digests:
        number = found[-1] if found else 0
        found.append(number if digest == before else number + 1)
        before = digest
    return found


def groups(documents: Sequence[str], numbers: Sequence[int]) -> list[list[str]]:
    """The documents of each version, versions and documents oldest first."""
    found: list[list[str]] = []
    for document, number in zip(documents, numbers, strict=True):
        if number > len(found):
            found.append([])
        found[-1].append(document)
    return found


def chosen(documents: Sequence[str], items: Sequence[Item]) -> list[tuple[str, int]]:
    """The media that stand for a version, as (document, ordinal).

    The newest document says which items there are. For each, the oldest
    complete one is taken (it was seen first), else the newest attempt.

    Args:
        documents: The version's, oldest first.
        items: Media rows of the post, by ordinal within a document.
    """
    by_document: dict[str, list[Item]] = {document: [] for document in documents}
    for item in items:
        if item.document in by_document:
            by_document[item.document].append(item)
    found: list[tuple[str, int]] = []
    met: set[tuple[str, int, str, str]] = set()
    for item in by_document[documents[-1]]:
        key = _key(item)
        if key in met:
            continue
        met.add(key)
        same = [
            other
            for document in documents
            for other in by_document[document]
            if _key(other) == key and other.complete
        ]
        best = same[0] if same else item
        found.append((best.document, best.ordinal))
    return found


def _key(item: Item) -> tuple[str, int, str, str]:
    return (item.role, item.position, item.media_id, item.language or "")
