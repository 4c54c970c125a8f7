"""What the demo works with, and what one of its nights did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from demo.city import City
from demo.city_life import LivelyCity
from demo.claims import Claims, files_of
from demo.nights import Nights, clock_of
from demo.program import Program
from demo.real import RealAccounts
from demo.requestlog import Exchanged
from demo.server import Platforms
from demo.words import SENTENCES, Words
from demo.world import Account, Item

IDENTITY = "arsip"
NOT_CAPTURED = 4
"""Exit code of a run in which some account was not captured."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything the demo works with."""

    folder: Path
    words: Words
    program: Program
    platforms: Platforms
    life: LivelyCity
    real: RealAccounts
    claims: Claims
    nights: Nights

    @property
    def city(self) -> City:
        """The invented city."""
        return self.life.city

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The accounts that are archived, in the order they are added."""
        return (*self.life.accounts, self.real.instagram, self.real.tiktok)

    def logged_in(self, account: Account) -> bool:
        """Whether an account is read with the city's session."""
        return account.platform == "instagram" and account is not self.life.fire

    def title(self, key: str) -> None:
        """Begin a part of the story."""
        text = self.words(key)
        print(f"\n── {text} " + "─" * max(0, 70 - len(text)))
        if f"{key}-said" in SENTENCES:
            print(self.words(f"{key}-said"), flush=True)

    def tells(self, moment: datetime, key: str, **facts: object) -> None:
        """Say what somebody did, and when."""
        print(f"  {clock_of(moment)}  {self.words(key, **facts)}", flush=True)


@dataclass(frozen=True, slots=True)
class Night:
    """What one run did, by the server's log, and what it said.

    Attributes:
        number: From 1; 0 for a run in the daytime.
        told: What the command said.
    """

    number: int
    exchanges: tuple[Exchanged, ...]
    code: int
    told: str

    @property
    def sent_bytes(self) -> int:
        """Bytes of the server's answers."""
        return sum(entry.sent_bytes for entry in self.exchanges)

    def fetched(self, item: Item) -> list[int]:
        """How often each file of a post was fetched."""
        paths = [entry.request.path for entry in self.exchanges]
        return [paths.count(f"/v/{part.name}") for part in files_of(item)]

    @property
    def files(self) -> set[str]:
        """Names of the media files that were fetched."""
        paths = (entry.request.path for entry in self.exchanges)
        return {path.removeprefix("/v/") for path in paths if path.startswith("/v/")}
