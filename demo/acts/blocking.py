"""The sixth act: a night on which the platform bars the way. Nothing is judged."""

from __future__ import annotations

from demo.acts.collecting import fall
from demo.deeds import Drama
from demo.faults import Match, status
from demo.instagram.faults import SINGLE_QUERY
from demo.proof import check_blocked, states
from demo.stage import Stage


def block(stage: Stage, drama: Drama) -> None:
    """Instagram answers 429 when single posts are asked for."""
    before = states(stage)
    fault = stage.platforms.faults.add(
        status(429, Match(fields=SINGLE_QUERY.fields), retry_after_s=3600, count=None)
    )
    night = fall(stage, 6, "night-six")
    stage.platforms.faults.remove(fault)
    stage.program.run("verdict", "list")
    check_blocked(stage, night, drama.bridge, before)
    stage.title("coverage")
    # 3: something was not seen again for long, which is a finding and no failure.
    stage.program.run("coverage", accept=(0, 3))
