"""``jejak capture``."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from types import FrameType
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from archiver.cli.call import the_call
from archiver.cli.figures import megabytes, number
from archiver.cli.news import say_news
from archiver.cli.output import complaint, err, print_json, print_table, tell
from archiver.cli.renamed import rename_lines
from archiver.cli.table import Column
from archiver.completeness import UNDER_WAY
from archiver.config import Config
from archiver.errors import OK, UsageProblem
from archiver.harvest_forecast import percentage
from archiver.i18n import N_, _
from archiver.local_time import day_start
from archiver.orders import CaptureResult
from archiver.reasons import grouped, hint_for, sentence_for
from archiver.run import run_captures
from archiver.run_report import RunReport
from archiver.sections import AccountSection
from archiver.terminal import printable
from archiver.unrecorded import warn_of_unrecorded
from archiver.wording import word_for
from archiver.world import World


def capture(
    context: typer.Context,
    accounts: Annotated[
        list[str] | None,
        typer.Argument(metavar=_("ACCOUNT"), help=_("platform/handle; all active by default.")),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help=_("Read every listing to its end."))] = False,
    since: Annotated[
        str | None,
        typer.Option(metavar=_("DATE"), help=_("Read every listing back to this day.")),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """One run, now."""
    call = the_call(context)
    config = call.config()
    chosen = choose(config, accounts or [])
    zone = ZoneInfo(config.content.archive.timezone)
    back_to = day_start(since, zone) if since else None
    stop = threading.Event()
    with _stopping(stop), _progress(as_json) as told:
        world = replace(call.world(config, stop), tell=told)
        with warn_of_unrecorded(world.log):
            report = run_captures(world, chosen, full=full, back_to=back_to)
    if as_json:
        for result in report.captures:
            print_json(_row(report, result))
    else:
        _show(report)
    _explain(report)
    for line in rename_lines(config, renamed(report)):
        tell(line)
    return report.exit_code if chosen else OK


def choose(config: Config, asked: Sequence[str]) -> tuple[AccountSection, ...]:
    """The accounts to capture: the named ones, or all active ones.

    Raises:
        UsageProblem: An account is unknown, paused or retired, or there is none.
    """
    if not asked:
        active = tuple(a for a in config.accounts if a.active and not a.retired)
        if not active:
            raise UsageProblem(
                N_("There is no active account in {file}."),
                hint=N_("Add one with `jejak accounts add`."),
                file=config.file.name,
            )
        return active
    chosen = tuple(dict.fromkeys(config.account(name) for name in asked))
    for account in chosen:
        if account.retired or not account.active:
            raise UsageProblem(
                N_("{name} is paused or retired."),
                hint=N_("Wake it with `jejak accounts pause {name} --resume`."),
                name=account.name,
            )
    return chosen


@contextmanager
def _stopping(stop: threading.Event) -> Iterator[None]:
    """The first signal ends the run after the post at hand, the second at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def asked(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        tell(_("Stopping after this post; once more to stop at once."))

    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, asked) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


class _Told:
    """Shows how far each account is."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, object] = {}

    def __call__(self, account: AccountSection, listed: int, declared: int | None) -> None:
        if account.name not in self._tasks:
            self._tasks[account.name] = self._progress.add_task(printable(account.name))
        task = self._tasks[account.name]
        self._progress.update(task, completed=listed, total=declared)  # type: ignore[arg-type]


@contextmanager
def _progress(as_json: bool) -> Iterator[_Told | _Silent]:
    if as_json or not sys.stderr.isatty():
        with nullcontext():
            yield _Silent()
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err()) as progress:
        yield _Told(progress)


class _Silent:
    """No terminal, no progress."""

    def __call__(self, account: AccountSection, listed: int, declared: int | None) -> None:
        return


def renamed(report: RunReport) -> dict[tuple[str, str], str]:
    """New handles of accounts, by key and the handle asked for."""
    return {(r.account, r.handle): r.renamed_to for r in report.captures if r.renamed_to}


def _row(report: RunReport, result: CaptureResult) -> dict[str, object]:
    return {
        "run": report.run,
        "capture": result.capture,
        "account": result.account,
        "handle": result.handle,
        "renamed_to": result.renamed_to,
        "outcome": result.outcome.value,
        "reason": result.reason,
        "listed": result.listed,
        "new": result.new,
        "edited": result.edited,
        "failed": result.failed,
        "unfinished": result.unfinished,
        "requests": result.requests,
        "bytes": result.bytes_received,
        "harvest": harvest_row(result),
        "withdrawn": list(result.withdrawn),
        "returned": list(result.returned),
    }


def harvest_row(result: CaptureResult) -> dict[str, object] | None:
    """How far the reading of the past is; ``None`` when none is under way."""
    if not result.kept:
        return None
    return {
        "kept": result.kept,
        "declared": result.declared,
        "percentage": percentage(result.kept, result.declared),
        "ends": result.harvest_ends.isoformat() if result.harvest_ends else None,
    }


def _show(report: RunReport) -> None:
    headings = (
        Column(_("account")),
        Column(_("outcome")),
        Column(_("listed"), right=True),
        Column(_("new"), right=True),
        Column(_("edited"), right=True),
        Column(_("failed"), right=True),
        Column(_("requests"), right=True, spare=True),
        Column("MB", right=True, spare=True),
    )
    print_table(
        headings,
        (
            (
                _name(result),
                word_for(result.outcome.value),
                number(result.listed),
                number(result.new),
                number(result.edited),
                number(result.failed),
                number(result.requests),
                megabytes(result.bytes_received),
            )
            for result in report.captures
        ),
    )
    say_news(
        [post for result in report.captures for post in result.withdrawn],
        [post for result in report.captures for post in result.returned],
    )


def _explain(report: RunReport) -> None:
    """Say why accounts are not complete, each cause once, and what to do."""
    unfinished = [result for result in report.captures if result.reason is not None]
    misses = ((r.outcome.value, r.reason or "", _name(r)) for r in unfinished)
    for (outcome, reason), names in grouped(misses).items():
        complaint(f"{word_for(outcome)}: {', '.join(names)}")
        tell(f"  {sentence_for(reason)} ({reason})")
        for result in unfinished:
            if result.detail and (result.outcome.value, result.reason) == (outcome, reason):
                tell(f"  {_name(result)}: {result.detail}", "dim")
        if reason == UNDER_WAY:
            _tell_harvests(unfinished)
        tell("→ " + hint_for(reason))
    for canary, wrong in report.mute:
        complaint(_("The canary {name} failed: {wrong}").format(name=canary, wrong=wrong))
        tell("→ " + _("Nothing was concluded of its platform's posts; see [[canaries]]."))
    if report.stopped:
        complaint(
            sentence_for(report.stopped) + (f" ({report.detail})" if report.detail else ""),
            hint_for(report.stopped),
        )
    if report.missed:
        tell(_("Not captured: {names}").format(names=", ".join(report.missed)))


def _tell_harvests(results: Sequence[CaptureResult]) -> None:
    for result in results:
        if result.reason != UNDER_WAY:
            continue
        part = percentage(result.kept, result.declared)
        tell(
            _("{name}: {kept} of {declared} posts ({part} %), over about {day}").format(
                name=_name(result),
                kept=number(result.kept),
                declared=number(result.declared) or "?",
                part="?" if part is None else part,
                day=result.harvest_ends or "?",
            )
        )


def _name(result: CaptureResult) -> str:
    return f"{result.account.partition(':')[0]}/{result.handle}"


__all__ = ["World", "capture", "choose"]
