"""The sections of config.toml, as checked values.

Unknown keys are refused. What later stages need (schedule, evidence, copies,
retention) gets its own section here when it is built.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

import connectors
from archiver.catalogue_address import names_server
from archiver.i18n import N_
from connectors import PLATFORMS
from connectors.model import AccountRef
from connectors.model import Section as Listing


def _known_platform(name: str) -> str:
    if name not in PLATFORMS:
        known = " or ".join(repr(platform) for platform in PLATFORMS)
        raise PydanticCustomError("literal_error", "one of: {expected}", {"expected": known})
    return name


PlatformName = Annotated[str, AfterValidator(_known_platform)]
"""A key of `connectors.PLATFORMS`."""


def handle_valid(platform: str, handle: str) -> bool:
    """Whether a handle can exist on its platform; it may then stand in addresses."""
    return connectors.platform(platform).handle.fullmatch(handle) is not None


class Section(BaseModel):
    """A part of the configuration: frozen, and strict about its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


CLASSIFICATION = r"^[0-9A-Za-z][0-9A-Za-z./-]{0,24}$"
"""Codes of classification schemes: ``400.14.1``, ``HM.00``.

Source: the records system SIKD stores at most 25 characters.
"""


class ArchiveSection(Section):
    """Where the archive lies.

    Attributes:
        path: The archive folder; relative to the configuration file.
        catalogue: SQLAlchemy address, see docs/postgresql.md; the embedded SQLite file when absent.
        min_free_gb: Reserve of free space (10^9 bytes); a run stops before it.
    """

    path: Path = Path("archive")
    catalogue: Annotated[str | None, Field(repr=False)] = None
    timezone: str = "Asia/Jakarta"
    min_free_gb: Annotated[float, Field(ge=0, le=1_000_000)] = 2.0

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(N_("a time zone such as Asia/Jakarta")) from None
        return value

    @field_validator("catalogue")
    @classmethod
    def _known_database(cls, value: str | None) -> str | None:
        known = value is None or value.startswith("sqlite:///") or names_server(value)
        if not known:
            raise ValueError(
                N_("sqlite:///FILE, postgresql+psycopg://USER@HOST/DATABASE, or no key")
            )
        return value

    @property
    def min_free_bytes(self) -> int:
        """The reserve in bytes."""
        return int(self.min_free_gb * 1e9)


class LimitsSection(Section):
    """What one answer may cost before it is cut, recorded and flagged."""

    body_mb: Annotated[int, Field(ge=1, le=100_000)] = 4096
    text_mb: Annotated[int, Field(ge=1, le=1024)] = 64
    ratio: Annotated[float, Field(ge=2, le=10_000)] = 200.0
    json_depth: Annotated[int, Field(ge=20, le=900)] = 200
    redirects: Annotated[int, Field(ge=0, le=20)] = 5
    stall_s: Annotated[float, Field(gt=0, le=3600)] = 60.0


class NetworkSection(Section):
    """How the platforms are reached; holds for every connection.

    Attributes:
        proxy: ``http://host:port``; environment variables are never read.
        ca_file: PEM bundle to trust; relative to the configuration file.
        contact: Who answers for this traffic; written into every WARC file.
        pause_s: Mean pause between two requests to a platform.
    """

    proxy: str | None = None
    ca_file: Path | None = None
    contact: str | None = None
    connect_s: Annotated[float, Field(gt=0, le=600)] = 20.0
    read_s: Annotated[float, Field(gt=0, le=3600)] = 60.0
    pause_s: Annotated[float, Field(ge=0, le=600)] = 1.7
    limits: LimitsSection = LimitsSection()

    @field_validator("proxy")
    @classmethod
    def _proxy_address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^/\s@]+:\d{1,5}/?", value):
            raise ValueError(N_("http://HOST:PORT, without a name or password"))
        return value


class HarvestSection(Section):
    """How the past of accounts is read, after each night's news.

    Attributes:
        requests_per_night: Of one identity; media do not count.
    """

    requests_per_night: Annotated[int, Field(ge=10, le=1_000_000)] = 300


class ScheduleSection(Section):
    """How often what is kept is seen again.

    Attributes:
        resee_within_days: A post that nothing showed for longer is a finding.
        sweep_requests_per_night: Of one identity, for walking the listings of its
            accounts again and for visiting what they no longer show.
        cycle_hours: So far apart two absences must be before they count as two.
    """

    resee_within_days: Annotated[int, Field(ge=1, le=3650)] = 30
    sweep_requests_per_night: Annotated[int, Field(ge=0, le=1_000_000)] = 100
    cycle_hours: Annotated[float, Field(gt=0, le=24 * 31)] = 20.0


class IdentitySection(Section):
    """A logged-in visitor; its session lies in the archive, never here."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    platform: PlatformName


class BodySection(Section):
    """A government body, for offices that want one spelling of each.

    Attributes:
        name: As it shall stand in every list.
        code: The office's own number for it, as text.
        units: Its units; any may be given when there are none here.
    """

    name: Annotated[str, Field(min_length=1, max_length=150)]
    code: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    units: tuple[Annotated[str, Field(min_length=1, max_length=150)], ...] = ()


class PlatformAccountSection(Section):
    """An account on a platform, as a section of the configuration names it.

    Attributes:
        id: The platform's numeric id, if it is known.
    """

    platform: PlatformName
    handle: str
    id: Annotated[str, Field(pattern=r"^[0-9]{1,30}$")] | None = None

    @field_validator("id", mode="before")
    @classmethod
    def _id_as_text(cls, value: object) -> object:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @field_validator("handle")
    @classmethod
    def _handle_of_platform(cls, value: str, info: ValidationInfo) -> str:
        platform = info.data.get("platform")
        if platform is not None and not handle_valid(platform, value):
            raise ValueError(N_("a handle without @: letters, digits, dots and underscores"))
        return value

    @property
    def name(self) -> str:
        """``platform/handle``, how people name it on the command line."""
        return f"{self.platform}/{self.handle}"


class AccountSection(PlatformAccountSection):
    """One official account.

    Attributes:
        id: The platform's numeric id, written by ``jejak accounts add``.
        locator: A second stable key (TikTok ``secUid``).
        body / unit: The government body and unit it speaks for, as assigned last.
        valid_from: The day since when; absent when it was never another.
        classification: Code of the office's classification scheme, as text:
            ``400.10`` is not ``400.1``.
        identity: Name of the identity that reads it; anonymous when absent.
        active: False pauses it.
        retired: True when it is no longer kept; its records stay.
        capture: Sections that are read; all that can be read when absent.
        comments: Whether comments are kept too, under pseudonyms.
        since: Its past is harvested back to this day and no further.
    """

    locator: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,200}$")] | None = None
    body: str | None = None
    unit: str | None = None
    valid_from: date | None = None
    classification: Annotated[str, Field(pattern=CLASSIFICATION)] | None = None
    identity: str | None = None
    active: bool = True
    retired: bool = False
    capture: tuple[Listing, ...] | None = None
    comments: bool = False
    since: date | None = None

    @field_validator("capture")
    @classmethod
    def _some_section(cls, value: tuple[Listing, ...] | None) -> tuple[Listing, ...] | None:
        if value is not None and Listing.POSTS not in value:
            raise ValueError(N_('a list with "posts" in it'))
        return value

    @field_validator("since", mode="before")
    @classmethod
    def _day(cls, value: object) -> object:
        if isinstance(value, datetime) or not isinstance(value, str | date | None):
            raise ValueError(N_("a day such as 2020-01-31"))
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                raise ValueError(N_("a day such as 2020-01-31")) from None
        return value

    @field_validator("comments")
    @classmethod
    def _comments_of_platform(cls, value: bool, info: ValidationInfo) -> bool:
        platform = info.data.get("platform")
        if value and platform is not None and not connectors.platform(platform).has_comments:
            raise ValueError(N_("false; comments of this platform cannot be read"))
        return value

    @property
    def key(self) -> str:
        """``platform:numeric-id``, or ``platform:@handle`` before pinning."""
        return f"{self.platform}:{self.id or '@' + self.handle}"


class CanarySection(PlatformAccountSection):
    """A known account, asked before all others of its platform every night, and by
    a new engine before it becomes current.

    Attributes:
        id: The platform's numeric id, if it shall be held to it.
        post: A post of it that stays (what stands in its address); the newest
            listed one when absent.
        identity: Name of the identity that reads it; anonymous when absent.
    """

    post: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = None
    identity: str | None = None

    @property
    def ref(self) -> AccountRef:
        """How connectors address it."""
        return AccountRef(self.platform, self.handle, self.id)
