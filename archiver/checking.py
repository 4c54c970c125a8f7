"""What one capture finds of kept posts that it expected and did not see.

Nothing here concludes that a post was withdrawn: that takes two captures, and
is `archiver.verdicts.conclude`'s to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archiver import check_places
from archiver.changes import Content
from archiver.check_places import CheckPlace
from archiver.completeness import ListingEnd
from archiver.harvest import ListingReader
from archiver.notes import Leg, Notes
from archiver.orders import Desk, Order
from archiver.story_ends import EARLY, LEFT_HIGHLIGHT, OVER, StoryEnd, story_ends
from archiver.stretches import LISTINGS, Expected, Missing, Stretch, missing, stretch
from archiver.taking import ENDS_CAPTURE, Taking
from archiver.verdicts import (
    ABSENT,
    AccountState,
    Check,
    Conditions,
    Found,
    clocks_agree,
    control_holds,
    weigh,
)
from archiver.visits import Case, Visits, is_block
from connectors.base import Connector
from connectors.errors import ConnectorError, CursorRefused, NetworkFailure
from connectors.model import (
    AccountRef,
    Author,
    PageEnd,
    Post,
    PostKind,
    Problem,
    RecordId,
    Section,
)
from storage.catalogue import posts
from storage.catalogue.checks import CheckRow
from storage.catalogue.posts import KnownPost

LISTING_INCOMPLETE = "listing_incomplete"
"""Reason of a capture to which a listing did not show a post that is there."""

PATIENCE = 10
"""After so many checks a missing post is only looked at in passing."""
LATER = timedelta(days=7)
"""And then not more often than this, where the head passes it every night."""
RECHECK_PAGES = 3


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of an account's posts when a capture begins.

    Attributes:
        known: The posts that stand under it, by id.
        cases: Checks of missing posts since their last sighting, oldest first.
        handle: As its profile was last shown; ``None`` if it never was.
    """

    known: Mapping[str, KnownPost]
    cases: Mapping[str, Sequence[CheckRow]]
    handle: str | None


class Checking:
    """Judges what a capture did not meet. `heads`, then `swept`, then `finish`.

    Attributes:
        read: The sections that this capture reads.
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
        self.read = frozenset(s for s in connector.sections if order.wants(s))
        self._account, self._taking, self._notes, self._desk = account, taking, notes, desk
        self._order, self._past, self._readers = order, past, readers
        self._started_at, self._short = started_at, short
        self._cases: dict[str, Case] = {}
        self._holes: set[tuple[int, int]] = set()
        self._false_ends: set[int] = set()
        self._stretches: dict[int, Stretch] = {}
        self._expected = {e.post: e for e in self._all_expected()}
        self._visits = Visits(connector, account, desk.quota, desk.now, self._controls, self._seen)

    # -- what is expected ----------------------------------------------------

    def _all_expected(self) -> Iterator[Expected]:
        since = self._order.since
        for post_id, post in self._past.known.items():
            published = datetime.fromisoformat(post.published_at) if post.published_at else None
            if post.state in OVER or post.kind in (PostKind.STORY, PostKind.HIGHLIGHT):
                continue
            if since is None or (published is not None and published >= since):
                yield Expected(post_id, post.kind, published)

    def owed(self, down_to: datetime) -> int:
        """Requests that visits will want for posts newer than a moment."""
        met, cases = self._notes.met, self._cases
        count = sum(
            e.published_at is not None
            and e.published_at > down_to
            and post not in met
            and post not in cases
            for post, e in self._expected.items()
        )
        return count + (count > 0)

    def _missing(self, expected: Iterable[Expected]) -> list[Missing]:
        found = missing(expected, self._notes.met, self._all_stretches(), self.read)
        return [one for one in found if one.post not in self._cases]

    def _all_stretches(self) -> list[Stretch]:
        """Of all legs read so far; one object a leg, so that holes stay with it."""
        for leg in (self._notes.head, *self._notes.legs):
            if leg is None or id(leg) in self._stretches:
                continue
            short = self._short and leg is self._notes.head
            if found := stretch(leg, short=short):
                self._stretches[id(leg)] = found
        return list(self._stretches.values())

    # -- the visits ------------------------------------------------------------

    def heads(self) -> None:
        """Check what the legs read so far did not show, and open cases."""
        self._recheck()
        found = self._missing(self._expected.values())
        self._visit(found)
        self._stories()

    def swept(self) -> None:
        """Check what the sweep did not show."""
        self._visit(self._missing(self._expected.values()))

    def _visit(self, found: Sequence[Missing]) -> None:
        due = [one for one in found if self._due(one) and self._stands_here(one.post)]
        due.sort(key=lambda one: one.post not in self._past.cases)
        self._visits.visit(self._case(one) for one in due if not self._is_pointless(one))
        for one in due:
            # Below a listing's end nothing is told until a visit confirms that it is one.
            if one.post not in self._cases and not self._only_below(one):
                self._case(one)

    def _case(self, one: Missing) -> Case:
        case = Case(one.post, one, self._started_at, cursor=check_places.written(one))
        self._cases[one.post] = case
        return case

    def _due(self, one: Missing) -> bool:
        """Whether another visit could tell something new."""
        rows = [row for row in self._past.cases.get(one.post, ()) if row.found != Found.UNVISITED]
        if not rows:
            return True
        ago = self._started_at - datetime.fromisoformat(rows[-1].at)
        if rows[-1].verdict == ABSENT and ago < self._order.cycle:
            return False
        swept = any(leg.purpose == "sweep" for leg in self._legs_of(one))
        return len(rows) < PATIENCE or swept or ago >= LATER

    def _legs_of(self, one: Missing) -> list[Leg]:
        legs = [leg for leg in (self._notes.head, *self._notes.legs) if leg is not None]
        return [leg for leg in legs if self._stretches.get(id(leg)) in one.places]

    def _stands_here(self, post_id: str) -> bool:
        """Whether the post is still this account's; co-authors leave."""
        kept = self._taking.kept.get(post_id)
        return kept is None or _stands_under(kept.content(), self._account)

    def _only_below(self, one: Missing) -> bool:
        return any(place.below(one.expected.published_at) for place in one.places)

    def _is_pointless(self, one: Missing) -> bool:
        """A listing whose end is proven false says nothing of what is below it."""
        published = one.expected.published_at
        return one.post not in self._past.cases and any(
            id(place) in self._false_ends and place.below(published) for place in one.places
        )

    def _controls(self) -> Iterator[Post]:
        """Posts that stood in a listing tonight, the newest first; pinned ones last."""
        shown = [post for post_id, post in self._notes.listed.items() if post_id not in self._cases]
        return iter(sorted(shown, key=_best_control))

    def _seen(self, case: Case, post: Post | None) -> None:
        """A visited post is there after all."""
        here = post is None or _is_listed_here(post.authors, self._account)
        if post is not None:
            with self._taking.unbounded():
                self._taking.post(post)
        one = case.missing
        if one is None or not here:
            return
        for place, page in one.pages():
            self._holes.add((id(place), page))
            if place.below(one.expected.published_at):
                self._false_ends.add(id(place))
        if not self._reads_all_of(one.expected.kind):
            return
        detail = f"{case.post} is there, and its account's listing does not show it"
        pages = tuple(r for place, page in one.pages() for r in place.evidence(page))
        evidence = tuple(dict.fromkeys((*case.evidence, *pages)))
        self._notes.problems.append(Problem(LISTING_INCOMPLETE, detail, evidence, case.post))
        self._notes.section_reason = self._notes.section_reason or LISTING_INCOMPLETE

    def _reads_all_of(self, kind: str) -> bool:
        """Whether every listing that may show such a post was asked."""
        sections = frozenset(self._visits.connector.sections)
        return kind != PostKind.REEL or sections & {*LISTINGS} <= self.read

    # -- open cases ----------------------------------------------------------

    def _recheck(self) -> None:
        """Read again the page on which a missing post had to stand."""
        for post_id, rows in sorted(self._past.cases.items(), key=lambda item: item[1][-1].at):
            expected = self._expected.get(post_id)
            if expected is None or self._visits.stopped or post_id in self._notes.met:
                continue
            visited = [row for row in rows if row.found != Found.UNVISITED]
            if len(visited) >= PATIENCE or self._missing([expected]):
                continue
            ago = self._started_at - datetime.fromisoformat(rows[-1].at)
            if rows[-1].verdict == ABSENT and ago < self._order.cycle:
                continue
            text = next((row.cursor for row in reversed(rows) if row.cursor), None)
            for place in check_places.read(text):
                self._read_page(place, expected)

    def _read_page(self, place: CheckPlace, expected: Expected) -> None:
        quota, reader = self._desk.quota, self._readers.get(place.section)
        published = expected.published_at
        covered = [s for s in self._all_stretches() if s.section is place.section]
        if reader is None or any(s.covers(published) for s in covered):
            return
        leg = self._leg_at(place)
        if leg is None or quota.sweep_left < 3:
            return
        self._notes.legs.append(leg)
        try:
            with quota.sweeping():
                for page, _ in reader.pages(leg, lambda: True):
                    if page.end is not PageEnd.MORE:
                        ended = page.end is PageEnd.END
                        leg.end = ListingEnd.END if ended else ListingEnd.SILENT
                        return
                    passed = leg.last and published and leg.last < published
                    if passed or leg.pages >= RECHECK_PAGES or quota.left < 3:
                        leg.end = ListingEnd.QUOTA
                        return
        except CursorRefused as error:
            leg.reason = error.code
        except ConnectorError as error:
            leg.reason = error.code
            if isinstance(error, (*ENDS_CAPTURE, NetworkFailure)):
                self._visits.stopped = error

    def _leg_at(self, place: CheckPlace) -> Leg | None:
        """A leg that begins there; behind tonight's head if it was in the head."""
        if place.cursor is not None:
            cursor, upper = place.cursor, place.upper
        else:
            head = _head_of(self._notes, place.section)
            if head is None or head.cursor is None or head.last is None:
                return None
            cursor, upper = head.cursor, head.last
        return Leg(place.section, cursor, cursor, upper=upper, purpose="recheck")

    # -- stories ---------------------------------------------------------------

    def _stories(self) -> None:
        notes, past = self._notes, self._past
        ends = tuple(story_ends(past.known, notes.met, notes.legs, self.read, self._started_at))
        early = [one for one in ends if one.reason == EARLY]
        for one in ends:
            if one.reason != EARLY:
                self._cases[one.post] = self._ended(one)
        for one in early:
            case = self._cases[one.post] = Case(one.post, None, self._started_at)
            self._visits.visit([case])
            if case.found is Found.ABSENT:
                case.found, case.reason = Found.EXPIRED, EARLY

    def _ended(self, end: StoryEnd) -> Case:
        case = Case(end.post, None, self._started_at, Found.EXPIRED, end.reason)
        if end.reason == LEFT_HIGHLIGHT:
            legs = [leg for leg in self._notes.legs if leg.section is Section.HIGHLIGHTS]
            case.evidence = tuple(record for leg in legs for record in leg.evidence)
        else:
            with self._desk.catalogue.reading() as conn:
                row = posts.get(conn, end.post)
            case.evidence = (RecordId(row.document),) if row is not None else ()
        return case

    # -- the end ---------------------------------------------------------------

    def finish(self) -> None:
        """Weigh every case, and hand the checks over to the capture.

        Raises:
            ConnectorError: The visitor may not go on; met during a visit.
        """
        notes, stopped = self._notes, self._visits.stopped
        notes.blocked = notes.blocked or is_block(stopped)
        notes.checks.extend(self._weighed(case) for case in self._cases.values())
        self._cases.clear()
        if stopped is not None:
            raise stopped

    def _weighed(self, case: Case) -> Check:
        account = self._account_state()
        places = tuple(case.missing.pages()) if case.missing else ()
        holds = Conditions(
            listing=bool(places) and not any(self._is_holed(case, *place) for place in places),
            signature=case.found is Found.ABSENT,
            control=control_holds(case.at, case.control),
            account=account is AccountState.PUBLIC,
            unblocked=not self._notes.blocked,
            canary=self._notes.canary != "failed",
            clock=clocks_agree(case.at, case.answered_at),
        )
        return Check(
            case.post,
            case.at,
            case.found,
            case.reason,
            weigh(case.found, case.reason, holds, account),
            holds,
            case.answered_at,
            case.control,
            case.cursor,
            case.evidence,
            tuple(dict.fromkeys(r for place, page in places for r in place.evidence(page))),
        )

    def _is_holed(self, case: Case, place: Stretch, page: int) -> bool:
        published = case.missing.expected.published_at if case.missing else None
        below = id(place) in self._false_ends and place.below(published)
        return below or (id(place), page) in self._holes

    def _account_state(self) -> AccountState:
        profile = self._notes.profile
        if profile is None or profile.is_private is None:
            return AccountState.UNSURE
        if profile.is_private:
            return AccountState.PRIVATE
        before = self._past.handle or self._order.account.handle
        same = profile.handle.lower() == before.lower()
        return AccountState.PUBLIC if same else AccountState.RENAMED


def _head_of(notes: Notes, section: Section) -> Leg | None:
    legs = [leg for leg in (notes.head, *notes.legs) if leg is not None]
    return next((leg for leg in legs if leg.section is section and leg.from_cursor is None), None)


def _best_control(post: Post) -> tuple[bool, float]:
    published = post.published_at
    return post.pinned, -published.timestamp() if published else 0.0


def _is_listed_here(authors: Sequence[Author], account: AccountRef) -> bool:
    return not authors or any(
        author.native_id == account.native_id
        or (author.native_id is None and author.handle.lower() == account.handle.lower())
        for author in authors
    )


def _stands_under(content: Content, account: AccountRef) -> bool:
    """Whether a post's newest content names the account, or nobody."""
    owner, shared = content.get("owner"), content.get("coauthors")
    others = shared if isinstance(shared, list) else []
    mine = (account.native_id, "@" + account.handle.lower())
    return owner is None or owner in mine or any(one in mine for one in others)
