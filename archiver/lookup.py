"""Asking a platform one thing outside a capture; recorded like everything else."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from archiver.archive_folder import require_archive
from archiver.books import Books, open_books
from archiver.config import account_ref
from archiver.errors import JejakError, NotCaptured, StorageProblem, UsageProblem
from archiver.gate import PacedGate
from archiver.i18n import N_
from archiver.reasons import hint_for, sentence_for
from archiver.renaming import profile_now
from archiver.sections import AccountSection
from archiver.segments import SegmentHouse
from archiver.sessions import read_session, secret_cookies
from archiver.space import check_space
from archiver.startup import start_up
from archiver.world import ROUTE, STORAGE_FAILURES, World
from archiver.writer_lock import writer_lock
from connectors.base import Connector, Identity
from connectors.errors import Blocked, ConnectorError, HandleTaken, SessionExpired, WaitRequired
from connectors.model import Profile
from storage.catalogue.intake import take_records

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found:
    """What came of looking one account up.

    Attributes:
        code: Why there is no profile, as in `archiver.reasons`; else ``None``.
        detail: The connector's own words, without secrets.
    """

    account: AccountSection
    profile: Profile | None
    code: str | None = None
    detail: str = ""


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
    with _writing(world, [platform]) as (books, house, close):
        try:
            with _connection(world, house, books, platform, scope, identity) as connector:
                answer = ask(connector)
        except ConnectorError as error:
            # A platform's own words may repeat what it was sent.
            reason = world.log.scrubber.text(str(error))
            raise _not_captured(error, reason, scope) from None
        close()
        then(books, answer)
    return answer


def look_up_all(
    world: World,
    accounts: Sequence[AccountSection],
    *,
    each: Callable[[Found], None] = lambda found: None,
    then: Callable[[Books, Sequence[Found]], None] = lambda books, found: None,
) -> tuple[Found, ...]:
    """Look many accounts up: one connection for each visitor, one after the other.

    A platform that refuses a visitor is not asked again as that visitor. A wish
    to stop (`World.stop`) is followed between two accounts.

    Args:
        each: Told of every account when its answer is recorded.
        then: As in `look_up`; given all of them in the order of ``accounts``.

    Raises:
        WriterBusy, SpaceLow, StorageProblem: The archive cannot be written.
    """
    found: dict[int, Found] = {}
    visitors = dict.fromkeys((a.platform, a.identity) for a in accounts)
    with _writing(world, sorted({platform for platform, _name in visitors})) as writing:
        books, house, close = writing
        for platform, name in visitors:
            own = [
                n for n, a in enumerate(accounts) if (a.platform, a.identity) == (platform, name)
            ]
            asked = _as_visitor(world, house, books, [accounts[n] for n in own])
            with closing(asked) as answers:
                for number, answer in zip(own, answers, strict=True):
                    found[number] = answer
                    each(answer)
        close()
        result = tuple(found[number] for number in range(len(accounts)))
        then(books, result)
    return result


def _as_visitor(
    world: World, house: SegmentHouse, books: Books, accounts: Sequence[AccountSection]
) -> Generator[Found, None, None]:
    """Accounts of one platform, read by one visitor; one answer for each."""
    platform, name = accounts[0].platform, accounts[0].identity
    waiting = list(accounts)
    try:
        visitor = (
            read_session(world.config.identity_file(platform, name)).identity if name else None
        )
        scope = f"{platform}:@{name or 'visitor'}"
        with _connection(world, house, books, platform, scope, visitor) as connector:
            while waiting:
                if world.stop.is_set():
                    yield from (Found(account, None, "interrupted") for account in waiting)
                    return
                answer, refused = _one(world, connector, books, waiting[0])
                waiting.pop(0)
                yield answer
                if refused:
                    break
    except UsageProblem as problem:
        yield Found(waiting.pop(0), None, "no_session", problem.said())
    except ConnectorError as error:
        yield Found(waiting.pop(0), None, error.code, world.log.scrubber.text(str(error)))
    yield from (Found(account, None, "identity_refused") for account in waiting)


def _one(
    world: World, connector: Connector, books: Books, account: AccountSection
) -> tuple[Found, bool]:
    """The account's profile, and whether the visitor must not ask any more."""
    try:
        return Found(account, profile_now(connector, account_ref(account), books.catalogue)), False
    except HandleTaken as error:
        if error.holder is not None:
            return Found(account, error.holder), False
        return Found(account, None, error.code, world.log.scrubber.text(str(error))), False
    except ConnectorError as error:
        detail = world.log.scrubber.text(str(error))
        refused = isinstance(error, (Blocked, SessionExpired, WaitRequired))
        return Found(account, None, error.code, detail), refused


@contextmanager
def _writing(
    world: World, platforms: Sequence[str]
) -> Iterator[tuple[Books, SegmentHouse, Callable[[], None]]]:
    """The archive, held for writing, with a segment; closed by the third or at the end."""
    config = world.config
    require_archive(config)
    with writer_lock(config.archive, world.now()), open_books(config, world.now) as books:
        start_up(config.archive, books)
        check_space(config.archive, config.content.archive.min_free_bytes)
        routes = [f"{platform}.{ROUTE}" for platform in platforms]
        try:
            house = SegmentHouse.open(config, str(uuid.uuid4()), routes, books)
            with ExitStack() as stack:
                stack.callback(house.close)
                yield books, house, stack.close
        except JejakError:
            raise
        except (SQLAlchemyError, *STORAGE_FAILURES) as failure:
            raise StorageProblem(
                N_("The archive could not be written: {reason}."),
                hint=N_("Check disk space and rights with `jejak doctor`."),
                reason=failure,
            ) from None


@contextmanager
def _connection(
    world: World,
    house: SegmentHouse,
    books: Books,
    platform: str,
    scope: str,
    identity: Identity | None,
) -> Iterator[Connector]:
    """A recorded connection; its records are in the catalogue when it is closed."""
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
        yield connector
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
