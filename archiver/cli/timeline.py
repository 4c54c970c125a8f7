"""The timeline of ``jejak show``: what happened to a post, and the records of it."""

from __future__ import annotations

from collections.abc import Sequence

from archiver.absence.verdicts import ABSENT, EXPIRED, NOT_VISITED, SEEN
from archiver.cli.figures import in_zone, number
from archiver.cli.output import print_table, say, say_beside, say_heading, say_records, tell, when
from archiver.cli.table import Column
from archiver.i18n import N_, _, translate
from archiver.state_words import When, cause_words, reason_words, who
from archiver.timeline import Entry, Kind
from storage.catalogue.checks import CheckRow
from storage.catalogue.history import ObservationRow
from storage.catalogue.tombstones import TombstoneRow

METRICS = {
    "likes": N_("likes"),
    "comments": N_("comments"),
    "plays": N_("plays"),
    "shares": N_("shares"),
    "saves": N_("saves"),
}

SHOWN = 12
"""So many moments of a series of counts are shown unless all are wanted."""


def print_timeline(entries: Sequence[Entry], zone: str) -> None:
    """Every entry with its time; the records that show it stand below it."""

    def at(text: str | None) -> str:
        return when(text, zone)

    say("")
    say_heading(in_zone(_("history"), zone))
    for entry in entries:
        head = at(entry.at) + "  "
        say_beside(head, entry_words(entry, at))
        say_records(_records(entry), len(head))


def print_counts(observations: Sequence[ObservationRow], zone: str, *, whole: bool) -> None:
    """The counts as a series in time: its first, its last, and some between."""
    shown = observations if whole else spread(observations, SHOWN)
    say("")
    print_table(
        (
            Column(in_zone(_("seen at"), zone)),
            *(Column(translate(name), right=True) for name in METRICS.values()),
        ),
        ((when(row.at, zone), *(number(getattr(row, name)) for name in METRICS)) for row in shown),
    )
    left_out = len(observations) - len(shown)
    if left_out:
        tell(_("{count} more observations: --all prints them.").format(count=number(left_out)))


def spread(rows: Sequence[ObservationRow], most: int) -> Sequence[ObservationRow]:
    """At most so many of the rows, evenly spread, the first and the last among them."""
    if len(rows) <= most:
        return rows
    return [rows[round(at * (len(rows) - 1) / (most - 1))] for at in range(most)]


def entry_words(entry: Entry, at: When) -> str:
    """What an entry tells, in the language spoken now."""
    if entry.version is not None:
        return _("version {number} was kept").format(number=entry.version.number)
    if entry.check is not None:
        return check_words(entry.check)
    if entry.tombstone is not None:
        return _event_words(entry.kind, entry.tombstone, at)
    return _seen_words(entry.seen, at)


def check_words(check: CheckRow) -> str:
    """What a check found, and why that proves a withdrawal or does not."""
    if check.verdict == SEEN:
        return _("seen at its own address, though no listing showed it")
    if check.verdict == EXPIRED:
        return _("ended: {reason}").format(reason=reason_words(check.reason))
    if check.verdict == NOT_VISITED:
        return _("not in the listing; its address was not asked, the night's requests were used up")
    if check.verdict != ABSENT:
        sentence = _("not seen ({code}), without proof: {reason}")
        return sentence.format(code=check.reason, reason=reason_words(check.verdict))
    absent = _("not seen: its address answers {code}; control post {post} was there")
    return absent.format(code=check.reason, post=check.control_post or "-")


def metrics_words(seen: Sequence[ObservationRow]) -> str:
    """``likes 10 → 35, comments 2``; what was never told is left out."""
    parts = []
    for name, word in METRICS.items():
        known = [value for one in seen if (value := getattr(one, name)) is not None]
        if known:
            ends = dict.fromkeys((number(known[0]), number(known[-1])))
            parts.append(f"{translate(word)} {' → '.join(ends)}")
    return ", ".join(parts)


def _seen_words(seen: Sequence[ObservationRow], at: When) -> str:
    counts = metrics_words(seen)
    if len(seen) == 1:
        words = _("seen")
    else:
        words = _("{count} observations until {until}").format(
            count=number(len(seen)), until=at(seen[-1].at)
        )
    return f"{words}: {counts}" if counts else words


def _event_words(kind: Kind, stone: TombstoneRow, at: When) -> str:
    if kind is Kind.WITHDRAWN:
        window = {"after": at(stone.absent_after), "by": at(stone.absent_by)}
        sentence = _("withdrawn between {after} and {by}: withdrawal {number} in the ledger")
        return sentence.format(number=stone.number, **window)
    if kind is Kind.RETURNED:
        return _("shown again, after withdrawal {number}").format(number=stone.number)
    if kind is Kind.CAUSE:
        return cause_words(stone, at)
    if kind is Kind.CONFIRMED:
        told, sentence = stone.confirmed_reason, _("confirmed by {who}: {reason}")
        return sentence.format(who=who(stone.confirmed_by_person), reason=told or "-")
    sentence = _("disputed by {who}: {reason}")
    return sentence.format(who=who(stone.disputed_by), reason=stone.disputed_reason or "-")


def _records(entry: Entry) -> list[tuple[str, str]]:
    """What each record of an entry is, and its name."""
    check = entry.check
    if check is None:
        return [(_("record"), record) for record in entry.records]
    parts = (
        (_("visit"), check.evidence),
        (_("listing"), check.listing_evidence),
        (_("control post"), check.control_evidence),
    )
    return [(name, record) for name, records in parts for record in records]
