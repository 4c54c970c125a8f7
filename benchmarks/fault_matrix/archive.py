"""The archive of a run: made once for each kind of visitor, then copied."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import time_machine
from sqlalchemy import select

import connectors
from archiver.config import Config, load
from archiver.log import open_log
from archiver.run import run_captures
from archiver.run_report import RunReport
from archiver.sessions import write_session
from archiver.world import World
from benchmarks.fault_matrix.case import Visitor
from benchmarks.fault_matrix.scene import Scene
from connectors.base import Identity
from storage import schema
from storage.catalogue import open_catalogue

IDENTITY = "arsip"

CONFIG = """\
language = "en"
[archive]
path = "archive"
min_free_gb = 0
[network]
proxy = "{proxy}"
ca_file = "{ca_file}"
pause_s = 0
connect_s = 2
read_s = {read_s}
[network.limits]
stall_s = 0.5
redirects = 3
[[identities]]
name = "arsip"
platform = "instagram"
[[accounts]]
platform = "{platform}"
handle = "{handle}"
id = "{number}"
{sections}
{identity}
[[canaries]]
platform = "{platform}"
handle = "{canary}"
post = "{canary_post}"
{identity}
"""

READ_S = 0.4
"""How long an answer may let wait; a stalled one costs this much of the run."""


@dataclass(frozen=True, slots=True)
class Archive:
    """One archive in its folder."""

    folder: Path

    @property
    def config(self) -> Config:
        """Its configuration."""
        return load(self.folder / "config.toml")

    def states(self) -> Mapping[str, str]:
        """What the catalogue says of each post."""
        catalogue = open_catalogue(self.config.catalogue_url, read_only=True)
        try:
            with catalogue.reading() as conn:
                return {
                    row.id: row.state
                    for row in conn.execute(select(schema.posts.c.id, schema.posts.c.state))
                }
        finally:
            catalogue.close()

    def copy(self, folder: Path) -> Archive:
        """The same archive in another place."""
        shutil.copytree(self.folder, folder)
        return Archive(folder)


def found(folder: Path, scene: Scene, visitor: Visitor) -> Archive:
    """An empty archive for the scene's account."""
    platforms = scene.platforms
    logged_in = scene.platform == "instagram" and visitor is Visitor.SESSION
    (folder / "archive").mkdir(parents=True)
    text = CONFIG.format(
        proxy=platforms.proxy_url,
        ca_file=platforms.ca_file.absolute().as_posix(),
        read_s=READ_S,
        platform=scene.platform,
        handle=scene.account.handle,
        number=scene.account.native_id,
        canary=scene.canary.handle,
        canary_post=scene.canary.items[0].code,
        sections='capture = ["posts", "reels", "stories"]' if logged_in else "",
        identity=f'identity = "{IDENTITY}"' if logged_in else "",
    )
    (folder / "config.toml").write_text(text, "utf-8")
    made = Archive(folder)
    if logged_in:
        session = scene.world.visitors[0]
        identity = Identity(IDENTITY, "instagram", dict(session.cookies), session.username)
        file = made.config.identity_file("instagram", IDENTITY)
        write_session(file, identity, scene.night)
    return made


def capture(archive: Archive, scene: Scene) -> RunReport:
    """One night: the real program on the real libraries, in this process."""
    config = archive.config
    begin = scene.night + scene.clock_error
    with time_machine.travel(begin, tick=True) as machine:
        scene.jump = machine.shift
        world = World(
            config,
            open_log(config.archive),
            connectors.connect,
            connectors.rules,
            lambda: datetime.now(UTC),
        )
        return run_captures(world, config.accounts)
