"""Lists of accounts as offices keep them: read in every dialect, every mistake told."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from archiver import table_files
from archiver.account_list import AccountList, lines, read_list
from archiver.errors import UsageProblem
from archiver.i18n import speak
from archiver.moments import day_of
from archiver.profile_address import account_of
from archiver.table_files import read_table

HEAD = "No;Platform;Nama Akun;Instansi;Unit Pengolah;Berlaku sejak;Nomor akun;Klasifikasi"
ROWS = [
    "1;IG;@pemkot.contoh;Pemerintah Kota;Humas;01/02/2026;;400.10",
    '2;;https://www.tiktok.com/@dishub_?lang=id;"Dinas; Perhubungan";;2026-03-01;7201177390514;',
]


@pytest.fixture(autouse=True)
def english():
    speak("en")


def listed(data: bytes) -> AccountList:
    return read_list("x", read_table("x", data))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_every_dialect_says_the_same(encoding: str, delimiter: str) -> None:
    text = "\r\n".join(["", HEAD, *ROWS, ";;;;;;;", ROWS[0]]).replace(";", delimiter)
    text = text.replace(f"Dinas{delimiter} ", "Dinas; ").replace("Kota", "Kotaé")
    found = listed(text.encode(encoding))
    assert found.mistakes == ()
    assert found.repeated == (6,)
    first, second = found.accounts
    assert (first.name, first.body, first.unit) == (
        "instagram/pemkot.contoh",
        "Pemerintah Kotaé",
        "Humas",
    )
    assert (first.valid_from, first.classification) == (date(2026, 2, 1), "400.10")
    assert (second.name, second.id) == ("tiktok/dishub_", "7201177390514")
    assert second.body == "Dinas; Perhubungan"


def test_every_mistake_at_once_with_row_column_and_value() -> None:
    text = "\n".join(
        [
            "platfrom,Handle,ID,body,valid_from,platform",
            "x,pemkot,1.2E+15,A,31/02/2026,instagram",
            "x,a b,12,,,instagram",
            "x,https://instagram.com/p/ABC/,,,,instagram",
            "x,dua,5,,,facebook",
            "x,tiga,9,,,instagram",
            "x,empat,9,,,instagram",
            "x,tiga,8,,,instagram",
            "x,lima,,,2026-01-01,instagram",
        ]
    )
    found = listed(text.encode())
    said = list(lines("list.csv", found.mistakes))
    expected = [
        "row 1, column platfrom: 'platfrom': expected the heading platform",
        "row 2, column ID: '1.2E+15': expected all digits",
        "row 2, column valid_from: '31/02/2026': expected a day",
        "row 3, column Handle: 'a b': expected a handle",
        "row 4, column Handle: 'https://instagram.com/p/ABC/': expected the account's name",
        "row 5, column platform: 'facebook': expected one of: instagram, tiktok",
        "row 7: '9': expected an account that row 6",
        "row 8: 'tiga': expected an account that row 6",
        "row 9, column body: '': expected the body too",
    ]
    for sentence in expected:
        assert any(sentence in line for line in said), (sentence, said)
    assert [one.name for one in found.accounts] == ["instagram/tiga"]
    assert set(found.wrong) == {2, 3, 4, 5, 7, 8, 9}


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_its_numbers_and_dates() -> None:
    head = ("Daftar akun", None), ("platform", "handle", "id", "valid_from", "body", "klasifikasi")
    rows = [
        ("tiktok", "satu", 7201177390514209797, None, None, "400.10"),
        ("instagram", "dua", 1234567890, date(2026, 5, 1), "Dinas", None),
        ("instagram", "tiga", "7201177390514209797", None, None, 400.1),
        ("instagram", "empat", None, 46000, "Dinas", None),
    ]
    found = listed(workbook(*head, *rows))
    assert [(one.name, one.id, one.valid_from) for one in found.accounts] == [
        ("instagram/dua", "1234567890", date(2026, 5, 1))
    ]
    assert [(one.row, one.column) for one in found.mistakes] == [
        (3, "id"),
        (5, "klasifikasi"),
        (6, "valid_from"),
    ]


def packed(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, data)
    return out.getvalue()


def test_hostile_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    far = workbook(("platform", "handle"))
    with zipfile.ZipFile(io.BytesIO(far)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
        others = {n: parts.read(n) for n in parts.namelist() if "sheet1" not in n}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in others.items():
            file.writestr(name, data)
        row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        file.writestr("xl/worksheets/sheet1.xml", sheet.replace(b"</sheetData>", row))
    entity = b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    monkeypatch.setattr(table_files, "LARGEST_UNPACKED_BYTES", 1 << 20)
    cases = {
        "bomb": (packed("xl/a.xml", bytes(3 << 20)), "larger than a list"),
        "entities": (packed("xl/workbook.xml", entity), "no table"),
        "far away": (out.getvalue(), "larger than a list"),
        "cut": (far[: len(far) // 2], "no table"),
        "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old or locked"),
        "rows": (b"handle\n" + b"a\n" * 20_001, "larger than a list"),
        "columns": (b"handle" + b";" * 5000 + b"x", "larger than a list"),
        "field": (b"handle\n" + b"a" * 200_000, "no table"),
        "binary": (b"handle\x00\x00", "no table"),
        "empty": (b"", "no column for the account"),
    }
    for name, (data, sentence) in cases.items():
        with pytest.raises(UsageProblem, match=sentence):
            listed(data)
        assert name


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda t: ("handle;id\n" + t).encode()))
def test_no_bytes_break_it(data: bytes) -> None:
    try:
        found = listed(data)
    except UsageProblem:
        return
    assert all("instagram" in one.name or "tiktok" in one.name for one in found.accounts)


@settings(deadline=None, derandomize=True)
@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_days_are_read_as_they_are_written(day: date) -> None:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y"):
        assert day_of(day.strftime(form).replace(f"{day.year}", f"{day.year:04}")) == day


def test_addresses_of_profiles() -> None:
    for pasted, account in {
        "https://www.instagram.com/pemkot.contoh_/?hl=id": ("instagram", "pemkot.contoh_"),
        "instagram.com/pemkot": ("instagram", "pemkot"),
        "https://www.tiktok.com/@dishub.x?_t=1": ("tiktok", "dishub.x"),
        "tiktok/@dishub": ("tiktok", "dishub"),
        "@dishub": (None, "dishub"),
    }.items():
        assert account_of(pasted) == account
    for pasted in ("https://example.org/a", "https://www.instagram.com/p/A/", "http://[x/y"):
        with pytest.raises(ValueError):
            account_of(pasted)
