"""One archive and its configuration, for the moody platform."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

from archiver.config import load
from archiver.log import open_log
from archiver.world import Connect, World
from connectors.base import Connector, SecretRules
from storage.catalogue import embedded, open_catalogue

CONFIG = """
language = "en"
[archive]
min_free_gb = 0
[network]
pause_s = 0
[schedule]
sweep_requests_per_night = {sweep}
[[accounts]]
platform = "instagram"
handle = "pemkot"
id = "1001"
"""
CANARY = """
[[canaries]]
platform = "instagram"
handle = "kanari"
id = "9001"
post = "C0"
"""


def config(sweep: int, *, canary: bool) -> str:
    """A configuration.

    Args:
        sweep: Requests a night for looking after what is missing.
    """
    return CONFIG.format(sweep=sweep) + (CANARY if canary else "")


def world_in(folder: Path, connect: Connect, config: str) -> World:
    """What a run in a folder is given."""
    (folder / "config.toml").write_text(config)
    content = load(folder / "config.toml")
    return World(
        config=content,
        log=open_log(content.archive),
        connect=connect,
        rules=lambda platform: SecretRules(),
        now=lambda: datetime.now(UTC),
        stop=threading.Event(),
    )


def build(folder: Path) -> None:
    """A house in which nothing is yet: its catalogue, and one to be rebuilt."""
    (folder / "archive").mkdir(parents=True)

    def nobody(*_asked: object, **_more: object) -> Connector:
        raise AssertionError("nobody asks a platform for this")

    world = world_in(folder, nobody, config(100, canary=False))
    for url in (world.config.catalogue_url, embedded(folder / "rebuilt.sqlite")):
        open_catalogue(url).close()
