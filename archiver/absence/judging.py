"""What the checks of several nights prove, written down: tombstones and returns.

Everything is read from the catalogue, so it does not matter whether the capture
that completed a proof came to write it down, or the next one of the account does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from archiver.absence.declared import Numbers, numbers, still_counted
from archiver.absence.last_sighting import LastSighting, asked, last_sighting
from archiver.absence.verdicts import PastCheck, conclude
from archiver.books import Books
from storage.catalogue import captures, checks, records, sightings, tombstones
from storage.catalogue.checks import CheckRow
from storage.catalogue.places import Places
from storage.catalogue.sightings import Sighting

RULE = "1"
"""Which ladder it was: ADR and docs/evidence.md tell what each asks for."""

Step = dict[str, object]


@dataclass(frozen=True, slots=True)
class Judged:
    """Posts of which something was concluded, by id."""

    withdrawn: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """Two absences of one post, and the sighting before them, step by step."""

    post: str
    first: CheckRow
    second: CheckRow
    steps: tuple[Step, ...]

    def detail(self, cycle: timedelta) -> dict[str, object]:
        """As it stands in the ledger."""
        return {
            "absent_after": self.steps[0]["at"],
            "absent_by": self.first.at,
            "confirmed_at": self.second.at,
            "cycle_hours": cycle / timedelta(hours=1),
            "rule": RULE,
            "steps": list(self.steps),
        }


def judge(books: Books, archive: Path, account: str, run: str, cycle: timedelta) -> Judged:
    """Write down every withdrawal and return that the catalogue proves of an account.

    May be called at any time, and again: what stands in the ledger is not said twice.

    Args:
        archive: Where the segments lie: a sighting's records tell their own age.
        account: Key.
        run: The run under way.
        cycle: The least distance between two absences.
    """
    with books.catalogue.reading() as conn:
        back = tombstones.unreturned(conn, account)
    for stone, seen_at, seen in back:
        objects = {"account": stone.account, "post": stone.post, "run": run}
        books.note(
            tombstones.RETURNED,
            objects | {"tombstone": str(stone.number)},
            detail={"seen_at": seen_at, "records": list(seen)},
        )
    with books.catalogue.reading() as conn:
        proofs = tuple(proven(conn, archive, account, cycle))
    for proof in proofs:
        objects = {"account": account, "post": proof.post, "run": run}
        books.note(tombstones.WITHDRAWN, objects, detail=proof.detail(cycle))
    return Judged(
        tuple(proof.post for proof in proofs),
        tuple(dict.fromkeys(stone.post for stone, _at, _records in back)),
    )


def proven(conn: Connection, archive: Path, account: str, cycle: timedelta) -> Iterator[Proof]:
    """Withdrawals of an account's posts that nobody has written down yet."""
    blocked: dict[str | None, frozenset[int]] = {}
    told: Numbers | None = None
    cases = checks.open_cases(conn, account)
    for post, rows in sorted(cases.items()):
        by_document = {row.document: row for row in rows}
        met = _blocks(conn, account, rows, blocked)
        past = [PastCheck(row.order, _time(row.at), row.verdict, row.document) for row in rows]
        found = conclude(past, met, cycle)
        seen = sightings.of_post(conn, post) if found else None
        if found is None or not seen:
            continue
        told = told or numbers(conn, account, cases)
        if still_counted(conn, account, told, post, seen[-1]):
            continue
        first, second = by_document[found.first.document], by_document[found.second.document]
        before = last_sighting(conn, archive, _since_withdrawn(conn, post, seen))
        steps = (_seen(before), *_absence(conn, first), *_absence(conn, second))
        # No claim without evidence: a step that no record shows proves nothing.
        if all(step["records"] for step in steps):
            yield Proof(post, first, second, steps)


def _blocks(
    conn: Connection,
    account: str,
    rows: Sequence[CheckRow],
    known: dict[str | None, frozenset[int]],
) -> frozenset[int]:
    """Runs in which one of the visitors that checked a post was blocked."""
    platform = account.partition(":")[0]
    asked = captures.identities(conn, {row.capture for row in rows})
    for identity in asked:
        if identity not in known:
            known[identity] = checks.blocked_runs(conn, platform, identity)
    return frozenset[int]().union(*(known[identity] for identity in asked))


def _since_withdrawn(conn: Connection, post: str, seen: Sequence[Sighting]) -> Sequence[Sighting]:
    """Sightings after the withdrawal before this one: those before it began its window."""
    stones = tombstones.of_post(conn, post)
    places = Places(conn, (stone.run for stone in stones))
    begun = max((tombstones.place(stone, places) for stone in stones), default=None)
    return [one for one in seen if begun is None or one.place >= begun] or seen[-1:]


def _seen(before: LastSighting) -> Step:
    more = {"clock": before.clock} if before.clock else {}
    more |= {"asked_at": before.asked_at} if before.at != before.asked_at else {}
    return _step("seen", before.at, before.capture, before.records, **more)


def _absence(conn: Connection, check: CheckRow) -> tuple[Step, Step, Step]:
    """One check as three steps: not listed, not at its address, another post there."""
    listed = check.listing_evidence
    control = {"reason": check.control_reason, "post": check.control_post}
    control_at = check.control_at or check.at
    return (
        _step("not_listed", _asked(conn, listed, check.at), check.capture, listed),
        _step("visited", check.at, check.capture, check.evidence, reason=check.reason),
        _step("control", control_at, check.capture, check.control_evidence, **control),
    )


def _asked(conn: Connection, cited: Sequence[str], otherwise: str) -> str:
    """When the newest of some records was asked for."""
    return asked([p.date for record in cited if (p := records.place(conn, record))], otherwise)


def _step(step: str, at: str, capture: str, cited: Sequence[str], **more: str | None) -> Step:
    told: Mapping[str, str] = {name: value for name, value in more.items() if value}
    return {"step": step, "at": at, "capture": capture, "records": list(cited), **told}


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
