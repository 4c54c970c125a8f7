"""Places at which the program may die, between which nothing may get lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import archiver.books
import archiver.capture
import archiver.run

PLACES = ("request", "request", "judging", "commit", "ledger")
"""In a request (the pretend platform's to arrange), between ``capture/1`` and the
judging, inside the catalogue's transaction, and between ledger and catalogue."""


class Died(BaseException):
    """The program ends here; no room may catch it."""


def die() -> None:
    """End by an exception, through every ``finally``."""
    raise Died


@contextmanager
def dying(where: str, end: Callable[[], None]) -> Iterator[None]:
    """While this holds, the program ends at one of `PLACES`."""
    real_commit, real_event = archiver.capture.commit_capture, archiver.books.apply_event

    def judging(*_arguments: object) -> None:
        end()

    def commit(*arguments: object) -> None:
        real_commit(*arguments)  # type: ignore[arg-type]
        end()

    def ledger(conn: object, happened: Any) -> None:
        if happened.type in ("post withdrawn", "post returned", "run ended"):
            end()
        real_event(conn, happened)  # type: ignore[arg-type]

    places: dict[str, tuple[object, str, Callable[..., None]]] = {
        "judging": (archiver.run, "judge", judging),
        "commit": (archiver.capture, "commit_capture", commit),
        "ledger": (archiver.books, "apply_event", ledger),
    }
    if where not in places:
        yield
        return
    with mock.patch.object(*places[where]):
        yield
