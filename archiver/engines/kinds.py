"""Which client libraries can be renewed without renewing jejak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from archiver.errors import UsageProblem
from archiver.i18n import N_


@dataclass(frozen=True, slots=True)
class Engine:
    """A client library.

    Attributes:
        name: Of its distribution, as pip and people write it.
        package: The one importable name it may bring.
        platform: What it reads.
        extras: Its optional parts that jejak uses; what they ask of libraries
            that are there must hold too.
    """

    name: str
    package: str
    platform: str
    extras: tuple[str, ...] = ()


ENGINES: Mapping[str, Engine] = MappingProxyType(
    {
        "instaloader": Engine("instaloader", "instaloader", "instagram"),
        "yt-dlp": Engine("yt-dlp", "yt_dlp", "tiktok", ("default", "curl-cffi")),
    }
)
"""By name."""


def engine_named(name: str) -> Engine:
    """The engine a person means.

    Raises:
        UsageProblem: There is none of that name.
    """
    found = ENGINES.get(name.lower().replace("_", "-"))
    if found is None:
        raise UsageProblem(
            N_("There is no engine {name}."),
            hint=N_("The engines are: {known}."),
            name=name,
            known=", ".join(ENGINES),
        )
    return found
