"""``jejak runs``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

import typer
from sqlalchemy import Connection

from archiver.cli.call import reading_catalogue, the_call
from archiver.cli.figures import in_zone, megabytes, number
from archiver.cli.news import say_news
from archiver.cli.output import print_json, print_table, say, when
from archiver.cli.table import Column
from archiver.completeness import Outcome
from archiver.errors import OK
from archiver.harvest_state import HarvestState, harvest_state
from archiver.i18n import _
from archiver.reasons import grouped, hint_for, sentence_for
from archiver.wording import word_for
from storage.catalogue import captures, events, tombstones
from storage.catalogue.runs import RunRow, newest


def runs(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help=_("At most so many."))] = 30,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Show past runs, newest first, and what each did not capture completely."""
    config = the_call(context).config()
    zone = config.content.archive.timezone
    with reading_catalogue(config) as catalogue, catalogue.reading() as conn:
        found = [(run, misses(conn, run)) for run in newest(conn, limit=limit)]
        told = {run.run: news(conn, run.run) for run, _missed in found}
        under_way = {run.run: harvests(conn, run) for run, _missed in found}
    if as_json:
        for run, missed in found:
            past = [{"account": one.account, **state.row()} for one, state in under_way[run.run]]
            print_json(
                asdict(run)
                | {"missed": [asdict(miss) for miss in missed], "harvests": past}
                | told[run.run]
            )
        return OK
    _print(found, zone)
    _print_news(found, told, zone)
    _print_harvests([one for run, _missed in found for one in under_way[run.run]])
    return OK


def harvests(conn: Connection, run: RunRow) -> tuple[tuple[Miss, HarvestState], ...]:
    """Accounts whose past is being read and was read last in this run."""
    found = []
    for row in captures.of_run(conn, run.run):
        state = harvest_state(conn, row.account) if row.harvest_state else None
        if state is not None and state.capture == row.capture:
            found.append((Miss(row.account, row.handle, row.outcome, row.reason), state))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Miss:
    """An account that a run did not capture completely.

    Attributes:
        account: ``platform:numeric-id``.
        handle: As it was then; ``None`` when the run did not come to it.
        outcome: ``partial``, ``failed``, or ``missed``: the run did not come to it.
        reason: Code of `archiver.reasons`.
    """

    account: str
    handle: str | None
    outcome: str
    reason: str | None

    @property
    def name(self) -> str:
        """``platform/handle``, or the account's key where no handle is known."""
        platform = self.account.partition(":")[0]
        return f"{platform}/{self.handle}" if self.handle else self.account


def misses(conn: Connection, run: RunRow) -> tuple[Miss, ...]:
    """What a run did not capture completely, and why."""
    kept = captures.of_run(conn, run.run)
    found = [
        Miss(row.account, row.handle, row.outcome, row.reason)
        for row in kept
        if row.outcome != Outcome.COMPLETE
    ]
    told = {event.type: event.detail for event in events.of(conn, "run", run.run)}
    if run.state == "running" or "run started" not in told:
        return tuple(found)
    stopped = told.get("run ended", {}).get("stopped")
    reason = stopped if isinstance(stopped, str) else "interrupted"
    asked = told["run started"].get("accounts")
    came_to = {row.account for row in kept}
    names = asked if isinstance(asked, list) else []
    missed = [Miss(str(name), None, "missed", reason) for name in names if name not in came_to]
    return (*found, *missed)


News = dict[str, list[str]]


def news(conn: Connection, run: str) -> News:
    """Posts of which a run concluded something: ``withdrawn`` and ``returned``."""
    names = {tombstones.WITHDRAWN: "withdrawn", tombstones.RETURNED: "returned"}
    found: News = {name: [] for name in names.values()}
    for event in events.of(conn, "run", run):
        if event.type in names:
            found[names[event.type]].append(event.objects["post"])
    return found


def _print_news(
    found: Sequence[tuple[RunRow, Sequence[Miss]]], told: Mapping[str, News], zone: str
) -> None:
    for run, _missed in found:
        if any(told[run.run].values()):
            say("")
            say(_("In the run of {time}:").format(time=when(run.started_at, zone)))
            say_news(told[run.run]["withdrawn"], told[run.run]["returned"])


def _print(found: Sequence[tuple[RunRow, Sequence[Miss]]], zone: str) -> None:
    counts = (_("accounts"), _("complete"), _("partial"), _("failed"), _("new"), _("edited"))
    print_table(
        (
            Column(in_zone(_("started"), zone)),
            Column(_("state")),
            *(Column(name, right=True) for name in counts),
            Column(_("requests"), right=True, spare=True),
            Column("MB", right=True, spare=True),
        ),
        (
            (
                when(run.started_at, zone),
                word_for(run.state),
                *map(number, (run.captures, run.complete, run.partial, run.failed)),
                *map(number, (run.new, run.edited, run.requests)),
                megabytes(run.bytes),
            )
            for run, _missed in found
        ),
        empty=_("There was no run yet; `jejak capture` starts one."),
    )
    for run, missed in found:
        if not missed:
            continue
        say("")
        say(_("Not complete in the run of {time}:").format(time=when(run.started_at, zone)))
        causes = grouped((miss.outcome, miss.reason or "", miss.name) for miss in missed)
        for (outcome, reason), names in causes.items():
            say(f"  {word_for(outcome)}: {', '.join(names)}")
            say(f"    {sentence_for(reason)} ({reason})")
            say(f"    → {hint_for(reason)}")


def _print_harvests(found: Sequence[tuple[Miss, HarvestState]]) -> None:
    if not found:
        return
    say("")
    say(_("Their past is being read:"))
    for one, state in found:
        say(f"  {harvest_line(one.name, state)}")


def harvest_line(name: str, state: HarvestState) -> str:
    """How far the past of an account is read, and until when, as one line."""
    return _("{name}: {kept} of {declared} posts ({part} %), over about {day}").format(
        name=name,
        kept=number(state.kept),
        declared=number(state.declared) or "?",
        part="?" if state.percentage is None else state.percentage,
        day=state.ends or "?",
    )
