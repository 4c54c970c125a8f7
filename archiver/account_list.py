"""A list of accounts that somebody made by hand, checked row by row. Pure.

Every mistake is found at once, each with its row, its column, what stands
there and what was expected.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from archiver.account_fields import CellWrong, checked
from archiver.errors import UsageProblem
from archiver.i18n import N_, translate
from archiver.table_files import TableRow

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "platform": ("platform", "media sosial", "medsos", "jenis", "social media", "network"),
    "handle": (
        *("nama akun", "akun", "handle", "account", "username", "alamat akun", "tautan"),
        *("alamat", "url", "link", "address", "profile", "profil"),
    ),
    "id": ("nomor akun", "nomor", "id", "id akun", "account id", "number", "account number"),
    "body": ("instansi", "body", "pencipta arsip", "agency", "perangkat daerah", "opd", "skpd"),
    "unit": ("unit pengolah", "unit", "bagian", "bidang"),
    "valid_from": (
        *("berlaku sejak", "valid from", "sejak", "mulai", "since", "from", "tanggal mulai"),
        *("tmt", "terhitung mulai tanggal"),
    ),
    "identity": ("identitas", "identity"),
    "classification": ("klasifikasi", "kode klasifikasi", "classification"),
    "remark": ("keterangan", "catatan", "remark", "remarks", "note", "notes"),
    "ignored": ("no", "no urut", "nomor urut", "alasan", "reason"),
}
"""Key to the headings that mean it; the first is how `rejects` writes it."""

_KNOWN = {heading: key for key, headings in HEADINGS.items() for heading in headings}
LIKE_ENOUGH = 0.84


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong.

    Attributes:
        column: The heading, or empty when the row as a whole is meant.
        expected: A sentence fragment in the language spoken now.
    """

    row: int
    column: str
    value: str
    expected: str


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """One right row.

    Attributes:
        id: The number the list gives; the platform must give the same.
        cells: Key to text as it stood there, for writing it out again.
    """

    row: int
    platform: str
    handle: str
    id: str | None
    body: str | None
    unit: str | None
    valid_from: date | None
    identity: str | None
    classification: str | None
    remark: str | None
    cells: Mapping[str, str]

    @property
    def name(self) -> str:
        """``platform/handle``."""
        return f"{self.platform}/{self.handle}"


@dataclass(frozen=True, slots=True)
class AccountList:
    """A list as read.

    Attributes:
        accounts: The right rows, each account once.
        mistakes: In the order of the rows.
        wrong: Cells of each row that has a mistake, by its number.
        repeated: Rows that say again what an earlier one says.
        unread: Headings that mean nothing here.
    """

    accounts: tuple[ListedAccount, ...]
    mistakes: tuple[Mistake, ...]
    wrong: Mapping[int, Mapping[str, str]]
    repeated: tuple[int, ...]
    unread: tuple[str, ...]


def read_list(file: str, rows: Sequence[TableRow]) -> AccountList:
    """Check a table; its first row names the columns.

    Raises:
        UsageProblem: It has no such row, or no column for the account.
    """
    head, columns, unread, mistakes = _columns(file, rows)
    found: dict[int, ListedAccount] = {}
    seen: dict[str, ListedAccount] = {}
    wrong: dict[int, Mapping[str, str]] = {}
    repeated: list[int] = []
    for row in rows[rows.index(head) + 1 :] if head else ():
        cells = {key: row.cell(at) for key, (at, _heading) in columns.items()}
        if not any(cells.values()):
            continue
        listed, bad = _checked(row, cells, columns)
        if listed is not None:
            earlier, clash = _clash(listed, seen)
            if earlier and clash is None:
                repeated.append(row.number)
                continue
            bad += [clash] if clash else []
        if bad or listed is None:
            mistakes += bad
            wrong[row.number] = cells
        else:
            found[row.number] = listed
            seen |= dict.fromkeys(_keys(listed), listed)
    return AccountList(tuple(found.values()), tuple(mistakes), wrong, tuple(repeated), unread)


_Columns = dict[str, tuple[int, str]]


def _columns(
    file: str, rows: Sequence[TableRow]
) -> tuple[TableRow, _Columns, tuple[str, ...], list[Mistake]]:
    # Lists often carry a title above the table.
    head = next((row for row in rows[:10] if "handle" in map(_meaning, row.cells)), None)
    if head is None:
        raise UsageProblem(
            N_("{file} has no column for the account."),
            hint=N_(
                "Its first row must name the columns: platform, nama akun, instansi, unit pengolah,"
                " berlaku sejak, identitas, klasifikasi, nomor akun, keterangan."
            ),
            file=file,
        )
    columns: _Columns = {}
    unread: list[str] = []
    mistakes: list[Mistake] = []
    for at, heading in enumerate(head.cells):
        key = _meaning(heading)
        if key == "ignored":
            continue
        if key in columns:
            expected = translate("a column of another name; {other} means the same")
            said = expected.format(other=columns[key][1])
            mistakes.append(Mistake(head.number, heading, heading, said))
        elif key:
            columns[key] = (at, heading)
        elif near := difflib.get_close_matches(_plain(heading), _KNOWN, 1, LIKE_ENOUGH):
            said = translate("the heading {meant}").format(meant=near[0])
            mistakes.append(Mistake(head.number, heading, heading, said))
        elif heading:
            unread.append(heading)
    return head, columns, tuple(unread), mistakes


def _meaning(heading: str) -> str:
    plain = _plain(heading)
    return "ignored" if plain == "no" else _KNOWN.get(plain, "")


def _plain(heading: str) -> str:
    return " ".join(re.sub(r"\(.*?\)|[^\w]+|_", " ", heading.casefold()).split())


def _checked(
    row: TableRow, cells: Mapping[str, str], columns: _Columns
) -> tuple[ListedAccount | None, list[Mistake]]:
    values: dict[str, object] = {}
    bad: list[Mistake] = []
    for key in ("platform", "handle", "id", "body", "unit", "valid_from", "identity"):
        values[key] = _one(row, key, cells, columns, bad)
    for key in ("classification", "remark"):
        values[key] = _one(row, key, cells, columns, bad)
    account = values["handle"]
    if bad or not isinstance(account, tuple):
        return None, bad
    platform, handle = account
    values |= {"platform": platform, "handle": handle}
    return ListedAccount(row=row.number, cells=dict(cells), **values), bad  # type: ignore[arg-type]


def _one(
    row: TableRow, key: str, cells: Mapping[str, str], columns: _Columns, bad: list[Mistake]
) -> object:
    at, heading = columns.get(key, (-1, key))
    try:
        return checked(key, cells, numeric=at in row.numeric)
    except CellWrong as error:
        bad.append(Mistake(row.number, heading, cells.get(key, ""), error.expected))
        return None


def _clash(
    listed: ListedAccount, earlier: Mapping[str, ListedAccount]
) -> tuple[ListedAccount | None, Mistake | None]:
    """The row that an earlier one repeats, and what is wrong if they do not agree."""
    for key in _keys(listed):
        other = earlier.get(key)
        if other is None:
            continue
        if other.name.lower() == listed.name.lower() and _says(other) == _says(listed):
            return other, None
        said = translate("an account that row {row} does not have already, or the same row")
        value = key.partition("/")[2] or key.partition(":")[2]
        return other, Mistake(listed.row, "", value, said.format(row=other.row))
    return None, None


def _keys(listed: ListedAccount) -> tuple[str, ...]:
    """What no two accounts share."""
    number = (f"{listed.platform}:{listed.id}",) if listed.id else ()
    return (listed.name.lower(), *number)


def _says(listed: ListedAccount) -> tuple[object, ...]:
    return (
        *(listed.id, listed.body, listed.unit, listed.valid_from),
        *(listed.identity, listed.classification, listed.remark),
    )


def lines(file: str, mistakes: Iterable[Mistake]) -> Iterator[str]:
    """One sentence for each mistake."""
    for one in mistakes:
        place = translate("row {row}").format(row=one.row)
        if one.column:
            place += ", " + translate("column {column}").format(column=one.column)
        yield translate("{file}: {place}: {value}: expected {expected}.").format(
            file=file, place=place, value=repr(one.value[:60]), expected=one.expected
        )
