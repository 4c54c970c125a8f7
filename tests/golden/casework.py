"""What a golden file is: one recorded file, read through the unmodified library.

A platform adds entries of `Case`; everything else is the same for all of them.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors.base import ExchangeStart, Limits, Network, Truncation, Wire
from connectors.model import RecordId
from demo.server import Platforms

TESTS = Path(__file__).resolve().parents[1]
GOLDEN = Path(__file__).resolve().parent
PASSING = frozenset({"url", "evidence", "answered_at"})
"""Fields that differ in every capture: signed addresses, record ids and clocks."""


@dataclass(frozen=True)
class Case:
    """One recorded file and what must come of it.

    Attributes:
        name: ``PLATFORM/NAME`` of the golden file, without ``.json``.
        file: The recorded file, below the folder of recorded data.
        licensed: Whether it lies in tests/data. Its values may then be shown;
            of any other file only type, length and digest of each value are.
        read: Serves the recorded file, reads it through the library, and gives
            the normalised values (dataclasses and JSON). The folder is empty.
    """

    name: str
    file: str
    licensed: bool
    read: Callable[[Path, Path], Any]

    @property
    def recorded(self) -> Path:
        """Where the recorded file lies, if it is at hand."""
        default = TESTS.parent.parent / "shared" / "real-data"
        real = Path(os.environ.get("JEJAK_REAL_DATA", default))
        return (TESTS / "data" if self.licensed else real) / self.file

    @property
    def golden(self) -> Path:
        """Where the golden file lies."""
        return GOLDEN / f"{self.name}.json"

    def made(self, folder: Path) -> str:
        """The golden file's text as it is now."""
        value = plain(self.read(self.recorded, folder))
        shown = value if self.licensed else digested(value)
        head = {"recorded": self.file, "values": "shown" if self.licensed else "digested"}
        return json.dumps({**head, "normalised": shown}, indent=1, ensure_ascii=False) + "\n"


def plain(value: Any) -> Any:
    """A value of the seam as JSON, without addresses and record ids."""
    if is_dataclass(value) and not isinstance(value, type):
        named = {f.name: getattr(value, f.name) for f in fields(value) if f.name not in PASSING}
        return {name: plain(part) for name, part in named.items()}
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def digested(value: Any) -> Any:
    """The same structure with ``TYPE LENGTH SHA-256`` where a value stood."""
    if isinstance(value, dict):
        return {name: digested(part) for name, part in value.items()}
    if isinstance(value, list):
        return [digested(part) for part in value]
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value)
    kind = "str" if isinstance(value, str) else type(value).__name__
    return f"{kind} {len(text)} {hashlib.sha256(text.encode()).hexdigest()}"


# -- serving ------------------------------------------------------------------


class Forgotten:
    """An exchange nobody keeps: golden files look at what was read."""

    def __init__(self) -> None:
        self.record_id = RecordId(f"urn:uuid:{uuid.uuid4()}")

    def sent(self, data: bytes) -> None:
        """Forget it."""

    def wire(self, wire: Wire) -> None:
        """Forget it."""

    def head(self, raw: bytes) -> None:
        """Forget it."""

    def body(self, data: bytes | memoryview) -> None:
        """Forget it."""

    def finish(self, truncated: Truncation | None = None) -> None:
        """Nothing was kept."""


class ForgettingSink:
    """Where the exchanges of a golden run go."""

    def begin(self, start: ExchangeStart) -> Forgotten:
        """Open one exchange."""
        return Forgotten()


def network(platforms: Platforms) -> Network:
    """The way to started platforms."""
    limits = Limits(connect_s=30, read_s=30)
    return Network(proxy=platforms.proxy_url, ca_file=str(platforms.ca_file), limits=limits)
