"""Tables as offices keep them: CSV in any of its dialects, or an Excel workbook.

What comes out is text only. A hostile or damaged file is refused with a
sentence; how much of one is read is bounded before anything is unpacked.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from archiver.errors import UsageProblem
from archiver.i18n import N_
from archiver.os_words import reason_of

LARGEST_BYTES = 16 * 1024**2
LARGEST_UNPACKED_BYTES = 128 * 1024**2
MOST_PARTS = 2000
MOST_ROWS = 20_000
MOST_COLUMNS = 100
LONGEST_CELL = 4000
EXACT_BELOW = 10**15
"""Excel keeps 15 digits of a number; what is longer is no longer what was typed."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row that holds something.

    Attributes:
        number: As the program that made the file counts, from 1.
        cells: Text, without spaces around it.
        numeric: Columns (from 0) whose cell is a number and no text.
    """

    number: int
    cells: tuple[str, ...]
    numeric: frozenset[int] = frozenset()

    def cell(self, at: int) -> str:
        """The text of a column; empty when the row is shorter."""
        return self.cells[at] if at < len(self.cells) else ""


def read_table(name: str, data: bytes) -> tuple[TableRow, ...]:
    """The rows of a file that are not blank.

    Args:
        name: As the person knows the file, for messages.
        data: Its bytes; which kind it is, they say themselves.

    Raises:
        UsageProblem: It is no such table, or larger than such a list can be.
    """
    if len(data) > LARGEST_BYTES:
        raise _too_large(name)
    if data[:4] == b"PK\x03\x04":
        rows = _of_workbook(name, data)
    elif data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise UsageProblem(
            N_("{file} is an old or locked Excel file."),
            hint=N_("Save it as .xlsx without a password, or as CSV."),
            file=name,
        )
    else:
        rows = _of_csv(name, data)
    return tuple(_bounded(name, rows))


def read_file(source: Path) -> bytes:
    """The bytes of a list, at most as many as one may have.

    Raises:
        UsageProblem: The file cannot be read.
    """
    try:
        with source.open("rb") as file:
            return file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise UsageProblem(
            N_("{file} cannot be read: {reason}."), file=source, reason=reason_of(error)
        ) from None


def _bounded(name: str, rows: Iterable[TableRow]) -> Iterator[TableRow]:
    for seen, row in enumerate(rows):
        wide = len(row.cells) > MOST_COLUMNS and any(row.cells[MOST_COLUMNS:])
        if seen >= MOST_ROWS or wide or any(len(cell) > LONGEST_CELL for cell in row.cells):
            raise _too_large(name)
        if any(row.cells):
            yield row


def _too_large(name: str) -> UsageProblem:
    return UsageProblem(
        N_("{file} is larger than a list of accounts can be."),
        hint=N_("At most {rows} rows and {columns} columns are read; keep the list alone in it."),
        file=name,
        rows=MOST_ROWS,
        columns=MOST_COLUMNS,
    )


# -- CSV ------------------------------------------------------------------------


def _of_csv(name: str, data: bytes) -> Iterator[TableRow]:
    text = _decoded(data)
    if "\x00" in text:
        raise _no_table(name)
    first = next((line for line in text.splitlines() if line.strip(" ;,\t")), "")
    delimiter = max(";,\t", key=lambda sign: _outside_quotes(first).count(sign))
    if first.casefold().startswith("sep=") and len(first) == 5:
        delimiter = first[4]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS * 10:
                raise _too_large(name)
            if cells and not (reader.line_num == 1 and cells[0].casefold() == "sep="):
                yield TableRow(reader.line_num, tuple(cell.strip() for cell in cells))
    except csv.Error:
        raise _no_table(name) from None


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes on Windows when it is asked for plain CSV.
        return data.decode("cp1252", "replace")


def _outside_quotes(line: str) -> str:
    return "".join(part for part in line.split('"')[::2])


def _no_table(name: str) -> UsageProblem:
    return UsageProblem(
        N_("{file} is no table that can be read."),
        hint=N_("Give a CSV file or an Excel workbook (.xlsx)."),
        file=name,
    )


# -- workbooks --------------------------------------------------------------------


def _of_workbook(name: str, data: bytes) -> Iterator[TableRow]:
    _check_archive(name, data)
    # Slow to import, and most commands never need it.
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        # Whatever the file claims its size to be, only rows that are there count.
        sheet.reset_dimensions()
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            if number > MOST_ROWS:
                raise _too_large(name)
            yield _row(number, values[: MOST_COLUMNS + 1])
    except UsageProblem:
        raise
    except Exception:  # noqa: BLE001 - a damaged workbook raises whatever its parts raise
        raise _no_table(name) from None


def _check_archive(name: str, data: bytes) -> None:
    """Refuse what unpacks to more than a list can be, and XML that declares entities."""
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if len(parts.infolist()) > MOST_PARTS:
                raise _too_large(name)
            for part in parts.infolist():
                with parts.open(part) as file:
                    # Counted while it is unpacked: a header can lie.
                    head = True
                    while piece := file.read(1 << 20):
                        unpacked += len(piece)
                        if unpacked > LARGEST_UNPACKED_BYTES:
                            raise _too_large(name)
                        if head and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):
                            raise _no_table(name)
                        head = False
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        raise _no_table(name) from None


def _row(number: int, values: Iterable[object]) -> TableRow:
    cells = tuple(values)
    numeric = frozenset(
        at
        for at, value in enumerate(cells)
        if isinstance(value, int | float) and not isinstance(value, bool)
    )
    return TableRow(number, tuple(_as_text(value) for value in cells), numeric)


def _as_text(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case date():
            return value.isoformat()
        case bool():
            return str(value)
        case float() if value.is_integer() and abs(value) < EXACT_BELOW:
            return str(int(value))
        case int() | float() if abs(value) >= EXACT_BELOW:
            return f"{value:.5E}"
        case _:
            return str(value).strip()
