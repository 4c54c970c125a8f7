"""Visiting posts that no listing showed, each with a control post in the same minute."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from archiver.absence.verdicts import Control, Found
from archiver.absence.weighing import Case
from archiver.quota import Quota
from archiver.taking import ENDS_CAPTURE, NETWORK_FAILURES
from connectors.base import Connector
from connectors.errors import ConnectorError, LibraryChanged, NetworkFailure
from connectors.model import AccountRef, Post, PostRef, Presence, Sighting

BATCH = timedelta(seconds=20)
"""So long visits go on before their control post is asked for."""

CONTROLS = 2
"""A control post that is not there may be gone itself: so many are tried."""

FOUND = {
    Presence.PRESENT: Found.PRESENT,
    Presence.GONE: Found.ABSENT,
    Presence.RESTRICTED: Found.RESTRICTED,
    Presence.UNKNOWN: Found.UNKNOWN,
}


@dataclass(slots=True)
class Visits:
    """Asks posts' own addresses within the sweep's requests of a night.

    Attributes:
        controls: Posts that this capture saw in a listing, best control first.
        seen: Told of each post that is there after all.
        stopped: What ended the visits before their time.
    """

    connector: Connector
    account: AccountRef
    quota: Quota
    now: Callable[[], datetime]
    controls: Callable[[], Iterable[Post]]
    seen: Callable[[Case, Post | None], None]
    stopped: ConnectorError | None = None
    _failures: int = 0
    _waiting: list[Case] = field(default_factory=list)

    def visit(self, cases: Iterable[Case]) -> None:
        """Visit cases in their order; those that the night has no requests for
        stay as they are.

        Args:
            cases: Lazily asked: what one visit shows may make the next needless.
        """
        with self.quota.sweeping():
            for case in cases:
                # One request for the visit, one for its control post.
                if self.stopped is None and self.quota.left >= 2:
                    self._visit(case)
            self._control()

    def _visit(self, case: Case) -> None:
        sighting = self._look(case.post, case)
        if sighting is None:
            return
        case.at, case.answered_at = self.now(), sighting.answered_at
        case.found, case.reason = FOUND[sighting.presence], sighting.reason
        case.evidence = sighting.evidence
        if case.found is Found.PRESENT:
            self.seen(case, sighting.post)
            return
        self._waiting.append(case)
        if self.now() - self._waiting[0].at >= BATCH or self.quota.left < 2:
            self._control()

    def _look(self, post: str, case: Case | None) -> Sighting | None:
        reference = PostRef(self.account.platform, post.partition(":")[2], self.account)
        try:
            sighting = self.connector.look(reference)
        except ConnectorError as error:
            self._failed(error, case)
            return None
        self._failures = 0
        return sighting

    def _failed(self, error: ConnectorError, case: Case | None) -> None:
        if case is not None:
            case.at, case.found, case.reason = self.now(), Found.UNKNOWN, error.code
            case.evidence = error.evidence
        self._failures += isinstance(error, NetworkFailure)
        if isinstance(error, ENDS_CAPTURE) or self._failures >= NETWORK_FAILURES:
            self.stopped = error

    def _control(self) -> None:
        """Visit a control post for the cases that wait for one."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        missed = {case.post for case in waiting}
        candidates = (post for post in self.controls() if post.id not in missed)
        for tried, post in enumerate(candidates):
            if tried >= CONTROLS or self.stopped is not None or self.quota.left < 1:
                return
            sighting = self._look(post.id, None)
            if sighting is None:
                continue
            present = sighting.presence is Presence.PRESENT
            control = Control(
                post.id,
                self.now(),
                sighting.answered_at,
                present,
                sighting.reason,
                sighting.evidence,
            )
            for case in waiting:
                case.control = control
            if present:
                return


def is_block(error: ConnectorError | None) -> bool:
    """Whether an error is about the visitor: then nothing it was shown counts."""
    return isinstance(error, ENDS_CAPTURE) and not isinstance(error, LibraryChanged)
