"""A visitor at a platform's door: its session, its connection, and what is kept of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from archiver.errors import UsageProblem
from archiver.sections import AccountSection, CanarySection
from archiver.sessions import Session, read_session, refresh, secret_cookies
from archiver.world import ROUTE, World
from connectors.base import Connector, Gate
from storage import state
from storage.recorder import CaptureSink

Visitor = tuple[str, str | None]
"""Platform and identity; ``None`` is the anonymous visitor."""

Visited = AccountSection | CanarySection
"""Whose pages a visitor asks for."""


def visitor_of(visited: Visited) -> Visitor:
    """Who asks for its pages."""
    return (visited.platform, visited.identity)


def session_of(world: World, visited: Visited) -> tuple[Session | None, str | None]:
    """The visitor's session, or why there is none."""
    if visited.identity is None:
        return None, None
    file = world.config.identity_file(visited.platform, visited.identity)
    try:
        session = read_session(file)
    except UsageProblem as problem:
        return None, str(problem)
    world.log.scrubber.learn(session.identity.cookies.values())
    return session, None


def secrets_of(world: World, visited: Visited, session: Session | None) -> list[str]:
    """What must stay out of the records of this visitor."""
    return secret_cookies(session.identity if session else None, world.rules(visited.platform))


@contextmanager
def visiting(
    world: World, visited: Visited, session: Session | None, sink: CaptureSink, gate: Gate
) -> Iterator[Callable[[], Connector]]:
    """Opens connections when asked; at the end they are closed and rotated cookies kept."""
    opened: list[Connector] = []

    def connect() -> Connector:
        connector = world.connect(
            visited.platform,
            ROUTE,
            sink=sink,
            network=world.config.network,
            identity=session.identity if session else None,
            gate=gate,
        )
        opened.append(connector)
        return connector

    try:
        yield connect
    finally:
        world.log.scrubber.learn(sink.secrets())
        for connector in opened:
            if session is not None and visited.identity is not None:
                file = world.config.identity_file(visited.platform, visited.identity)
                refresh(file, session, connector.cookies(), world.now())
            connector.close()


def note_login(conn: Connection, visitor: Visitor, world: World, refusal: str | None) -> None:
    """Keep how the platform took an identity's session.

    Args:
        refusal: Code of the block it met, if any.
    """
    if visitor[1] is None:
        return
    identity, at = f"{visitor[0]}-{visitor[1]}", world.now()
    if state.login(conn, identity) is None:
        return
    if refusal is None:
        state.succeeded(conn, identity, at)
    else:
        state.refused(conn, identity, at, error=refusal, challenge=refusal == "challenge")
