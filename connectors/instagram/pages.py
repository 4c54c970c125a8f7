"""Walking a timeline page by page, and noticing when it ends in silence.

instaloader's own iteration stops without a word on an empty page, a repeated
page and a page that does not say whether more follows. Here each of them is
told, so that a capture can say that it is partial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from connectors.errors import MalformedAnswer
from connectors.instagram.parse import Listing, listing
from connectors.instagram.reading import Unreadable
from connectors.model import AccountRef, Page, PageEnd, RecordId

_BARREN_PAGES = 3
"""So many pages in a row without a new readable post end a listing."""


@dataclass(frozen=True, slots=True)
class Part:
    """One page as it was recorded: the listing inside, and its records."""

    connection: object
    evidence: tuple[RecordId, ...]


def walk(first: Part, after: Callable[[str], Part], owner: AccountRef) -> Iterator[Page]:
    """Pages of one timeline, until it ends.

    Args:
        first: The first page.
        after: Asks for the page at a cursor.
        owner: Whose timeline it is.

    Yields:
        One `Page` for each recorded page. Posts that an earlier page already
        held are left out. The last one has `PageEnd.END` or `PageEnd.SILENT`.

    Raises:
        MalformedAnswer: A page is no listing.
    """
    part, seen, cursors, barren = first, set[str](), set[str](), 0
    while True:
        try:
            found = listing(part.connection, owner, part.evidence)
        except Unreadable as error:
            raise MalformedAnswer(
                f"the timeline of {owner.handle} cannot be read: {error}",
                hint="The answer is in the archive; run again later.",
                evidence=part.evidence,
            ) from error
        fresh = tuple({post.id: post for post in found.posts if post.id not in seen}.values())
        barren = 0 if fresh else barren + 1
        end, reason = _end(found, repeats=bool(found.posts) and not fresh, barren=barren)
        if end is PageEnd.MORE and found.cursor in cursors:
            end, reason = PageEnd.SILENT, "repeated_page"
        yield Page(fresh, end, reason, found.problems, part.evidence)
        if end is not PageEnd.MORE or found.cursor is None:
            return
        seen.update(post.id for post in fresh)
        cursors.add(found.cursor)
        part = after(found.cursor)


def _end(found: Listing, *, repeats: bool, barren: int) -> tuple[PageEnd, str | None]:
    if repeats:
        return PageEnd.SILENT, "repeated_page"
    if found.has_next is None:
        return PageEnd.SILENT, "no_page_info"
    if not found.has_next:
        return PageEnd.END, None
    if found.entries == 0:
        return PageEnd.SILENT, "empty_page"
    if found.cursor is None:
        return PageEnd.SILENT, "no_cursor"
    if barren >= _BARREN_PAGES:
        return PageEnd.SILENT, "nothing_readable"
    return PageEnd.MORE, None
