"""The canary: one known account and post of a platform, asked before all others.

A platform that does not show what certainly stands there has changed, or hides
something from this visitor: what else it does not show that night proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from archiver.books import Books
from archiver.sections import CanarySection
from archiver.segments import SegmentHouse
from archiver.visiting import note_login, secrets_of, session_of, visiting, visitor_of
from archiver.world import World
from connectors.base import Connector, Gate
from connectors.errors import Blocked, ConnectorError, SessionExpired, WaitRequired
from connectors.model import AccountRef, PostRef, Presence, RecordId, Sighting
from storage.catalogue.intake import commit_records

CANARY_CHECKED = "canary checked"
"""The ledger's name for it."""

REFUSALS = (Blocked, SessionExpired, WaitRequired)
"""After these a visitor asks nothing more in the same run."""


class Canaries(StrEnum):
    """How the canaries of a platform were in a run (``capture/1``, ``canary``)."""

    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Visit:
    """What a canary showed of itself.

    Attributes:
        post: Id of the post that was visited, if it came to that.
        presence / reason: Of that post; ``None`` and a code when it did not.
        wrong: What is wrong, one English sentence; empty when all is as expected.
        refused: The visitor met a block and must not ask any more.
    """

    post: str | None
    presence: str | None
    reason: str
    wrong: str
    evidence: tuple[RecordId, ...] = ()
    sighting: Sighting | None = None
    refused: bool = False

    @property
    def passed(self) -> bool:
        """Whether the platform shows what certainly stands there."""
        return not self.wrong

    def detail(self, canary: CanarySection) -> dict[str, object]:
        """As it stands in the ledger."""
        return {
            "platform": canary.platform,
            "account": canary.ref.key,
            "post": self.post,
            "presence": self.presence,
            "reason": self.reason,
            "records": list(self.evidence),
        }


def visit(canary: CanarySection, connector: Connector, *, listing: bool = False) -> Visit:
    """Ask for its profile and its post.

    Args:
        listing: Read the first page also when the post is named.

    Raises:
        ConnectorError: The platform could not be read.
    """
    profile = connector.profile(canary.ref)
    seen = profile.evidence
    if canary.id is not None and profile.native_id != canary.id:
        wrong = f"the profile is account {profile.native_id}, not {canary.id}"
        return Visit(None, None, "wrong_account", wrong, seen)
    ref = AccountRef(canary.platform, profile.handle, profile.native_id, profile.locator)
    asked = PostRef(canary.platform, canary.post, ref) if canary.post else None
    if asked is None or listing:
        page = next(iter(connector.list_posts(ref)), None)
        if page is None or not page.posts:
            return Visit(None, None, "empty_listing", "the first page lists no post", seen)
        seen += page.evidence
        if page.problems:
            wrong = "; ".join(f"the first page: {problem.detail}" for problem in page.problems)
            return Visit(None, None, page.problems[0].code, wrong, seen)
        asked = asked or page.posts[0].ref
    found = connector.look(asked)
    whole = found.post is not None and found.post.is_complete
    present = found.presence is Presence.PRESENT and whole
    wrong = "" if present else f"the post {asked.id} is {found.presence.value} ({found.reason})"
    return Visit(asked.id, found.presence.value, found.reason, wrong, seen + found.evidence, found)


def ask(
    world: World, books: Books, house: SegmentHouse, canary: CanarySection, gate: Gate
) -> Visit:
    """Visit it as its identity; what is exchanged is recorded under its own account.

    Raises:
        SinkFailed, SQLAlchemyError: The archive cannot be written.
    """
    session, why = session_of(world, canary)
    if why is not None:
        return not_asked("no_session", why)
    sink = house.scope(
        canary.ref.key, world.rules(canary.platform), secrets_of(world, canary, session)
    )
    with visiting(world, canary, session, sink, gate) as connect:
        try:
            answer = visit(canary, connect())
        except ConnectorError as error:
            answer = _unanswered(error)
    sink.sync()
    rows = sink.take_rows()
    refusal = answer.reason if answer.refused else None
    with books.catalogue.writing() as conn:
        commit_records(conn, rows)
        if sink.requests:
            note_login(conn, visitor_of(canary), world, refusal)
    return answer


def _unanswered(error: ConnectorError) -> Visit:
    """A canary that could not be asked: no answer shows that all is well."""
    refused = isinstance(error, REFUSALS)
    return Visit(None, None, error.code, str(error), error.evidence, refused=refused)


def not_asked(code: str, detail: str) -> Visit:
    """A canary that was left out, for example for want of a session."""
    return Visit(None, None, code, detail)
