"""What a capture is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from archiver.completeness import Outcome
from archiver.pseudonyms import Pseudonyms
from archiver.quota import Quota
from connectors.base import Connector
from connectors.model import AccountRef, Section
from storage.catalogue import Catalogue
from storage.recorder import CaptureSink


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be captured.

    Attributes:
        account: Pinned; its ``native_id`` is known.
        route: ``platform.route``.
        identity: Name of the identity, ``None`` when anonymous.
        full: Read the listing to its end, whatever is known.
        since: Earliest day that the account is wanted from.
        back_to: Read now, whatever is known, back to this day and no further.
        sections: The listings wanted; ``None`` for all that can be read.
        comments: Whether comments are kept.
        cycle: The least distance between two checks of a missing post.
    """

    account: AccountRef
    run: str
    route: str
    identity: str | None = None
    full: bool = False
    since: datetime | None = None
    back_to: datetime | None = None
    sections: frozenset[Section] | None = None
    comments: bool = False
    cycle: timedelta = timedelta(hours=20)

    @property
    def at_once(self) -> bool:
        """Whether a person wants it now, past or not."""
        return self.full or self.back_to is not None

    def wants(self, section: Section) -> bool:
        """Whether a listing is to be read."""
        return self.sections is None or section in self.sections


@dataclass(frozen=True, slots=True)
class Desk:
    """What a capture works with.

    Attributes:
        connect: Builds the connector over the sink; may raise `ConnectorError`.
        between_posts: Asked before each post; a code ends the capture there.
        quota: The visitor's requests of this night.
        pseudonyms: The archive's pseudonyms, asked only when comments are kept.
        tell: Told of progress: posts listed so far, posts declared.
        canary: How the platform's canary stood before this capture: ``passed``,
            ``failed``, or ``None`` when it has none.
    """

    connect: Callable[[], Connector]
    sink: CaptureSink
    catalogue: Catalogue
    now: Callable[[], datetime]
    between_posts: Callable[[], str | None] = lambda: None
    quota: Quota = field(default_factory=lambda: Quota(1_000_000_000))
    pseudonyms: Callable[[], Pseudonyms] | None = None
    tell: Callable[[int, int | None], None] = lambda listed, declared: None
    canary: str | None = None


@dataclass(frozen=True, slots=True)
class CaptureResult:
    """How a capture ended.

    Attributes:
        reason: Stable English code; ``None`` only when complete.
        detail / hint: For a person; empty when complete.
        unfinished: Posts acknowledged with media missing.
        visitor_refused: Its identity must not be used again in this run.
        kept / declared: Posts of the account in the archive, and on its profile;
            told while its past is being read.
        harvest_ends: When that will be over at the pace of the last nights.
        withdrawn / returned: Posts of which this capture completed the proof that
            they are no longer shown, and withdrawn ones that are shown again.
    """

    account: str
    handle: str
    capture: str
    outcome: Outcome
    reason: str | None
    detail: str
    hint: str
    listed: int
    new: int
    edited: int
    failed: int
    unfinished: int
    requests: int
    bytes_received: int
    visitor_refused: bool
    kept: int = 0
    declared: int | None = None
    harvest_ends: date | None = None
    withdrawn: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
