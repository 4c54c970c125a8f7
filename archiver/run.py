"""One run: one pass over accounts, by the archive's one writer."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from archiver.archive_folder import require_archive
from archiver.books import Books, open_books
from archiver.capture import Capture
from archiver.completeness import UNDER_WAY, Outcome
from archiver.config import account_ref
from archiver.errors import BUG, FINDINGS, NOT_CAPTURED, OK, SpaceLow, UsageProblem
from archiver.gate import PacedGate
from archiver.i18n import N_
from archiver.orders import CaptureResult, Desk, Order
from archiver.pseudonyms import Pseudonyms, key_of
from archiver.quota import RESERVE, Quota
from archiver.sections import AccountSection
from archiver.segments import SegmentHouse
from archiver.sessions import Session, read_session, refresh, secret_cookies
from archiver.space import check_space
from archiver.startup import StartupReport, start_up
from archiver.world import ROUTE, STORAGE_FAILURES, STORE_FAILURES, World
from archiver.writer_lock import writer_lock
from connectors.base import (
    Connector,
)
from storage import state
from storage.catalogue.errors import DocumentError
from storage.recorder import CaptureSink

Visitor = tuple[str, str | None]
"""Platform and identity; ``None`` is the anonymous visitor."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did.

    Attributes:
        stopped: ``interrupted``, ``space_low`` or ``storage_failed`` when it
            did not get through all accounts, else ``None``.
        detail: About `stopped`, one English sentence.
        missed: Accounts that it did not come to.
    """

    run: str
    started: StartupReport
    captures: tuple[CaptureResult, ...]
    stopped: str | None
    detail: str
    missed: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 all complete, or a harvest under way as planned · 1 a bug · 3 something
        partial · 4 an account not captured."""
        if any(capture.reason == "bug" for capture in self.captures):
            return BUG
        failed = any(capture.outcome is Outcome.FAILED for capture in self.captures)
        if failed or self.missed or self.stopped:
            return NOT_CAPTURED
        partial = any(
            capture.outcome is Outcome.PARTIAL and capture.reason != UNDER_WAY
            for capture in self.captures
        )
        return FINDINGS if partial else OK


def run_captures(
    world: World,
    accounts: Sequence[AccountSection],
    *,
    full: bool = False,
    back_to: datetime | None = None,
) -> RunReport:
    """Capture accounts, one after the other.

    Args:
        accounts: Pinned ones.
        full: Read every listing to its end.
        back_to: Read every listing back to this moment, whatever is known.

    Raises:
        UsageProblem: An account has no pinned id, or there is no archive.
        WriterBusy, SpaceLow, StorageProblem: The run could not begin.
    """
    config = world.config
    for account in accounts:
        if account.id is None:
            raise UsageProblem(
                N_("{name} has no id yet."),
                hint=N_("Run `jejak accounts check {name}` to look it up and pin it."),
                name=account.name,
            )
    require_archive(config)
    with writer_lock(config.archive, world.now()), open_books(config, world.now) as books:
        started = start_up(config.archive, books)
        check_space(config.archive, config.content.archive.min_free_bytes)
        return _Pass(world, books, full, back_to).go(accounts, started)


class _Pass:
    """A run under way: holds the segment writer open."""

    def __init__(self, world: World, books: Books, full: bool, back_to: datetime | None) -> None:
        self._world = world
        self._books = books
        self._full = full
        self._back_to = back_to
        self._waiting: list[AccountSection] = []
        self._quotas: dict[Visitor, Quota] = {}
        self._run = str(uuid.uuid4())
        self._refused: dict[Visitor, str] = {}
        self._gates: dict[Visitor, PacedGate] = {}
        self._results: list[CaptureResult] = []
        self._stopped: tuple[str, str] | None = None
        self._rows_unsure = False

    def go(self, accounts: Sequence[AccountSection], started: StartupReport) -> RunReport:
        """Capture all accounts; close the segment whatever happens."""
        routes = [route_of(account) for account in accounts]
        house: SegmentHouse | None = None
        try:
            house = SegmentHouse.open(self._world.config, self._run, routes, self._books)
            self._books.note(
                "run started",
                {"run": self._run},
                detail={"accounts": [account.key for account in accounts], "full": self._full},
            )
            self._waiting = list(accounts)
            for account in accounts:
                del self._waiting[0]
                self._results.append(self._capture(account, house))
                if self._stopped:
                    break
        except STORAGE_FAILURES as failure:
            self._stopped = ("storage_failed", f"{type(failure).__name__}: {failure}")
            self._world.log.write.error("storage failed", exc_info=failure, run=self._run)
        finally:
            self._end(house)
        done = len(self._results)
        code, detail = self._stopped or (None, "")
        missed = tuple(account.name for account in accounts[done:])
        return RunReport(self._run, started, tuple(self._results), code, detail, missed)

    def _end(self, house: SegmentHouse | None) -> None:
        """Close the segment and say so; on a full disk, leave that to recovery."""
        try:
            if house is not None:
                # Rows that may not have reached the catalogue: the segment's
                # closing event is left to the next start, which reads it whole.
                house.close(note=not self._rows_unsure)
            outcomes = [result.outcome for result in self._results]
            whole = self._stopped is None and all(o is Outcome.COMPLETE for o in outcomes)
            self._books.note(
                "run ended",
                {"run": self._run},
                outcome="success" if whole else "partial" if outcomes else "failure",
                detail={
                    "captures": len(outcomes),
                    "complete": outcomes.count(Outcome.COMPLETE),
                    "stopped": self._stopped[0] if self._stopped else None,
                },
            )
        except STORAGE_FAILURES as failure:
            self._world.log.write.error("run could not be closed", exc_info=failure, run=self._run)
            self._stopped = self._stopped or ("storage_failed", f"{type(failure).__name__}")

    # -- one account ----------------------------------------------------------

    def _capture(self, account: AccountSection, house: SegmentHouse) -> CaptureResult:
        visitor: Visitor = (account.platform, account.identity)
        rules = self._world.rules(account.platform)
        session, why = self._session(account)
        sink = house.scope(
            account.key, rules, secret_cookies(session.identity if session else None, rules)
        )
        opened: list[Connector] = []

        def connect() -> Connector:
            gate = self._gates.setdefault(visitor, self._gate())
            connector = self._world.connect(
                account.platform,
                ROUTE,
                sink=sink,
                network=self._world.config.network,
                identity=session.identity if session else None,
                gate=self._quota(visitor).counting(gate),
            )
            opened.append(connector)
            return connector

        capture = Capture(self._order(account), self._desk(account, house, sink, connect))
        try:
            result = self._read(capture, visitor, why, sink)
        except BaseException:
            self._rows_unsure = True
            raise
        finally:
            self._world.log.scrubber.learn(sink.secrets())
            for connector in opened:
                self._let_go(connector, account, session)
        # A platform's own words may repeat what it was sent.
        result = replace(result, detail=self._world.log.scrubber.text(result.detail))
        self._after(account, visitor, result, sink)
        return result

    def _read(
        self, capture: Capture, visitor: Visitor, why: str | None, sink: CaptureSink
    ) -> CaptureResult:
        """Read the account; every ending of it is recorded."""
        if why is not None:
            return capture.finish("no_session", why)
        if visitor in self._refused:
            return capture.finish(
                "identity_refused", f"this visitor met {self._refused[visitor]} before in this run"
            )
        try:
            capture.read()
        except Exception as bug:
            if isinstance(bug, STORE_FAILURES) and not isinstance(bug, DocumentError):
                raise
            self._rows_unsure = True
            self._world.log.scrubber.learn(sink.secrets())
            self._world.log.write.error("bug in a capture", exc_info=bug, capture=capture.id)
            return capture.finish("bug", f"{type(bug).__name__}; the log tells where")
        return capture.finish()

    def _order(self, account: AccountSection) -> Order:
        zone = ZoneInfo(self._world.config.content.archive.timezone)
        wanted = account.since
        return Order(
            account_ref(account),
            self._run,
            route_of(account),
            account.identity,
            self._full,
            since=datetime.combine(wanted, time.min, zone) if wanted else None,
            back_to=self._back_to,
            sections=None if account.capture is None else frozenset(account.capture),
            comments=account.comments,
            cycle=timedelta(hours=self._world.config.content.schedule.cycle_hours),
        )

    def _quota(self, visitor: Visitor) -> Quota:
        """What the visitor may still ask tonight; news of later accounts is held back."""
        content = self._world.config.content
        quota = self._quotas.setdefault(
            visitor,
            Quota(content.harvest.requests_per_night, content.schedule.sweep_requests_per_night),
        )
        quota.later = sum((one.platform, one.identity) == visitor for one in self._waiting)
        quota.kept_back = RESERVE * quota.later
        return quota

    def _pseudonyms(self) -> Pseudonyms:
        config = self._world.config
        key = key_of(config.archive)
        self._world.log.scrubber.learn([key.hex()])
        accounts = {a.key: a.key for a in config.accounts if a.id} | {
            f"{a.platform}:@{a.handle.lower()}": a.key for a in config.accounts
        }
        return Pseudonyms(key, accounts)

    def _desk(
        self,
        account: AccountSection,
        house: SegmentHouse,
        sink: CaptureSink,
        connect: Callable[[], Connector],
    ) -> Desk:
        def between_posts() -> str | None:
            if self._world.stop.is_set():
                self._stopped = ("interrupted", "somebody asked the run to end")
                return "interrupted"
            try:
                check_space(
                    self._world.config.archive,
                    self._world.config.content.archive.min_free_bytes,
                )
            except SpaceLow as low:
                self._stopped = ("space_low", str(low))
                return "space_low"
            house.roll_if_full()
            return None

        return Desk(
            connect=connect,
            sink=sink,
            catalogue=self._books.catalogue,
            now=self._world.now,
            between_posts=between_posts,
            quota=self._quota((account.platform, account.identity)),
            pseudonyms=self._pseudonyms,
            tell=lambda listed, declared: self._world.tell(account, listed, declared),
        )

    def _gate(self) -> PacedGate:
        return PacedGate(self._world.config.content.network.pause_s, self._world.stop)

    def _session(self, account: AccountSection) -> tuple[Session | None, str | None]:
        """The account's session, or why there is none."""
        if account.identity is None:
            return None, None
        file = self._world.config.identity_file(account.platform, account.identity)
        try:
            session = read_session(file)
        except UsageProblem as problem:
            return None, str(problem)
        self._world.log.scrubber.learn(session.identity.cookies.values())
        return session, None

    def _let_go(
        self, connector: Connector, account: AccountSection, session: Session | None
    ) -> None:
        if session is not None and account.identity is not None:
            file = self._world.config.identity_file(account.platform, account.identity)
            refresh(file, session, connector.cookies(), self._world.now())
        connector.close()

    def _after(
        self, account: AccountSection, visitor: Visitor, result: CaptureResult, sink: CaptureSink
    ) -> None:
        """What an ended capture means for the rest of the run, and for the books."""
        self._world.log.write.info(
            "capture ended",
            account=result.account,
            capture=result.capture,
            outcome=result.outcome.value,
            reason=result.reason,
            detail=result.detail,
        )
        if result.visitor_refused:
            self._refused[visitor] = result.reason or "a block"
        if result.reason == "handle_taken":
            self._books.note(
                "account handle taken",
                {"account": account.key},
                outcome="failure",
                detail={"handle": account.handle, "capture": result.capture},
            )
        if account.identity is not None and sink.requests:
            name = f"{account.platform}-{account.identity}"
            with self._books.catalogue.writing() as conn:
                note_login(conn, name, result, self._world.now())
        if self._world.stop.is_set() and self._stopped is None:
            self._stopped = ("interrupted", "somebody asked the run to end")


def note_login(conn: Connection, identity: str, result: CaptureResult, at: datetime) -> None:
    """Keep how the platform took an identity's session.

    Args:
        identity: ``platform-name``, as its session file is called.
    """
    if state.login(conn, identity) is None:
        return
    if not result.visitor_refused:
        state.succeeded(conn, identity, at)
    elif result.reason is not None:
        challenge = result.reason == "challenge"
        state.refused(conn, identity, at, error=result.reason, challenge=challenge)


def route_of(account: AccountSection) -> str:
    """The route that reads an account, as documents name it."""
    return f"{account.platform}.{ROUTE}"
