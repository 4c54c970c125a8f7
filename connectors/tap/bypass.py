"""Notices traffic that passes by the taps.

A library update may open a connection of its own or start a downloader. The
interpreter tells an audit hook about both. Tests run under it and fail; a
capture runs under it and warns in the log.

Limits: libcurl's sockets are native code and not audited (they exist only
inside `connectors.tap.curl_tap`), and an audit hook cannot be removed. So there is
one for the whole process, however many watches come and go: each would cost a call
at every audited event for as long as the process lives.

Source: PEP 578; the audit events table of the Python documentation.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import PurePath

DOWNLOADERS = frozenset(
    {"aria2c", "avconv", "axel", "curl", "ffmpeg", "ffplay", "ffprobe", "http", "httpie"}
    | {"mplayer", "mpv", "rtmpdump", "wget"}
)

_INSIDE: ContextVar[bool] = ContextVar("connectors.tap.inside", default=False)


@dataclass(frozen=True, slots=True)
class Bypass:
    """One connection or program outside the taps.

    Attributes:
        kind: ``connection`` or ``program``.
        detail: The address, or the program's name.
        thread: The thread's name, so that a test can tell its own servers'.
    """

    kind: str
    detail: str
    thread: str


@contextmanager
def sanctioned() -> Iterator[None]:
    """Mark the connections made within as the tap's own."""
    token = _INSIDE.set(True)
    try:
        yield
    finally:
        _INSIDE.reset(token)


class BypassWatch:
    """Reports every bypass in this process until it is stopped.

    Args:
        report: Called in the offending thread, before anything is sent. If it
            raises, the connection or program does not come about.
        ignore: Bypasses that are none, such as a test's own servers.
    """

    def __init__(
        self,
        report: Callable[[Bypass], None],
        *,
        ignore: Callable[[Bypass], bool] = lambda bypass: False,
    ) -> None:
        self._report = report
        self._ignore = ignore

    def start(self) -> None:
        """Begin, or begin again, to watch."""
        _HOOK.add(self)

    def stop(self) -> None:
        """Say nothing more."""
        _HOOK.remove(self)

    def notice(self, event: str, args: tuple[object, ...]) -> None:
        """Look at one audited event."""
        if event == "socket.connect":
            if not _INSIDE.get():
                self._connecting(args[1])
        elif event == "subprocess.Popen":
            self._starting(args[0], args[1])

    def _connecting(self, address: object) -> None:
        # Unix sockets are given as text or bytes; they leave no machine.
        if isinstance(address, tuple):
            self._tell("connection", f"{address[0]}:{address[1]}")

    def _starting(self, executable: object, args: object) -> None:
        program = executable or (args[0] if isinstance(args, list | tuple) and args else args)
        if isinstance(program, str | bytes | os.PathLike):
            name = PurePath(os.fsdecode(program).split(" ")[0]).stem
            if name in DOWNLOADERS:
                self._tell("program", name)

    def _tell(self, kind: str, detail: str) -> None:
        bypass = Bypass(kind, detail, threading.current_thread().name)
        if not self._ignore(bypass):
            self._report(bypass)


class _Hook:
    """The process's one audit hook, set with the first watch."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watches: tuple[BypassWatch, ...] = ()
        self._is_set = False

    def add(self, watch: BypassWatch) -> None:
        """Let a watch hear of events; again changes nothing."""
        with self._lock:
            self._watches = (*(one for one in self._watches if one is not watch), watch)
            if not self._is_set:
                self._is_set = True
                sys.addaudithook(self._heard)

    def remove(self, watch: BypassWatch) -> None:
        """Let it hear nothing more."""
        with self._lock:
            self._watches = tuple(one for one in self._watches if one is not watch)

    def _heard(self, event: str, args: tuple[object, ...]) -> None:
        # Called for every audited event of the interpreter: be quick.
        if event in _EVENTS:
            for watch in self._watches:
                watch.notice(event, args)


_EVENTS = frozenset({"socket.connect", "subprocess.Popen"})
_HOOK = _Hook()
