"""The canary: one real account, asked by a candidate before all others are.

Runs under examination only. What is asked is recorded into the archive, like
everything else.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from archiver.absence.canary import visit
from archiver.config import Config, load
from archiver.engines.kinds import Engine
from archiver.errors import NotCaptured
from archiver.i18n import speak
from archiver.log import open_log
from archiver.lookup import look_up
from archiver.sections import CanarySection
from archiver.sessions import Session, read_session, refresh
from archiver.world import World
from connectors import connect, rules
from connectors.base import Connector
from connectors.model import MediaRole


def sing(engine: Engine, config_file: Path, language: str) -> list[str]:
    """Ask every canary of the engine's platform.

    Returns:
        What went wrong, one line each; empty when all is well.

    Raises:
        StorageProblem, UsageProblem: It could not be asked, for a reason that
            is not the candidate's: a capture under way, no room, no session.
    """
    speak(language)
    config = load(config_file)
    found = []
    for canary in config.content.canaries:
        if canary.platform != engine.platform:
            continue
        try:
            wrong = _asked(config, canary)
        except NotCaptured as refusal:
            wrong = [refusal.said()]
        found += [f"{canary.name}: {line}" for line in wrong]
    return found


def _asked(config: Config, canary: CanarySection) -> list[str]:
    log = open_log(config.archive)
    world = World(config=config, log=log, connect=connect, rules=rules, now=_now)
    session: Session | None = None
    if canary.identity is not None:
        file = config.identity_file(canary.platform, canary.identity)
        session = read_session(file)

    def ask(connector: Connector) -> list[str]:
        try:
            return look_at(canary, connector)
        finally:
            if session is not None:
                refresh(file, session, connector.cookies(), _now())

    return look_up(
        world,
        platform=canary.platform,
        scope=canary.ref.key,
        identity=session.identity if session else None,
        ask=ask,
    )


def look_at(canary: CanarySection, connector: Connector) -> list[str]:
    """Profile, first page, one post and one of its media; what is wrong with them.

    Raises:
        ConnectorError: The platform could not be read.
    """
    seen = visit(canary, connector, listing=True)
    if seen.wrong or seen.sighting is None or seen.sighting.post is None:
        return [seen.wrong]
    post = seen.sighting.post
    content = [m for m in post.media if m.role is MediaRole.CONTENT]
    if not content:
        return [f"the post {post.id} has no media"]
    for record in connector.fetch_media(post):
        if record.media.role is MediaRole.CONTENT:
            return [f"{post.id}: {record.problem.detail}"] if record.problem else []
    return [f"the media of {post.id} were not fetched"]


def _now() -> datetime:
    return datetime.now(UTC)
