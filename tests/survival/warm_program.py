"""The `jejak` program, started once and forked for every command.

Importing the client libraries takes longer than a small capture. This process
has imported everything; each order on standard input forks a child that runs
the real ``main`` on real files and can be killed like any program. A child is
reaped only when asked for, so its process id stays its own.

An order is one JSON object a line: ``{"argv": [...], "out": FILE, "acks":
FILE, "hold": BOOL}`` or ``{"wait": PID}``; the answer is one JSON object.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

import archiver.taking
import connectors.instagram.web
import connectors.tiktok.web
from archiver.cli.main import main
from storage import migrations

_WARMED = (connectors.instagram.web, connectors.tiktok.web, migrations)


def _say_what_is_kept(acks: str) -> None:
    """Write down each post the moment the program has acknowledged it."""
    keep_post = archiver.taking.keep_post
    descriptor = os.open(acks, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def told(
        sink: Any, catalogue: Any, origin: Any, post: Any, fetched: Any, now: Any, content: Any
    ) -> None:
        keep_post(sink, catalogue, origin, post, fetched, now, content)
        if fetched.complete:
            os.write(descriptor, f"{post.id}\n".encode())

    archiver.taking.keep_post = told


def _child(order: dict[str, Any]) -> int:
    out = os.open(order["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    empty = os.open(os.devnull, os.O_RDONLY)
    for number, descriptor in ((0, empty), (1, out), (2, out)):
        os.dup2(descriptor, number)
    _say_what_is_kept(order["acks"])
    if order.get("hold"):
        os.kill(os.getpid(), signal.SIGSTOP)
    code = main(order["argv"])
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _forked(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        code = _child(order)
    finally:
        os._exit(code)


def _serve() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            answer = {"code": os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1])}
        else:
            answer = {"pid": _forked(order)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
