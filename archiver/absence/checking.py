"""What one capture finds of kept posts that it expected and did not see.

Nothing here concludes that a post was withdrawn: that takes two captures, and
is `archiver.absence.verdicts.conclude`'s to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from archiver.absence import check_places
from archiver.absence.open_cases import OpenCases, is_steady, leg_at, read_again
from archiver.absence.standing import names, stands_under
from archiver.absence.story_ends import EARLY, LEFT_HIGHLIGHT, OVER, StoryEnd, story_ends
from archiver.absence.stretches import LISTINGS, Expected, Missing, Stretch, missing, stretch
from archiver.absence.verdicts import Found, control_holds
from archiver.absence.visits import Visits
from archiver.absence.weighing import Case, Circumstances, Doubts, weighed
from archiver.account_life import account_state
from archiver.harvest import ListingReader
from archiver.notes import Leg, Notes
from archiver.orders import Desk, Order
from archiver.taking import ENDS_CAPTURE, Taking
from connectors.base import Connector
from connectors.errors import ConnectorError, NetworkFailure
from connectors.model import AccountRef, Post, PostKind, Problem, RecordId, Section
from storage.catalogue import checks, posts
from storage.catalogue.accounts import ProfileRow
from storage.catalogue.checks import UNAVAILABLE, CheckRow
from storage.catalogue.posts import KnownPost

LISTING_INCOMPLETE = "listing_incomplete"
"""Reason of a capture to which a listing did not show a post that is there."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of an account's posts when a capture begins.

    Attributes:
        known: The posts that stand under it, by id.
        cases: Checks of missing posts since their last sighting, oldest first.
        profile: As it was last shown; ``None`` if it never was.
        handles: All under which it was met, in lower case.
    """

    known: Mapping[str, KnownPost]
    cases: Mapping[str, Sequence[CheckRow]]
    profile: ProfileRow | None
    handles: frozenset[str] = frozenset()


class Checking:
    """Judges what a capture did not meet: `heads`, then `swept`, then `finish`.

    Args:
        account: As its profile just told it.
        readers: Of the listings that this capture reads.
        short: The head of the posts' listing ended with fewer than are declared.

    Attributes:
        stopped: What ended the visits before their time.
    """

    def __init__(
        self,
        connector: Connector,
        account: AccountRef,
        taking: Taking,
        notes: Notes,
        desk: Desk,
        order: Order,
        past: Past,
        readers: Mapping[Section, ListingReader],
        started_at: datetime,
        *,
        short: bool,
    ) -> None:
        self._read = frozenset(s for s in connector.sections if order.wants(s))
        self._listings = frozenset(connector.sections) & frozenset(LISTINGS)
        self._account, self._taking, self._notes, self._desk = account, taking, notes, desk
        self._past, self._readers, self._started_at = past, readers, started_at
        self._open = OpenCases(past.cases, order.cycle, started_at)
        self._short = short
        self._cases: dict[str, Case] = {}
        self._doubts = Doubts()
        self._stretches: dict[int, tuple[Leg, Stretch]] = {}
        self._expected = {one.post: one for one in _expected(past, order.since)}
        self._visits = Visits(connector, account, desk.quota, desk.now, self._controls, self._seen)

    @property
    def stopped(self) -> ConnectorError | None:
        """What ended the visits before their time."""
        return self._visits.stopped

    @property
    def looked_at(self) -> frozenset[str]:
        """Posts whose own address was asked."""
        return frozenset(p for p, case in self._cases.items() if case.evidence)

    def heads(self) -> None:
        """Check what the legs read so far did not show, and the open cases."""
        # Half of the night's requests stay for the sweep, however many cases are open.
        floor = max(3, self._desk.quota.sweep_left // 2)
        for post_id in self._open.waiting():
            self._read_again(post_id, floor)
        self._visit(self._missing(self._expected.values()))
        self._stories()

    def swept(self) -> None:
        """Check what the sweep did not show."""
        self._place_anew()
        self._visit(self._missing(self._expected.values()))

    def owed(self, older_than: datetime, newer_than: datetime) -> int:
        """Requests that visits will want for posts published between two moments."""
        unmet = self._expected.keys() - self._notes.met - self._cases.keys()
        times = (self._expected[post].published_at for post in unmet)
        count = sum(at is not None and newer_than < at < older_than for at in times)
        return count + (count > 0)

    def finish(self) -> None:
        """Weigh every case, and hand the checks over to the capture."""
        notes = self._notes
        account = account_state(notes.profile, self._past.profile, self._past.handles)
        now = Circumstances(account, notes.blocked, notes.canary)
        notes.checks = [weighed(case, now, self._doubts) for case in self._cases.values()]

    # -- what is missing -------------------------------------------------------

    def _missing(self, expected: Iterable[Expected]) -> list[Missing]:
        found = missing(expected, self._notes.met, self._all_stretches(), self._read)
        return [one for one in found if one.post not in self._cases]

    def _all_stretches(self) -> list[Stretch]:
        """Of all legs read so far; one object a leg, so that doubts stay with it."""
        for leg in (self._notes.head, *self._notes.legs):
            if leg is None or id(leg) in self._stretches:
                continue
            if found := stretch(leg, short=self._short and leg is self._notes.head):
                self._stretches[id(leg)] = leg, found
        return [found for _, found in self._stretches.values()]

    def _read_again(self, post_id: str, floor: int) -> None:
        """Read the pages on which a post of an earlier night had to stand.

        Args:
            floor: Requests that are left alone.
        """
        expected = self._expected.get(post_id)
        if expected is None or expected.published_at is None or post_id in self._notes.met:
            return
        for place in self._open.places(post_id):
            same = (s for s in self._all_stretches() if s.section is place.section)
            if any(one.covers(expected.published_at) for one in same):
                continue
            reader, leg = self._readers.get(place.section), leg_at(place, self._notes)
            if reader is None or leg is None or self.stopped or self._desk.quota.sweep_left < floor:
                return
            self._notes.legs.append(leg)
            try:
                read_again(reader, leg, expected.published_at, self._desk.quota)
            except ConnectorError as error:
                leg.reason = error.code
                if isinstance(error, (*ENDS_CAPTURE, NetworkFailure)):
                    self._visits.stopped = error

    def _place_anew(self) -> None:
        """A case whose page proved to have a hole may stand on a sound one by now.

        The place that an earlier night remembers can be a wrong one; it must not
        hold a case in doubt for ever.
        """
        sound = [one for one in self._all_stretches() if not self._doubts.touch(one)]
        for case in self._cases.values():
            if case.missing is None or not self._doubts.about(case.missing):
                continue
            wanted = (case.missing.expected,)
            for one in missing(wanted, self._notes.met, sound, self._read):
                case.missing, case.cursor = one, check_places.written(one)

    # -- visits ------------------------------------------------------------------

    def _visit(self, found: Sequence[Missing]) -> None:
        due = [one for one in found if self._is_due(one) and self._stands_here(one.post)]
        due.sort(key=lambda one: one.post not in self._open)
        self._visits.visit(self._case(one) for one in due if not self._is_pointless(one))
        for one in due:
            case = self._cases.get(one.post)
            # Below a listing's end nothing is told until a visit confirms the end.
            below = any(place.below(one.expected.published_at) for place in one.places)
            if case is not None and case.found is Found.UNVISITED and below:
                del self._cases[one.post]

    def _case(self, one: Missing) -> Case:
        case = Case(one.post, one, self._started_at, cursor=check_places.written(one))
        self._cases[one.post] = case
        return case

    def _is_due(self, one: Missing) -> bool:
        if one.post not in self._open:
            with self._desk.catalogue.reading() as conn:
                return not is_steady(checks.of_post(conn, one.post), self._started_at)
        legs = (leg for leg, found in self._stretches.values() if found in one.places)
        return self._open.is_due(one.post, swept=any(leg.purpose == "sweep" for leg in legs))

    def _stands_here(self, post_id: str) -> bool:
        """Whether the post is still this account's: co-authors may leave it."""
        kept = self._taking.kept.get(post_id)
        return kept is None or stands_under(kept.content(), self._account)

    def _is_pointless(self, one: Missing) -> bool:
        return one.post not in self._open and self._doubts.below(one)

    def _controls(self) -> Iterator[Post]:
        """Posts that stood in a listing tonight, the newest first, pinned ones last."""
        shown = (p for p in self._notes.shown.values() if names(p.authors, self._account))
        return iter(sorted(shown, key=_as_control))

    def _seen(self, case: Case, post: Post | None) -> None:
        """A visited post is there after all."""
        if post is not None:
            self._take(post)
        one = case.missing
        if one is None or not names(post.authors if post else (), self._account):
            return
        self._doubts.hole(one)
        if one.expected.kind == PostKind.REEL and not self._listings <= self._read:
            # It may stand in the listing that is not wanted.
            return
        detail = f"{case.post} is there, and its account's listing does not show it"
        pages = (record for place, page in one.pages() for record in place.evidence(page))
        evidence = tuple(dict.fromkeys((*case.evidence, *pages)))
        self._notes.problems.append(Problem(LISTING_INCOMPLETE, detail, evidence, case.post))
        self._notes.section_reason = self._notes.section_reason or LISTING_INCOMPLETE

    def _take(self, post: Post) -> None:
        try:
            self._taking.post(post)
        except (*ENDS_CAPTURE, NetworkFailure) as error:
            self._visits.stopped = error

    # -- stories -------------------------------------------------------------------

    def _stories(self) -> None:
        notes = self._notes
        ends = story_ends(self._past.known, notes.met, notes.legs, self._read, self._started_at)
        for one in tuple(ends):
            case = self._cases[one.post] = self._ended(one)
            if one.reason == EARLY:
                self._visits.visit([case])
                # That it ended early is a claim about its owner: with a control only.
                if case.found is Found.ABSENT and control_holds(case.at, case.control):
                    case.found, case.reason = Found.EXPIRED, EARLY

    def _ended(self, end: StoryEnd) -> Case:
        if end.reason == EARLY:
            return Case(end.post, None, self._started_at)
        case = Case(end.post, None, self._started_at, Found.EXPIRED, end.reason)
        if end.reason == LEFT_HIGHLIGHT:
            legs = [leg for leg in self._notes.legs if leg.section is Section.HIGHLIGHTS]
            case.evidence = tuple(record for leg in legs for record in leg.evidence)
        else:
            with self._desk.catalogue.reading() as conn:
                row = posts.get(conn, end.post)
            case.evidence = (RecordId(row.document),) if row is not None else ()
        return case


def _expected(past: Past, since: datetime | None) -> Iterator[Expected]:
    for post_id, post in past.known.items():
        if post.state in OVER or post.kind in (PostKind.STORY, PostKind.HIGHLIGHT):
            continue
        if post.state == UNAVAILABLE and post_id not in past.cases:
            # A person disputes its withdrawal: it waits to be seen again.
            continue
        published = datetime.fromisoformat(post.published_at) if post.published_at else None
        if since is None or (published is not None and published >= since):
            yield Expected(post_id, post.kind, published)


def _as_control(post: Post) -> tuple[bool, float]:
    published = post.published_at
    return post.pinned, -published.timestamp() if published else 0.0
