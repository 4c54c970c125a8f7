"""Reading single fields out of JSON that nobody promised us.

Every function answers ``None`` for what is absent, of another type or out of
range: a platform's answer is evidence, and its oddities must not stop a night.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

_LARGEST_COUNT = 2**63 - 1
_BROKEN = re.compile("[\ud800-\udfff\x00]")


def walk(value: object, *path: str | int) -> Any:
    """The value at a path of keys and indexes, or ``None`` if it is not there."""
    for step in path:
        if isinstance(step, str) and isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def mapping(value: object, *path: str | int) -> Mapping[str, Any]:
    """The object at a path; an empty one if there is none."""
    found = walk(value, *path)
    return found if isinstance(found, Mapping) else {}


def objects(value: object, *path: str | int) -> Iterator[Mapping[str, Any]]:
    """The objects in the list at a path; other entries are left out."""
    found = walk(value, *path)
    if isinstance(found, Sequence) and not isinstance(found, str):
        yield from (entry for entry in found if isinstance(entry, Mapping))


def text(value: object, *path: str | int) -> str | None:
    """A string that can be written as UTF-8: lone surrogates and NUL become U+FFFD."""
    found = walk(value, *path)
    return _BROKEN.sub("\ufffd", found) if isinstance(found, str) else None


def told(value: object, *path: str | int) -> str | None:
    """Like `text`, with the empty string read as "not told"."""
    return text(value, *path) or None


def identifier(value: object, *path: str | int) -> str | None:
    """A platform id: 1 to 24 decimal digits, given as text or number."""
    found = walk(value, *path)
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    return found if isinstance(found, str) and re.fullmatch(r"[0-9]{1,24}", found) else None


def count(value: object, *path: str | int) -> int | None:
    """A count of 0 or more, given as number or text (``statsV2`` uses text)."""
    found = walk(value, *path)
    if isinstance(found, bool):
        return None
    if isinstance(found, str) and re.fullmatch(r"[0-9]{1,19}", found):
        found = int(found)
    return found if isinstance(found, int) and 0 <= found <= _LARGEST_COUNT else None


def seconds(value: object, *path: str | int) -> float | None:
    """A duration above 0 in seconds."""
    found = walk(value, *path)
    if isinstance(found, (int, float)) and not isinstance(found, bool) and 0 < found < 1e7:
        return float(found)
    return None


def flag(value: object, *path: str | int) -> bool | None:
    """A yes or no, given as boolean or as 0 and 1."""
    found = walk(value, *path)
    return bool(found) if isinstance(found, bool) or found in (0, 1) else None


def moment(value: object, *path: str | int) -> datetime | None:
    """A Unix time in seconds, given as number (listing) or text (video page)."""
    found = count(value, *path)
    if not found or found > 253_402_300_799:
        return None
    return datetime.fromtimestamp(found, UTC)


def address(value: object, *path: str | int) -> str | None:
    """An absolute https address; ``//host/…`` is completed."""
    found = text(value, *path)
    if found and found.startswith("//"):
        found = "https:" + found
    return found if found and found.startswith("https://") else None
