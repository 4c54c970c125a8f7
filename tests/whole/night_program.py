"""Nights of an archive, each in a process that can die by ``kill -9``.

Importing the client libraries takes longer than a small night. This process has
imported everything; each order on standard input forks a child that runs one
night on its own clock. Where it dies is told as the number of an event (a
request about to be sent, a piece of a body, a post that is done), not as a
time, so that no machine is too fast or too slow for it.

An order is one JSON object a line: ``{"config": FILE, "at": ISO TIME, "die_at":
N or null}``; the answer is one JSON object.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import connectors
import connectors.instagram.web
import connectors.tiktok.web
from archiver.cli.capture import harvest_row
from archiver.config import load
from archiver.log import open_log
from archiver.run import run_captures
from archiver.world import World
from storage import migrations

_WARMED = (connectors.instagram.web, connectors.tiktok.web, migrations)


class Clock:
    """Moves a millisecond each time it is asked."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def __call__(self) -> datetime:
        self._at += timedelta(milliseconds=1)
        return self._at


class Fate:
    """Counts events; at the chosen one the process is gone."""

    def __init__(self, die_at: int | None) -> None:
        self._die_at, self.events = die_at, 0

    def event(self) -> None:
        self.events += 1
        if self.events == self._die_at:
            os.kill(os.getpid(), signal.SIGKILL)


class _Watched:
    """Anything of the seam, with one of its methods an event."""

    def __init__(self, inner: Any, before: str, then: Callable[[], None]) -> None:
        self._inner, self._before, self._then = inner, before, then

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name != self._before:
            return found

        def called(*given: Any) -> Any:
            result = found(*given)
            self._then()
            return result

        return called


class _Sink:
    def __init__(self, sink: Any, fate: Fate) -> None:
        self._sink, self._fate = sink, fate

    def begin(self, start: Any) -> Any:
        # A part of a body is in the segment and its end is not.
        return _Watched(self._sink.begin(start), "body", self._fate.event)


def _night(order: dict[str, Any]) -> dict[str, Any]:
    config = load(Path(order["config"]))
    fate = Fate(order["die_at"])

    def connect(platform: str, route: str, *, sink: Any, gate: Any, **more: Any) -> Any:
        def counted(url: str) -> None:
            gate(url)
            fate.event()

        return connectors.connect(platform, route, sink=_Sink(sink, fate), gate=counted, **more)

    world = World(
        config,
        open_log(config.archive),
        connect,
        connectors.rules,
        Clock(datetime.fromisoformat(order["at"])),
        tell=lambda account, listed, declared: fate.event(),
    )
    report = run_captures(world, [account for account in config.accounts if account.active])
    return {
        "exit_code": report.exit_code,
        "events": fate.events,
        "captures": [
            {
                "outcome": result.outcome.value,
                "reason": result.reason,
                "detail": result.detail,
                "new": result.new,
                "harvest": harvest_row(result),
            }
            for result in report.captures
        ],
    }


def _forked(order: dict[str, Any]) -> dict[str, Any]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            answer = json.dumps(_night(order)).encode()
            with os.fdopen(writer, "wb") as out:
                out.write(answer)
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as told:
        said = told.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return {"killed": os.WTERMSIG(status)}
    return json.loads(said) if said else {"broken": True}


def _serve() -> None:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_forked(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
