"""The cells of a list of accounts: what each may hold. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from archiver.i18n import N_, translate
from archiver.moments import day_of
from archiver.profile_address import account_of
from archiver.sections import CLASSIFICATION, handle_valid
from connectors import PLATFORMS

_SPELLINGS = {"ig": "instagram", "insta": "instagram", "tt": "tiktok", "tik tok": "tiktok"}
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d*)?[eE]\+?\d+")
_UNPRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
LONGEST_NAME = 150
"""Source: the records system SIKD keeps names of bodies in varchar(150)."""
LONGEST_REMARK = 1000


class CellWrong(ValueError):
    """A cell holds what it may not.

    Attributes:
        expected: What was expected, in the language spoken now.
    """

    def __init__(self, msgid: str, **values: object) -> None:
        super().__init__(msgid)
        self.expected = translate(msgid).format(**values)


def checked(key: str, cells: Mapping[str, str], *, numeric: bool) -> object:
    """The value of a cell; ``None`` when it is empty.

    Args:
        key: A key of `archiver.account_list.HEADINGS`.
        cells: All of the row.
        numeric: The file holds a number there and no text.

    Returns:
        Text; a date for ``valid_from``; platform and handle for ``handle``.

    Raises:
        CellWrong: It cannot be used.
    """
    # A leading apostrophe keeps spreadsheets from reading a text as a formula.
    text = re.sub(r"^'(?=[=+@'-])", "", cells.get(key, ""))
    if key == "handle":
        # A wrong platform is told once, at its own cell.
        return _account(text, _platform(cells.get("platform", ""))) if _fits(cells) else None
    if not text:
        _not_missing(key, cells)
        return None
    if key == "platform":
        return _platform(text)
    return _READERS[key](text, numeric)


def _fits(cells: Mapping[str, str]) -> bool:
    """Whether the platform's own cell can be read; its mistake is told once."""
    try:
        _platform(cells.get("platform", ""))
    except CellWrong:
        return False
    return True


def _platform(text: str) -> str | None:
    plain = " ".join(text.casefold().split())
    name = _SPELLINGS.get(plain, plain)
    if name and name not in PLATFORMS:
        raise CellWrong(N_("one of: {expected}"), expected=", ".join(PLATFORMS))
    return name or None


def _account(text: str, platform: str | None) -> tuple[str, str]:
    if not text:
        raise CellWrong(N_("the account's name or the address of its profile"))
    try:
        told, handle = account_of(text)
    except ValueError:
        raise CellWrong(N_("the account's name or the address of its profile")) from None
    if told and platform and told != platform:
        raise CellWrong(
            N_("an address of {platform}, as the platform's column says"), platform=platform
        )
    name = told or platform
    if name is None:
        raise CellWrong(N_("the platform too: in its own column, or as an address"))
    if not handle_valid(name, handle):
        raise CellWrong(N_("a handle without @: letters, digits, dots and underscores"))
    return name, handle


def _not_missing(key: str, cells: Mapping[str, str]) -> None:
    if key == "body" and (cells.get("unit") or cells.get("valid_from")):
        raise CellWrong(N_("the body too, since the row names its unit or a day"))


def _id(text: str, numeric: bool) -> str:
    if _SCIENTIFIC.fullmatch(text):
        raise CellWrong(
            N_("all digits of the number; Excel has shortened it: format the column as text")
        )
    digits = text.replace(" ", "")
    if not re.fullmatch(r"[0-9]{1,30}", digits) or set(digits) == {"0"}:
        raise CellWrong(N_("the account's number: digits only"))
    return digits


def _name(text: str, numeric: bool) -> str:
    plain = " ".join(text.split())
    if numeric or _UNPRINTED.search(text) or len(plain) > LONGEST_NAME:
        raise CellWrong(N_("a name of at most {most} characters"), most=LONGEST_NAME)
    return plain


def _day(text: str, numeric: bool) -> date:
    try:
        if numeric:
            raise ValueError("a number")
        return day_of(text)
    except ValueError:
        raise CellWrong(N_("a day, as 2026-11-24 or 24/11/2026")) from None


def _identity(text: str, numeric: bool) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", text):
        raise CellWrong(N_("the name of an identity of config.toml"))
    return text


def _classification(text: str, numeric: bool) -> str:
    if numeric and not text.isdecimal():
        raise CellWrong(
            N_("the code as text: as a number, 400.10 and 400.1 are the same; format the column")
        )
    if not re.fullmatch(CLASSIFICATION, text):
        raise CellWrong(N_("a classification code such as 400.14.1"))
    return text


def _remark(text: str, numeric: bool) -> str:
    if len(text) > LONGEST_REMARK or _UNPRINTED.search(text):
        raise CellWrong(N_("a text of at most {most} characters"), most=LONGEST_REMARK)
    return text


_READERS: Mapping[str, Callable[[str, bool], object]] = {
    "id": _id,
    "body": _name,
    "unit": _name,
    "valid_from": _day,
    "identity": _identity,
    "classification": _classification,
    "remark": _remark,
}
