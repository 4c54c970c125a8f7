"""One capture: one account in one run.

Profile, pinned id, listing page by page, what is new or edited by catalogue,
media, and at the end always a ``capture/1``, also when it failed.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from archiver.absence.absences import Absences
from archiver.absence.story_ends import OVER
from archiver.absence.visits import is_block
from archiver.acquaintance import Acquaintance, acquaint
from archiver.commenting import read_comments
from archiver.completeness import COMMENTS_UNREADABLE, Outcome, conclude
from archiver.documents import HarvestPart, KeptMedia, Origin, capture_document
from archiver.harvest import Bounds, ListingReader
from archiver.harvest_state import harvest_state
from archiver.keeping import judge_media
from archiver.leftovers import read_leftovers
from archiver.notes import Leg, Notes
from archiver.orders import CaptureResult, Desk, Order
from archiver.passing import read_passing
from archiver.renaming import profile_now
from archiver.taking import ENDS_CAPTURE, Stopped, Taking, problem_of
from connectors.base import Connector
from connectors.errors import (
    Blocked,
    ConnectorError,
    NetworkFailure,
    SessionExpired,
    WaitRequired,
)
from connectors.model import AccountRef, Problem, Profile, Section
from storage import state
from storage.catalogue import posts
from storage.catalogue.intake import commit_capture
from storage.state import Harvest


class Capture:
    """One account in one run. `read` once, then `finish` once."""

    def __init__(self, order: Order, desk: Desk) -> None:
        self.order = order
        self.id = str(uuid.uuid4())
        self._desk = desk
        self._started_at = desk.now()
        self._notes = Notes(posts_wanted=order.wants(Section.POSTS))
        self._notes.since = order.since.date() if order.since else None
        self._connector: Connector | None = None
        self._error: ConnectorError | None = None
        self._stop_code: str | None = None
        self._known: Acquaintance | None = None
        self._readers: dict[Section, ListingReader] = {}
        self._absences: Absences | None = None
        self._notes.canary = desk.canary

    # -- reading ----------------------------------------------------------

    def read(self) -> None:
        """Read the account as far as it can be read.

        What the platform does wrong is noted, not raised; storage failures
        and bugs are raised.
        """
        try:
            self._connector = self._desk.connect()
            self._read_profile(self._connector)
            self._read_sections(self._connector)
        except ConnectorError as error:
            self._error = error
        except Stopped as stop:
            self._error = stop.error
            self._stop_code = str(stop)
        self._notes.blocked = is_block(self._error)

    def _read_profile(self, connector: Connector) -> None:
        account, notes = self.order.account, self._notes
        profile = notes.profile = profile_now(connector, account, self._desk.catalogue)
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
            with self._desk.quota.media():
                answer = connector.fetch(profile.avatar)
        except ENDS_CAPTURE:
            raise
        except ConnectorError as error:
            self._notes.problems.append(problem_of(error, media_id=profile.avatar.media_id))
            self._notes.avatar = KeptMedia(profile.avatar, None, problem_of(error))
            return
        self._notes.avatar = judge_media(self._desk.sink, answer, None)
        if self._notes.avatar.problem is not None:
            self._notes.problems.append(self._notes.avatar.problem)

    def _read_sections(self, connector: Connector) -> None:
        """Stories first, since they vanish; then the news; then the past."""
        notes, desk, account = self._notes, self._desk, self._account_now()
        known = self._known = acquaint(desk, self.order, notes)
        taking = Taking(connector, desk, self._origin(), notes, known.kept)
        wanted = [s for s in connector.sections if self.order.wants(s)]

        def passing(section: Section) -> None:
            if section in wanted:
                self._apart(lambda: read_passing(connector, account, section, taking, notes, desk))

        passing(Section.STORIES)
        readers = [self._reader(connector, s, taking) for s in known.before if s in wanted]
        for reader in readers:
            self._head(reader)
        passing(Section.HIGHLIGHTS)
        for reader in readers:
            self._apart(reader.past)
        self._search(
            Absences(
                connector,
                account,
                taking,
                notes,
                desk,
                self.order,
                known,
                self._readers,
                self._started_at,
            )
        )
        read_leftovers(connector, account, taking, notes, desk, self._settled(known))
        if self.order.comments and connector.reads_comments:
            self._apart(lambda: read_comments(connector, self._origin(), account, notes, desk))
        elif self.order.comments:
            notes.problems.append(Problem(COMMENTS_UNREADABLE, "no comment was asked for"))
            notes.section_reason = notes.section_reason or COMMENTS_UNREADABLE

    def _search(self, absences: Absences) -> None:
        """Look for what is gone; not where the posts' listing could not be read."""
        if self._error is None:
            self._absences = absences
            self._apart(absences.search)

    def _settled(self, known: Acquaintance) -> frozenset[str]:
        """Posts that need no visit of their own any more tonight."""
        over = frozenset(p for p, post in known.past.known.items() if post.state in OVER)
        return over | (self._absences.looked_at if self._absences else frozenset())

    def _reader(self, connector: Connector, section: Section, taking: Taking) -> ListingReader:
        assert self._known is not None

        def save(reached: Harvest) -> None:
            with self._desk.catalogue.writing() as conn:
                state.harvested(conn, reached)

        reader = self._readers[section] = ListingReader(
            connector,
            self._account_now(),
            section,
            taking,
            self._notes,
            self._desk.quota,
            self._known.before[section],
            Bounds(self.order.full, self.order.since, self.order.back_to),
            self._started_at,
            save,
        )
        return reader

    def _head(self, reader: ListingReader) -> None:
        leg = Leg(reader.section)
        if reader.section is not Section.POSTS:
            self._notes.legs.append(leg)
            return self._apart(lambda: reader.head(leg), leg)
        self._notes.head = leg
        try:
            return reader.head(leg)
        except (*ENDS_CAPTURE, NetworkFailure):
            raise
        except ConnectorError as error:
            # The posts' listing decides what the capture is called, and takes
            # nothing from the other sections.
            self._error = error

    def _apart(self, read: Callable[[], None], leg: Leg | None = None) -> None:
        """Read a section whose error ends nothing but itself."""
        notes = self._notes
        try:
            read()
        except ENDS_CAPTURE:
            raise
        except ConnectorError as error:
            notes.problems.append(problem_of(error))
            notes.section_reason = notes.section_reason or error.code
            if notes.legs:
                (leg or notes.legs[-1]).reason = error.code

    def _account_now(self) -> AccountRef:
        """The account with what its profile just told: connectors page by it."""
        account, profile = self.order.account, self._notes.profile
        if profile is None:
            return account
        return replace(account, handle=profile.handle, locator=profile.locator or account.locator)

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
        notes.harvest = self._harvest()
        if self._absences is not None:
            self._absences.finish()
        before = self._known.baseline if self._known else None
        outcome, reason = conclude(notes.conclusion(code), before)
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
            for section, reader in self._readers.items():
                if reader.ended:
                    state.harvest_ended(conn, self.order.account.key, section.value)
                elif reader.reached is not None:
                    state.harvested(conn, reader.reached)
            for sweep in self._absences.reached.values() if self._absences else ():
                state.swept(conn, sweep)
        return self._result(outcome, reason, detail)

    def _renamed_to(self) -> str | None:
        handle = self._account_now().handle
        is_same = handle.lower() == self.order.account.handle.lower()
        return None if is_same else handle

    def _harvest(self) -> HarvestPart | None:
        """How far the reading of the posts' past has come."""
        reader = self._readers.get(Section.POSTS)
        if reader is None:
            left = self._known.before[Section.POSTS].harvest if self._known else None
            return None if left is None else _part(left)
        if reader.reached is None:
            return None
        if not reader.ended:
            return _part(reader.reached)
        if reader.ended_at_once:
            return None
        with self._desk.catalogue.reading() as conn:
            shown = posts.shown_since(conn, self.order.account.key, reader.reached.begun_at)
        # Nights that were killed left no document of what they passed by: a post
        # that was held before this capture counts as listed.
        held = self._known.held if self._known else frozenset()
        met = {post for post in (*self._notes.seen, *held) if ":story:" not in post}
        return replace(_part(reader.reached), ended=True, listed=len(shown | met), cursor=None)

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

    def _progress(self) -> tuple[int, date | None]:
        """Posts kept of the account, and when its past will be read."""
        harvest = self._notes.harvest
        if harvest is None or harvest.ended:
            return 0, None
        with self._desk.catalogue.reading() as conn:
            state = harvest_state(conn, self.order.account.key)
        return (state.kept, state.ends) if state else (0, None)

    def _result(self, outcome: Outcome, reason: str | None, detail: str) -> CaptureResult:
        notes, sink, error = self._notes, self._desk.sink, self._error
        kept, ends = self._progress()
        return CaptureResult(
            account=self.order.account.key,
            handle=self.order.account.handle,
            capture=self.id,
            outcome=outcome,
            reason=reason,
            detail=detail,
            hint=error.hint if error else "",
            listed=notes.head.listed if notes.head else 0,
            new=len(notes.new),
            edited=len(notes.edited),
            failed=len(notes.failed),
            unfinished=notes.unfinished,
            requests=sink.requests,
            bytes_received=sink.bytes_received,
            visitor_refused=isinstance(error, (Blocked, SessionExpired, WaitRequired)),
            kept=kept,
            declared=notes.declared,
            harvest_ends=ends,
            renamed_to=self._renamed_to(),
        )


def _part(harvest: Harvest) -> HarvestPart:
    def time(text: str) -> datetime:
        return datetime.fromisoformat(text)

    oldest = time(harvest.oldest) if harvest.oldest else None
    return HarvestPart(False, time(harvest.begun_at), oldest, None, harvest.cursor)
