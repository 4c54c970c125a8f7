"""What a check of ``jejak doctor`` says."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from archiver.engines.kinds import ENGINES
from archiver.i18n import translate
from archiver.version import LIBRARIES


class Health(StrEnum):
    """How a check came out."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    BAD = "bad"


class Group(StrEnum):
    """What a check is about."""

    PROGRAM = "program"
    ARCHIVE = "archive"
    NETWORK = "network"
    IDENTITIES = "identities"


_ABOUT_ARCHIVE = (
    *("archive", "space", "database", "catalogue", "catalogue password"),
    *("ledger", "configuration"),
)
_GROUPS = {
    **dict.fromkeys(_ABOUT_ARCHIVE, Group.ARCHIVE),
    **dict.fromkeys(("proxy", "ca_file"), Group.NETWORK),
}
_BEGINNINGS = {
    **dict.fromkeys(("identity ", "comments ", "sweep "), Group.IDENTITIES),
    "canary ": Group.NETWORK,
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes:
        name: Stable English name.
        detail / hint: Keys of the message catalogues, with `values` in them.
    """

    name: str
    health: Health
    detail: str
    hint: str = ""
    values: dict[str, object] = field(default_factory=dict)

    @property
    def group(self) -> Group:
        """What it is about."""
        for beginning, group in _BEGINNINGS.items():
            if self.name.startswith(beginning):
                return group
        return _GROUPS.get(self.name, Group.PROGRAM)

    @property
    def library(self) -> bool:
        """Whether it is about a library whose version says little by itself."""
        return self.name in LIBRARIES and self.name not in ENGINES

    def said(self) -> str:
        """What was found, in the language spoken now."""
        return translate(self.detail).format(**self.values)

    def advice(self) -> str:
        """How to mend it; empty when nothing needs mending."""
        return translate(self.hint).format(**self.values) if self.hint else ""
