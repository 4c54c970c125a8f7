"""One capture: one account in one run.

Profile, pinned id, listing page by page, what is new or edited by catalogue,
media, and at the end always a ``capture/1``, also when it failed.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from archiver.changes import Change, Kept, content_digest, judge
from archiver.completeness import (
    Baseline,
    EarlierCapture,
    ListingEnd,
    Outcome,
    baseline,
    conclude,
    may_stop,
    was_whole,
)
from archiver.documents import KeptMedia, Origin, SeenPost, capture_document
from archiver.keeping import fetch_media, judge_media, keep_post
from archiver.notes import Notes
from archiver.orders import CaptureResult, Desk, Order
from archiver.reading import read_whole
from connectors.base import Connector
from connectors.errors import (
    Blocked,
    ConnectorError,
    HandleTaken,
    LibraryChanged,
    NetworkFailure,
    SessionExpired,
    WaitRequired,
)
from connectors.model import (
    AccountRef,
    Page,
    PageEnd,
    Post,
    PostRef,
    Presence,
    Problem,
    Profile,
)
from storage.catalogue import captures, posts
from storage.catalogue.intake import commit_capture

ENDS_CAPTURE = (Blocked, SessionExpired, WaitRequired, LibraryChanged)
"""Errors about the visitor or the library: going on would only make it worse."""

CAPTURES_READ = 5_000
"""How far back the last whole listing is looked for: over ten years of nights."""

NETWORK_FAILURES = 3
"""So many posts in a row without a network, and the rest is not tried."""


class Stopped(Exception):
    """The capture was asked to end between two posts."""


class Capture:
    """One account in one run. `read` once, then `finish` once."""

    def __init__(self, order: Order, desk: Desk) -> None:
        self.order = order
        self.id = str(uuid.uuid4())
        self._desk = desk
        self._started_at = desk.now()
        self._notes = Notes()
        self._connector: Connector | None = None
        self._error: ConnectorError | None = None
        self._stop_code: str | None = None
        self._before: Baseline | None = None
        self._head_tells = False
        """Whether a known head of the listing may stand for all of it."""

    # -- reading ----------------------------------------------------------

    def read(self) -> None:
        """Read the account as far as it can be read.

        What the platform does wrong is noted, not raised; storage failures
        and bugs are raised.
        """
        try:
            self._connector = self._desk.connect()
            self._read_profile(self._connector)
            kept = self._known()
            self._read_listing(self._connector, kept)
            self._read_unfinished(self._connector, kept)
        except ConnectorError as error:
            self._error = error
        except Stopped as stop:
            self._stop_code = str(stop)

    def _read_profile(self, connector: Connector) -> None:
        account, notes = self.order.account, self._notes
        profile = connector.profile(account)
        if profile.native_id != account.native_id:
            raise HandleTaken(
                f"@{account.handle} now answers with id {profile.native_id},"
                f" pinned is {account.native_id}",
                hint="Find the account's new handle, then run `jejak accounts check`.",
                evidence=profile.evidence,
            )
        notes.profile = profile
        if profile.handle.lower() != account.handle.lower():
            notes.problems.append(
                Problem(
                    "handle_changed",
                    f"@{account.handle} is now @{profile.handle}; its id is the same",
                    profile.evidence,
                )
            )
        if profile.avatar is not None:
            self._read_avatar(connector, profile)

    def _read_avatar(self, connector: Connector, profile: Profile) -> None:
        if profile.avatar is None:
            return
        try:
            answer = connector.fetch(profile.avatar)
        except ENDS_CAPTURE:
            raise
        except ConnectorError as error:
            self._notes.problems.append(_problem(error, media_id=profile.avatar.media_id))
            self._notes.avatar = KeptMedia(profile.avatar, None, _problem(error))
            return
        self._notes.avatar = judge_media(self._desk.sink, answer, None)
        if self._notes.avatar.problem is not None:
            self._notes.problems.append(self._notes.avatar.problem)

    def _read_listing(self, connector: Connector, kept: dict[str, Kept]) -> None:
        self._listing(end=ListingEnd.STOPPED)
        for page in connector.list_posts(self._account_now()):
            self._note_page(page)
            changes = [(self._take(connector, post, kept), post.pinned) for post in page.posts]
            if page.end is PageEnd.END:
                return self._listing(end=ListingEnd.END)
            if page.end is PageEnd.SILENT:
                return self._listing(end=ListingEnd.SILENT, reason=page.reason)
            declared = self._notes.declared
            if self._head_tells and may_stop(changes, self._before, declared, len(self._notes.new)):
                return self._listing(end=ListingEnd.KNOWN)
        return self._listing(end=ListingEnd.SILENT, reason="listing_ran_out")

    def _read_unfinished(self, connector: Connector, kept: dict[str, Kept]) -> None:
        """Visit posts whose media are incomplete and that no page showed.

        One visit each is cheaper than reading a long listing to its end every
        night for a post that is perhaps no longer there.
        """
        account, notes = self._account_now(), self._notes
        for post_id, known in list(kept.items()):
            if known.media_complete or post_id in notes.changes:
                continue
            reference = PostRef(account.platform, post_id.partition(":")[2], account)
            try:
                sighting = connector.look(reference)
            except ENDS_CAPTURE:
                raise
            except ConnectorError as error:
                notes.problems.append(_problem(error, post_id))
                continue
            if sighting.presence is Presence.PRESENT and sighting.post is not None:
                self._take(connector, sighting.post, kept)
            else:
                detail = f"its media stay incomplete: {sighting.reason}"
                notes.problems.append(
                    Problem("unfinished_not_seen", detail, sighting.evidence, post_id)
                )

    def _known(self) -> dict[str, Kept]:
        """What is held of the account; also finds its last whole listing.

        A run that was killed may have kept the head of a listing and nothing
        below it, and no document tells so: then the next listing is read whole.
        """
        key = self.order.account.key
        with self._desk.catalogue.reading() as conn:
            known = posts.known(conn, key)
            earlier = captures.of_account(conn, key, limit=CAPTURES_READ)
            whole = next((c for c in earlier if _was_whole(c)), None)
            self._head_tells = not self.order.full and not (
                whole is not None and captures.killed_since(conn, key, whole.ended_at)
            )
        self._before = baseline(
            [EarlierCapture(_was_whole(c), c.declared_posts, c.listed, c.new) for c in earlier]
        )
        return {
            post_id: Kept(post.content_digest, post.media_complete)
            for post_id, post in known.items()
        }

    def _account_now(self) -> AccountRef:
        """The account with what its profile just told: connectors page by it."""
        account, profile = self.order.account, self._notes.profile
        if profile is None:
            return account
        return replace(account, handle=profile.handle, locator=profile.locator or account.locator)

    def _note_page(self, page: Page) -> None:
        notes = self._notes
        notes.problems.extend(page.problems)
        notes.unreadable += len(page.problems)
        fresh = {post.id for post in page.posts} - notes.changes.keys()
        self._listing(
            pages=notes.listing.pages + 1,
            listed=notes.listing.listed + len(fresh),
            evidence=tuple(dict.fromkeys(notes.listing.evidence + page.evidence)),
        )

    def _listing(self, **changes: object) -> None:
        self._notes.listing = replace(self._notes.listing, **changes)  # type: ignore[arg-type]

    # -- one post -----------------------------------------------------------

    def _take(self, connector: Connector, post: Post, kept: dict[str, Kept]) -> Change:
        """Note a listed post and keep it when that is due."""
        notes = self._notes
        if post.id in notes.changes:
            return notes.changes[post.id]
        stop = self._desk.between_posts()
        if stop is not None:
            raise Stopped(stop)
        notes.seen[post.id] = SeenPost(post.id, post.pinned, post.metrics, post.evidence)
        change = notes.changes[post.id] = judge(post, kept)
        if change is Change.UNSURE and notes.listing.pages > 1:
            # A stub of a known post costs a visit each: only the head is worth it nightly.
            change = notes.changes[post.id] = Change.UNCHANGED
        if change is not Change.UNCHANGED:
            try:
                change = notes.changes[post.id] = self._handle(connector, post, kept)
                notes.network_failures = 0
            except ENDS_CAPTURE as error:
                notes.failed.append(_problem(error, post.id))
                raise
            except ConnectorError as error:
                self._note_failure(post, error)
        self._desk.tell(len(notes.seen), self._notes.declared)
        return change

    def _note_failure(self, post: Post, error: ConnectorError) -> None:
        notes = self._notes
        notes.failed.append(_problem(error, post.id))
        if not isinstance(error, NetworkFailure):
            return
        notes.network_failures += 1
        if notes.network_failures >= NETWORK_FAILURES:
            raise error

    def _handle(self, connector: Connector, listed: Post, kept: dict[str, Kept]) -> Change:
        """Read, fetch and keep one post; what it turned out to be."""
        notes = self._notes
        whole = read_whole(connector, listed)
        post = whole.post
        notes.problems.extend(whole.problems)
        notes.seen[post.id] = SeenPost(post.id, post.pinned, post.metrics, post.evidence)
        change = judge(post, kept)
        if change is Change.UNCHANGED:
            return change
        fetched = fetch_media(connector, self._desk.sink, post)
        keep_post(
            self._desk.sink, self._desk.catalogue, self._origin(), post, fetched, self._desk.now
        )
        notes.acknowledged += 1
        notes.unfinished += not fetched.complete
        before = kept.get(post.id)
        if before is None:
            notes.new.append(post.id)
        elif before.content_digest != content_digest(post):
            notes.edited.append(post.id)
        kept[post.id] = Kept(content_digest(post), fetched.complete)
        if fetched.error is not None and isinstance(fetched.error, ENDS_CAPTURE):
            # The post itself is kept; only the visitor may not go on.
            self._stop_after(fetched.error)
        return change

    def _stop_after(self, error: ConnectorError) -> None:
        self._error = error
        raise Stopped(error.code)

    # -- the end --------------------------------------------------------------

    def finish(self, code: str | None = None, detail: str = "") -> CaptureResult:
        """Write ``capture/1`` and acknowledge it.

        Args:
            code: Why it ended, when `read` was not called or raised.
            detail: One English sentence about it, without secrets.
        """
        desk, notes = self._desk, self._notes
        error = self._error
        code = code or (error.code if error else self._stop_code)
        detail = detail or (str(error) if error else "")
        if code is not None:
            evidence = error.evidence if error else ()
            notes.problems.append(Problem(code, detail or code, evidence))
        outcome, reason = conclude(notes.conclusion(code), self._before)
        tally = notes.tally(outcome, reason, desk.sink)
        document = desk.sink.clean(capture_document(self._origin(), tally, desk.now()))
        record_id = desk.sink.write_metadata(
            "capture/1",
            document,
            target_uri=f"urn:jejak:account:{self.order.account.key}",
            at=self._started_at,
            concurrent_to=notes.profile.evidence if notes.profile else (),
        )
        desk.sink.sync()
        rows = desk.sink.take_rows()
        with desk.catalogue.writing() as conn:
            commit_capture(conn, rows, record_id, document)
        return self._result(outcome, reason, detail)

    def _origin(self) -> Origin:
        order, connector = self.order, self._connector
        return Origin(
            capture=self.id,
            run=order.run,
            account=order.account.key,
            handle=order.account.handle,
            route=order.route,
            engine=connector.engine if connector else "none",
            identity=order.identity,
            started_at=self._started_at,
        )

    def _result(self, outcome: Outcome, reason: str | None, detail: str) -> CaptureResult:
        notes, sink, error = self._notes, self._desk.sink, self._error
        return CaptureResult(
            account=self.order.account.key,
            handle=self.order.account.handle,
            capture=self.id,
            outcome=outcome,
            reason=reason,
            detail=detail,
            hint=error.hint if error else "",
            listed=notes.listing.listed,
            new=len(notes.new),
            edited=len(notes.edited),
            failed=len(notes.failed),
            unfinished=notes.unfinished,
            requests=sink.requests,
            bytes_received=sink.bytes_received,
            visitor_refused=isinstance(error, (Blocked, SessionExpired, WaitRequired)),
        )


def _was_whole(capture: captures.CaptureRow) -> bool:
    return was_whole(ListingEnd(capture.listing_end), capture.reason)


def _problem(
    error: ConnectorError, post_id: str | None = None, media_id: str | None = None
) -> Problem:
    return Problem(error.code, str(error), error.evidence, post_id, media_id)
