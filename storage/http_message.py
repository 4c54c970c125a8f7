"""Reading HTTP/1.1 heads byte by byte, without changing or trusting them.

Positions matter here: redaction replaces bytes in place, so a header line is
known by where it stands. Line ends may be CRLF or LF, lines may be folded.

*Source:* RFC 9112 (message syntax), RFC 9110 (fields).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from connectors.coding import names

MAX_HEAD_BYTES: Final = 262_144
"""A head longer than this is treated as having no end."""

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LINE = re.compile(rb"[^\n]*(?:\n[ \t]+[^\r\n][^\n]*)*\n?")
_STATUS = re.compile(rb"HTTP/\S+[ \t]+(\d{3})")


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """One field line of a head and where it stands.

    Attributes:
        name: Lower case.
        start / end: Of the whole line, folds and line end included.
        value_start / value_end: Of the value without surrounding space.
    """

    name: str
    start: int
    end: int
    value_start: int
    value_end: int


def head_bytes(block: bytes) -> int:
    """Length of the head at the front of ``block``, with its blank line.

    Returns:
        0 if no blank line stands in the first `MAX_HEAD_BYTES`.
    """
    match = _HEAD_END.search(block, 0, MAX_HEAD_BYTES)
    return match.end() if match else 0


def header_lines(head: bytes) -> Iterator[HeaderLine]:
    """Field lines of ``head``, start line excluded; lines without a colon are skipped."""
    position = head.find(b"\n") + 1
    while 0 < position < len(head):
        match = _LINE.match(head, position)
        if match is None or match.end() == position:
            return
        line = match.group()
        colon = line.find(b":")
        if not line.strip():
            return
        if colon > 0:
            value = line[colon + 1 :]
            lead = len(value) - len(value.lstrip())
            start = match.start() + colon + 1 + lead
            name = line[:colon].strip().decode("latin-1").lower()
            yield HeaderLine(name, match.start(), match.end(), start, start + len(value.strip()))
        position = match.end()


def header(head: bytes, name: str) -> str | None:
    """The values of a field, joined with commas, or ``None`` if it is absent.

    Args:
        name: Lower case.
    """
    if name.encode() not in head.lower():
        return None
    values = [
        head[line.value_start : line.value_end].decode("latin-1")
        for line in header_lines(head)
        if line.name == name
    ]
    return ", ".join(values) if values else None


def status(head: bytes) -> int | None:
    """The status code of a response head."""
    match = _STATUS.match(head)
    return int(match.group(1)) if match else None


def media_type(head: bytes) -> str | None:
    """The media type of the Content-Type field: lower case, no parameters."""
    value = header(head, "content-type")
    if value is None:
        return None
    return value.split(";")[0].split(",")[0].strip().lower() or None


def codings(head: bytes) -> tuple[str, ...]:
    """What must be undone to get the entity, in the order of undoing.

    Returns:
        Lower-case names, transfer codings first; empty for a plain body.
    """
    found: list[str] = []
    for name in ("transfer-encoding", "content-encoding"):
        found += reversed(names(header(head, name) or ""))
    return tuple(found)


def is_transfer_coded(head: bytes) -> bool:
    """Whether the body carries a transfer coding such as ``chunked``."""
    return bool(names(header(head, "transfer-encoding") or ""))
