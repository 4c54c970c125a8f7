"""An act by itself: the name of an account falls into a stranger's hands."""

from __future__ import annotations

from demo.examination import check_stranger
from demo.stage import IDENTITY, NOT_CAPTURED, Night, Stage


def lose_name(stage: Stage) -> None:
    """A village office's name is opened anew by a stranger, who is refused."""
    stage.title("taken")
    village, log = stage.life.village, stage.platforms.log
    name = village.handle
    stage.program.run("accounts", "add", "instagram", name, "--yes", "--identity", IDENTITY)
    stranger = stage.life.lose_name()
    mark = log.mark()
    told = stage.program.told("capture", f"instagram/{name}", accept=(NOT_CAPTURED,))
    log.settle()
    night = Night(0, tuple(log.entries(since=mark)), NOT_CAPTURED, told)
    check_stranger(stage, stranger, night)
