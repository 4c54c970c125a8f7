"""The canary: one real account, asked by a candidate before all others are.

Runs under examination only. What is asked is recorded into the archive, like
everything else.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

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
from connectors.model import AccountRef, MediaRole, PostRef, Presence


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
    profile = connector.profile(canary.ref)
    if canary.id is not None and profile.native_id != canary.id:
        return [f"the profile is account {profile.native_id}, not {canary.id}"]
    ref = AccountRef(canary.platform, profile.handle, profile.native_id, profile.locator)
    page = next(iter(connector.list_posts(ref)), None)
    if page is None or not page.posts:
        return ["the first page lists no post"]
    if page.problems:
        return [f"the first page: {problem.detail}" for problem in page.problems]
    asked = PostRef(canary.platform, canary.post, ref) if canary.post else page.posts[0].ref
    seen = connector.look(asked)
    if seen.presence is not Presence.PRESENT or seen.post is None or not seen.post.is_complete:
        return [f"the post {asked.id} is {seen.presence.value} ({seen.reason})"]
    content = [m for m in seen.post.media if m.role is MediaRole.CONTENT]
    if not content:
        return [f"the post {asked.id} has no media"]
    for record in connector.fetch_media(seen.post):
        if record.media.role is MediaRole.CONTENT:
            return [f"{asked.id}: {record.problem.detail}"] if record.problem else []
    return [f"the media of {asked.id} were not fetched"]


def _now() -> datetime:
    return datetime.now(UTC)
