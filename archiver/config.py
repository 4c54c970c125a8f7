"""config.toml: read, checked, and turned into the values the rooms know."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from archiver.catalogue_address import passwords
from archiver.config_mistakes import lines
from archiver.errors import ConfigProblem, UsageProblem
from archiver.i18n import DEFAULT_LANGUAGE, LANGUAGES, N_, translate
from archiver.os_words import reason_of
from archiver.sections import (
    AccountSection,
    ArchiveSection,
    BodySection,
    CanarySection,
    HarvestSection,
    IdentitySection,
    NetworkSection,
    ScheduleSection,
    Section,
)
from connectors.base import Limits, Network
from connectors.model import AccountRef
from storage.digest import sha256_of


class ConfigFile(Section):
    """Everything that may stand in config.toml."""

    language: Literal["id", "en"] = DEFAULT_LANGUAGE  # type: ignore[assignment]
    archive: ArchiveSection = ArchiveSection()
    network: NetworkSection = NetworkSection()
    harvest: HarvestSection = HarvestSection()
    schedule: ScheduleSection = ScheduleSection()
    identities: tuple[IdentitySection, ...] = ()
    bodies: tuple[BodySection, ...] = ()
    accounts: tuple[AccountSection, ...] = ()
    canaries: tuple[CanarySection, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """A checked configuration and where it was read.

    Attributes:
        file: The file, absolute.
        digest: ``sha256:`` hex of the file's bytes; stands in every WARC file.
    """

    file: Path
    digest: str
    content: ConfigFile

    @property
    def archive(self) -> Path:
        """The archive folder, absolute."""
        return (self.file.parent / self.content.archive.path.expanduser()).absolute()

    @property
    def catalogue_url(self) -> str:
        """SQLAlchemy address of the catalogue."""
        return self.content.archive.catalogue or f"sqlite:///{self.archive / 'catalogue.sqlite'}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What of the configuration may stand in no log."""
        return passwords(self.content.archive.catalogue)

    @property
    def network(self) -> Network:
        """How connectors reach the platforms."""
        section = self.content.network
        ca_file = self.file.parent / section.ca_file.expanduser() if section.ca_file else None
        return Network(
            proxy=section.proxy,
            ca_file=str(ca_file.absolute()) if ca_file else None,
            contact=section.contact,
            limits=self.limits,
        )

    @property
    def limits(self) -> Limits:
        """What one answer may cost."""
        section, network = self.content.network.limits, self.content.network
        return Limits(
            body_bytes=section.body_mb * 1024**2,
            text_bytes=section.text_mb * 1024**2,
            ratio=section.ratio,
            json_depth=section.json_depth,
            redirects=section.redirects,
            connect_s=network.connect_s,
            read_s=network.read_s,
            stall_s=section.stall_s,
        )

    @property
    def accounts(self) -> tuple[AccountSection, ...]:
        """All accounts, paused and retired ones too, in the file's order."""
        return self.content.accounts

    def identity_file(self, platform: str, name: str) -> Path:
        """Where an identity's session is kept."""
        return self.archive / "identities" / f"{platform}-{name}.json"

    def account(self, asked: str) -> AccountSection:
        """The account a person means.

        Args:
            asked: ``platform/handle``, ``platform:id``, ``@handle`` or a bare
                handle that only one platform has.

        Raises:
            UsageProblem: There is no such account, or more than one.
        """
        wanted = asked.lower()
        bare = wanted.removeprefix("@")
        found = [
            account
            for account in self.accounts
            if wanted in (account.name.lower(), account.key.lower())
            or bare == account.handle.lower()
        ]
        if not found:
            raise UsageProblem(
                N_("There is no account {asked} in {file}."),
                hint=N_("See `jejak accounts list`; add one with `jejak accounts add`."),
                asked=asked,
                file=self.file.name,
            )
        # A retired account may have left its handle to the one kept now.
        found = [account for account in found if not account.retired] or found
        if len(found) > 1:
            raise UsageProblem(
                N_("{asked} could be any of: {names}."),
                hint=N_("Give the platform too, as in instagram/{handle}."),
                asked=asked,
                names=", ".join(account.name for account in found),
                handle=found[0].handle,
            )
        return found[0]


def account_ref(account: AccountSection) -> AccountRef:
    """How connectors address a configured account."""
    return AccountRef(account.platform, account.handle, account.id, account.locator)


def language_of(raw: Mapping[str, object]) -> str:
    """The language a file asks for, even when the rest of it is wrong."""
    asked = raw.get("language")
    return asked if isinstance(asked, str) and asked in LANGUAGES else DEFAULT_LANGUAGE


def read_toml(file: Path) -> tuple[bytes, dict[str, object]]:
    """The bytes of a configuration and what they say, not yet checked.

    Raises:
        ConfigProblem: The file is missing, unreadable or no TOML.
    """
    try:
        data = file.read_bytes()
        return data, tomllib.loads(data.decode("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigProblem(
            N_("There is no configuration {file}."),
            hint=N_("Make one with `jejak init`, or name it with --config FILE."),
            file=str(file),
        ) from None
    except OSError as error:
        raise ConfigProblem(
            N_("{file} cannot be read: {reason}."), file=str(file), reason=reason_of(error)
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigProblem(
            N_("{file} is not valid TOML: {reason}."),
            hint=N_("Text must stand in double quotes; see config.example.toml."),
            file=str(file),
            reason=error,
        ) from None


def load(file: Path) -> Config:
    """Read and check a configuration.

    Raises:
        ConfigProblem: With every mistake, one line each.
    """
    data, raw = read_toml(file)
    try:
        content = ConfigFile.model_validate(raw)
    except ValidationError as error:
        raise ConfigProblem(
            "{mistakes}", mistakes="\n".join(lines(file.name, error, ConfigFile))
        ) from None
    mistakes = _contradictions(file.name, content)
    if mistakes:
        raise ConfigProblem("{mistakes}", mistakes="\n".join(mistakes))
    return Config(file.absolute(), sha256_of(data), content)


def _contradictions(file_name: str, content: ConfigFile) -> list[str]:
    """What is wrong between entries that are each right."""
    found = [
        translate("{file}: {key} = {value}: expected a name that is not there yet.").format(
            file=file_name, key=key, value=name
        )
        for key, name in _repeated(content)
    ]
    found += [
        translate("{file}: {key} = {value}: expected one of [[bodies]]: {known}.").format(
            file=file_name, key=f"accounts[{number}].{key}", value=repr(value), known=known
        )
        for number, account in enumerate(content.accounts, 1)
        for key, value, known in unknown_body(content.bodies, account.body, account.unit)
    ]
    identities = {(identity.platform, identity.name) for identity in content.identities}
    readers: list[tuple[str, AccountSection | CanarySection]] = [
        *((f"accounts[{at}]", account) for at, account in enumerate(content.accounts, 1)),
        *((f"canaries[{at}]", canary) for at, canary in enumerate(content.canaries, 1)),
    ]
    for place, account in readers:
        if account.identity and (account.platform, account.identity) not in identities:
            known = sorted(name for platform, name in identities if platform == account.platform)
            found.append(
                translate(
                    "{file}: {key} = {value}: expected an identity of {platform}; known: {known}."
                ).format(
                    file=file_name,
                    key=f"{place}.identity",
                    value=repr(account.identity),
                    platform=account.platform,
                    known=", ".join(known) or "-",
                )
            )
    return found


def unknown_body(
    bodies: Sequence[BodySection], body: str | None, unit: str | None
) -> Iterator[tuple[str, str, str]]:
    """What ``[[bodies]]`` does not list of a body and unit: key, value, known names."""
    listed = {entry.name: entry.units for entry in bodies}
    if not listed or body is None:
        return
    if body not in listed:
        yield "body", body, ", ".join(listed)
    elif unit is not None and listed[body] and unit not in listed[body]:
        yield "unit", unit, ", ".join(listed[body])


def _repeated(content: ConfigFile) -> Iterator[tuple[str, str]]:
    """Keys and values that an earlier entry already has."""
    seen: set[str] = set()
    for number, identity in enumerate(content.identities, 1):
        name = f"{identity.platform}-{identity.name}"
        if name in seen:
            yield f"identities[{number}].name", repr(identity.name)
        seen.add(name)
    for number, account in enumerate(content.accounts, 1):
        if account.name.lower() in seen and not account.retired:
            yield f"accounts[{number}].handle", repr(account.handle)
        if account.id and account.key in seen:
            yield f"accounts[{number}].id", repr(account.id)
        # A retired account may share its handle with the one that is kept now.
        seen |= {account.key} if account.retired else {account.name.lower(), account.key}
