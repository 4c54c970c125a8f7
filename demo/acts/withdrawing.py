"""The fourth act: the second night that agrees. Now, and not before, it is proved."""

from __future__ import annotations

from demo.acts.changing import Changed
from demo.acts.collecting import fall, played
from demo.deeds import Drama
from demo.proof import check_states, check_withdrawal
from demo.stage import Stage


def withdraw(stage: Stage, drama: Drama, changed: Changed) -> None:
    """Two posts are proved withdrawn; their media still play; a story is merely over."""
    fall(stage, 4, "night-four")
    stage.program.run("posts", "--state", "deleted")
    stage.program.run("show", drama.speech.id)
    check_withdrawal(stage, drama.speech, changed.speech_at)
    check_withdrawal(stage, drama.clip, changed.clip_at)
    stage.title("still-plays")
    (row,) = stage.program.rows("show", drama.speech.id)
    films = [n for n, m in enumerate(row["media"], 1) if m["kind"] == "video"]
    played(stage, row, films[0], set(drama.speech.served))
    stage.title("stories-end")
    stage.program.run("posts", "--state", "expired")
    check_states(
        stage,
        (changed.evening, "expired", "expired"),
        (changed.mistaken, "expired", "ended_early"),
        (drama.quiet, "unavailable", "private"),
    )
    kinds = {row["kind"] for row in stage.program.rows("posts", "--state", "deleted")}
    stage.claims.check(not kinds & {"story", "highlight"}, "claim-no-story-deleted")
