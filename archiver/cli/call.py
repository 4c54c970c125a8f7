"""What every command of one call shares: the configuration file and the log."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from archiver.archive_folder import require_archive
from archiver.config import Config, load
from archiver.errors import UsageProblem
from archiver.i18n import N_
from archiver.log import Log, open_log
from connectors import connect, rules

if TYPE_CHECKING:
    from archiver.world import World
    from storage.catalogue import Catalogue

CONFIG_VARIABLE = "JEJAK_CONFIG"
LANGUAGE_VARIABLE = "JEJAK_LANGUAGE"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the program.

    Attributes:
        config_file: As given, not yet read.
        verbose: Log lines go to standard error too.
    """

    config_file: Path
    verbose: bool = False

    def config(self) -> Config:
        """The checked configuration.

        Raises:
            ConfigProblem: It cannot be used.
        """
        return load(self.config_file)

    def log(self, config: Config) -> Log:
        """The archive's log."""
        log = open_log(config.archive, verbose=self.verbose)
        log.scrubber.learn(config.secrets)
        return log

    def world(self, config: Config, stop: threading.Event | None = None) -> World:
        """The real world: real platforms, real time."""
        from archiver.cli.engine_words import tell_fallback
        from archiver.engines.choice import use
        from archiver.world import World  # brings everything, and most commands only look

        log = self.log(config)
        for fallback in use(config.archive):
            tell_fallback(fallback, log)
        return World(
            config=config,
            log=log,
            connect=connect,
            rules=rules,
            now=utc_now,
            stop=stop or threading.Event(),
        )


def utc_now() -> datetime:
    """The present moment, aware UTC."""
    return datetime.now(UTC)


def the_call(context: typer.Context) -> Call:
    """The call a command belongs to."""
    call = context.obj
    if not isinstance(call, Call):
        raise TypeError("the command was not started through archiver.cli.app")
    return call


def default_config_file() -> Path:
    """``JEJAK_CONFIG``, or ``config.toml`` in the present folder."""
    return Path(os.environ.get(CONFIG_VARIABLE) or "config.toml")


@contextmanager
def reading_catalogue(config: Config) -> Iterator[Catalogue]:
    """The catalogue for questions only; nothing is created or changed.

    Raises:
        UsageProblem: There is no archive folder, or no catalogue in it yet.
        CatalogueError: It cannot be used; each has a hint.
    """
    from storage.catalogue import open_catalogue  # brings the database library

    require_archive(config)
    embedded = config.catalogue_url.startswith("sqlite:")
    if embedded and not Path(config.catalogue_url.removeprefix("sqlite:///")).exists():
        if (config.archive / "ledger").is_dir():
            raise UsageProblem(
                N_("The catalogue is not there."),
                hint=N_("Run `jejak reindex`; it is rebuilt from WARC and ledger."),
            )
        raise UsageProblem(
            N_("Nothing was captured into this archive yet."),
            hint=N_("Add accounts with `jejak accounts add`, then run `jejak capture`."),
        )
    catalogue = open_catalogue(config.catalogue_url, read_only=True)
    try:
        yield catalogue
    finally:
        catalogue.close()
