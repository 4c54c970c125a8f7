"""Walking a timeline page by page, and noticing when it ends in silence.

instaloader's own iteration stops without a word on an empty page, a repeated
page and a page that does not say whether more follows. Here each of them is
told, so that a capture can say that it is partial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from connectors.errors import AnswerUnusable, CursorRefused, LimitExceeded, MalformedAnswer
from connectors.instagram.parse import Listing, listing
from connectors.instagram.places import Place, goes_on, newest
from connectors.instagram.reading import Unreadable
from connectors.model import AccountRef, Page, PageEnd, RecordId

_BARREN_PAGES = 3
"""So many pages in a row without a new readable post end a listing."""


@dataclass(frozen=True, slots=True)
class Part:
    """One page as it was recorded.

    Attributes:
        connection: The listing inside.
        whole: Whether its items are complete posts. A stranger's listing
            shows codes and, at most, small previews: not what is archived.
    """

    connection: object
    evidence: tuple[RecordId, ...]
    whole: bool = True


def walk(
    first: Part, after: Callable[[str], Part], owner: AccountRef, *, entered: Place | None = None
) -> Iterator[Page]:
    """Pages of one timeline, until it ends.

    Args:
        first: The first page.
        after: Asks for the page at a cursor.
        owner: Whose timeline it is.
        entered: The place where the first page begins, when it is not the
            head of the timeline.

    Yields:
        One `Page` for each recorded page. Posts that an earlier page already
        held are left out. The last one has `PageEnd.END` or `PageEnd.SILENT`.

    Raises:
        MalformedAnswer: A page is no listing.
        CursorRefused: The first page does not follow the place entered.
    """
    part, seen, barren = first, set[str](), 0
    cursors = {entered.cursor} if entered else set[str]()
    before = entered.newest if entered else ""
    while True:
        try:
            found = listing(part.connection, owner, part.evidence)
        except Unreadable as error:
            if entered and part is first:
                raise refused(str(error), part.evidence) from error
            raise MalformedAnswer(
                f"the timeline of {owner.handle} cannot be read: {error}",
                hint="The answer is in the archive; run again later.",
                evidence=part.evidence,
            ) from error
        if entered and part is first:
            _check(found, entered, part.evidence)
        fresh = tuple({post.id: post for post in found.posts if post.id not in seen}.values())
        if not part.whole:
            fresh = tuple(replace(post, is_complete=False) for post in fresh)
        barren = 0 if fresh else barren + 1
        end, reason = _end(found, repeats=bool(found.posts) and not fresh, barren=barren)
        if end is PageEnd.MORE and found.cursor in cursors:
            end, reason = PageEnd.SILENT, "repeated_page"
        before = newest(fresh, before)
        if end is not PageEnd.MORE or found.cursor is None:
            yield Page(fresh, end, reason, found.problems, part.evidence)
            return
        onward = str(Place(found.cursor, before))
        yield Page(fresh, end, reason, found.problems, part.evidence, onward)
        seen.update(post.id for post in fresh)
        cursors.add(found.cursor)
        part = after(found.cursor)


def enter(ask: Callable[[str | None], Part], entered: Place) -> Part:
    """The page at a place of an earlier night.

    An unusable answer can mean that the place is no longer known or that the
    listing fails as a whole; its head tells which.

    Args:
        ask: Asks for the page at a cursor; for the head when given ``None``.

    Raises:
        CursorRefused: Only the place is refused.
        ConnectorError: The listing cannot be read at all now.
    """
    try:
        return ask(entered.cursor)
    except LimitExceeded:
        raise
    except AnswerUnusable as error:
        ask(None)
        raise refused(str(error), error.evidence) from error


def refused(why: str, evidence: tuple[RecordId, ...]) -> CursorRefused:
    """The platform no longer takes a cursor."""
    return CursorRefused(
        f"a place in the listing is no longer known: {why}",
        hint="The listing begins anew; what is already kept is not fetched again.",
        evidence=evidence,
    )


def _check(found: Listing, entered: Place, evidence: tuple[RecordId, ...]) -> None:
    if found.entries == 0 and found.has_next is False:
        raise refused("nothing follows where more was promised", evidence)
    if not goes_on(found.posts, entered):
        raise refused("the page that came does not follow it", evidence)


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
