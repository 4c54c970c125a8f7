"""The sixth act: a night on which the platform bars the way. Nothing is judged."""

from __future__ import annotations

from collections.abc import Callable

from demo.acts.collecting import fall
from demo.deeds import Drama
from demo.faults import Match, status
from demo.http import Request
from demo.proof import check_blocked, states
from demo.stage import Stage


def block(stage: Stage, drama: Drama) -> None:
    """In the middle of the night Instagram begins to answer 429."""
    before = states(stage)
    barred = Match(host="*instagram.com", where=_once_asked_for(drama.bridge.code))
    fault = stage.platforms.faults.add(status(429, barred, retry_after_s=3600, count=None))
    night = fall(stage, 6, "night-six")
    stage.platforms.faults.remove(fault)
    stage.program.run("verdict", "list")
    check_blocked(stage, night, drama.bridge, before)
    stage.title("coverage")
    # 3: something was not seen again for long, which is a finding and no failure.
    stage.program.run("coverage", accept=(0, 3))


def _once_asked_for(code: str) -> Callable[[Request], bool]:
    """Meets the request for a post, and all that come after it."""
    asked: list[str] = []

    def where(request: Request) -> bool:
        if any(code in value for value in (*request.form.values(), *request.query.values())):
            asked.append(request.path)
        return bool(asked)

    return where
