"""From a checked list to kept accounts: what is new, what is known, what follows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archiver.account_check import FOUND, KNOWN, Checked, each_once, judged
from archiver.account_list import HEADINGS, ListedAccount, Mistake
from archiver.accounts import with_changes, write_config
from archiver.books import Books
from archiver.config import Config, unknown_body
from archiver.decisions import Assignment, deciding, note_assignment
from archiver.enrolment import Enrolment, enrol
from archiver.errors import UsageProblem
from archiver.i18n import N_, translate
from archiver.lookup import Found, look_up_all
from archiver.os_words import reason_of
from archiver.sections import AccountSection
from archiver.world import World


@dataclass(frozen=True, slots=True)
class Entry:
    """A right row and the account it means.

    Attributes:
        account: As it shall stand in config.toml, without id; or as it stands
            there when ``present``.
        known: It is pinned already; nothing needs to be looked up.
        moves: It is known, and the list names another body, unit or day.
    """

    listed: ListedAccount
    account: AccountSection
    present: bool = False
    known: bool = False
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a row.

    Attributes:
        checked: ``known`` for rows that were not looked up.
        added: It is in config.toml now, or its body was brought up to date.
    """

    entry: Entry
    checked: Checked
    added: bool = False


def entries(
    config: Config, listed: Iterable[ListedAccount]
) -> tuple[tuple[Entry, ...], tuple[Mistake, ...]]:
    """What the rows mean in this office, and what cannot be: identities and
    bodies nobody knows, numbers that contradict what is pinned."""
    found, mistakes = [], []
    identities = {(one.platform, one.name) for one in config.content.identities}
    by_name = {one.name.lower(): one for one in config.accounts if not one.retired}
    by_key = {one.key: one for one in config.accounts}
    for row in listed:
        bad = list(_unknown(config, row, identities))
        there = by_key.get(f"{row.platform}:{row.id}") or by_name.get(row.name.lower())
        if there is not None and there.id and row.id and there.id != row.id:
            said = translate("number {pinned}, which is pinned for {name}")
            bad.append(_mistake(row, "id", said.format(pinned=there.id, name=there.name)))
        if bad:
            mistakes += bad
        else:
            found.append(_entry(row, there))
    return tuple(found), tuple(mistakes)


def _unknown(
    config: Config, row: ListedAccount, identities: set[tuple[str, str]]
) -> Iterable[Mistake]:
    if row.identity and (row.platform, row.identity) not in identities:
        known = ", ".join(sorted(name for place, name in identities if place == row.platform))
        said = translate("an identity of {platform}; known: {known}")
        yield _mistake(row, "identity", said.format(platform=row.platform, known=known or "-"))
    for key, _value, known in unknown_body(config.content.bodies, row.body, row.unit):
        yield _mistake(row, key, translate("one of [[bodies]]: {known}").format(known=known))


def _mistake(row: ListedAccount, key: str, expected: str) -> Mistake:
    return Mistake(row.row, HEADINGS[key][0], row.cells.get(key, ""), expected)


def _entry(row: ListedAccount, there: AccountSection | None) -> Entry:
    given = {
        "body": row.body,
        "unit": row.unit,
        "valid_from": row.valid_from,
        "classification": row.classification,
        "identity": row.identity,
    }
    if there is None:
        account = AccountSection(platform=row.platform, handle=row.handle, **given)  # type: ignore[arg-type]
        return Entry(row, account)
    if there.id is None:
        told = {key: value for key, value in given.items() if value is not None}
        return Entry(row, there.model_copy(update=told), present=True)
    said = (row.body, row.unit, row.valid_from)
    moves = row.body is not None and said != (there.body, there.unit, there.valid_from)
    return Entry(row, there, present=True, known=True, moves=moves)


def import_accounts(
    world: World,
    wanted: Sequence[Entry],
    *,
    source: str,
    agree: Callable[[Sequence[Imported]], bool],
    each: Callable[[Found], None] = lambda found: None,
) -> tuple[Imported, ...]:
    """Look the new ones up, ask once, and take in all that were found.

    Args:
        source: The list's name, the reference of what it remarks.
        agree: Shown every row; False leaves everything as it is.

    Raises:
        WriterBusy, SpaceLow, StorageProblem: The archive cannot be written.
    """
    asked = [entry for entry in wanted if not entry.known]
    result: list[Imported] = []

    def then(books: Books, found: Sequence[Found]) -> None:
        expected = [entry.listed.id for entry in asked]
        seen = each_once(
            judged(world.config, one, number) for one, number in zip(found, expected, strict=True)
        )
        by_row = {entry.listed.row: one for entry, one in zip(asked, seen, strict=True)}
        shown = [
            Imported(entry, by_row.get(entry.listed.row) or Checked(entry.account, KNOWN, None))
            for entry in wanted
        ]
        if _new(shown) and agree(shown):
            _take_in(world.config, books, _new(shown), source)
            shown = [replace(one, added=bool(_new([one]))) for one in shown]
        result.extend(shown)

    if asked:
        look_up_all(world, [entry.account for entry in asked], each=each, then=then)
    else:
        with deciding(world.config, world.now) as books:
            then(books, ())
    return tuple(result)


def add_unchecked(
    config: Config, books: Books, wanted: Sequence[Entry], source: str
) -> tuple[Imported, ...]:
    """Take the rows as they are: a number of the list is pinned on a person's
    word, the others wait for ``jejak accounts check``."""
    shown = [
        Imported(entry, Checked(entry.account, KNOWN if entry.present else FOUND, None))
        for entry in wanted
    ]
    _take_in(config, books, _new(shown), source)
    return tuple(replace(one, added=bool(_new([one]))) for one in shown)


def _new(shown: Iterable[Imported]) -> list[Imported]:
    """What would change something."""
    return [
        one for one in shown if one.checked.result == FOUND or (one.entry.known and one.entry.moves)
    ]


def _take_in(config: Config, books: Books, chosen: Sequence[Imported], source: str) -> None:
    fresh = [one for one in chosen if not one.entry.known]
    enrol(config, books, [_enrolment(one, source) for one in fresh])
    moved = []
    for one in chosen:
        row, account = one.entry.listed, one.entry.account
        if one.entry.known and row.body:
            said = Assignment(row.body, row.unit, row.valid_from, reference=f"{source}:{row.row}")
            note_assignment(books, account, said)
            moved.append((account, said.keys()))
    if moved:
        text = config.file.read_text("utf-8")
        write_config(config.file, with_changes(text, moved))


def _enrolment(one: Imported, source: str) -> Enrolment:
    entry, row = one.entry, one.entry.listed
    account = entry.account
    if one.checked.profile is None and row.id:
        account = account.model_copy(update={"id": row.id})
    remark = (row.remark, f"{source}:{row.row}") if row.remark else None
    return Enrolment(account, one.checked.profile, remark, entry.present)


def write_rejects(file: Path, rows: Iterable[tuple[Mapping[str, str], str]]) -> None:
    """A list of what was not added, to correct and import again.

    Args:
        rows: Cells by key, and why.

    Raises:
        UsageProblem: The file is there already or cannot be written.
    """
    keys = [key for key in HEADINGS if key != "ignored"]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([*(HEADINGS[key][0] for key in keys), "alasan"])
    for cells, reason in rows:
        writer.writerow([*(_plain_text(cells.get(key, "")) for key in keys), _plain_text(reason)])
    try:
        with file.open("x", encoding="utf-8-sig", newline="") as fresh:
            fresh.write(out.getvalue())
    except OSError as error:
        raise UsageProblem(
            N_("{file} cannot be written: {reason}."),
            hint=N_("Choose another name or folder."),
            file=file,
            reason=reason_of(error),
        ) from None


def _plain_text(text: str) -> str:
    # A spreadsheet would run what looks like a formula.
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
