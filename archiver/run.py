"""One run: one pass over accounts, by the archive's one writer."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from archiver.absence.canary import CANARY_CHECKED, Canaries, Visit, ask, not_asked
from archiver.absence.judging import judge
from archiver.archive_folder import require_archive
from archiver.books import Books, open_books
from archiver.capture import Capture
from archiver.completeness import Outcome
from archiver.config import account_ref
from archiver.errors import SpaceLow, UsageProblem
from archiver.gate import PacedGate
from archiver.i18n import N_
from archiver.orders import CaptureResult, Desk, Order
from archiver.pseudonyms import Pseudonyms, key_of
from archiver.quota import RESERVE, Quota
from archiver.run_report import RunReport
from archiver.sections import AccountSection, CanarySection
from archiver.segments import SegmentHouse
from archiver.space import check_space
from archiver.startup import StartupReport, start_up
from archiver.visiting import Visitor, note_login, secrets_of, session_of, visiting, visitor_of
from archiver.world import ROUTE, STORAGE_FAILURES, STORE_FAILURES, World
from archiver.writer_lock import writer_lock
from connectors.base import Connector, Gate
from storage.catalogue.errors import DocumentError
from storage.recorder import CaptureSink


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
        self._canaries: dict[str, Canaries | None] = {}
        self._mute: list[tuple[str, str]] = []
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
                self._results[-1] = self._judged(account, self._results[-1])
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
        results, mute = tuple(self._results), tuple(self._mute)
        return RunReport(self._run, started, results, code, detail, missed, mute)

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

    def _judged(self, account: AccountSection, result: CaptureResult) -> CaptureResult:
        """What the capture, with those before it, proves; it stands in the ledger then."""
        cycle = timedelta(hours=self._world.config.content.schedule.cycle_hours)
        judged = judge(self._books, self._world.config.archive, account.key, self._run, cycle)
        if judged.withdrawn or judged.returned:
            self._world.log.write.info(
                "posts judged",
                account=account.key,
                withdrawn=judged.withdrawn,
                returned=judged.returned,
            )
        return replace(result, withdrawn=judged.withdrawn, returned=judged.returned)

    # -- one account ----------------------------------------------------------

    def _capture(self, account: AccountSection, house: SegmentHouse) -> CaptureResult:
        canary = self._canary(account.platform, house)
        visitor = visitor_of(account)
        session, why = session_of(self._world, account)
        sink = house.scope(
            account.key,
            self._world.rules(account.platform),
            secrets_of(self._world, account, session),
        )
        try:
            with visiting(self._world, account, session, sink, self._gate(visitor)) as connect:
                desk = replace(self._desk(account, house, sink, connect), canary=canary)
                result = self._read(Capture(self._order(account), desk), visitor, why, sink)
        except BaseException:
            self._rows_unsure = True
            raise
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
        bug = self._bug_of(capture.read, sink.secrets, capture=capture.id)
        if bug is not None:
            return capture.finish("bug", f"{type(bug).__name__}; the log tells where")
        return capture.finish()

    def _bug_of(
        self, read: Callable[[], object], secrets: Callable[[], Iterable[str]], **where: str
    ) -> Exception | None:
        """Read something; a bug in that is told, and does not end the run."""
        try:
            read()
        except Exception as bug:
            self._rows_unsure = True
            if isinstance(bug, STORE_FAILURES) and not isinstance(bug, DocumentError):
                raise
            self._world.log.scrubber.learn(secrets())
            self._world.log.write.error("bug in a capture", exc_info=bug, **where)
            return bug
        except BaseException:
            self._rows_unsure = True
            raise
        return None

    # -- the canaries ---------------------------------------------------------

    def _canary(self, platform: str, house: SegmentHouse) -> Canaries | None:
        """Whether the platform shows what certainly stands there; asked once a run."""
        if platform not in self._canaries:
            asked = [c for c in self._world.config.content.canaries if c.platform == platform]
            # All are asked: each is a visitor's own look at the platform.
            passed = [self._ask(canary, house) for canary in asked]
            whole = Canaries.PASSED if all(passed) else Canaries.FAILED
            self._canaries[platform] = whole if passed else None
        return self._canaries[platform]

    def _ask(self, canary: CanarySection, house: SegmentHouse) -> bool:
        """Ask one canary; what came of it stands in the ledger."""
        visitor = visitor_of(canary)
        answers: list[Visit] = []

        def look() -> None:
            answers.append(ask(self._world, self._books, house, canary, self._gate(visitor)))

        if visitor in self._refused:
            met = self._refused[visitor]
            answers.append(not_asked("identity_refused", f"this visitor met {met} before"))
        elif (bug := self._bug_of(look, tuple, canary=canary.name)) is not None:
            answers.append(not_asked("bug", f"{type(bug).__name__}; the log tells where"))
        answer = answers[0]
        if answer.refused:
            self._refused[visitor] = answer.reason
        if not answer.passed:
            self._mute.append((canary.name, self._world.log.scrubber.text(answer.wrong)))
        self._books.note(
            CANARY_CHECKED,
            {"run": self._run},
            outcome="success" if answer.passed else "failure",
            detail=answer.detail(canary),
        )
        return answer.passed

    # -- what a capture is given ----------------------------------------------

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

    def _gate(self, visitor: Visitor) -> Gate:
        """One pace for all that a visitor asks in this run; its requests are counted."""
        fresh = PacedGate(self._world.config.content.network.pause_s, self._world.stop)
        return self._quota(visitor).counting(self._gates.setdefault(visitor, fresh))

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
        if sink.requests:
            refusal = result.reason if result.visitor_refused else None
            with self._books.catalogue.writing() as conn:
                note_login(conn, visitor, self._world, refusal)
        if self._world.stop.is_set() and self._stopped is None:
            self._stopped = ("interrupted", "somebody asked the run to end")


def route_of(account: AccountSection) -> str:
    """The route that reads an account, as documents name it."""
    return f"{account.platform}.{ROUTE}"
