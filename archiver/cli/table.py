"""Tables that stay tables: no row ever wraps. Pure.

What does not fit is cut with ``…`` where a column allows it; then columns that
can be spared are left out, and the caller says so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, split_graphemes

GAP = 2
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
LEAST = 12
"""A text cut shorter than this says nothing."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        heading: Its name.
        right: For counts and sizes: aligned to the right.
        cuts: Its texts may be cut when the terminal is narrow.
        widest: Cells its texts have at most, however wide the terminal is.
        least: Cells that are better kept than a spare column is.
        spare: It may be left out when cutting does not help.
    """

    heading: str
    right: bool = False
    cuts: bool = False
    widest: int | None = None
    least: int = LEAST
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Laid:
    """A table ready to print.

    Attributes:
        heading: Its first line.
        lines: One for each row.
        left_out: Headings of the columns for which there was no room.
    """

    heading: str
    lines: tuple[str, ...]
    left_out: tuple[str, ...]


def cut(text: str, cells: int) -> str:
    """The text in at most so many terminal cells; what is cut ends with ``…``.

    Emoji of several code points and wide letters are never torn.
    """
    if cell_len(text) <= cells:
        return text
    kept, used = [], 1
    for start, end, width in split_graphemes(text)[0]:
        if used + width > cells:
            break
        kept.append(text[start:end])
        used += width
    return "".join(kept).rstrip() + "…"


def isolated(text: str) -> str:
    """The text so that its direction stays its own: a name written from right to
    left would else pull the cells beside it to its other side.

    Source: Unicode Standard Annex 9, first strong isolate.
    """
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text):
        return f"\u2068{text}\u2069"
    return text


def lay(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int | None) -> Laid:
    """Lay a table out.

    Args:
        rows: One text for each column, safe to print.
        width: Cells of the terminal; ``None`` when there is none, so no limit.
    """
    shown = list(range(len(columns)))
    natural = [
        min(
            max([cell_len(column.heading), *(cell_len(row[at]) for row in rows)]),
            column.widest or 10_000,
        )
        for at, column in enumerate(columns)
    ]
    widths = _fit(columns, natural, shown, width)
    for at in [at for at in reversed(shown) if columns[at].spare]:
        if width is None or sum(widths.values()) + GAP * (len(widths) - 1) <= width:
            break
        shown.remove(at)
        widths = _fit(columns, natural, shown, width)
    if width is not None:
        widths = _narrowed(columns, widths, width, [LEAST] * len(columns))
    left_out = tuple(c.heading for at, c in enumerate(columns) if at not in shown)
    headings = [column.heading for column in columns]
    return Laid(
        _line(columns, headings, widths),
        tuple(_line(columns, row, widths) for row in rows),
        left_out,
    )


def _fit(
    columns: Sequence[Column], natural: Sequence[int], shown: Sequence[int], width: int | None
) -> dict[int, int]:
    """Widths of the columns shown, the cutting ones narrowed as far as sense allows."""
    widths = {at: natural[at] for at in shown}
    if width is None:
        return widths
    return _narrowed(columns, widths, width, [column.least for column in columns])


def _narrowed(
    columns: Sequence[Column], widths: dict[int, int], width: int, least: Sequence[int]
) -> dict[int, int]:
    narrow = dict(widths)
    for at in reversed(widths):
        over = sum(narrow.values()) + GAP * (len(narrow) - 1) - width
        if over > 0 and columns[at].cuts:
            narrow[at] = max(min(least[at], narrow[at]), narrow[at] - over)
    return narrow


def _line(columns: Sequence[Column], texts: Sequence[str], widths: dict[int, int]) -> str:
    cells = []
    for at, width in widths.items():
        text = cut(texts[at], width)
        room = " " * (width - cell_len(text))
        text = isolated(text)
        cells.append(room + text if columns[at].right else text + room)
    return (" " * GAP).join(cells).rstrip()
