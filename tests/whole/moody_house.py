"""One archive and its configuration, for the moody platform."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archiver.config import load
from archiver.log import open_log
from archiver.world import World
from connectors.base import SecretRules

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


def world_in(folder: Path, site: Any, config: str) -> World:
    """What a run in a folder is given."""
    (folder / "config.toml").write_text(config)
    content = load(folder / "config.toml")
    return World(
        config=content,
        log=open_log(content.archive),
        connect=site.connect,
        rules=lambda platform: SecretRules(),
        now=lambda: datetime.now(UTC),
        stop=threading.Event(),
    )
