"""Answers that any platform may give, and how a fault is pointed at somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from benchmarks.fault_matrix.case import Plan, Planned
from benchmarks.fault_matrix.scene import Scene
from demo import faults
from demo.faults import Fault, Match
from demo.http import Request, Response
from demo.server import dated

Maker = Callable[[], Fault]
"""Makes a fault anew for each night: some remember what they saw."""
Aim = Callable[[Scene], Match]
"""Whom a fault meets."""

STALLED_S = 1.5
LOGIN_PAGE = (
    b"<!DOCTYPE html><html><head><title>Login</title></head><body>"
    b'<form action="/accounts/login/ajax/"></form></body></html>'
)
SORRY_PAGE = b"<!DOCTYPE html><html><head><title>Sorry</title></head><body>Sorry</body></html>"
_JSON = "application/json; charset=utf-8"


def _body(kind: str, body: bytes, content_type: str = _JSON) -> Maker:
    answer = Response(200, [("Content-Type", content_type)], body)
    return lambda: faults.replaced(kind, lambda _: answer)


ANSWERS: Mapping[str, Maker] = {
    "400": lambda: faults.status(400),
    "401": lambda: faults.status(401),
    "403": lambda: faults.status(403),
    "404": lambda: faults.status(404, body=SORRY_PAGE),
    "404-login-page": lambda: faults.status(404, body=LOGIN_PAGE),
    "410": lambda: faults.status(410),
    "429": lambda: faults.status(429),
    "429-retry-after": lambda: faults.status(429, retry_after_s=3600),
    "451": lambda: faults.status(451),
    "500": lambda: faults.status(500),
    "502": lambda: faults.status(502),
    "503": lambda: faults.status(503, retry_after_s=120),
    "504": lambda: faults.status(504),
    "html-200": faults.html,
    "login-page-200": _body("login-page", LOGIN_PAGE, "text/html; charset=utf-8"),
    "empty-object": faults.empty_object,
    "empty-body": _body("empty-body", b""),
    "null": _body("null", b"null"),
    "empty-list": _body("empty-list", b"[]"),
    "cut": faults.cut_text,
    "truncated": lambda: faults.truncated(120),
    "reset": lambda: faults.reset(60),
    "no-answer": lambda: faults.exact(b""),
    "stall": lambda: faults.stall(STALLED_S, after_bytes=20),
    "short-length": lambda: faults.wrong_length(500),
    "deep-json": lambda: faults.deep_json(2000),
    "redirect-loop": faults.redirect_loop,
    "undated": faults.undated,
}
"""By the name that a case bears for it."""


def aimed(make: Maker, aim: Aim, *, skip: int = 0, count: int | None = None) -> Plan:
    """A fault that meets somebody for the whole night.

    Args:
        skip: How many requests of the night pass first.
    """

    def plan(scene: Scene) -> Planned:
        fault = make()
        skipped = skip or fault.skip
        return Planned((replace(fault, match=aim(scene), count=count, skip=skipped),))

    return plan


def old(aim: Aim, age: timedelta, *, world_before: bool = True) -> Plan:
    """A cache answers with what the platform said some time ago, and its Date.

    Args:
        world_before: Whether the withdrawn post was still there.
    """

    def plan(scene: Scene) -> Planned:
        def answer(request: Request) -> Response:
            moment = scene.world.now() - age
            if not world_before:
                return dated(scene.platforms.well(request, moment), moment)
            with scene.world.lock:
                scene.world.restore(scene.account, scene.withdrawn.code)
                try:
                    return dated(scene.platforms.well(request, moment), moment)
                finally:
                    scene.world.delete(scene.account, scene.withdrawn.code)

        return Planned((faults.replaced("old-answer", answer, aim(scene), count=None),))

    return plan


def unlisted(scene: Scene) -> Planned:
    """No listing shows the living post, and the declared number agrees."""
    code = scene.target.code
    scene.world.edit(scene.account, code, off_grid=True)
    return Planned(undo=lambda: _listed_again(scene))


def _listed_again(scene: Scene) -> None:
    scene.world.edit(scene.account, scene.target.code, off_grid=False)


def newcomer(scene: Scene) -> Planned:
    """A new post this night."""
    scene.publish()
    return Planned()


def wrong_clock(by: timedelta) -> Plan:
    """The archive's machine has the wrong time all night."""

    def plan(scene: Scene) -> Planned:
        scene.clock_error = by
        return Planned(undo=lambda: _right_clock(scene))

    return plan


def jump_at(aim: Aim, by: timedelta) -> Plan:
    """The clock of the archive's machine jumps when a request comes."""

    def plan(scene: Scene) -> Planned:
        whom = aim(scene)

        def answer(request: Request) -> Response:
            scene.machine_jumps(by)
            return scene.platforms.well(request, scene.world.now())

        fault = faults.replaced("clock-jump", answer, whom, count=1)
        return Planned((fault,), undo=lambda: _right_clock(scene))

    return plan


def _right_clock(scene: Scene) -> None:
    scene.clock_error = timedelta()


def undated_too(make: Maker, aim: Aim, age: timedelta | None = None) -> Plan:
    """An answer that bears an old Date, or none.

    Args:
        age: How old it says it is; ``None``: it bears no Date.
    """

    def plan(scene: Scene) -> Planned:
        fault = make()
        assert fault.answer is not None
        said = fault.answer

        def answer(request: Request) -> Response:
            given = said(request)
            if age is None:
                return replace(given, dated=False)
            return dated(given, scene.world.now() - age)

        return Planned((replace(fault, match=aim(scene), count=None, answer=answer),))

    return plan
