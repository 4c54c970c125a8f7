"""Cookies from a file, from standard input, or pasted into a terminal unseen."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archiver.cli.output import tell
from archiver.cookie_files import LARGEST_BYTES, refuse_pickle
from archiver.errors import UsageProblem
from archiver.i18n import N_, _
from archiver.os_words import reason_of
from archiver.sessions import wider_than_owner

END = b"\x04"
QUIET_S = 0.5
"""An empty line ends a paste when nothing follows it for so long."""


def read_cookies(source: str) -> str:
    """The text of an exported session.

    Raises:
        UsageProblem: It cannot be read, is far too large to be one, or a pickle.
    """
    try:
        if source == "-":
            data = sys.stdin.buffer.read(LARGEST_BYTES + 1)
        else:
            if sys.platform != "win32" and wider_than_owner(Path(source)):
                tell(_("Others can read {file}; remove it when you are done.").format(file=source))
            with Path(source).open("rb") as file:
                data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise UsageProblem(
            N_("{file} cannot be read: {reason}."), file=source, reason=reason_of(error)
        ) from None
    return _text(data, source)


def pasted(platform: str) -> str:
    """Cookies that a person pastes; the terminal does not show them.

    Raises:
        UsageProblem: There is no terminal to paste into.
    """
    if not sys.stdin.isatty():
        raise UsageProblem(
            N_("Nobody can paste here."), hint=N_("Give the cookies with --cookies FILE or -.")
        )
    tell(_("Paste the cookies of {platform}; nothing is shown.").format(platform=platform))
    tell(_("End with an empty line or Ctrl-D."))
    descriptor = sys.stdin.fileno()
    with _unseen(descriptor):
        return _text(_until_end(descriptor), "-")


def _until_end(descriptor: int) -> bytes:
    data = b""
    while len(data) <= LARGEST_BYTES:
        piece = os.read(descriptor, 65536)
        data += piece
        if not piece or END in piece:
            break
        # The blank line below the heading of a cookies.txt ends nothing.
        if data.endswith(b"\n\n") and any(
            line.strip() and not line.startswith(b"# ") for line in data.splitlines()
        ):
            waiting, _write, _special = select.select([descriptor], [], [], QUIET_S)
            if not waiting:
                break
    return data.split(END)[0]


@contextmanager
def _unseen(descriptor: int) -> Iterator[None]:
    """The terminal shows nothing and passes lines of any length on.

    In its usual mode a terminal cuts lines at 4096 bytes, and the JSON of a
    cookie add-on is one line.
    """
    import termios

    before = termios.tcgetattr(descriptor)
    unseen = termios.tcgetattr(descriptor)
    unseen[3] &= ~(termios.ECHO | termios.ICANON)
    unseen[6][termios.VMIN], unseen[6][termios.VTIME] = 1, 0
    termios.tcsetattr(descriptor, termios.TCSADRAIN, unseen)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _text(data: bytes, source: str) -> str:
    refuse_pickle(data)
    if len(data) > LARGEST_BYTES:
        raise UsageProblem(
            N_("{file} is too large for exported cookies."),
            hint=N_(
                "Give a Netscape cookies.txt, the JSON of a cookie add-on, or the Cookie line of a"
                " request."
            ),
            file=source,
        )
    return data.decode("utf-8-sig", "replace")
