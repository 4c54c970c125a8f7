"""Asking a platform one thing outside a capture; recorded like everything else."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from archiver.archive_folder import require_archive
from archiver.books import Books, open_books
from archiver.errors import JejakError, NotCaptured, StorageProblem
from archiver.gate import PacedGate
from archiver.i18n import N_
from archiver.reasons import hint_for, sentence_for
from archiver.segments import SegmentHouse
from archiver.sessions import secret_cookies
from archiver.space import check_space
from archiver.startup import start_up
from archiver.world import ROUTE, STORAGE_FAILURES, World
from archiver.writer_lock import writer_lock
from connectors.base import Connector, Identity
from connectors.errors import ConnectorError
from storage.catalogue.intake import take_records

T = TypeVar("T")


def look_up(
    world: World,
    *,
    platform: str,
    scope: str,
    identity: Identity | None,
    ask: Callable[[Connector], T],
    then: Callable[[Books, T], None] = lambda books, answer: None,
) -> T:
    """Ask a platform something over a recorded connection.

    Args:
        scope: Account key whose records these are (``platform:@handle``).
        ask: What is asked; its exchanges are recorded.
        then: What is decided upon the answer, while the archive is still held
            for writing and after the answer's records are in the catalogue.

    Raises:
        NotCaptured: The platform could not be read; the reason is in it.
        WriterBusy, SpaceLow, StorageProblem: The archive cannot be written.
    """
    config = world.config
    require_archive(config)
    with writer_lock(config.archive, world.now()), open_books(config, world.now) as books:
        start_up(config.archive, books)
        check_space(config.archive, config.content.archive.min_free_bytes)
        try:
            house = SegmentHouse.open(config, str(uuid.uuid4()), [f"{platform}.{ROUTE}"], books)
            try:
                answer = _ask(world, house, books, platform, scope, identity, ask)
            finally:
                house.close()
        except ConnectorError as error:
            # A platform's own words may repeat what it was sent.
            reason = world.log.scrubber.text(str(error))
            raise _not_captured(error, reason, scope) from None
        except JejakError:
            raise
        except (SQLAlchemyError, *STORAGE_FAILURES) as failure:
            raise StorageProblem(
                N_("The archive could not be written: {reason}."),
                hint=N_("Check disk space and rights with `jejak doctor`."),
                reason=failure,
            ) from None
        then(books, answer)
    return answer


def _ask(
    world: World,
    house: SegmentHouse,
    books: Books,
    platform: str,
    scope: str,
    identity: Identity | None,
    ask: Callable[[Connector], T],
) -> T:
    rules = world.rules(platform)
    secrets = secret_cookies(identity, rules)
    world.log.scrubber.learn(secrets)
    sink = house.scope(scope, rules, secrets)
    connector = world.connect(
        platform,
        ROUTE,
        sink=sink,
        network=world.config.network,
        identity=identity,
        gate=PacedGate(world.config.content.network.pause_s, world.stop),
    )
    try:
        return ask(connector)
    finally:
        world.log.scrubber.learn(sink.secrets())
        connector.close()
        sink.sync()
        rows = sink.take_rows()
        with books.catalogue.writing() as conn:
            take_records(conn, rows)


def _not_captured(error: ConnectorError, reason: str, scope: str) -> NotCaptured:
    """The error in the person's language; the connector's own words follow in brackets."""
    return NotCaptured(
        N_("{what} could not be read: {meaning} ({reason})"),
        hint="{own_hint}",
        what=scope,
        meaning=sentence_for(error.code),
        reason=reason,
        own_hint=hint_for(error.code),
    )
