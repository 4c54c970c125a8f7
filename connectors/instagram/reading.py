"""Careful reading of answers: nothing here trusts a shape.

Every function takes whatever stood in the JSON and says ``None`` where it is
not what it should be, so that one odd field never costs a whole post.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

_EARLIEST = datetime(2010, 1, 1, tzinfo=UTC).timestamp()
_LATEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()


class Unreadable(ValueError):
    """An item cannot be understood.

    Attributes:
        code: The code of the `Problem` it becomes.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def dig(value: object, *path: str) -> object:
    """What stands at the end of a path of keys, or ``None``."""
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def items(value: object) -> Sequence[object]:
    """A JSON array, or an empty one."""
    return value if isinstance(value, list) else ()


def text(value: object) -> str | None:
    """A non-empty string, or ``None``. Lone surrogates become U+FFFD."""
    if not isinstance(value, str) or not value:
        return None
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def number(value: object) -> int | None:
    """A count from 0, written as number or digits; ``-1`` means hidden."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,19}", value):
        value = int(value)
    return value if isinstance(value, int) and 0 <= value < 2**63 else None


def flag(value: object) -> bool | None:
    """A JSON boolean, or ``None``."""
    return value if isinstance(value, bool) else None


def digits(value: object) -> str | None:
    """A numeric id as text. Old answers give a number, new ones a string."""
    found = number(value)
    return None if found is None else str(found)


def seconds(value: object) -> float | None:
    """A duration in seconds, above zero."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value < 1e6 else None


def moment(value: object) -> datetime | None:
    """Unix seconds as aware UTC; ``None`` outside the years 2010 to 2099."""
    found = number(value)
    if found is None or not _EARLIEST <= found < _LATEST:
        return None
    return datetime.fromtimestamp(found, UTC)


def address(value: object) -> str | None:
    """A media address as it was given; only ``https``."""
    found = text(value)
    return found if found and re.match(r"https://[^\s]+$", found) else None
