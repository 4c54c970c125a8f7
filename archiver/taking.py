"""Taking one listed post: judged, read, fetched, kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from archiver.absence.stretches import LISTINGS
from archiver.documents import Origin, SeenPost
from archiver.keeping import fetch_media, keep_post
from archiver.notes import Leg, Notes
from archiver.orders import Desk
from archiver.quota import QuotaSpent
from archiver.reading import read_whole
from archiver.versions.changes import Change, Kept, digest_of, judge, media_ids, settled
from archiver.versions.pictures import by_their_bytes, cover_differs
from connectors.base import Connector
from connectors.errors import (
    Blocked,
    ConnectorError,
    LibraryChanged,
    NetworkFailure,
    SessionExpired,
    WaitRequired,
)
from connectors.model import Page, Post, PostKind, Problem, Section
from storage.catalogue import pictures, posts
from storage.timestamps import stamp

ENDS_CAPTURE = (Blocked, SessionExpired, WaitRequired, LibraryChanged)
"""Errors about the visitor or the library: going on would only make it worse."""

NETWORK_FAILURES = 3
"""So many posts in a row without a network, and the rest is not tried."""


SHOWN = 24
"""So many listed posts are remembered, to be visited as a comparison."""


class Stopped(Exception):
    """The capture was asked to end between two posts, or its visitor may not go on."""

    def __init__(self, code: str, error: ConnectorError | None = None) -> None:
        super().__init__(code)
        self.error = error


class Taking:
    """Takes the posts of one capture.

    Attributes:
        kept: What is held, by post id; grows as posts are kept.
        bounded: Posts that cost a visit wait when the night's requests are spent.
    """

    def __init__(
        self, connector: Connector, desk: Desk, origin: Origin, notes: Notes, kept: dict[str, Kept]
    ) -> None:
        self.kept = kept
        self.bounded = False
        self._connector, self._desk, self._origin = connector, desk, origin
        self._notes = notes
        self._joining: set[str] = set()

    def page(self, page: Page, leg: Leg) -> list[tuple[Change, Post, Kept | None]]:
        """Take a page's posts in its order.

        Returns:
            Each with what it turned out to be, and what was held before.
        """
        notes = self._notes
        notes.problems.extend(page.problems)
        notes.unreadable += len(page.problems)
        notes.met.update(post.id for post in page.posts)
        if leg.section in LISTINGS and len(notes.shown) < SHOWN:
            notes.shown.update((post.id, post) for post in page.posts)
        fresh = len({post.id for post in page.posts} - notes.changes.keys())
        self._find_elsewhere(page, leg.section)
        leg.note(page, fresh, [self._published(post) for post in page.posts])
        before = {post.id: self.kept.get(post.id) for post in page.posts}
        return [(self.post(post, leg), post, before[post.id]) for post in page.posts]

    def _published(self, post: Post) -> datetime | None:
        """When a post was published; a stub does not tell, what is kept of it does."""
        kept = self.kept.get(post.id)
        if post.published_at is not None or kept is None or kept.published_at is None:
            return post.published_at
        return datetime.fromisoformat(kept.published_at)

    def _find_elsewhere(self, page: Page, section: Section) -> None:
        """Posts that another account's capture kept are known here too."""
        strange = [post.id for post in page.posts if post.id not in self.kept]
        if not strange:
            return
        with self._desk.catalogue.reading() as conn:
            found = posts.known_by_id(conn, strange)
        for post_id, post in found.items():
            self.kept[post_id] = kept_post(self._desk, post_id, post)
            if section in (Section.POSTS, Section.REELS):
                self._joining.add(post_id)

    def post(self, post: Post, leg: Leg | None = None) -> Change:
        """Note a listed post and keep it when that is due."""
        notes = self._notes
        if post.id in notes.changes and not self._becomes_highlight(post):
            return notes.changes[post.id]
        stop = self._desk.between_posts()
        if stop is not None:
            raise Stopped(stop)
        change = judge(post, self.kept)
        if change is Change.UNSURE and (leg is None or leg.pages > 1 or leg.from_cursor):
            # A stub of a known post costs a visit each: only the head is worth it nightly.
            change = Change.UNCHANGED
        self._check_quota(post, change)
        notes.changes[post.id] = change
        notes.seen[post.id] = SeenPost(post.id, post.pinned, post.metrics, post.evidence)
        if post.is_complete:
            notes.whole[post.id] = post
        if change is not Change.UNCHANGED:
            change = self._try(post, change)
        if post.id in self._joining:
            self._joining.discard(post.id)
            notes.joined.append(post.id)
        met = len(notes.seen)  # stories too, which no profile declares
        self._desk.tell(met if notes.declared is None else min(met, notes.declared), notes.declared)
        return change

    def _becomes_highlight(self, post: Post) -> bool:
        """A story met in the tray first, and then in a highlight."""
        before = self.kept.get(post.id)
        return (
            post.kind is PostKind.HIGHLIGHT
            and before is not None
            and before.kind == PostKind.STORY
            and self._notes.changes[post.id] is not Change.EDITED
        )

    def _check_quota(self, post: Post, change: Change) -> None:
        told = post.is_complete and self._connector.listing_suffices
        if change is Change.UNCHANGED or told or not self.bounded:
            return
        if self._desk.quota.left < 1:
            raise QuotaSpent

    def _try(self, post: Post, change: Change) -> Change:
        notes = self._notes
        try:
            handle = self._compare_cover if change is Change.COVER else self._handle
            change = notes.changes[post.id] = handle(post)
            notes.network_failures = 0
        except ENDS_CAPTURE as error:
            notes.failed.append(problem_of(error, post.id))
            raise
        except ConnectorError as error:
            self._note_failure(post, error)
        return change

    def _note_failure(self, post: Post, error: ConnectorError) -> None:
        notes = self._notes
        notes.failed.append(problem_of(error, post.id))
        if not isinstance(error, NetworkFailure):
            return
        notes.network_failures += 1
        if notes.network_failures >= NETWORK_FAILURES:
            raise error

    def _compare_cover(self, post: Post) -> Change:
        notes, desk = self._notes, self._desk
        with desk.quota.media():
            differs, problem = cover_differs(self._connector, desk.sink, desk.catalogue, post)
        if differs:
            return self._handle(post)
        if problem is not None:
            notes.problems.append(problem)
        else:
            notes.covers[post.id] = str(post.extra.get("cover"))
        return Change.UNCHANGED

    def _handle(self, listed: Post) -> Change:
        """Read, fetch and keep one post; what it turned out to be."""
        notes, desk = self._notes, self._desk
        whole = read_whole(self._connector, listed)
        post = notes.whole[listed.id] = whole.post
        notes.problems.extend(whole.problems)
        notes.seen[post.id] = SeenPost(post.id, post.pinned, post.metrics, post.evidence)
        change = judge(post, self.kept)
        if change is Change.UNCHANGED:
            return change
        if change is Change.COVER and not listed.is_complete:
            return self._compare_cover(post)
        before = self.kept.get(post.id)
        content = before.content() if before else {}
        with desk.quota.media():
            fetched = fetch_media(self._connector, desk.sink, post)
        told = settled(post, content)
        now = by_their_bytes(desk.catalogue, post.id, told, content, fetched) if before else told
        keep_post(desk.sink, desk.catalogue, self._origin, post, fetched, desk.now, now)
        notes.acknowledged += 1
        if now.get("cover") != told.get("cover"):
            notes.covers[post.id] = str(told.get("cover"))
        notes.unfinished += not fetched.complete
        if before is None:
            notes.new.append(post.id)
        elif before.content_digest == digest_of(now):
            # The same pictures under other ids are no edit.
            change = Change.UNCHANGED if change is Change.EDITED else change
        elif post.id not in notes.new:
            # A story met in the tray and then in a highlight is no edit.
            notes.edited.append(post.id)
        self.kept[post.id] = Kept(
            digest_of(now),
            fetched.complete,
            str(now.get("kind", "")),
            content=lambda: now,
            pictures=lambda: frozenset({media_ids(told)}),
            published_at=stamp(post.published_at) if post.published_at else None,
        )
        if fetched.error is not None and isinstance(fetched.error, ENDS_CAPTURE):
            # The post itself is kept; only the visitor may not go on.
            raise Stopped(fetched.error.code, fetched.error)
        return change


def kept_post(desk: Desk, post_id: str, known: posts.KnownPost) -> Kept:
    """What the archive holds of a post; its content is asked only when needed."""

    def ask(question: Callable[..., object]) -> object:
        with desk.catalogue.reading() as conn:
            return question(conn, post_id)

    return Kept(
        known.content_digest,
        known.media_complete,
        known.kind,
        known.first_seen,
        partial(ask, posts.content),  # type: ignore[arg-type]
        partial(ask, posts.cover_keys),  # type: ignore[arg-type]
        partial(ask, pictures.media_rows),  # type: ignore[arg-type]
        known.published_at,
    )


def problem_of(
    error: ConnectorError, post_id: str | None = None, media_id: str | None = None
) -> Problem:
    """An error as a finding about a post or a media item."""
    return Problem(error.code, str(error), error.evidence, post_id, media_id)
